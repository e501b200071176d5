import { enoughSeconds } from './coverage.ts'
import type { StationLog } from './play-log.ts'
import { hourOf, weekdayOf } from './zone-clock.ts'

/** A rate over fewer covered hours says nothing of an hour. */
export const enoughOfAnHour = 0.25

/** One hour of a weekday. */
export interface WeekCell {
  readonly spins: number
  readonly coveredHours: number
  /** Null: nothing of the hour is covered on any day. */
  readonly spinsPerHour: number | null
}

/** Question 7: what does our week look like? Seven days from Monday, 24 hours each; null: under two covered hours. */
export type Week = readonly (readonly WeekCell[])[] | null

export function weekOf({ local, coverage }: StationLog): Week {
  if (coverage.seconds < enoughSeconds) return null
  const spins = new Float64Array(7 * 24)
  for (const at of local) spins[24 * weekdayOf(at) + hourOf(at)]!++
  return Array.from({ length: 7 }, (_, weekday) =>
    Array.from({ length: 24 }, (_, hour) => {
      const cell = 24 * weekday + hour
      const coveredHours = coverage.byWeekHour[cell]! / 3600
      const spinsPerHour = coveredHours > 0 ? spins[cell]! / coveredHours : null
      return { spins: spins[cell]!, coveredHours, spinsPerHour }
    }),
  )
}

/** Spins in a covered hour by hour of the day, all weekdays together; null: a rate would say nothing. */
export function hoursOfDay(station: StationLog): readonly (number | null)[] {
  const week = weekOf(station)
  return Array.from({ length: 24 }, (_, hour) => {
    const cells = week?.map((day) => day[hour]!) ?? []
    const covered = cells.reduce((sum, { coveredHours }) => sum + coveredHours, 0)
    return covered < enoughOfAnHour ? null : cells.reduce((sum, { spins }) => sum + spins, 0) / covered
  })
}
