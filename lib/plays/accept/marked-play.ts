import type { Column } from 'spark-connect-js'
import type { ParsedPlay } from '../schema.ts'

/** A line, and whether it is a play of the database. */
export type MarkedPlay = ParsedPlay & { stored: boolean }

/** Lines by what they show of the order of day and month. */
export type DateOrders = { either: bigint; mdy: bigint; dmy: bigint }

/** A measure for each of them. */
export const dateOrders = <C extends Column<bigint | null>>(measure: (order: keyof DateOrders) => C) => ({
  either: measure('either'),
  mdy: measure('mdy'),
  dmy: measure('dmy'),
})
