import { checkText } from '../column/arguments.ts'
import type { Executor } from '../core/executor.ts'
import { type OptionValue, optionText, optionTexts } from '../core/options.ts'
import type { DataFrame, UntypedFrame } from '../dataframe/dataframe.ts'
import { frameOf, isDataFrame, newFrame } from '../dataframe/frame.ts'
import { parse, relation } from '../plan/relation.ts'
import { describeValue, parseColumns, type StructType, typeFromJson } from '../types/index.ts'
import type {
  CsvReadOptions,
  JsonReadOptions,
  OrcReadOptions,
  ParquetReadOptions,
  TextReadOptions,
  XmlReadOptions,
} from './format-options.ts'

/** One path or several. */
type Paths = string | readonly string[]

/** Rows as a file gives them: every column may be null, whatever the schema says, for files can be damaged. */
export type Loaded<R> = 0 extends 1 & R ? R : { [K in keyof R]: R[K] | null }

/**
 * Describes a source: `spark.read.format('csv').option('header', true).schema(schema).load(path)`.
 *
 * Immutable: every setting gives a new reader. `R` is the row type that the schema says; any without one.
 * Options are those of Spark's documentation of data sources; null leaves an option out.
 */
// biome-ignore lint/suspicious/noExplicitAny: without a schema the rows are not known
export class DataFrameReader<in out R = any> {
  readonly #executor: Executor
  readonly #format: string | undefined
  readonly #schema: string | undefined
  readonly #options: Readonly<Record<string, string>>
  readonly #isStreaming: boolean

  constructor(
    executor: Executor,
    settings: {
      format?: string | undefined
      schema?: string | undefined
      options?: Readonly<Record<string, string>>
    } = {},
    isStreaming = false,
  ) {
    this.#executor = executor
    this.#format = settings.format
    this.#schema = settings.schema
    this.#options = settings.options ?? {}
    this.#isStreaming = isStreaming
  }

