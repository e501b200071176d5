import {
  type Column,
  type Columns,
  collect_set,
  count,
  type DataFrame,
  max,
  min,
  pmod,
  size,
  sum,
} from 'spark-connect-js'
import { namesOf } from '../../model/columns.ts'
import { artistColumns, playColumns, songColumns, stationColumns } from '../../model/load-tables.ts'
import type { ResolvedNames } from '../names/resolve.ts'
import type { NameTally } from '../names/types.ts'
import type { AcceptedPlay, Artist, HourOfStation, Play, Song, Station } from '../schema.ts'

/** The step that gives each play the names it means. *Rows:* one per play. */
export function withNames(names: Pick<ResolvedNames, 'meanings'>): (plays: DataFrame<AcceptedPlay>) => DataFrame<Play> {
  return (plays) => plays.join(names.meanings, ['raw_artist', 'raw_song']).select(...namesOf(playColumns))
}

// In one pass: Spark plans `count(distinct …)` of two columns as a copy of the rows for each. What is distinct here is at most
// the songs of an artist or a station.
const distinct = (column: Column<string>) => size(collect_set(column)).cast('bigint')

const measures = (c: Columns<NameTally>) => ({
  plays: sum(c.plays),
  first_play_unix: min(c.first_play_unix),
  last_play_unix: max(c.last_play_unix),
})

/** One row per artist. *Cost:* of the distinct names, not of the plays; so are all aggregates here but `playsByHour`. */
export function artists(names: Pick<ResolvedNames, 'tallies'>): DataFrame<Artist> {
  return names.tallies
    .groupBy('artist_id', 'artist_clean')
    .agg((c) => ({ ...measures(c), songs: distinct(c.song_id), stations: distinct(c.callsign) }))
    .select(...namesOf(artistColumns))
}

/** One row per song of an artist. */
export function songs(names: Pick<ResolvedNames, 'tallies'>): DataFrame<Song> {
  return names.tallies
    .groupBy('song_id', 'artist_id', 'artist_clean', 'song_clean')
    .agg((c) => ({ ...measures(c), stations: distinct(c.callsign) }))
    .select(...namesOf(songColumns))
}

/** One row per station. */
export function stations(names: Pick<ResolvedNames, 'tallies'>): DataFrame<Station> {
  return names.tallies
    .groupBy('callsign')
    .agg((c) => ({ ...measures(c), artists: distinct(c.artist_id), songs: distinct(c.song_id) }))
    .select(...namesOf(stationColumns))
}

/** One row per station and hour that has plays. *Units and zone:* `hour_unix` is the start of the hour in UTC seconds. */
export function playsByHour(plays: DataFrame<AcceptedPlay>): DataFrame<HourOfStation> {
  return plays
    .groupBy((c) => ({ callsign: c.callsign, hour_unix: c.time_unix.minus(pmod(c.time_unix, 3600)) }))
    .agg({ plays: count('*') })
}
