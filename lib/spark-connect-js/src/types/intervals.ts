import { clockText, microsPerDay } from './moments.ts'
import { type PrimitiveHint, printAs, textOnly } from './printed.ts'

/** A count of months (Spark's INTERVAL YEAR TO MONTH). */
export class YearMonthInterval {
  /** Keeps the compiler from taking one class of values for another of the same shape. */
  protected declare readonly nominal: 'YearMonthInterval'
  readonly months: number

  constructor(months: number) {
    this.months = months
  }

  valueOf(): number {
    return this.months
  }

  /** "1-6" is one year and six months; a negative one is "-1-6". */
  toString(): string {
    const months = Math.abs(this.months)
    return `${this.months < 0 ? '-' : ''}${Math.floor(months / 12)}-${months % 12}`
  }

  toJSON(): string {
    return this.toString()
  }
}

/** A length of time in microseconds (Spark's INTERVAL DAY TO SECOND). */
export class DayTimeInterval {
  /** Keeps the compiler from taking one class of values for another of the same shape. */
  protected declare readonly nominal: 'DayTimeInterval'
  readonly micros: bigint

  constructor(micros: bigint) {
    this.micros = micros
  }

  valueOf(): bigint {
    return this.micros
  }

  /** "1 02:03:04.5" is one day, two hours, three minutes and four and a half seconds. */
  toString(): string {
    const micros = this.micros < 0n ? -this.micros : this.micros
    return `${this.micros < 0n ? '-' : ''}${micros / microsPerDay} ${clockText(micros % microsPerDay)}`
  }

  toJSON(): string {
    return this.toString()
  }
}

/** Months, days and a rest that do not convert into one another (Spark's INTERVAL). */
export class CalendarInterval {
  /** Keeps the compiler from taking one class of values for another of the same shape. */
  protected declare readonly nominal: 'CalendarInterval'
  readonly months: number
  readonly days: number
  readonly micros: bigint

  constructor(months: number, days: number, micros: bigint) {
    this.months = months
    this.days = days
    this.micros = micros
  }

  /** *Errors:* TypeError for `a < b`: a month has no number of days, so neither is the longer one. */
  [Symbol.toPrimitive](hint: PrimitiveHint): string {
    return textOnly(hint, 'interval', this.toString(), 'compare its months, days and micros')
  }

  toString(): string {
    return `${this.months} months ${this.days} days ${new DayTimeInterval(this.micros).toString().replace(/^(-?)0 /, '$1')}`
  }

  toJSON(): string {
    return this.toString()
  }
}

printAs('date', YearMonthInterval, DayTimeInterval, CalendarInterval)
