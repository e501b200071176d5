import type { ReadOptions, RecordBatch } from '../arrow/record-batch.ts'
import type { Column, row } from '../column/column.ts'
import type { CallOptions, ExecuteOptions } from '../core/executor.ts'
import type { MergeIntoWriter } from '../io/merge.ts'
import type { DataFrameWriter, DataFrameWriterV2 } from '../io/writer.ts'
import type { DataStreamWriter } from '../streaming/streaming.ts'
import type { DataType, RowType, StructType } from '../types/index.ts'
import type { IsAny } from '../types/nulls.ts'
import type { BigintAsNumber, Numbered } from '../types/numbered.ts'
import type { Observation } from './observation.ts'
import type {
  Build,
  Clash,
  Columns,
  Extended,
  FrameTypeError,
  GroupRowOf,
  How,
  Inlined,
  InlineName,
  Joined,
  Named,
  NamedOver,
  NameOf,
  NonNull,
  Over,
  Renamed,
  RowOf,
  Selected,
  Simplify,
  Unioned,
  Without,
} from './row-types.ts'
import type { StorageLevel } from './storage-level.ts'
import type { TableArg } from './table-arg.ts'

// biome-ignore lint/suspicious/noExplicitAny: a row of which nothing is known, a named escape
type Untyped = any

/** A frame of which nothing is known: every name is a column of any type. */
export type UntypedFrame = DataFrame<Untyped>

/** Columns to order by: names, columns (ascending unless they say otherwise), or a callback that gives columns. */
export type OrderBy<R> =
  | NameOf<R>
  | Column<unknown>
  | ((columns: Columns<R>) => Column<unknown> | readonly Column<unknown>[])

/** How much `explain` says. */
export type ExplainMode = 'simple' | 'extended' | 'codegen' | 'cost' | 'formatted'

/**
 * A query: rows of type `R`, described and not yet computed.
 *
 * Every method that is not async only describes, and gives a new frame. Callbacks `c => …` receive the columns of the
 * frame, so that names and types are checked: `plays.filter((c) => c.artist.eq('Nirvana'))`.
 * Where names are taken as text, they are read as Spark reads them: `a.b` is field b of a, `` `a.b` `` a column.
 * *Errors:* a query that makes no sense fails when the server first sees it (`schema()`, any action), with SparkConnectError.
 */
export interface DataFrame<in out R> {
  /** First and invariant, so that a wrong frame is reported by its rows and not by its methods. */
  readonly [row]: (r: R) => R

  // ── columns ──

  /** A column of exactly this frame, told apart from columns of the same name by the frame's id, for self-joins. */
  col<K extends NameOf<R>>(name: K): Column<R[K]>
  /** All columns whose name matches: `` colRegex('`time.*`') ``. */
  colRegex(pattern: string): Column<unknown>
  /** A hidden column of the source, such as `_metadata`. */
  // biome-ignore lint/suspicious/noExplicitAny: sources decide what it is
  metadataColumn(name: string): Column<any>

  select<K extends NameOf<R>>(...names: readonly K[]): DataFrame<Selected<R, K>>
  /** Columns by a list in which not all are names; the row type is lost, `$castTo` gives it back. */
  select(...columns: readonly (NameOf<R> | '*' | Column<unknown>)[]): UntypedFrame
  /** New columns by name: `select((c) => ({ name: upper(c.artist), plays: c.plays }))`. */
  select<S extends NamedOver<R>>(build: Build<R, S>): DataFrame<Simplify<RowOf<S>>>
  /** One row for each struct of an array column, its fields as columns in the place of the array; none where that is empty. */
  inline<K extends NameOf<R>>(name: K & InlineName<R, K>): DataFrame<Inlined<R, K>>
  /** Columns as SQL expressions. */
  selectExpr(...expressions: readonly string[]): UntypedFrame

