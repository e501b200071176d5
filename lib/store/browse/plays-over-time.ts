import { sql } from 'kysely'
import { kyselyOf } from '../kysely-of.ts'
import type { Reader } from './reader.ts'

/** Plays of one quarter of an hour; every zone begins its days on one. */
export interface PlaysOverTime {
  readonly callsign: string
  /** Start of the quarter, seconds since 1970, UTC. */
  readonly unix: number
  readonly plays: number
}

/** When and where an artist, or one song, was played. *Cost:* a scan of `plays`. */
export async function playsOverTime(
  reader: Reader,
  { artist, song }: { readonly artist: string; readonly song?: string | undefined },
): Promise<readonly PlaysOverTime[]> {
  const quarter = sql`time_unix - time_unix % 900`
  const { rows } = await sql<PlaysOverTime>`select callsign, ${quarter} as unix, count(*) as plays from plays
    where artist_clean = ${artist} ${song === undefined ? sql`` : sql`and song_clean = ${song}`}
    group by 1, 2 order by 2, 1`.execute(kyselyOf(reader))
  return rows
}
