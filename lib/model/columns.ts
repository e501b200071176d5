/*
 * How a table is declared, once: an object with a column type for each column. The row types of Spark, enrichment and the
 * database are derived from it, and so are the lists of columns that a load, a copy and an export need.
 */

/** How a column is stored; Spark and both databases have each of them. */
export type ColumnKind = 'text' | 'int64' | 'int32' | 'double'

/** What Spark calls each of them. */
export const sparkTypes = {
  text: 'string',
  int64: 'bigint',
  int32: 'int',
  double: 'double',
} as const satisfies Readonly<Record<ColumnKind, string>>

/** A column of a table. `Value` is what it holds where it is not null; only the compiler sees it. */
export interface ColumnType<Value = unknown, Nullable extends boolean = boolean> {
  readonly kind: ColumnKind
  readonly nullable: Nullable
  /** What it holds, for whoever reads the database: `explore -- describe` and the data dictionary say it. */
  readonly meaning?: string
  readonly value?: Value
}

export type TableColumns = Readonly<Record<string, ColumnType>>

export const text: ColumnType<string, false> = { kind: 'text', nullable: false }
export const int64: ColumnType<bigint, false> = { kind: 'int64', nullable: false }
export const int32: ColumnType<number, false> = { kind: 'int32', nullable: false }
export const double: ColumnType<number, false> = { kind: 'double', nullable: false }

/** 0 or 1: neither database needs a type of its own for it, and both order and export it alike. */
export const flag: ColumnType<number, false> = int32

/** Text that is one of a few words. */
export const oneOf = <Word extends string>(): ColumnType<Word, false> => ({ kind: 'text', nullable: false })

export const nullable = <Value>(column: ColumnType<Value, false>): ColumnType<Value, true> => ({
  ...column,
  nullable: true,
})

/** The column with what it means. */
export const means = <Value, Nullable extends boolean>(
  column: ColumnType<Value, Nullable>,
  meaning: string,
): ColumnType<Value, Nullable> => ({ ...column, meaning })

/** A row of a table: int64 is bigint. */
export type RowOf<Columns extends TableColumns> = {
  [Name in keyof Columns]: Columns[Name] extends ColumnType<infer Value, infer Nullable>
    ? Value | (Nullable extends true ? null : never)
    : never
}

/** The row with some columns that are never null there. */
export type NotNull<Row, Names extends keyof Row> = {
  [Name in keyof Row]: Name extends Names ? NonNullable<Row[Name]> : Row[Name]
}

/** The names of the columns, in their order. */
export const namesOf = <Columns extends TableColumns>(columns: Columns): readonly (keyof Columns & string)[] =>
  Object.keys(columns)