  /** Rows for which the condition is true; null counts as false. Text is a SQL condition. */
  filter(condition: ((columns: Columns<R>) => Column<boolean | null>) | Column<boolean | null> | string): DataFrame<R>
  /** The same as `filter`. */
  where(condition: ((columns: Columns<R>) => Column<boolean | null>) | Column<boolean | null> | string): DataFrame<R>

  /** One column added or replaced. Many at once: `withColumns`, which is also easier on the type checker. */
  withColumn<N extends string, T>(
    name: N,
    column: Over<R, Column<T>> | ((columns: Columns<R>) => Over<R, Column<T>>),
  ): DataFrame<Extended<R, Record<N, T>>>
  /** Columns added or replaced. All are computed from this frame's columns, none from one another. */
  withColumns<S extends NamedOver<R>>(build: Build<R, S>): DataFrame<Extended<R, RowOf<S>>>
  withColumnRenamed<K extends NameOf<R>, N extends string>(existing: K, name: N): DataFrame<Renamed<R, Record<K, N>>>
  withColumnsRenamed<const M extends { readonly [K in NameOf<R>]?: string }>(names: M): DataFrame<Renamed<R, M>>
  /** Metadata for the schema of one column. */
  withMetadata(name: NameOf<R>, metadata: Readonly<Record<string, unknown>>): DataFrame<R>
  /** Without some columns; a column that is not there is ignored. */
  drop(first: Column<unknown>, ...columns: readonly Column<unknown>[]): UntypedFrame
  drop<K extends NameOf<R>>(...names: readonly K[]): DataFrame<Without<R, K>>
  /** New names for all columns, in order. */
  toDF(...names: readonly string[]): UntypedFrame

  // ── rows ──

  /** A name for the frame, to tell columns apart: `col('a.id')`. */
  alias(name: string): DataFrame<R>
  limit(n: number): DataFrame<R>
  /** Without the first rows. */
  offset(n: number): DataFrame<R>
  /** Without repeated rows. */
  distinct(): DataFrame<R>
  /** One row for each combination of these columns (all, if none is named); which one is not said. */
  dropDuplicates(...names: readonly (NameOf<R> | readonly NameOf<R>[])[]): DataFrame<R>
  dropDuplicatesWithinWatermark(...names: readonly (NameOf<R> | readonly NameOf<R>[])[]): DataFrame<R>
  /** A random part; the same seed gives the same rows only while the partitions are the same. */
  sample(
    fraction: number,
    options?: { readonly withReplacement?: boolean; readonly seed?: number | bigint },
  ): DataFrame<R>
  /** Disjoint random parts with sizes in these proportions. */
  randomSplit(weights: readonly number[], seed?: number | bigint): DataFrame<R>[]
  orderBy(...by: readonly OrderBy<R>[]): DataFrame<R>
  /** The same as `orderBy`. */
  sort(...by: readonly OrderBy<R>[]): DataFrame<R>
  sortWithinPartitions(...by: readonly OrderBy<R>[]): DataFrame<R>
  /** Rows without null in these columns (all, if none is named): what `filter` does not tell the types. */
  dropNulls<K extends NameOf<R> = NameOf<R>>(...names: readonly K[]): DataFrame<NonNull<R, K>>

  // ── groups ──

