import { checkText } from '../column/arguments.ts'
import type { Column } from '../column/column.ts'
import { columnNode } from '../column/node.ts'
import { runCommand } from '../core/execution.ts'
import type { ExecuteOptions, Executor } from '../core/executor.ts'
import { type OptionValue, optionText, optionTexts, splitOptions } from '../core/options.ts'
import type { Relation } from '../gen/spark/connect/relations_pb.ts'
import {
  type SaveMode,
  saveCommand,
  type TableMode,
  tableCommand,
  type WriteSettings,
  type WriteTableSettings,
} from '../plan/command.ts'
import type { CompressionOptions, CsvWriteOptions, JsonWriteOptions, XmlWriteOptions } from './format-options.ts'

const modes: Readonly<Record<string, SaveMode>> = {
  append: 'append',
  overwrite: 'overwrite',
  error: 'error',
  errorifexists: 'error',
  ignore: 'ignore',
  default: 'error',
}

/** What to do where there is something already. */
export type SaveModeName = 'append' | 'overwrite' | 'error' | 'errorifexists' | 'ignore'

/**
 * Writes a frame to files or a table: `plays.write.mode('overwrite').partitionBy('callsign').parquet(path)`.
 * Immutable until one of the async methods writes. `N` are the names of the frame's columns.
 */
export class DataFrameWriter<N extends string = string> {
  readonly #executor: Executor
  readonly #input: Relation
  readonly #settings: WriteSettings

  constructor(executor: Executor, input: Relation, settings: WriteSettings = {}) {
    this.#executor = executor
    this.#input = input
    this.#settings = settings
  }

  #with(change: WriteSettings): DataFrameWriter<N> {
    return new DataFrameWriter(this.#executor, this.#input, { ...this.#settings, ...change })
  }

  /** Default: error. */
  mode(mode: SaveModeName): DataFrameWriter<N> {
    const known = modes[mode.toLowerCase()]
    if (!known) throw new TypeError(`unknown save mode '${mode}'; use one of ${Object.keys(modes).join(', ')}`)
    return this.#with({ mode: known })
  }
  format(source: string): DataFrameWriter<N> {
    return this.#with({ source })
  }
  option(key: string, value: OptionValue): DataFrameWriter<N> {
    const text = optionText(value)
    return text === undefined ? this : this.#with({ options: { ...this.#settings.options, [key]: text } })
  }
  options(options: Readonly<Record<string, OptionValue>>): DataFrameWriter<N> {
    return this.#with({ options: { ...this.#settings.options, ...optionTexts(options) } })
  }
  /** One folder for each value of these columns. */
  partitionBy(...names: readonly (N | readonly N[])[]): DataFrameWriter<N> {
    return this.#with({ partitionBy: names.flat() })
  }
  /** Hash buckets, for tables only. */
  bucketBy(numBuckets: number, ...names: readonly (N | readonly N[])[]): DataFrameWriter<N> {
    return this.#with({ bucketBy: { numBuckets, names: names.flat() } })
  }
  /** The order within a bucket. */
  sortBy(...names: readonly (N | readonly N[])[]): DataFrameWriter<N> {
    return this.#with({ sortBy: names.flat() })
  }
  clusterBy(...names: readonly (N | readonly N[])[]): DataFrameWriter<N> {
    return this.#with({ clusterBy: names.flat() })
  }
  /** Columns that the table lacks are added to it (Spark 4.2). */
  withSchemaEvolution(): DataFrameWriter<N> {
    this.#executor.requireVersion('4.2', 'withSchemaEvolution')
    return this.#with({ withSchemaEvolution: true })
  }

  async #run(settings: WriteSettings, options?: ExecuteOptions): Promise<void> {
    await runCommand(this.#executor, saveCommand(this.#input, { ...this.#settings, ...settings }), undefined, options)
  }

  async #file(source: string, path: string, options?: object): Promise<void> {
    const { source: texts, call } = splitOptions(options)
    await this.#run(
      { source, path: checkText(source, 'a path', path), options: { ...this.#settings.options, ...texts } },
      call,
    )
  }

