import type { StationView } from './station-view.ts'
import { localText, weekdayOf, type ZoneClock } from './zone-clock.ts'

/** One sentence about a station, and the part of its view that it is from. */
export interface Fact {
  readonly from: 'volume' | 'turnover' | 'repeats' | 'likeness' | 'silences'
  readonly text: string
}

/** The days of the week, from Monday. */
export const weekdays = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'] as const

/** What to know first of a station. */
export function fiveFacts(view: StationView, clock: ZoneClock): readonly Fact[] {
  const { callsign, volume, turnover, repeats, likeness, silences } = view
  const hour = repeats.withinHours[0]!
  const [longest] = silences.list
  const [nearest] = likeness?.nearest ?? []
  return [
    {
      from: 'volume',
      text: `${callsign} played ${counted(volume.spins, 'spin')} of ${counted(volume.titles, 'title')}${
        volume.spinsPerHour === null ? '; too little log for a rate' : `, ${short(volume.spinsPerHour)} an hour`
      }.`,
    },
    {
      from: 'turnover',
      text:
        turnover.medianHours === null
          ? 'No title came back before the log had a gap.'
          : `A title returns after ${short(turnover.medianHours)} h (median of ${counted(turnover.pairs, 'return')}).`,
    },
    {
      from: 'repeats',
      text: `${counted(hour.spins, 'spin')} came back within the hour (${short(hour.share * 100)} %).`,
    },
    {
      from: 'likeness',
      text: nearest
        ? `Nearest is ${nearest.callsign} (${nearest.acts.toFixed(2)}).`
        : 'It is the only station of the log.',
    },
    {
      from: 'silences',
      text: longest
        ? `Silent for ${span(longest.seconds)} from ${weekdays[weekdayOf(clock(longest.fromUnix))]}, ${localText(clock(longest.fromUnix))}, the longest of ${counted(silences.count, 'gap')}.`
        : `Never silent for more than ${counted(Math.round(silences.gapMinutes), 'minute')}.`,
    },
  ]
}

const short = (value: number) => value.toLocaleString('en-US', { maximumFractionDigits: 1 })
const counted = (value: number, what: string) => `${short(value)} ${what}${value === 1 ? '' : 's'}`

function span(seconds: number): string {
  if (seconds < 3 * 3600) return counted(Math.round(seconds / 60), 'minute')
  return seconds < 3 * 86_400 ? counted(seconds / 3600, 'hour') : counted(seconds / 86_400, 'day')
}
