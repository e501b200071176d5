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
  /** Share of spins at the same second as the spin before: a log that is written in batches does not say when each was on air. */
  readonly sameTimeShare: number
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
    sameTimeShare: times.filter((time, i) => i > 0 && time === times[i - 1]).length / times.length,
    spinsPerHour: coverage.seconds >= enoughSeconds ? times.length / (coverage.seconds / 3600) : null,
  }
}
