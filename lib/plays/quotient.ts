import { type Column, call_function, lit } from 'spark-connect-js'

/** How often the unit is in the value, without the rest. Spark's `div`, which PySpark's functions lack as well. */
export const quotient = (value: Column<bigint | number | null>, unit: number): Column<bigint | null> =>
  call_function<bigint | null>('div', value, lit(unit))