  #with<R2>(change: { format?: string; schema?: string; options?: Record<string, string> }): DataFrameReader<R2> {
    const settings = { format: this.#format, schema: this.#schema, options: this.#options, ...change }
    return new DataFrameReader<R2>(this.#executor, settings, this.#isStreaming)
  }

  format(source: string): DataFrameReader<R> {
    return this.#with({ format: source })
  }

  /** The columns to read, as a schema (which types the rows) or as DDL text. */
  schema<S>(schema: StructType<S>): DataFrameReader<Loaded<S>>
  // biome-ignore lint/suspicious/noExplicitAny: text does not type the rows
  schema(schema: string): DataFrameReader<any>
  schema(schema: StructType | string): unknown {
    return this.#with({ schema: typeof schema === 'string' ? schema : JSON.stringify(schema.json()) })
  }

  option(key: string, value: OptionValue): DataFrameReader<R> {
    const text = optionText(value)
    return text === undefined ? this : this.#with({ options: { ...this.#options, [key]: text } })
  }

  options(options: Readonly<Record<string, OptionValue>>): DataFrameReader<R> {
    return this.#with({ options: { ...this.#options, ...optionTexts(options) } })
  }

  /** The source's rows; without paths, for sources that are named by options. */
  load(from: Paths, options: Readonly<Record<string, OptionValue>>): DataFrame<R>
  load(...paths: readonly Paths[]): DataFrame<R>
  load(...from: readonly unknown[]): DataFrame<R> {
    return this.#files(this.#format, from)
  }

  #source(format: string | undefined, paths: readonly string[], predicates: readonly string[] = []): DataFrame<R> {
    const dataSource = {
      options: { ...this.#options },
      paths: [...paths],
      predicates: [...predicates],
      ...(format !== undefined && { format }),
      ...(this.#schema !== undefined && { schema: this.#schema }),
    }
    return newFrame(this.#executor, (planId) =>
      relation(planId, {
        case: 'read',
        value: { readType: { case: 'dataSource', value: dataSource }, isStreaming: this.#isStreaming },
      }),
    )
  }

  /** A table or view. */
  table(name: string): DataFrame<R> {
    checkText('table', 'the name', name)
    return newFrame(this.#executor, (planId) =>
      relation(planId, {
        case: 'read',
        value: {
          readType: { case: 'namedTable', value: { unparsedIdentifier: name, options: { ...this.#options } } },
          isStreaming: this.#isStreaming,
        },
      }),
    )
  }

  /** Changes of a table's rows between versions, for sources that keep them (Spark 4.2). */
  changes(tableName: string): UntypedFrame {
    this.#executor.requireVersion('4.2', 'read.changes')
    return newFrame(this.#executor, (planId) =>
      relation(planId, {
        case: 'relationChanges',
        value: { unparsedIdentifier: tableName, options: { ...this.#options }, isStreaming: this.#isStreaming },
      }),
    )
  }

  /** CSV from files, or from the text column of a frame: `csv(path, { header: true })`. */
  csv(from: Paths | UntypedFrame, options: CsvReadOptions): DataFrame<R>
  csv(...from: readonly Paths[] | readonly [UntypedFrame]): DataFrame<R>
  csv(...from: readonly unknown[]): DataFrame<R> {
    return this.#text('csv', from)
  }
  /** One JSON object per line, from files or from the text column of a frame. */
  json(from: Paths | UntypedFrame, options: JsonReadOptions): DataFrame<R>
  json(...from: readonly Paths[] | readonly [UntypedFrame]): DataFrame<R>
  json(...from: readonly unknown[]): DataFrame<R> {
    return this.#text('json', from)
  }
  /** XML records; the option `rowTag` names their element. */
  xml(from: Paths | UntypedFrame, options: XmlReadOptions): DataFrame<R>
  xml(...from: readonly Paths[] | readonly [UntypedFrame]): DataFrame<R>
  xml(...from: readonly unknown[]): DataFrame<R> {
    return this.#text('xml', from)
  }
  #text(format: 'csv' | 'json' | 'xml', from: readonly unknown[]): DataFrame<R> {
    const [frame, options] = from
    if (!isDataFrame(frame)) return this.#files(format, from)
    if (options !== undefined) return this.options(optionsOf(format, options)).#text(format, [frame])
    const schema = this.#schema === undefined ? undefined : schemaOf(this.#schema)
    return newFrame(this.#executor, (planId) =>
      parse(planId, frameOf(frame).relation, format, schema, { ...this.#options }),
    )
  }

  /** One row for each line of text, in a column `value`; with the option `wholetext` one for each file. */
  text(from: Paths, options: TextReadOptions): DataFrame<{ value: string }>
  text(...paths: readonly Paths[]): DataFrame<{ value: string }>
  text(...from: readonly unknown[]): DataFrame<{ value: string }> {
    return this.#files('text', from) as unknown as DataFrame<{ value: string }>
  }
  parquet(from: Paths, options: ParquetReadOptions): DataFrame<R>
  parquet(...paths: readonly Paths[]): DataFrame<R>
  parquet(...from: readonly unknown[]): DataFrame<R> {
    return this.#files('parquet', from)
  }
  orc(from: Paths, options: OrcReadOptions): DataFrame<R>
  orc(...paths: readonly Paths[]): DataFrame<R>
  orc(...from: readonly unknown[]): DataFrame<R> {
    return this.#files('orc', from)
  }

  /** Paths, and options behind them. */
  #files(format: string | undefined, from: readonly unknown[]): DataFrame<R> {
    const method = format ?? 'load'
    const last = from.at(-1)
    if (from.length > 1 && typeof last !== 'string' && !Array.isArray(last)) {
      return this.options(optionsOf(method, last)).#files(format, from.slice(0, -1))
    }
    return this.#source(
      format,
      from.flat().map((path) => checkText(method, 'a path', path)),
    )
  }

  /**
   * A table of another database. Read in parts either by ranges of a number column (`column`, `lowerBound`,
   * `upperBound`, `numPartitions`) or by `predicates`, one SQL condition for each part.
   */
  jdbc(
    url: string,
    table: string,
    options: {
      readonly properties?: Readonly<Record<string, string>>
      readonly predicates?: readonly string[]
      readonly column?: string
      readonly lowerBound?: number | bigint | string
      readonly upperBound?: number | bigint | string
      readonly numPartitions?: number
    } = {},
  ): DataFrame<R> {
    const { properties = {}, predicates = [], column, ...bounds } = options
    const reader = this.options({
      ...properties,
      url,
      dbtable: table,
      ...(column !== undefined && { partitionColumn: column }),
      ...bounds,
    })
    return reader.#source('jdbc', [], predicates)
  }
}

const optionsOf = (method: string, options: unknown): Readonly<Record<string, OptionValue>> => {
  if (typeof options === 'object' && options !== null) return options as Readonly<Record<string, OptionValue>>
  throw new TypeError(`${method}() takes paths and an object of options, not ${describeValue(options)}`)
}

/** A schema given as text, either DDL or Spark's JSON. */
const schemaOf = (text: string): StructType =>
  text.startsWith('{') ? (typeFromJson(JSON.parse(text)) as StructType) : parseColumns(text)
