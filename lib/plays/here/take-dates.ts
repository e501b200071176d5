import { ordersByFile, type ShownOrder } from '../accept/date-order.ts'
import type { ParsedPlay } from '../schema.ts'

/** Whether a play's day comes first, and what shows that: all other dates of the run, most of them, or nothing. */
export interface TakenDate {
  readonly isDayFirst: boolean
  readonly shownBy: 'all' | 'most' | 'nothing'
}

/**
 * How `acceptPlays` takes dates whose day and month could be either way round, for plays that are read here: as the file, in it
 * the station, shows it, else as most of the run.
 */
export function takeDates(plays: readonly ParsedPlay[], dateOrder?: 'mdy' | 'dmy'): (play: ParsedPlay) => TakenDate {
  const shown = shownOrders(plays)
  const sum = (order: 'mdy' | 'dmy') => shown.reduce((all, each) => all + each[order], 0n)
  const [mdy, dmy] = [sum('mdy'), sum('dmy')]
  if (dateOrder) return () => ({ isDayFirst: dateOrder === 'dmy', shownBy: 'all' })
  const isUsuallyDayFirst = dmy > mdy
  const shownBy = mdy + dmy === 0n ? 'nothing' : mdy === 0n || dmy === 0n ? 'all' : 'most'
  if (shownBy !== 'most') return () => ({ isDayFirst: isUsuallyDayFirst, shownBy })
  const { files, stations } = ordersByFile(shown, isUsuallyDayFirst)
  return ({ source_file, callsign }) => {
    const file = source_file ?? ''
    const differs = files.includes(file) || stations.some((each) => each.file === file && each.names.includes(callsign))
    return { isDayFirst: differs !== isUsuallyDayFirst, shownBy }
  }
}

function shownOrders(plays: readonly ParsedPlay[]): ShownOrder[] {
  const count = (own: readonly ParsedPlay[], order: string) =>
    BigInt(own.filter(({ date_order }) => date_order === order).length)
  const accepted = plays.filter(({ reason, date_order }) => reason === null && date_order !== null)
  return [...Map.groupBy(accepted, ({ source_file, callsign }) => `${source_file}\u001f${callsign}`).values()].map(
    (own) => ({
      file: own[0]!.source_file ?? '',
      station: own[0]!.callsign,
      mdy: count(own, 'mdy'),
      dmy: count(own, 'dmy'),
      either: count(own, 'either'),
    }),
  )
}

/** UTC seconds of a play, once it is known whether its day comes first. */
export const takenTime = ({ time_unix, time_other }: ParsedPlay, { isDayFirst }: TakenDate): bigint | null =>
  isDayFirst ? (time_other ?? time_unix) : time_unix
