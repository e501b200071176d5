/** Rows by columns: what an Arrow batch of the Spark client satisfies, and what the store streams back. */
export interface ColumnBatch {
  readonly numRows: number
  readonly names: readonly string[]
  /** `columns[c][r]`: string, number, bigint, boolean or null. */
  readonly columns: readonly ArrayLike<unknown>[]
}
