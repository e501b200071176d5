import type { PlayLog, StationLog, Title } from './play-log.ts'
import { quantile } from './quantile.ts'

/** Question 2: how fast does a title come back? Hours between its spins in a row, where no gap lies between them. */
export interface Turnover {
  /** Pairs of spins that were measured, and those that were not because the log has a gap between them. */
  readonly pairs: number
  readonly pairsAcrossGaps: number
  readonly medianHours: number | null
  readonly lowerQuartileHours: number | null
  readonly upperQuartileHours: number | null
  /** The titles with the smallest median. */
  readonly fastest: readonly (Title & { readonly spins: number; readonly medianHours: number })[]
  /** Pairs of `fromHours` and more, and less than `toHours` (null: any). */
  readonly histogram: readonly { readonly fromHours: number; readonly toHours: number | null; readonly pairs: number }[]
}

const fastestTitles = 20
const edges = [0, 1, 2, 3, 4, 6, 8, 12, 16, 24, 36, 48, 72, 168]

export function turnoverOf({ titles, actOf }: PlayLog, { times, coverage, spinsOf }: StationLog): Turnover {
  const all: number[] = []
  const byTitle: Turnover['fastest'][number][] = []
  let across = 0
  for (const [title, spins] of spinsOf) {
    if (actOf[title]! < 0) continue
    const between: number[] = []
    for (let i = 1; i < spins.length; i++) {
      const [a, b] = [spins[i - 1]!, spins[i]!]
      if (coverage.stretch[a] === coverage.stretch[b]) between.push(times[b]! - times[a]!)
      else across++
    }
    if (between.length === 0) continue
    for (const each of between) all.push(each)
    const medianHours = hoursAt(Float64Array.from(between).sort(), 0.5)!
    byTitle.push({ ...titles[title]!, spins: spins.length, medianHours })
  }
  const sorted = Float64Array.from(all).sort()
  return {
    pairs: sorted.length,
    pairsAcrossGaps: across,
    medianHours: hoursAt(sorted, 0.5),
    lowerQuartileHours: hoursAt(sorted, 0.25),
    upperQuartileHours: hoursAt(sorted, 0.75),
    fastest: byTitle
      .sort((a, b) => a.medianHours - b.medianHours || b.spins - a.spins || byName(a, b))
      .slice(0, fastestTitles),
    histogram: edges.map((fromHours, i) => {
      const toHours = edges[i + 1] ?? null
      const pairs = all.filter(
        (seconds) => seconds >= fromHours * 3600 && seconds < (toHours ?? Infinity) * 3600,
      ).length
      return { fromHours, toHours, pairs }
    }),
  }
}

function hoursAt(sortedSeconds: Float64Array, share: number): number | null {
  const seconds = quantile(sortedSeconds, share)
  return seconds === null ? null : seconds / 3600
}

/** By artist, then by song, as code units: the same on every machine. */
export function byName(a: Title, b: Title): number {
  if (a.artist !== b.artist) return a.artist < b.artist ? -1 : 1
  return a.song === b.song ? 0 : a.song < b.song ? -1 : 1
}
