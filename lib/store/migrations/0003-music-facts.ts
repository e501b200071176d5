import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'
import type { SchemaBuilder } from './schema-builder.ts'

/** What the services tell about songs and acts beyond who they are: year, album, genres, country and the like. */
export function musicFacts({ text, int32, widenView }: SchemaBuilder): Migration {
  return {
    async up(db: Kysely<unknown>): Promise<void> {
      const columns = {
        artist_images: {
          act_type: text,
          country: text,
          area: text,
          begin_year: int32,
          genres: text,
          similar_artists: text,
        },
        track_info: { first_release_year: int32, album: text, isrc: text, genres: text, cover_large_url: text },
      }
      for (const [table, added] of Object.entries(columns)) {
        for (const [name, type] of Object.entries(added)) {
          await db.schema
            .alterTable(table)
            .addColumn(name, type as typeof text)
            .execute()
        }
      }
      await widenView(
        db,
        'music_records',
        sql`select row_number() over (order by p.unique_id) as id,
          p.raw_song, p.raw_artist, p.song_clean, p.artist_clean, a.artist_lastfm, t.song_lastfm, p.callsign,
          p.time, p.time_unix, p.unique_id, p.combined, p.first_play, a.image_url as artist_image_url,
          a.mbid as artist_mbid, (t.duration_ms + 500) / 1000 as track_duration, t.recording_mbid as track_mbid,
          p.created_at, p.updated_at, t.first_release_year as track_year, t.album as track_album, t.isrc as track_isrc,
          t.genres as track_genres, t.cover_url as track_cover_url, a.act_type as artist_type,
          a.country as artist_country, a.area as artist_area, a.begin_year as artist_begin_year,
          a.genres as artist_genres
        from plays p
        left join artist_images a on a.artist_clean = p.artist_clean
        left join track_info t on t.artist_clean = p.artist_clean and t.song_clean = p.song_clean`,
      )
    },
  }
}
