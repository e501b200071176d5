import { type DataFrame, fieldsOf, min, sum } from 'spark-connect-js'
import type { ArtistName, SongName } from '../schema.ts'
import type { NamedSpelling } from './name-all.ts'
import type { Meaning, NameTally } from './types.ts'

// Joined to every play: so many names fit beside each task, and the plays need not be moved to them.
const maxBroadcast = 500_000n

/** One row per spelling of an artist. */
export function artistNames(named: DataFrame<NamedSpelling>): DataFrame<ArtistName> {
  return named
    .groupBy('raw_artist')
    .agg((c) => ({
      artist_clean: min(c.artist_clean),
      artist_id: min(c.artist_id),
      cleaned: min(c.artist_cleaned),
      name_key: min(c.artist_key),
      why: min(c.artist_why),
      plays: sum(c.plays),
    }))
    .select((c) => {
      const { method, score, evidence } = fieldsOf(c.why)
      return {
        raw_artist: c.raw_artist,
        artist_clean: c.artist_clean,
        artist_id: c.artist_id,
        method,
        score,
        plays: c.plays,
        cleaned: c.cleaned,
        name_key: c.name_key,
        evidence,
      }
    })
}

/** One row per spelling of a title by a spelling of its artist. */
export function songNames(named: DataFrame<NamedSpelling>): DataFrame<SongName> {
  return named.select((c) => {
    const { method, score, evidence } = fieldsOf(c.song_why)
    return {
      raw_artist: c.raw_artist,
      raw_song: c.raw_song,
      artist_clean: c.artist_clean,
      song_clean: c.song_clean,
      song_id: c.song_id,
      method,
      score,
      plays: c.plays,
      cleaned: c.song_cleaned,
      name_key: c.song_key,
      evidence,
      featured: c.featured,
      version: c.version,
    }
  })
}

/** What each of so many spellings means, to be joined to plays. */
export function meanings(named: DataFrame<NamedSpelling>, spellings: bigint): DataFrame<Meaning> {
  return (spellings <= maxBroadcast ? named.hint('broadcast') : named).select(
    'raw_artist',
    'raw_song',
    'artist_id',
    'artist_clean',
    'song_id',
    'song_clean',
    'featured',
    'version',
  )
}

/** The plays of each spelling by station. */
export function tallies(named: DataFrame<NamedSpelling>): DataFrame<NameTally> {
  return named.select('artist_id', 'artist_clean', 'song_id', 'song_clean', 'stations').inline('stations')
}
