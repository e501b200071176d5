import { double, int32, int64, means, nullable, text } from './columns.ts'

/* Columns that several tables have, with the one meaning that they have in each of them. */

/** By their names. */
export const shared = {
  raw_song: means(text, 'title as read; of repaired rows as rebuilt'),
  raw_artist: means(text, 'artist as read; of repaired rows as rebuilt'),
  song_clean: means(text, 'title of the song, the same for all of its spellings'),
  artist_clean: means(text, 'name of the artist, the same for all of its spellings'),
  callsign: means(text, 'the station'),
  source_file: means(nullable(text), 'file of the line; null: Spark read the file and does not say'),
  source_line: means(nullable(int64), 'line in the file, from 1; null: Spark read the file'),
  plays: means(int64, 'plays, counted'),
  artist_id: means(text, 'id of the artist; it stays from run to run'),
  song_id: means(text, 'id of the song; it stays from run to run'),
  songs: means(int64, 'different songs, counted'),
  stations: means(int64, 'different stations, counted'),
  first_play_unix: means(int64, 'first play, seconds since 1970, UTC'),
  last_play_unix: means(int64, 'last play, seconds since 1970, UTC'),
  artist_lastfm: means(nullable(text), 'name of the artist on Last.fm'),
  canonical_source: means(nullable(text), 'the public source of the canonical name'),
  match_method: means(nullable(text), 'how the look-up was matched: name, titles, lastfm, special, …'),
  match_score: means(nullable(double), 'how sure the match is, 0 to 1; null: nobody found'),
  providers_asked: means(text, 'the public sources that gave an answer, sorted, with "," between them'),
  fetched_at: means(nullable(text), 'time stamp of the answer'),
  expires_at: means(nullable(text), 'time stamp from which the answer is asked for anew'),
  attempts: means(int32, 'requests made so far'),
  next_attempt_at: means(nullable(text), 'time stamp from which it is asked again; null: not again'),
  last_error: means(nullable(text), 'class and short text of the last error'),
  created_at: means(text, 'time stamp at which the row was first written'),
  updated_at: means(text, 'time stamp at which the content of the row last changed'),
  started_at: means(text, 'time stamp of the start'),
  finished_at: means(text, 'time stamp of the end'),
  run_id: means(text, 'id of the run'),
  at: means(text, 'time stamp of the event'),
  name: means(text, 'name of what the row is about'),
  job: means(text, 'the job that ran'),
} as const
