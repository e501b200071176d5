import { approx_count_distinct } from './aggregate.ts'
import { count_distinct, sum_distinct } from './by-hand/aggregates.ts'
import { bitwise_not, degrees, radians, shiftleft, shiftright, shiftrightunsigned } from './math.ts'

// Names that Spark gave up for others. PySpark and Scala still take them.

/** @deprecated The old name of {@link approx_count_distinct}. */
export const approxCountDistinct: typeof approx_count_distinct = approx_count_distinct
/** @deprecated The old name of {@link bitwise_not}. */
export const bitwiseNOT: typeof bitwise_not = bitwise_not
/** @deprecated The old name of {@link count_distinct}. */
export const countDistinct: typeof count_distinct = count_distinct
/** @deprecated The old name of {@link shiftleft}. */
export const shiftLeft: typeof shiftleft = shiftleft
/** @deprecated The old name of {@link shiftright}. */
export const shiftRight: typeof shiftright = shiftright
/** @deprecated The old name of {@link shiftrightunsigned}. */
export const shiftRightUnsigned: typeof shiftrightunsigned = shiftrightunsigned
/** @deprecated The old name of {@link sum_distinct}. */
export const sumDistinct: typeof sum_distinct = sum_distinct
/** @deprecated The old name of {@link degrees}. */
export const toDegrees: typeof degrees = degrees
/** @deprecated The old name of {@link radians}. */
export const toRadians: typeof radians = radians
