import { quantile } from './quantile.ts'
import { dayOf, hourOf, weekdayOf, type ZoneClock } from './zone-clock.ts'

const shortestGap = 20 * 60
const timesMedian = 4
const rarestMoments = 2 * 3600
/** A map or a rate over less log than this says nothing. */
export const enoughSeconds = 2 * 3600

/** What of the time between a station's first and last spin its log covers. */
export interface Coverage {
  /** Two spins in a row with more seconds than this between them have a gap between them. */
  readonly gapSeconds: number
  /** For each spin, the number of the stretch without a gap that it belongs to. */
  readonly stretch: Int32Array
  /** Positions of the spins before each gap. */
  readonly beforeGaps: readonly number[]
  readonly seconds: number
  /** Seconds covered by weekday (0 is Monday) and hour: `byWeekHour[24 * weekday + hour]`. */
  readonly byWeekHour: Float64Array
}

/** @param times of all spins of a station, ascending */
export function coverageOf(times: Float64Array, clock: ZoneClock): Coverage {
  const between = Float64Array.from({ length: Math.max(0, times.length - 1) }, (_, i) => times[i + 1]! - times[i]!)
  const gapSeconds = Math.max(shortestGap, timesMedian * usualBetween(between.toSorted()))
  const stretch = new Int32Array(times.length)
  const beforeGaps: number[] = []
  const byWeekHour = new Float64Array(7 * 24)
  let seconds = 0
  let begin = 0
  for (let i = 0; i < times.length; i++) {
    stretch[i] = beforeGaps.length
    const isGap = i < between.length && between[i]! > gapSeconds
    if (!isGap && i + 1 < times.length) continue
    seconds += times[i]! - times[begin]!
    addHours(byWeekHour, times[begin]!, times[i]!, clock)
    if (isGap) beforeGaps.push(i)
    begin = i + 1
  }
  return { gapSeconds, stretch, beforeGaps, seconds, byWeekHour }
}

/**
 * The median of the seconds between spins in a row. Where it is 0, because a log writes down an hour's spins at once, that of
 * the moments at which it writes; one that writes once a day does not say when it played.
 */
function usualBetween(sorted: Float64Array): number {
  const median = quantile(sorted, 0.5)
  if (median !== 0) return median ?? 0
  const ofMoments = quantile(
    sorted.filter((seconds) => seconds > 0),
    0.5,
  )
  return ofMoments !== null && ofMoments <= rarestMoments ? ofMoments : 0
}

function addHours(byWeekHour: Float64Array, from: number, to: number, clock: ZoneClock): void {
  for (let at = from; at < to; ) {
    const local = clock(at)
    let end = Math.min(to, at + 3600 - (((local % 3600) + 3600) % 3600))
    // Where the clocks change before the hour is over, a quarter at a time.
    if (clock(end) - end !== local - at) end = Math.min(end, (Math.floor(at / 900) + 1) * 900)
    byWeekHour[24 * weekdayOf(local) + hourOf(local)]! += end - at
    at = end
  }
}

/** Seconds covered of a stretch of time, both ends included. */
export function coveredWithin(times: Float64Array, { beforeGaps }: Coverage, from: number, to: number): number {
  const within = (a: number, b: number) => Math.max(0, Math.min(b, to) - Math.max(a, from))
  if (times.length === 0) return 0
  const silent = beforeGaps.reduce((sum, i) => sum + within(times[i]!, times[i + 1]!), 0)
  return within(times[0]!, times.at(-1)!) - silent
}

/** Local days between the first and the last spin without any spin, as numbers of days since 1970. */
export function daysWithoutSpins(local: Float64Array): number[] {
  const days: number[] = []
  for (let i = 1; i < local.length; i++) {
    for (let day = dayOf(local[i - 1]!) + 1; day < dayOf(local[i]!); day++) days.push(day)
  }
  return days
}