  /** All rows as one group, which is there even if there is no row. */
  groupBy(): GroupedData<R, IsAny<R> extends true ? Untyped : Record<never, never>>
  /** Groups by new columns: `groupBy((c) => ({ day: to_date(c.time) }))`. */
  groupBy<S extends Named>(keys: Build<R, S>): GroupedData<R, RowOf<S>>
  groupBy<K extends NameOf<R>>(...names: readonly K[]): GroupedData<R, Selected<R, K>>
  /** Groups by a list in which not all are names; the row type is lost. */
  groupBy(...columns: readonly (NameOf<R> | Column<unknown>)[]): GroupedData<R, Untyped>
  /** Groups by the columns, by all but the last, and so on; left-out keys are null. */
  rollup<K extends NameOf<R>>(
    ...names: readonly K[]
  ): GroupedData<R, IsAny<R> extends true ? Untyped : { [C in K]: R[C] | null }>
  rollup(...columns: readonly Column<unknown>[]): GroupedData<R, Untyped>
  /** Groups by every combination of the columns; left-out keys are null. */
  cube<K extends NameOf<R>>(
    ...names: readonly K[]
  ): GroupedData<R, IsAny<R> extends true ? Untyped : { [C in K]: R[C] | null }>
  cube(...columns: readonly Column<unknown>[]): GroupedData<R, Untyped>
  groupingSets(
    sets: readonly (readonly (NameOf<R> | Column<unknown>)[])[],
    ...columns: readonly (NameOf<R> | Column<unknown>)[]
  ): GroupedData<R, Untyped>
  /** Aggregates of all rows: one row, even of none. */
  agg<S extends Named>(build: Build<R, S>): DataFrame<Simplify<RowOf<S>>>

  // ── other frames ──

  /** All pairs of rows. */
  crossJoin<R2>(
    right: [Clash<R, R2, never, 'cross'>] extends [never]
      ? DataFrame<R2>
      : FrameTypeError<`column '${Clash<R, R2, never, 'cross'>}' is on both sides; rename it or drop it`>,
  ): DataFrame<Joined<R, R2, never, 'cross'>>
  /** A join on a condition built elsewhere; the row type is lost. */
  join(right: UntypedFrame, on: Column<boolean | null>, how?: How): UntypedFrame
  /**
   * Pairs of rows for which a condition on both sides is true (the columns of each side are told apart by the frame), or
   * that agree in columns of the same name, which are there once in the result.
   */
  join<R2, K extends keyof R & keyof R2 & string = never, H extends How = 'inner'>(
    right: [Clash<R, R2, K, H>] extends [never]
      ? DataFrame<R2>
      : FrameTypeError<`column '${Clash<R, R2, K, H>}' is on both sides; rename it or add it to the join keys`>,
    on: K | readonly K[] | ((left: Columns<R>, right: Columns<R2>) => Column<boolean | null>),
    how?: H,
  ): DataFrame<Joined<R, R2, K, H>>
  /** A join whose right side may refer to the left row by `outer()`. */
  lateralJoin(right: UntypedFrame, on?: Column<boolean | null>, how?: 'inner' | 'cross' | 'left'): UntypedFrame
  /** For each left row the right row whose time is nearest. *Source:* message AsOfJoin. */
  asOfJoin(
    right: UntypedFrame,
    options: {
      readonly leftAsOf: Column<unknown>
      readonly rightAsOf: Column<unknown>
      readonly on?: readonly string[] | Column<boolean | null>
      readonly how?: 'inner' | 'left'
      readonly tolerance?: Column<unknown>
      readonly allowExactMatches?: boolean
      readonly direction?: 'backward' | 'forward' | 'nearest'
    },
  ): UntypedFrame
  /** For each left row the right rows that rank best by an expression (Spark 4.2). */
  nearestByJoin(
    right: UntypedFrame,
    ranking: Column<unknown>,
    numResults: number,
    mode: 'exact' | 'approx',
    direction: 'distance' | 'similarity',
    how?: 'inner' | 'leftouter',
  ): UntypedFrame
  /** Rows of both, by position of the columns; repeated rows stay. */
  union<R2>(other: DataFrame<R2>): DataFrame<Unioned<R, R2>>
  unionAll<R2>(other: DataFrame<R2>): DataFrame<Unioned<R, R2>>
  /** Rows of both, by name of the columns. With `allowMissingColumns` what one side lacks is null. */
  unionByName(other: DataFrame<R>): DataFrame<R>
  unionByName<R2>(
    other: DataFrame<R2>,
    allowMissingColumns: true,
  ): DataFrame<
    Simplify<
      { [K in keyof R]: K extends keyof R2 ? R[K] | R2[K] : R[K] | null } & {
        [K in Exclude<keyof R2, keyof R>]: R2[K] | null
      }
    >
  >
  /** Rows that are in both, each once. */
  intersect(other: DataFrame<R>): DataFrame<R>
  intersectAll(other: DataFrame<R>): DataFrame<R>
  /** Rows that are not in the other, each once. */
  subtract(other: DataFrame<R>): DataFrame<R>
  exceptAll(other: DataFrame<R>): DataFrame<R>

