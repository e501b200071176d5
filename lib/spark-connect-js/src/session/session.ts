import { AsyncLocalStorage } from 'node:async_hooks'
import { randomUUID } from 'node:crypto'
import { basename } from 'node:path'
import {
  type ClientEvent,
  checkTag,
  isLocalMaster,
  type OperationStatus,
  type ProgressEvent,
  parseRemote,
  type Remote,
  type RetryPolicy,
  SparkConnectClient,
  SparkConnectError,
  type TlsOptions,
  type TokenProvider,
  type TransportOptions,
} from '../client/index.ts'
import { columnNode, isColumn } from '../column/node.ts'
import { runCommand } from '../core/execution.ts'
import type { CallOptions } from '../core/executor.ts'
import { type OptionValue, optionTexts } from '../core/options.ts'
import type { DataFrame, UntypedFrame } from '../dataframe/dataframe.ts'
import { frameOf, isDataFrame, newFrame } from '../dataframe/frame.ts'
import type { Relation } from '../gen/spark/connect/relations_pb.ts'
import { DataFrameReader } from '../io/reader.ts'
import type { LocalLease } from '../local/index.ts'
import { MachineLearning } from '../ml/index.ts'
import { Pipelines } from '../pipelines/index.ts'
import { type CommandType, command } from '../plan/command.ts'
import type { Expression } from '../plan/expression.ts'
import { literalExpression } from '../plan/expression.ts'
import { rangeRelation, relation, sqlRelation } from '../plan/relation.ts'
import { StreamingQueryManager } from '../streaming/streaming.ts'
import { describeValue, type StructType } from '../types/index.ts'
import type { InferableRows, InferredRow, RowsInput } from '../types/row-input.ts'
import { Catalog } from './catalog.ts'
import { type ConfValue, RuntimeConfig } from './conf.ts'
import { createFrame, type LocalRows } from './create-frame.ts'
import { Extensions } from './extensions.ts'
import { TableValuedFunctions } from './tvf.ts'
import { FunctionRegistration } from './udf.ts'

/** How a session reaches its server. */
export interface SessionOptions {
  /** Ends the making of the connection. */
  readonly signal?: AbortSignal | undefined
  /** Called for each progress report of each query (every 2 s), and once with `done: true` at its end. */
  readonly onProgress?: ((event: ProgressEvent) => void) | undefined
  /** Called for each call, answer and retry, for traces and metrics. */
  readonly onEvent?: ((event: ClientEvent) => void) | undefined
  /** Replaces single numbers of the retry policy. */
  readonly retry?: Partial<RetryPolicy> | undefined
  /** Own certificates; turns TLS on. */
  readonly tls?: TlsOptions | undefined
  /** The token, asked for at each call: it may rotate. Takes the place of the connection string's. */
  readonly token?: TokenProvider | undefined
  /**
   * Interceptors of `@grpc/grpc-js` for every call, the first outermost: traces, metrics, headers of a gateway.
   *
   * They work beneath retries and reattaching, so they see each try. One that delays or drops messages slows queries down.
   */
  readonly interceptors?: TransportOptions['interceptors']
  /**
   * Makes the gRPC channel in place of the client's own: for proxies and service meshes. Called anew after a connection
   * is lost. The client closes what it was given, so each call makes a new one.
   */
  readonly channel?: TransportOptions['channel']
  /** Settings of the session, set before anything else. */
  readonly config?: Readonly<Record<string, ConfValue>> | undefined
  /**
   * `false`: the session finds the plans that Spark compiled to Java for earlier such sessions, where otherwise each session
   * has them compiled, and optimised by the JVM, anew. Jars, classes and files that it adds are seen by those sessions, and it
   * has an id of its own, whatever the connection string says. No effect before Spark 4.1. Default: true.
   */
  readonly artifactIsolation?: boolean | undefined
  /**
   * How long to wait for a server that does not answer yet. Default: 10,000, but less than a second where the connection
   * is refused: a server that is about to start wants a number here. A host name that does not exist fails at once.
   */
  readonly connectWaitMs?: number | undefined
  /** Silence after which the connection is probed. Default: 60,000. */
  readonly keepaliveMs?: number | undefined
  /** Time for the answer to a probe. Default: 20,000. */
  readonly keepaliveTimeoutMs?: number | undefined
  /** Time for each try of a call that only manages (settings, interrupt, status). Default: 60,000. */
  readonly callTimeoutMs?: number | undefined
}

