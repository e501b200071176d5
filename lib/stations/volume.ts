import { enoughSeconds } from './coverage.ts'
import type { PlayLog, StationLog } from './play-log.ts'

/** Question 1: how much do we play? */
export interface Volume {
  readonly spins: number
  readonly titles: number
  readonly acts: number
  readonly firstUnix: number
  readonly lastUnix: number
  readonly coveredHours: number
  /** Covered of the time between the first and the last spin; null where that is none. */
  readonly coveredShare: number | null
  /** Null: under two covered hours. */
  readonly spinsPerHour: number | null
}

export function volumeOf({ titles }: PlayLog, { times, coverage, spinsOf }: StationLog): Volume {
  const firstUnix = times[0]!
  const lastUnix = times.at(-1)!
  return {
    spins: times.length,
    titles: spinsOf.size,
    acts: new Set([...spinsOf.keys()].map((title) => titles[title]!.artist)).size,
    firstUnix,
    lastUnix,
    coveredHours: coverage.seconds / 3600,
    coveredShare: lastUnix > firstUnix ? coverage.seconds / (lastUnix - firstUnix) : null,
    spinsPerHour: coverage.seconds >= enoughSeconds ? times.length / (coverage.seconds / 3600) : null,
  }
}
