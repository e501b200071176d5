import { zoneOffset } from '../../model/zone-offset.ts'

const daySeconds = 86_400

/** The seconds since 1970 of a day of UTC; null for a day that there is not. */
export function midnightOf(year: number, month: number, day: number): number | null {
  if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1) return null
  const date = new Date(0)
  date.setUTCFullYear(year, month - 1, day)
  return date.getUTCDate() === day && date.getUTCMonth() === month - 1 ? date.getTime() / 1000 : null
}

/**
 * UTC seconds of seconds that a clock of the zone shows, as Java's `LocalDateTime.atZone` gives them: a time that a clock change
 * skips moves forward by the gap, one that occurs twice is the earlier.
 */
export function utcOf(local: number, zone: string): number {
  const before = offsetAt(local - daySeconds, zone)
  const after = offsetAt(local + daySeconds, zone)
  const isAfter = offsetAt(local - before, zone) !== before && offsetAt(local - after, zone) === after
  return local - (isAfter ? after : before)
}

/** Seconds by which the clocks of a zone, or of an offset such as `+02:00`, are ahead of UTC at a moment. */
function offsetAt(unix: number, zone: string): number {
  const [, sign, hours, minutes = '0'] = /^([+-])(\d{1,2}):?(\d\d)?$/.exec(zone) ?? []
  if (sign) return (sign === '-' ? -1 : 1) * (Number(hours) * 3600 + Number(minutes) * 60)
  return zoneOffset(unix, zone)
}
