import { zoneOffset } from '../model/zone-offset.ts'

const day = 86_400
const quarter = 900

/** The local second, as if the zone were UTC, of a second of UTC. */
export type ZoneClock = (unix: number) => number

/**
 * A clock of an IANA zone.
 *
 * *Cost:* the offset is asked of `Intl` twice for each day that occurs, and each quarter of an hour of the days on which it
 * changes; every zone since 1973 changes on such a quarter.
 */
export function zoneClock(timezone: string): ZoneClock {
  if (timezone === 'UTC') return (unix) => unix
  const offsetAt = (unix: number) => zoneOffset(unix, timezone)
  /** Null where the offset changes within the day. */
  const days = new Map<number, number | null>()
  const quarters = new Map<number, number>()
  const offsetOfDay = (number: number) => {
    let offset = days.get(number)
    if (offset === undefined) {
      const begin = offsetAt(number * day)
      offset = begin === offsetAt((number + 1) * day) ? begin : null
      days.set(number, offset)
    }
    return offset
  }
  const offsetOfQuarter = (number: number) => {
    const offset = quarters.get(number) ?? offsetAt(number * quarter)
    quarters.set(number, offset)
    return offset
  }
  return (unix) => unix + (offsetOfDay(Math.floor(unix / day)) ?? offsetOfQuarter(Math.floor(unix / quarter)))
}

/** The number of the local day, and the hour of it, of a local second. */
export const dayOf = (local: number): number => Math.floor(local / day)
export const hourOf = (local: number): number => Math.floor((local - dayOf(local) * day) / 3600)
/** 0 is Monday; day 0 was a Thursday. */
export const weekdayOf = (local: number): number => (((dayOf(local) + 3) % 7) + 7) % 7
/** `2014-06-16 03:10`. */
export const localText = (local: number): string => new Date(local * 1000).toISOString().slice(0, 16).replace('T', ' ')