  // ── shape and execution ──

  /** Applies a step: `plays.transform(cleanNames).transform(parseTimes)`. */
  transform<R2>(step: (frame: DataFrame<R>) => DataFrame<R2>): DataFrame<R2>
  /** Escape hatch: the same frame, its row type replaced unchecked. The checked way is `to(schema)`. */
  $castTo<R2>(): DataFrame<R2>
  /**
   * The columns of a schema, matched by name, in its order, safely cast.
   * *Errors:* when the query is analysed: a column is missing, would lose information, or may be null where it must not.
   */
  to<S extends StructType>(schema: S): DataFrame<RowType<S>>
  to(schema: string): UntypedFrame
  /** Columns turned into rows: one row for each value column, with its name and its value. */
  unpivot(
    ids: readonly (NameOf<R> | Column<unknown>)[],
    values: readonly (NameOf<R> | Column<unknown>)[] | null,
    variableColumnName: string,
    valueColumnName: string,
  ): UntypedFrame
  melt(
    ids: readonly (NameOf<R> | Column<unknown>)[],
    values: readonly (NameOf<R> | Column<unknown>)[] | null,
    variableColumnName: string,
    valueColumnName: string,
  ): UntypedFrame
  /** Rows become columns, named after the index column (the first, if none is given). */
  transpose(indexColumn?: NameOf<R> | Column<unknown>): UntypedFrame
  /** Each row as a JSON text in one column `value`. */
  toJSON(): DataFrame<{ value: string }>
  /** A hint to the optimiser: `hint('broadcast')`, `hint('repartition', 8)`. */
  hint(
    name: string,
    ...parameters: readonly (Column<unknown> | string | number | readonly (string | number)[])[]
  ): DataFrame<R>
  repartition(numPartitions: number, ...columns: readonly (NameOf<R> | Column<unknown>)[]): DataFrame<R>
  repartition(...columns: readonly (NameOf<R> | Column<unknown>)[]): DataFrame<R>
  repartitionByRange(numPartitions: number, ...columns: readonly (NameOf<R> | Column<unknown>)[]): DataFrame<R>
  repartitionByRange(...columns: readonly (NameOf<R> | Column<unknown>)[]): DataFrame<R>
  /** Each row goes to the partition whose number the column gives (Spark 4.1). */
  repartitionById(numPartitions: number, partition: NameOf<R> | Column<unknown>): DataFrame<R>
  /** Fewer partitions without a shuffle. */
  coalesce(numPartitions: number): DataFrame<R>
  /** A running number from 0 as a last column. */
  zipWithIndex<N extends string = 'index'>(name?: N): DataFrame<Extended<R, Record<N, bigint>>>
  /** How late events may be, for streams. */
  withWatermark(eventTime: NameOf<R>, delayThreshold: string): DataFrame<R>
  /** Metrics computed on the way, see `Observation`. */
  observe(observation: Observation | string, ...metrics: readonly Column<unknown>[]): DataFrame<R>

