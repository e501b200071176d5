// The classes of values that JavaScript has no type of its own for.
export { Decimal } from './decimal.ts'
export { Geo } from './geo.ts'
export { CalendarInterval, DayTimeInterval, YearMonthInterval } from './intervals.ts'
export { LocalDate, LocalDateTime, LocalTime, Timestamp } from './moments.ts'
