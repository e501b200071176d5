import { enoughSeconds } from './coverage.ts'
import type { PlayLog, StationLog } from './play-log.ts'
import { hourOf } from './zone-clock.ts'

/** The first hours of the parts of a day, ascending from 0. */
export type DaypartStarts = readonly number[]
/** The hours at which the usual parts of the day begin. */
export const usualDayparts: DaypartStarts = [0, 6, 10, 15, 19]

/** An act or a title that a part of the day has more or less of than the whole day. */
export interface Leaning {
  readonly artist: string
  /** Null: the act. */
  readonly song: string | null
  /** In this part, and of the whole day. */
  readonly spins: number
  readonly of: number
  /** Its share of the part’s spins over its share of all. */
  readonly index: number
}

/** Question 6: who gets which part of the day? */
export interface Daypart {
  readonly fromHour: number
  readonly toHour: number
  readonly spins: number
  readonly coveredHours: number
  /** Null: under two covered hours. */
  readonly spinsPerHour: number | null
  /** Acts and titles of ten spins or more whose 95 % interval (Wilson) excludes an index of 1, highest index first. */
  readonly more: readonly Leaning[]
  readonly less: readonly Leaning[]
}

const enoughSpins = 10
const listed = 12
const z = 1.959964

export function daypartsOf(log: PlayLog, station: StationLog, starts: DaypartStarts = usualDayparts): Daypart[] {
  const partOfHour = Array.from({ length: 24 }, (_, hour) => starts.findLastIndex((start) => start <= hour))
  const partOf = Uint8Array.from(station.local, (local) => partOfHour[hourOf(local)]!)
  const byPart = (spins: Iterable<number>) => {
    const parts = new Array<number>(starts.length).fill(0)
    for (const spin of spins) parts[partOf[spin]!]!++
    return parts
  }
  const totals = byPart(partOf.keys())
  const enough: Counted[] = []
  for (const [act, spins] of station.spinsOfAct) {
    if (spins.length < enoughSpins) continue
    enough.push({ artist: log.acts[act]!, song: null, of: spins.length, parts: byPart(spins) })
  }
  for (const [title, spins] of station.spinsOf) {
    if (spins.length < enoughSpins || log.actOf[title]! < 0) continue
    enough.push({ ...log.titles[title]!, of: spins.length, parts: byPart(spins) })
  }
  return starts.map((fromHour, part) => {
    const toHour = starts[part + 1] ?? 24
    const seconds = coveredBetween(station, fromHour, toHour)
    const leanings = enough
      .map((each) => leaning(each, part, totals[part]! / station.times.length))
      .filter((each) => each !== null)
      .sort((a, b) => b.index - a.index || b.of - a.of || (a.artist < b.artist ? -1 : 1))
    return {
      fromHour,
      toHour,
      spins: totals[part]!,
      coveredHours: seconds / 3600,
      spinsPerHour: seconds >= enoughSeconds ? totals[part]! / (seconds / 3600) : null,
      more: leanings.filter(({ index }) => index > 1).slice(0, listed),
      less: leanings
        .filter(({ index }) => index < 1)
        .toReversed()
        .slice(0, listed),
    }
  })
}

interface Counted {
  readonly artist: string
  readonly song: string | null
  readonly of: number
  readonly parts: readonly number[]
}

function leaning({ artist, song, of, parts }: Counted, part: number, expected: number): Leaning | null {
  const spins = parts[part]!
  const [low, high] = wilson(spins, of)
  if (low <= expected && expected <= high) return null
  return { artist, song, spins, of, index: spins / of / expected }
}

/** The 95 % interval of a share of which so many of so many were seen. */
function wilson(found: number, of: number): [low: number, high: number] {
  const share = found / of
  const middle = share + (z * z) / (2 * of)
  const half = z * Math.sqrt((share * (1 - share)) / of + (z * z) / (4 * of * of))
  const scale = 1 + (z * z) / of
  return [(middle - half) / scale, (middle + half) / scale]
}

function coveredBetween({ coverage }: StationLog, fromHour: number, toHour: number): number {
  return coverage.byWeekHour.reduce(
    (sum, seconds, i) => (i % 24 >= fromHour && i % 24 < toHour ? sum + seconds : sum),
    0,
  )
}
