/** Tables and views by which a schema of Postgres is recognised as ours, or as taken. */
export const ourNames = [
  ...['plays', 'quarantined_plays', 'artist_names', 'song_names', 'artists', 'songs', 'stations', 'plays_by_hour'],
  ...['artist_images', 'track_info', 'enrichment_lookup', 'enrichment_run', 'runs', 'run_lock', 'own_tables'],
  ...['music_records', 'distinct_artists'],
]
