import { DataType } from './data-type.ts'
import type { DayTimeInterval, YearMonthInterval } from './values.ts'

const yearMonthFields = ['year', 'month'] as const
const dayTimeFields = ['day', 'hour', 'minute', 'second'] as const

const spanName = (fields: readonly string[], start: number, end: number): string =>
  start === end ? `interval ${fields[start]}` : `interval ${fields[start]} to ${fields[end]}`

/** INTERVAL YEAR TO MONTH; the bounds count from 0 = year to 1 = month. */
export class YearMonthIntervalType extends DataType<YearMonthInterval> {
  readonly kind = 'interval_ym'
  readonly start: number
  readonly end: number

  constructor(start = 0, end = 1) {
    super()
    this.start = start
    this.end = end
  }

  sql(): string {
    return spanName(yearMonthFields, this.start, this.end).toUpperCase()
  }

  json(): unknown {
    return spanName(yearMonthFields, this.start, this.end)
  }
}

/** INTERVAL DAY TO SECOND; the bounds count from 0 = day to 3 = second. */
export class DayTimeIntervalType extends DataType<DayTimeInterval> {
  readonly kind = 'interval_dt'
  readonly start: number
  readonly end: number

  constructor(start = 0, end = 3) {
    super()
    this.start = start
    this.end = end
  }

  sql(): string {
    return spanName(dayTimeFields, this.start, this.end).toUpperCase()
  }

  json(): unknown {
    return spanName(dayTimeFields, this.start, this.end)
  }
}
