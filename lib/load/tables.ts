import { type Accepted, artists, playsByHour, type ResolvedNames, songs, stations } from '../plays/index.ts'
import type { TableFrames } from './filling.ts'

/** The tables that are ready before names are resolved. */
export function playTables({ plays, quarantined }: Accepted): TableFrames {
  return { plays, quarantined_plays: quarantined, plays_by_hour: playsByHour(plays) }
}

/** The tables that the resolved names make. */
export function nameTables(names: ResolvedNames): TableFrames {
  return {
    artist_names: names.artistNames,
    song_names: names.songNames,
    artists: artists(names),
    songs: songs(names),
    stations: stations(names),
  }
}