  /** Handling of nulls: `na.fill`, `na.drop`, `na.replace`. */
  readonly na: DataFrameNaFunctions<R>
  fillna: DataFrameNaFunctions<R>['fill']
  dropna: DataFrameNaFunctions<R>['drop']
  replace: DataFrameNaFunctions<R>['replace']
  /** Statistics: `stat.approxQuantile`, `stat.corr`, … */
  readonly stat: DataFrameStatFunctions<R>
  approxQuantile: DataFrameStatFunctions<R>['approxQuantile']
  corr: DataFrameStatFunctions<R>['corr']
  cov: DataFrameStatFunctions<R>['cov']
  crosstab: DataFrameStatFunctions<R>['crosstab']
  freqItems: DataFrameStatFunctions<R>['freqItems']
  sampleBy: DataFrameStatFunctions<R>['sampleBy']
  /** Count, mean, deviation, least and greatest of some columns, as text. */
  describe(...names: readonly NameOf<R>[]): UntypedFrame
  summary(...statistics: readonly string[]): UntypedFrame

  // ── subqueries ──

  /** The only value of this frame of one row and one column. */
  // biome-ignore lint/suspicious/noExplicitAny: one column whose name is not known here
  scalar(): Column<any>
  /** Whether there is any row. */
  exists(): Column<boolean>
  /** The frame as argument of a table-valued function. */
  asTable(): TableArg<NameOf<R>>

  // ── answers ──

  /** The rows in columns, as they arrive. Leaving the loop, or the signal, stops the query on the server. */
  batches(options?: ExecuteOptions & ReadOptions): AsyncIterable<RecordBatch<R>>
  /** The rows one by one, as they arrive; memory holds one batch. */
  toLocalIterator(options: ExecuteOptions & BigintAsNumber): AsyncIterable<Numbered<R>>
  toLocalIterator(options?: ExecuteOptions): AsyncIterable<R>
  /** All rows, BIGINT as number: `collect({ bigint: 'number' })`. *Errors:* RangeError where that would not be exact. */
  collect(options: ExecuteOptions & BigintAsNumber): Promise<Numbered<R>[]>
  /**
   * All rows. *Cost:* all of them in memory.
   * *Errors:* RangeError if the name of a column, or of a field within a struct, repeats: use `collectTuples`.
   */
  collect(options?: ExecuteOptions): Promise<R[]>
  /**
   * All rows by position, for frames whose column names repeat. With `structs: 'tuples'` the structs within them are
   * arrays by position, too: `struct(l.*, r.*)` may hold two fields of one name.
   */
  collectTuples(options?: ExecuteOptions & ReadOptions): Promise<unknown[][]>
  /**
   * All rows as one Arrow IPC stream, for other tools: `tableFromIPC` of apache-arrow, DuckDB, files.
   * *Cost:* all of them in memory; nothing is decoded.
   */
  toArrow(options?: ExecuteOptions): Promise<Uint8Array>
  /** The first row, or null. */
  first(options: ExecuteOptions & BigintAsNumber): Promise<Numbered<R> | null>
  first(options?: ExecuteOptions): Promise<R | null>
  head(n: number, options?: ExecuteOptions): Promise<R[]>
  head(): Promise<R | null>
  take(n: number, options: ExecuteOptions & BigintAsNumber): Promise<Numbered<R>[]>
  take(n: number, options?: ExecuteOptions): Promise<R[]>
  tail(n: number, options: ExecuteOptions & BigintAsNumber): Promise<Numbered<R>[]>
  tail(n: number, options?: ExecuteOptions): Promise<R[]>
  count(options?: ExecuteOptions): Promise<bigint>
  isEmpty(options?: ExecuteOptions): Promise<boolean>
  /** Calls a function with each row, one after the other, and waits for it. */
  foreach(visit: (row: R) => void | Promise<void>, options?: ExecuteOptions): Promise<void>
  /** Prints a table, made on the server. `truncate` is the greatest width of a cell, true for 20, false for no limit. */
  show(n?: number, truncate?: boolean | number, vertical?: boolean): Promise<void>
  /** The table that `show` prints. */
  showString(n?: number, truncate?: boolean | number, vertical?: boolean): Promise<string>
  /** The same rows as a table in HTML, for notebooks. */
  htmlString(n?: number, truncate?: boolean | number): Promise<string>