/** So long a refused connection is tried again, where nobody says how long to wait. */
const refusedWaitMs = 500

/** What a bound argument of `sql` may be: a value, a column (literals and functions of them), or a frame. */
export type SqlArgument = unknown

/**
 * A session on a Spark Connect server: where frames come from.
 *
 * Views, settings and artifacts belong to the session and end with it. `stop()` ends it, so does leaving the block of
 * `await using spark = await SparkSession.connect(…)`.
 *
 * @example
 * await using spark = await SparkSession.connect('sc://localhost')
 * await spark.range(3).collect() // [{ id: 0n }, { id: 1n }, { id: 2n }]
 */
export class SparkSession implements AsyncDisposable {
  readonly #client: SparkConnectClient
  readonly #options: SessionOptions
  readonly #tags: AsyncLocalStorage<ReadonlySet<string>>
  readonly #server: LocalLease | undefined
  /** The settings of this session. */
  readonly conf: RuntimeConfig

  /** For {@link SparkSession.connect} and the like. */
  private constructor(
    client: SparkConnectClient,
    options: SessionOptions,
    tags: AsyncLocalStorage<ReadonlySet<string>>,
    server: LocalLease | undefined,
  ) {
    this.#client = client
    this.#options = options
    this.#tags = tags
    this.#server = server
    this.conf = new RuntimeConfig(client)
  }

  /**
   * A new session on the server of a connection string, see {@link parseRemote}.
   *
   * `local[*]` (or `local`, `local[4]`) is a server of this process: a JVM that starts with its first session, is shared
   * by those that ask for it with the same `config`, and ends with the last, or with the process, however that ends. The
   * `config` is then the server's, static settings included. *Needs:* Java 17 and, once, Maven or a `SPARK_HOME`.
   *
   * *Errors:* SparkConnectError: INVALID_ARGUMENT for the string, UNAVAILABLE when nobody answers in time or the local
   * server does not start, UNAUTHENTICATED for a wrong token.
   */
  static async connect(remote: string, options: SessionOptions = {}): Promise<SparkSession> {
    if (!isLocalMaster(remote)) return await SparkSession.#open(parseRemote(remote), options)
    const { config, ...others } = options
    // Loaded only here: most programs never start a server.
    const { leaseLocalServer } = await import('../local/index.ts')
    const server = await leaseLocalServer({ master: remote, config: textsOf(config), signal: options.signal })
    // Nobody restarts this server: a connection that is refused for a second will be refused for ever.
    const retry = { maxRetries: 3, ...options.retry }
    return await SparkSession.#open(parseRemote(server.url), { ...others, retry }, server)
  }

  /** Collects what a session needs, as PySpark does: `SparkSession.builder().remote('sc://…').getOrCreate()`. */
  static builder(): SparkSessionBuilder {
    return new SparkSessionBuilder()
  }

  /** The session that a builder made last and that is not stopped, or null. */
  static getActiveSession(): SparkSession | null {
    return active && !active.isStopped ? active : null
  }

