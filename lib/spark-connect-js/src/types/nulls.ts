/** Whether a type is `any`, which says that nothing is known. */
export type IsAny<T> = 0 extends 1 & T ? true : false

/**
 * `null` if `T` may be null, else never. Not a conditional type, or Column would not be covariant; any gives any,
 * so what comes of an untyped column by its methods is untyped.
 */
export type NullOf<T> = T & null