  // ── questions ──

  /** The schema, asked of the server once for this frame. */
  schema(options?: CallOptions): Promise<StructType<R>>
  columns(): Promise<string[]>
  dtypes(): Promise<[name: string, type: DataType][]>
  /** Prints the schema as an outline, `level` levels deep. */
  printSchema(level?: number): Promise<void>
  /** Prints the plan. Default: simple; true is extended. */
  explain(mode?: ExplainMode | boolean, options?: CallOptions): Promise<void>
  /** The text that `explain` prints. */
  explainString(mode?: ExplainMode | boolean, options?: CallOptions): Promise<string>
  isLocal(): Promise<boolean>
  isStreaming(): Promise<boolean>
  inputFiles(): Promise<string[]>
  sameSemantics(other: UntypedFrame): Promise<boolean>
  semanticHash(): Promise<number>

  // ── keeping ──

  /** Keeps the rows when they are first computed (`MEMORY_AND_DISK`). Resolves to this frame. */
  cache(): Promise<DataFrame<R>>
  persist(level?: StorageLevel): Promise<DataFrame<R>>
  unpersist(blocking?: boolean): Promise<DataFrame<R>>
  storageLevel(): Promise<StorageLevel>
  /** Computes the rows and cuts the plan off behind them; needs a checkpoint directory on the server. */
  checkpoint(options?: { readonly eager?: boolean } & ExecuteOptions): Promise<CheckpointedDataFrame<R>>
  /** Computes the rows, keeps them on the executors and cuts the plan off behind them. */
  localCheckpoint(
    options?: { readonly eager?: boolean; readonly storageLevel?: StorageLevel } & ExecuteOptions,
  ): Promise<CheckpointedDataFrame<R>>

  createTempView(name: string): Promise<void>
  createOrReplaceTempView(name: string): Promise<void>
  createGlobalTempView(name: string): Promise<void>
  createOrReplaceGlobalTempView(name: string): Promise<void>

  // ── writing ──

  readonly write: DataFrameWriter<NameOf<R>>
  /** Writing to a table by the catalog's rules. */
  writeTo(table: string): DataFrameWriterV2<NameOf<R>>
  readonly writeStream: DataStreamWriter<NameOf<R>>
  /** Updates, inserts and deletes in a table by comparison with these rows. */
  mergeInto(table: string, condition: Column<boolean | null>): MergeIntoWriter
}

/**
 * A frame whose rows are kept on the server. They are let go by `release()`, by `await using`, or some time after the
 * frame and all frames made of it are no longer used.
 */
export interface CheckpointedDataFrame<in out R> extends DataFrame<R>, AsyncDisposable {
  /** Lets the rows go; frames made of this one cannot be computed any more. */
  release(): Promise<void>
}

/**
 * The rows of a frame in groups; `K` are the grouping columns.
 *
 * *Rows:* the result has one row per group: the grouping columns, then the aggregates.
 */
export interface GroupedData<in out R, in out K> {
  /**
   * Aggregates by name: `plays.groupBy('artist').agg({ plays: count('*') })` has rows `{ artist: string; plays: bigint }`.
   *
   * *Nulls:* `max`, `sum` and others are null of nothing. A group has rows, so they are not null where the values are not;
   * without grouping columns (`groupBy()`) there may be none.
   */
  agg<S extends Named>(
    build: Build<R, S>,
  ): DataFrame<IsAny<K> extends true ? K : [keyof K] extends [never] ? RowOf<S> : Simplify<K & GroupRowOf<S>>>
  /** Aggregates in order, named by themselves; the row type is lost. */
  agg(first: Column<unknown>, ...more: readonly Column<unknown>[]): UntypedFrame
  /** How many rows each group has, in a column `count`. */
  count(): DataFrame<IsAny<K> extends true ? K : Simplify<K & { count: bigint }>>
  /** The mean of some columns (all number columns, if none is named), in columns named `avg(x)`. */
  avg(...names: readonly NameOf<R>[]): UntypedFrame
  mean(...names: readonly NameOf<R>[]): UntypedFrame
  sum(...names: readonly NameOf<R>[]): UntypedFrame
  min(...names: readonly NameOf<R>[]): UntypedFrame
  max(...names: readonly NameOf<R>[]): UntypedFrame
  /**
   * One column for each value of a column, holding the aggregate of its rows. *Nulls:* where there are none.
   * *Cost:* without a list of values one more query finds them.
   */
  pivot(
    column: NameOf<R> | Column<unknown>,
    values?: readonly (string | number | bigint | boolean)[],
    // biome-ignore lint/suspicious/noExplicitAny: the columns are named by values
  ): GroupedData<R, any>
}