  static async #open(remote: Remote, options: SessionOptions, server?: LocalLease): Promise<SparkSession> {
    const tags = new AsyncLocalStorage<ReadonlySet<string>>()
    const client = new SparkConnectClient(remote, {
      ...options,
      tags: () => tags.getStore() ?? [],
      causeOfDeath: server && (() => server.failure()),
    })
    const session = new SparkSession(client, options, tags, server)
    try {
      const { signal, connectWaitMs } = options
      await client.connect(connectWaitMs ?? 10_000, { signal, ...(connectWaitMs === undefined && { refusedWaitMs }) })
      if (options.config) await session.conf.set(options.config, { signal: options.signal })
      return options.artifactIsolation === false ? await session.#withoutIsolation({ signal: options.signal }) : session
    } catch (error) {
      await session.stop()
      throw error
    }
  }

  /** The client's id of the session, a UUID. */
  get sessionId(): string {
    return this.#client.sessionId
  }

  /** True after `stop()`, and when the server no longer has the session; then see `reconnect()`. */
  get isStopped(): boolean {
    return this.#client.state !== 'open'
  }

  /** The version of Spark on the server, for example "4.2.0". */
  version(options?: CallOptions): Promise<string> {
    return this.#client.sparkVersion(options)
  }

  // ── frames ──

  /** Reads files, tables and other sources. */
  get read(): DataFrameReader {
    return new DataFrameReader(this.#client)
  }

  /** Reads sources that grow: frames made of it are streaming queries. */
  get readStream(): DataFrameReader {
    return new DataFrameReader(this.#client, {}, true)
  }

  /** The catalog: databases, tables, views, functions. */
  get catalog(): Catalog {
    return new Catalog(this.#client)
  }

  /** Functions that give rows, as frames. */
  get tvf(): TableValuedFunctions {
    return new TableValuedFunctions(this.#client)
  }

  /** Spark's machine learning. The server needs `spark-mllib`. */
  get ml(): MachineLearning {
    return new MachineLearning(this.#client)
  }

  /** Declarative pipelines, since Spark 4.1. */
  get pipelines(): Pipelines {
    return new Pipelines(this.#client)
  }

  /** Functions written in Java. */
  get udf(): FunctionRegistration {
    return new FunctionRegistration(this.#client)
  }

  /** Messages of plug-ins of the server. */
  get extensions(): Extensions {
    return new Extensions(this.#client)
  }

  /** The streaming queries of this session. */
  get streams(): StreamingQueryManager {
    return new StreamingQueryManager(this.#client)
  }

  /**
   * The result of SQL text. A command (CREATE, INSERT, SET …) runs now; a query is described and runs at its action.
   *
   * Arguments are bound, never put into the text: positional for `?`, named for `:name`; a frame among the named ones
   * is a table of that name. As a template every `${…}` is bound.
   *
   * @example
   * await spark.sql('SELECT * FROM plays WHERE artist = :artist', { artist: 'Nirvana', plays: frame })
   * await spark.sql`SELECT * FROM range(10) WHERE id > ${3}`
   */
  // biome-ignore lint/suspicious/noExplicitAny: without a schema the rows are not known
  sql<R = any>(text: string, args?: SqlArguments, options?: CallOptions): Promise<DataFrame<R>>
  // biome-ignore lint/suspicious/noExplicitAny: without a schema the rows are not known
  sql<R = any>(text: TemplateStringsArray, ...args: readonly SqlArgument[]): Promise<DataFrame<R>>
  async sql<R>(text: string | TemplateStringsArray, ...rest: readonly unknown[]): Promise<DataFrame<R>> {
    const isTemplate = typeof text !== 'string'
    if (isTemplate && !Array.isArray(text)) throw new TypeError(`sql() takes text, not ${describeValue(text)}`)
    const query = isTemplate ? text.join('?') : text
    const args = (isTemplate ? rest : (rest[0] ?? [])) as SqlArguments
    if (typeof args !== 'object' || args instanceof Map || args instanceof Set || isColumn(args)) {
      throw new TypeError(`arguments of sql() are a list or an object by name, not ${describeValue(args)}`)
    }
    const options = (isTemplate ? undefined : rest[1]) as CallOptions | undefined
    const input = this.#sqlRelation(query, args)
    return await this.#resultOf<R>(command({ case: 'sqlCommand', value: { input } }), options)
  }

  /**
   * Runs a command of another system, which the server knows by the name of its runner (`ExternalCommandRunner`), and
   * gives what it prints, a line a row. *Errors:* SparkConnectError, `DATA_SOURCE_NOT_FOUND` for a runner that is not there.
   */
  async executeCommand(
    runner: string,
    text: string,
    settings: Readonly<Record<string, OptionValue>> = {},
    options?: CallOptions,
  ): Promise<DataFrame<{ command_output: string }>> {
    const value = { runner, command: text, options: optionTexts(settings) }
    return await this.#resultOf(command({ case: 'executeExternalCommand', value }), options)
  }

  async #resultOf<R>(commandType: CommandType, options?: CallOptions): Promise<DataFrame<R>> {
    const result = await runCommand(this.#client, commandType, 'sqlCommandResult', options)
    if (!result?.relation) {
      throw new SparkConnectError('the server did not answer what the command gives', { code: 'DATA_LOSS' })
    }
    const { relType } = result.relation
    return newFrame<R>(this.#client, (planId) => relation(planId, relType as never))
  }

  #sqlRelation(query: string, args: SqlArguments): Relation {
    const named: Record<string, Expression> = {}
    const positional: Expression[] = []
    const views: Relation[] = []
    if (isList(args)) {
      for (const arg of args) positional.push(sqlArgument(arg))
    } else {
      for (const [name, arg] of Object.entries(args)) {
        if (isDataFrame(arg)) {
          const input = frameOf(arg).relation
          views.push(relation(this.#client.nextPlanId(), { case: 'subqueryAlias', value: { input, alias: name } }))
        } else named[name] = sqlArgument(arg)
      }
    }
    const root = sqlRelation(this.#client.nextPlanId(), query, { named, positional })
    return views.length === 0
      ? root
      : relation(this.#client.nextPlanId(), { case: 'withRelations', value: { root, references: views } })
  }

  /**
   * Whole numbers from `start` (0) up to, without, `end`.
   * *Rows:* `id` bigint, one a number.
   */
  range(end: number | bigint): DataFrame<{ id: bigint }>
  range(
    start: number | bigint,
    end: number | bigint,
    step?: number | bigint,
    partitions?: number,
  ): DataFrame<{ id: bigint }>
  range(
    first: number | bigint,
    second?: number | bigint,
    step: number | bigint = 1n,
    numPartitions?: number,
  ): DataFrame<{ id: bigint }> {
    const [start, end] = second === undefined ? [0, first] : [first, second]
    const range = { start: bound(start), end: bound(end), step: bound(step), numPartitions }
    return newFrame(this.#client, (planId) => rangeRelation(planId, range))
  }

  /** A table or view by its name. */
  // biome-ignore lint/suspicious/noExplicitAny: without a schema the rows are not known
  table<R = any>(name: string): DataFrame<R> {
    return this.read.table(name) as unknown as DataFrame<R>
  }

  /**
   * A frame of rows of this program: objects by column name, or arrays by position.
   *
   * With a schema made by `types.struct` the compiler checks the rows: their names, their types and what may be null.
   * At run time every value is checked, whatever the schema is made of: nothing is rounded, cut or left out.
   * Small data travels inside the plan; larger data is uploaded once, in chunks as they are made, so an async iterable
   * of any length is fine since Spark 4.1. *Nulls:* null and undefined, where the schema lets them.
   *
   * Without a schema the rows tell it, all of them held in memory: numbers are INT while all of a column are whole and
   * fit 32 bits, else DOUBLE; bigints are BIGINT, `Date`s TIMESTAMP, `Decimal`s DECIMAL(38, 18), objects STRUCT.
   * A list of names names the values of arrays. Arrow IPC bytes (a stream or a file) bring their own types.
   * *Errors:* SparkConnectError or TypeError for a value that its column cannot hold, naming row and column.
   */
  createDataFrame<R extends object>(rows: InferableRows<R>): Promise<DataFrame<InferredRow<R>>>
  // biome-ignore lint/suspicious/noExplicitAny: without a schema the rows are not known
  createDataFrame<R = any>(
    data: LocalRows | Uint8Array,
    schema: string | readonly string[] | undefined,
    options?: CallOptions,
  ): Promise<DataFrame<R>>
  // biome-ignore lint/suspicious/noExplicitAny: only Arrow knows the columns
  createDataFrame<R = any>(arrow: Uint8Array): Promise<DataFrame<R>>
  // Last, so that the compiler's message is about the rows.
  createDataFrame<R>(rows: RowsInput<NoInfer<R>>, schema: StructType<R>, options?: CallOptions): Promise<DataFrame<R>>
  createDataFrame<R>(data: unknown, schema?: unknown, options: CallOptions = {}): Promise<DataFrame<R>> {
    return createFrame<R>({ executor: this.#client, conf: this.conf }, data, schema, options)
  }

  /** A frame without rows and without columns. */
  get emptyDataFrame(): UntypedFrame {
    return newFrame(this.#client, (planId) =>
      relation(planId, { case: 'localRelation', value: { schema: 'struct<>' } }),
    )
  }

  // ── files for the session ──

  /**
   * Uploads files that the session's queries need.
   * A `.jar` goes on the class path; with `kind` a file becomes a plain file, an archive to unpack, or a Python file.
   */
  async addArtifacts(
    paths: readonly string[],
    kind?: 'files' | 'archives' | 'pyfiles' | 'jars',
    options?: CallOptions,
  ): Promise<void> {
    const artifacts = paths.map((path) => {
      const folder = kind ?? (path.endsWith('.jar') ? 'jars' : 'files')
      return { name: `${folder}/${basename(path)}`, source: { path } }
    })
    await this.#client.addArtifacts(artifacts, options)
  }

  /** Copies a local file to a path of the server's own file system, where its settings allow it. */
  async copyFromLocalToFs(localPath: string, destinationPath: string, options?: CallOptions): Promise<void> {
    if (!destinationPath.startsWith('/')) throw invalid(`'${destinationPath}' is not an absolute path on the server`)
    const name = `forward_to_fs${destinationPath}`
    await this.#client.addArtifacts([{ name, source: { path: localPath } }], options)
  }

  /** What the driver of the server has besides processors (GPUs, say): the addresses of each kind of resource. */
  async resources(options?: CallOptions): Promise<Map<string, string[]>> {
    const ask = command({ case: 'getResourcesCommand', value: {} })
    const { resources = {} } = (await runCommand(this.#client, ask, 'getResourcesCommandResult', options)) ?? {}
    return new Map(Object.entries(resources).map(([name, { addresses }]) => [name, addresses]))
  }

  // ── tags and interruption ──

  /**
   * Runs `work` with a tag on every query that starts in it, wherever it awaits.
   * @example await spark.withTag('nightly', () => frame.count()) // spark.interruptTag('nightly') stops it
   */
  withTag<T>(tag: string, work: () => T): T {
    checkTag(tag)
    return this.#tags.run(new Set([...this.getTags(), tag]), work)
  }

  /** Adds a tag to the queries that start from here on in this chain of awaits. */
  addTag(tag: string): void {
    checkTag(tag)
    this.#tags.enterWith(new Set([...this.getTags(), tag]))
  }

  removeTag(tag: string): void {
    this.#tags.enterWith(new Set([...this.getTags()].filter((other) => other !== tag)))
  }

  clearTags(): void {
    this.#tags.enterWith(new Set())
  }

  getTags(): ReadonlySet<string> {
    return this.#tags.getStore() ?? new Set()
  }

  /**
   * Stops every query of the session; gives the ids of the operations that were reached.
   *
   * *Limit:* Spark 4.2.0 may submit the job of an adaptive query just after it has cancelled "all" of its jobs; such a
   * query ends for us, but its tasks run to their end. Seen when a query was stopped within milliseconds of its start,
   * never once its tasks ran. This holds for every way of stopping, aborts included.
   */
  interruptAll(options?: CallOptions): Promise<string[]> {
    return this.#client.interrupt({ kind: 'all' }, options)
  }

  /** Stops the queries with a tag; gives the ids of the operations that were reached. */
  interruptTag(tag: string, options?: CallOptions): Promise<string[]> {
    return this.#client.interrupt({ kind: 'tag', tag }, options)
  }

  /** Stops one operation; gives its id if it was reached. */
  interruptOperation(operationId: string, options?: CallOptions): Promise<string[]> {
    return this.#client.interrupt({ kind: 'operation', operationId }, options)
  }

  /** How operations stand, by id; all of the session's without `operationIds`. Needs Spark 4.2. */
  operationStatuses(operationIds?: readonly string[], options?: CallOptions): Promise<Map<string, OperationStatus>> {
    return this.#client.operationStatuses(operationIds, options)
  }

  // ── the session itself ──

  /** Another session on the same server: own views and settings, same connection options. */
  async newSession(): Promise<SparkSession> {
    const remote = { ...this.#client.remote, sessionId: randomUUID() }
    return await SparkSession.#open(remote, this.#options, this.#server?.share())
  }

  /**
   * A new session in place of one that the server lost (`error.isSessionLost`): with the settings of `config`, without
   * the views, settings and artifacts made since. This session ends.
   */
  async reconnect(): Promise<SparkSession> {
    const fresh = await this.newSession()
    await this.stop()
    return fresh
  }

  /** A session with the views, settings and artifacts of this one. Needs Spark 4.1. */
  async cloneSession(options?: CallOptions): Promise<SparkSession> {
    const client = await this.#client.cloneSession(options)
    return new SparkSession(client, this.#options, this.#tags, this.#server?.share())
  }

  /**
   * A session in place of this new one, without artifact isolation.
   *
   * Spark keeps compiled plans by class loader, and isolation gives each session loaders of its own. A Connect server insists
   * on isolation, and reads the settings of it with a session's first request, before they can be set; in a copy they count.
   */
  async #withoutIsolation(options: CallOptions): Promise<SparkSession> {
    let copy: SparkSession
    try {
      await this.conf.set(
        {
          'spark.sql.artifact.isolation.enabled': false,
          'spark.sql.artifact.isolation.alwaysApplyClassloader': false,
        },
        options,
      )
      copy = await this.cloneSession(options)
    } catch (error) {
      if (error instanceof SparkConnectError && error.code === 'UNIMPLEMENTED') return this
      throw error
    }
    await this.stop()
    return copy
  }

  /**
   * Ends the session on the server, which stops its queries, and the connection; a local server ends with its last
   * session. May be called again.
   */
  async stop(): Promise<void> {
    if (active === this) active = undefined
    await this.#client.close()
    await this.#server?.release()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
  }
}

// What getOrCreate made last.
let active: SparkSession | undefined

/** Bound arguments: by position or by name. */
export type SqlArguments = readonly SqlArgument[] | Readonly<Record<string, SqlArgument>>

/** What a session needs, collected step by step. Each step gives the same builder. */
export class SparkSessionBuilder {
  #remote: string | undefined
  #options: SessionOptions = {}

  /** A connection string, or `local[*]`, see {@link SparkSession.connect}. Default: the variable SPARK_REMOTE. */
  remote(url: string): this {
    this.#remote = url
    return this
  }

  /** The same as `remote`, for programs that say `master('local[*]')`. */
  master(master: string): this {
    return this.remote(master)
  }

  /** One setting of the session. */
  config(key: string, value: ConfValue): this {
    this.#options = { ...this.#options, config: { ...this.#options.config, [key]: value } }
    return this
  }

  appName(name: string): this {
    return this.config('spark.app.name', name)
  }

  /** Further options, see {@link SessionOptions}. */
  options(options: SessionOptions): this {
    this.#options = { ...this.#options, ...options, config: { ...this.#options.config, ...options.config } }
    return this
  }

  /** A new session. */
  async create(): Promise<SparkSession> {
    const remote = this.#remote ?? process.env.SPARK_REMOTE
    if (!remote)
      throw invalid("a server is missing: builder().remote('sc://localhost:15002'), remote('local[*]') or SPARK_REMOTE")
    const session = await SparkSession.connect(remote, this.#options)
    active = session
    return session
  }

  /**
   * The session made last, with those of this builder's settings that a session can change set in it; a new one if there
   * is none or its server lost it.
   */
  async getOrCreate(): Promise<SparkSession> {
    const session = active
    if (!session || session.isStopped) return await this.create()
    if (this.#options.config) await session.conf.set(this.#options.config, { silent: true })
    return session
  }
}

function textsOf(config: SessionOptions['config']): Record<string, string> {
  return Object.fromEntries(Object.entries(config ?? {}).map(([key, value]) => [key, String(value)]))
}

/** A bound of `range`. */
function bound(value: unknown): bigint {
  if (typeof value === 'bigint') return value
  if (Number.isSafeInteger(value)) return BigInt(value as number)
  throw new TypeError(`range() takes whole numbers, not ${describeValue(value)}`)
}

function sqlArgument(value: SqlArgument): Expression {
  return isColumn(value) ? columnNode(value).expression : literalExpression(value)
}

function isList(args: SqlArguments): args is readonly SqlArgument[] {
  return Array.isArray(args)
}

function invalid(message: string): SparkConnectError {
  return new SparkConnectError(message, { code: 'INVALID_ARGUMENT' })
}
