import type { PlayLog, Title } from './play-log.ts'
import { hourOf } from './zone-clock.ts'

/** Question 14: what is the life of a song? */
export interface Life extends Title {
  readonly spins: number
  readonly firstUnix: number
  readonly lastUnix: number
  /** Every spin of it by station: most spins first, then by call sign; times ascending. */
  readonly stations: readonly { readonly callsign: string; readonly times: readonly number[] }[]
  /** Spins by hour of the day. */
  readonly byHour: readonly number[]
}

/** Null: nobody played it. Its spellings stand in `song_names`. */
export function lifeOf({ stations, titles }: PlayLog, artist: string, song: string): Life | null {
  const title = titles.findIndex((each) => each.artist === artist && each.song === song)
  const byHour = new Array<number>(24).fill(0)
  const played = stations.flatMap(({ callsign, times, local, spinsOf }) => {
    const spins = spinsOf.get(title)
    if (spins === undefined) return []
    for (const spin of spins) byHour[hourOf(local[spin]!)]!++
    return [{ callsign, times: spins.map((spin) => times[spin]!) }]
  })
  if (played.length === 0) return null
  return {
    artist,
    song,
    spins: played.reduce((sum, { times }) => sum + times.length, 0),
    firstUnix: Math.min(...played.map(({ times }) => times[0]!)),
    lastUnix: Math.max(...played.map(({ times }) => times.at(-1)!)),
    stations: played.sort((a, b) => b.times.length - a.times.length || (a.callsign < b.callsign ? -1 : 1)),
    byHour,
  }
}