/** Some columns: one, several, or in PySpark's way `{ subset: ['a'] }`. */
type Subset<N extends string> = N | readonly N[] | { readonly subset: N | readonly N[] }

interface DropOptions<N extends string> {
  readonly how?: 'any' | 'all'
  readonly subset?: readonly N[]
  readonly thresh?: number
}

type Filler = string | number | bigint | boolean

/** Handling of nulls. */
export interface DataFrameNaFunctions<in out R> {
  /** Replaces nulls by a value, in columns of its type (or those of the subset). A record gives a value for each column. */
  fill<const M extends { readonly [K in NameOf<R>]?: Filler }>(
    values: M,
  ): DataFrame<Simplify<{ [K in keyof R]: K extends keyof M ? NonNullable<R[K]> : R[K] }>>
  fill(value: Filler, subset?: Subset<NameOf<R>>): DataFrame<R>
  /** Removes rows with a null (`any`), with nulls only (`all`), or with fewer than `thresh` values. NaN counts as null. */
  drop<K extends NameOf<R> = NameOf<R>>(
    how?: 'any',
    options?: { readonly subset?: readonly K[] },
  ): DataFrame<NonNull<R, K>>
  drop(how: 'any' | 'all', options?: { readonly subset?: readonly NameOf<R>[]; readonly thresh?: number }): DataFrame<R>
  drop<K extends NameOf<R>>(options: { readonly how?: 'any'; readonly subset: readonly K[] }): DataFrame<NonNull<R, K>>
  drop(options: DropOptions<NameOf<R>>): DataFrame<R>
  /** Replaces values by others of the same kind; null is a possible replacement. */
  replace(
    replacements: ReadonlyMap<Filler | null, Filler | null> | Readonly<Record<string, string | null>>,
    subset?: Subset<NameOf<R>>,
  ): DataFrame<R>
}

/** Statistics of columns. */
export interface DataFrameStatFunctions<in out R> {
  /** Quantiles of number columns, one list a column; `relativeError` 0 is exact and dear. */
  approxQuantile(
    columns: readonly NameOf<R>[],
    probabilities: readonly number[],
    relativeError: number,
  ): Promise<number[][]>
  /** Pearson's correlation, the only one that Spark has. */
  corr(a: NameOf<R>, b: NameOf<R>, method?: 'pearson'): Promise<number>
  cov(a: NameOf<R>, b: NameOf<R>): Promise<number>
  /** How often each pair of values occurs: one row for a value of `a`, one column for a value of `b`. */
  crosstab(a: NameOf<R>, b: NameOf<R>): UntypedFrame
  /** Values that occur in at least this share of the rows (default 0.01), and perhaps others. */
  freqItems(columns: readonly NameOf<R>[], support?: number): UntypedFrame
  /** A random part with a share for each value of a column. */
  sampleBy(
    column: NameOf<R> | Column<unknown>,
    fractions: ReadonlyMap<string | number | bigint | boolean, number>,
    seed?: number | bigint,
  ): DataFrame<R>
}