  /** Writes to a path, or to where the options say. *Errors:* SparkConnectError. */
  async save(path?: string, options?: ExecuteOptions): Promise<void> {
    await this.#run(path === undefined ? {} : { path }, options)
  }
  async saveAsTable(name: string, options?: ExecuteOptions): Promise<void> {
    await this.#run({ table: { name, method: 'save' } }, options)
  }
  /** Inserts by position of the columns into a table that is there. */
  async insertInto(name: string, overwrite?: boolean, options?: ExecuteOptions): Promise<void> {
    const mode = overwrite === undefined ? {} : ({ mode: overwrite ? 'overwrite' : 'append' } as const)
    await this.#run({ table: { name, method: 'insert' }, ...mode }, options)
  }
  /** Options of the format, and of the call: `csv(path, { header: true })`. */
  async csv(path: string, options?: CsvWriteOptions & ExecuteOptions): Promise<void> {
    await this.#file('csv', path, options)
  }
  async json(path: string, options?: JsonWriteOptions & ExecuteOptions): Promise<void> {
    await this.#file('json', path, options)
  }
  async parquet(path: string, options?: CompressionOptions & ExecuteOptions): Promise<void> {
    await this.#file('parquet', path, options)
  }
  async orc(path: string, options?: CompressionOptions & ExecuteOptions): Promise<void> {
    await this.#file('orc', path, options)
  }
  /** The only column, which is text, as lines. */
  async text(
    path: string,
    options?: Pick<CsvWriteOptions, 'compression' | 'lineSep' | 'encoding'> & ExecuteOptions,
  ): Promise<void> {
    await this.#file('text', path, options)
  }
  async xml(path: string, options?: XmlWriteOptions & ExecuteOptions): Promise<void> {
    await this.#file('xml', path, options)
  }
  /** A table of another database; `properties` are its driver's, such as user and password. */
  async jdbc(
    url: string,
    table: string,
    properties: Readonly<Record<string, string>> = {},
    options?: ExecuteOptions,
  ): Promise<void> {
    const all = { ...this.#settings.options, ...properties, url, dbtable: table }
    await this.#run({ source: 'jdbc', options: all }, options)
  }
}

/** Writes a frame to a table of a catalog: `plays.writeTo('db.plays').using('parquet').create()`. `N`: its columns. */
export class DataFrameWriterV2<N extends string = string> {
  readonly #executor: Executor
  readonly #input: Relation
  readonly #table: string
  readonly #settings: WriteTableSettings

  constructor(executor: Executor, input: Relation, table: string, settings: WriteTableSettings = {}) {
    this.#executor = executor
    this.#input = input
    this.#table = table
    this.#settings = settings
  }

  #with(change: WriteTableSettings): DataFrameWriterV2<N> {
    return new DataFrameWriterV2(this.#executor, this.#input, this.#table, { ...this.#settings, ...change })
  }

  using(provider: string): DataFrameWriterV2<N> {
    return this.#with({ provider })
  }
  option(key: string, value: OptionValue): DataFrameWriterV2<N> {
    const text = optionText(value)
    return text === undefined ? this : this.#with({ options: { ...this.#settings.options, [key]: text } })
  }
  options(options: Readonly<Record<string, OptionValue>>): DataFrameWriterV2<N> {
    return this.#with({ options: { ...this.#settings.options, ...optionTexts(options) } })
  }
  tableProperty(key: string, value: string): DataFrameWriterV2<N> {
    return this.#with({ properties: { ...this.#settings.properties, [key]: value } })
  }
  /** Columns or transforms of them: `partitionedBy(days('time'), bucket(16, 'id'))`. */
  partitionedBy(...columns: readonly (Column<unknown> | N)[]): DataFrameWriterV2<N> {
    return this.#with({ partitionedBy: columns.map((column) => columnNode(column).expression) })
  }
  clusterBy(...names: readonly N[]): DataFrameWriterV2<N> {
    return this.#with({ clusterBy: names })
  }
  withSchemaEvolution(): DataFrameWriterV2<N> {
    this.#executor.requireVersion('4.2', 'withSchemaEvolution')
    return this.#with({ withSchemaEvolution: true })
  }

  async #run(mode: TableMode, options?: ExecuteOptions, condition?: Column<unknown>): Promise<void> {
    const settings = condition
      ? { ...this.#settings, overwriteCondition: columnNode(condition).expression }
      : this.#settings
    await runCommand(this.#executor, tableCommand(this.#input, this.#table, mode, settings), undefined, options)
  }

  /** A new table. *Errors:* SparkConnectError, also if it is there. */
  async create(options?: ExecuteOptions): Promise<void> {
    await this.#run('create', options)
  }
  /** The table in place of the one that is there. */
  async replace(options?: ExecuteOptions): Promise<void> {
    await this.#run('replace', options)
  }
  async createOrReplace(options?: ExecuteOptions): Promise<void> {
    await this.#run('createOrReplace', options)
  }
  async append(options?: ExecuteOptions): Promise<void> {
    await this.#run('append', options)
  }
  /** These rows in place of those for which the condition is true. */
  async overwrite(condition: Column<boolean | null>, options?: ExecuteOptions): Promise<void> {
    await this.#run('overwrite', options, condition)
  }
  /** These rows in place of the partitions that they fall into. */
  async overwritePartitions(options?: ExecuteOptions): Promise<void> {
    await this.#run('overwritePartitions', options)
  }
}
