import { daysWithoutSpins } from './coverage.ts'
import type { PlayLog, StationLog, Title } from './play-log.ts'

/** A gap in the log, with what was played before and after it. */
export interface Silence {
  readonly fromUnix: number
  readonly seconds: number
  readonly before: Title
  readonly after: Title
}

/** Question 13: where is the log silent? */
export interface Silences {
  /** Two spins in a row with more minutes than this between them have a gap between them. */
  readonly gapMinutes: number
  readonly count: number
  readonly hours: number
  /** Longest first. */
  readonly list: readonly Silence[]
  /** Local days without any spin, as `2014-06-16`; the first of them. */
  readonly days: { readonly count: number; readonly list: readonly string[] }
}

const listed = 50

export function silencesOf({ titles }: PlayLog, station: StationLog): Silences {
  const { times, coverage } = station
  const all = coverage.beforeGaps.map((i) => ({
    fromUnix: times[i]!,
    seconds: times[i + 1]! - times[i]!,
    before: titles[station.titles[i]!]!,
    after: titles[station.titles[i + 1]!]!,
  }))
  const days = daysWithoutSpins(station.local)
  return {
    gapMinutes: coverage.gapSeconds / 60,
    count: all.length,
    hours: all.reduce((sum, { seconds }) => sum + seconds, 0) / 3600,
    list: all.sort((a, b) => b.seconds - a.seconds || a.fromUnix - b.fromUnix).slice(0, listed),
    days: {
      count: days.length,
      list: days.slice(0, listed).map((day) => new Date(day * 86_400_000).toISOString().slice(0, 10)),
    },
  }
}
