/**
 * Limits for one result batch. Spark sends batches of a few megabytes and at most 10,000 rows by default; these limits
 * are far above what a server sends and low enough that a hostile message cannot take the process down.
 */

/** Levels of nesting in a schema. */
export const maxDepth = 256
/** Fields of a schema, nested ones included. */
export const maxFields = 100_000
/** Values of one column, nested ones included. */
export const maxValues = 2 ** 24
/** Values beyond this need a byte of the batch for every eight: columns of nulls and empty structs take none. */
export const maxValuesWithoutBytes = 2 ** 20
/** Batches of one stream. */
export const maxBatches = 2 ** 16
/** Bytes of one batch: put together from its chunks, or what its compressed buffers become. */
export const maxBatchBytes = 2 ** 29
