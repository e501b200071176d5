import { type Metadata, status } from '@grpc/grpc-js'
import type { FetchErrorDetailsResponse, FetchErrorDetailsResponse_Error } from '../gen/spark/connect/base_pb.ts'
import { FetchErrorDetailsResponse_QueryContext_ContextType as ContextType } from '../gen/spark/connect/base_pb.ts'
import { atCaller } from '../trace/error-stack.ts'
import { type Redact, redactor } from './redact.ts'
import { statusDetails } from './status-details.ts'

/** The name of a gRPC status code. Errors of the client itself use the one that fits best. */
export type ErrorCode = Exclude<keyof typeof status, 'OK'>

/** The place in the SQL text or in the program that an error is about. */
export interface QueryContext {
  readonly kind: 'sql' | 'dataframe'
  /** The text around it, or the call, for example `col`. */
  readonly fragment: string
  /** dataframe: file and line. */
  readonly callSite: string
  /** sql: the object (a view, say) whose text it is; empty for the text of the query itself. */
  readonly objectType: string
  readonly objectName: string
  /** sql: offsets in the text, both inclusive. */
  readonly startIndex: number
  readonly stopIndex: number
  readonly summary: string
}

/** One error of the server's chain of causes. */
export interface ServerError {
  /** Java class names, the most specific first. */
  readonly classes: readonly string[]
  readonly message: string
  readonly errorClass: string | null
  readonly sqlState: string | null
  readonly messageParameters: Readonly<Record<string, string>>
  readonly queryContexts: readonly QueryContext[]
  /** Lines of the Java stack; empty unless `spark.sql.connect.serverStacktrace.enabled`. */
  readonly stackTrace: readonly string[]
}

/** What an error is made of beside its message. */
export interface SparkConnectErrorFields {
  readonly code: ErrorCode
  readonly errorClass?: string | null | undefined
  readonly sqlState?: string | null | undefined
  readonly messageParameters?: Readonly<Record<string, string>> | undefined
  readonly classes?: readonly string[] | undefined
  readonly queryContexts?: readonly QueryContext[] | undefined
  readonly serverErrors?: readonly ServerError[] | undefined
  readonly operationId?: string | null | undefined
  readonly errorId?: string | null | undefined
  readonly retryDelayMs?: number | null | undefined
  readonly cause?: unknown
}

// The classes that Spark documents for users; a more specific one, like ExtendedAnalysisException, is an inner matter.
const knownExceptions = new Set([
  'AnalysisException',
  'ParseException',
  'NoSuchDatabaseException',
  'NoSuchNamespaceException',
  'NoSuchTableException',
  'TableAlreadyExistsException',
  'TempTableAlreadyExistsException',
  'ArithmeticException',
  'ArrayIndexOutOfBoundsException',
  'DateTimeException',
  'IllegalArgumentException',
  'NumberFormatException',
  'SparkRuntimeException',
  'SparkUpgradeException',
  'SparkNoSuchElementException',
  'StreamingQueryException',
  'UnsupportedOperationException',
  'SparkException',
])

const sessionLost = new Set([
  'INVALID_HANDLE.SESSION_CHANGED',
  'INVALID_HANDLE.SESSION_CLOSED',
  'INVALID_HANDLE.SESSION_NOT_FOUND',
])

const details = [
  'messageParameters',
  'classes',
  'queryContexts',
  'serverErrors',
  'operationId',
  'errorId',
  'retryDelayMs',
] as const

/**
 * The one error of this client: of the server, of the connection, or of the client itself.
 *
 * `errorClass` is Spark's stable name of the error (`TABLE_OR_VIEW_NOT_FOUND`), with sub-class after a dot; branch on
 * it or on `code`, never on the text. Texts are free of tokens. Printed, it shows its message and the lines of your
 * program; `serverErrors`, `queryContexts` and `javaStack` are there for who asks.
 *
 * @example
 * try {
 *   await spark.table('nothing').collect()
 * } catch (e) {
 *   const error = SparkConnectError.from(e)
 *   error.errorClass // 'TABLE_OR_VIEW_NOT_FOUND'
 *   error.sqlState   // '42P01'
 * }
 */
export class SparkConnectError extends Error {
  override readonly name = 'SparkConnectError'
  /** gRPC's name of the status, for example `UNAVAILABLE`; Spark's own errors are mostly `INTERNAL`. */
  readonly code: ErrorCode
  /** Spark's name of the error, or null when the server gave none. */
  readonly errorClass: string | null
  /** The SQL standard's five characters, or null. */
  readonly sqlState: string | null
  readonly messageParameters: Readonly<Record<string, string>>
  /** Java classes of the error, the most specific first; see `exception`. */
  readonly classes: readonly string[]
  readonly queryContexts: readonly QueryContext[]
  /** The whole chain of causes on the server, root error first; empty when the server no longer had it. */
  readonly serverErrors: readonly ServerError[]
  /** The operation that failed, or null outside of executions. */
  readonly operationId: string | null
  /** The server's number of the error, good for one FetchErrorDetails; null once fetched or unknown. */
  readonly errorId: string | null
  /** How long the server asks to wait before another try, or null. */
  readonly retryDelayMs: number | null

  constructor(message: string, fields: SparkConnectErrorFields) {
    super(message, fields.cause === undefined ? undefined : { cause: fields.cause })
    atCaller(this)
    this.code = fields.code
    this.errorClass = fields.errorClass ?? null
    this.sqlState = fields.sqlState ?? null
    this.messageParameters = fields.messageParameters ?? {}
    this.classes = fields.classes ?? []
    this.queryContexts = fields.queryContexts ?? []
    this.serverErrors = fields.serverErrors ?? []
    this.operationId = fields.operationId ?? null
    this.errorId = fields.errorId ?? null
    this.retryDelayMs = fields.retryDelayMs ?? null
    // Read by name, not printed: an uncaught error fits a screen.
    for (const name of details) Object.defineProperty(this, name, { enumerable: false })
    if (this.errorClass === null) Object.defineProperty(this, 'errorClass', { enumerable: false })
    if (this.sqlState === null) Object.defineProperty(this, 'sqlState', { enumerable: false })
  }

  /** The Java stack of the whole chain of causes, as the server would print it; empty if the server sent none. */
  get javaStack(): string {
    return this.serverErrors
      .filter(({ stackTrace }) => stackTrace.length > 0)
      .map(({ classes, message, stackTrace }) => [`${classes[0]}: ${message}`, ...stackTrace].join('\n\tat '))
      .join('\nCaused by: ')
  }

  /** The most specific Java class that Spark documents, without package, for example `AnalysisException`, or null. */
  get exception(): string | null {
    const names = this.classes.map((name) => name.slice(name.lastIndexOf('.') + 1))
    return names.find((name) => knownExceptions.has(name)) ?? names[0] ?? null
  }

  /** True when the server no longer has the session: its views, settings and artifacts are gone. */
  get isSessionLost(): boolean {
    return this.errorClass !== null && sessionLost.has(this.errorClass)
  }

  /** True when the name of the server could not be looked up: it does not exist, or the name service does not answer. */
  get isUnknownHost(): boolean {
    return this.code === 'UNAVAILABLE' && /unknown host:/.test(this.message)
  }

  /** The same error with some fields replaced. Its stack is that of the caller, which is nearer to the user's code. */
  with(fields: Partial<SparkConnectErrorFields> & { readonly message?: string }): SparkConnectError {
    const copy = new SparkConnectError(fields.message ?? this.message, {
      code: this.code,
      errorClass: this.errorClass,
      sqlState: this.sqlState,
      messageParameters: this.messageParameters,
      classes: this.classes,
      queryContexts: this.queryContexts,
      serverErrors: this.serverErrors,
      operationId: this.operationId,
      errorId: this.errorId,
      retryDelayMs: this.retryDelayMs,
      cause: this.cause,
      ...fields,
    })
    return copy
  }

  /**
   * Any caught value as a SparkConnectError:
   * - one already: itself
   * - an abort: CANCELLED; a timeout: DEADLINE_EXCEEDED; both keep the reason as `cause`
   * - a failed gRPC call: its status, with ErrorInfo and RetryInfo of its trailers
   * - anything else: UNKNOWN with the value as `cause`
   *
   * Never throws: what cannot be read of the trailers is left out. Texts go through `redact`.
   */
  static from(error: unknown, redact: Redact = redactor()): SparkConnectError {
    if (error instanceof SparkConnectError) return error
    // By name: what an AbortSignal rejects with is a DOMException, which may come from another realm.
    if (nameOf(error) === 'AbortError') return new SparkConnectError('aborted', { code: 'CANCELLED', cause: error })
    if (nameOf(error) === 'TimeoutError') {
      return new SparkConnectError('the time allowed is over', { code: 'DEADLINE_EXCEEDED', cause: error })
    }
    if (error instanceof Error) {
      if (isServiceError(error)) return fromService(error, redact)
      return new SparkConnectError(redact(error.message), { code: 'UNKNOWN', cause: error })
    }
    return new SparkConnectError(redact(String(error)), { code: 'UNKNOWN', cause: error })
  }

  /** Works across two copies of this package in one program. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof Error && value.name === 'SparkConnectError' && 'errorClass' in value
  }
}

function nameOf(value: unknown): unknown {
  return value !== null && typeof value === 'object' && 'name' in value ? value.name : undefined
}

/** The error for an abort signal that has fired. */
export function abortError(signal: AbortSignal): SparkConnectError {
  const reason: unknown = signal.reason
  if (reason instanceof SparkConnectError) return reason
  if (nameOf(reason) === 'TimeoutError') return SparkConnectError.from(reason)
  return new SparkConnectError('aborted', { code: 'CANCELLED', cause: reason })
}

/** The error with what FetchErrorDetails told: the whole message, the chain of causes, parameters and places. */
export function withDetails(
  error: SparkConnectError,
  details: FetchErrorDetailsResponse,
  redact: Redact = redactor(),
): SparkConnectError {
  const chain: ServerError[] = []
  const seen = new Set<number>()
  for (let i = details.rootErrorIdx; i !== undefined && !seen.has(i); i = details.errors[i]?.causeIdx) {
    const item = details.errors[i]
    if (!item) break
    seen.add(i)
    chain.push(serverError(item, redact))
  }
  const root = chain[0]
  if (!root) return error
  return error.with({
    message: withOrigins(root.message || error.message, root.queryContexts),
    errorClass: root.errorClass ?? error.errorClass,
    sqlState: root.sqlState ?? error.sqlState,
    messageParameters:
      Object.keys(root.messageParameters).length > 0 ? root.messageParameters : error.messageParameters,
    classes: root.classes.length > 0 ? root.classes : error.classes,
    queryContexts: root.queryContexts,
    serverErrors: chain,
    errorId: null,
  })
}

/** The message, with the lines of the program that made the columns it is about behind its first line. */
function withOrigins(message: string, contexts: readonly QueryContext[]): string {
  const made = contexts
    .filter(({ kind, callSite }) => kind === 'dataframe' && callSite !== '' && !message.includes(callSite))
    .map(({ fragment, callSite }) => `made by ${fragment} at ${callSite}`)
  if (made.length === 0) return message
  const [first, ...rest] = message.split('\n')
  return [first, ...new Set(made), ...rest].join('\n')
}

function serverError(item: FetchErrorDetailsResponse_Error, redact: Redact): ServerError {
  const spark = item.sparkThrowable
  return {
    classes: item.errorTypeHierarchy,
    message: redact(item.message).trim(),
    errorClass: spark?.errorClass ?? null,
    sqlState: spark?.sqlState ?? null,
    messageParameters: redactValues(spark?.messageParameters ?? {}, redact),
    queryContexts: (spark?.queryContexts ?? []).map((context) => ({
      kind: context.contextType === ContextType.DATAFRAME ? 'dataframe' : 'sql',
      fragment: redact(context.fragment),
      callSite: context.callSite,
      objectType: context.objectType,
      objectName: context.objectName,
      startIndex: context.startIndex,
      stopIndex: context.stopIndex,
      summary: redact(context.summary),
    })),
    stackTrace: item.stackTrace.map(
      (frame) => `${frame.declaringClass}.${frame.methodName}(${frame.fileName ?? 'Unknown'}:${frame.lineNumber})`,
    ),
  }
}

interface ServiceErrorLike extends Error {
  readonly code: number
  readonly details: string
  readonly metadata?: Metadata | undefined
}

function isServiceError(error: Error): error is ServiceErrorLike {
  return 'code' in error && typeof error.code === 'number' && 'details' in error && typeof error.details === 'string'
}

function fromService(error: ServiceErrorLike, redact: Redact): SparkConnectError {
  const code = codeName(error.code)
  const { info, retryDelayMs, message } = statusDetails(error.metadata)
  const text = redact(error.details || message || error.message).trim()
  const metadata = info ?? {}
  // The trailer drops errorClass with parameters over 1 kB (and older servers never had it); the text still opens with it.
  const errorClass = metadata.errorClass ?? /^(?:[\w.$]+: )?\[([A-Z][A-Z0-9_]*(?:\.[A-Z0-9_]+)*)\]/.exec(text)?.[1]
  return new SparkConnectError(withHint(code, errorClass ? text : `[${code}] ${unreachable(text) ?? text}`), {
    code,
    errorClass,
    sqlState: metadata.sqlState,
    messageParameters: redactValues(jsonRecord(metadata.messageParameters), redact),
    classes: jsonStrings(metadata.classes),
    errorId: metadata.errorId,
    retryDelayMs,
    // No cause: the gRPC library's error says the same again, and its trailers may quote the token.
  })
}

/** Why there is no connection, in words; undefined for any other failure. */
function unreachable(text: string): string | undefined {
  if (/ECONNREFUSED/.test(text)) return 'connection refused: is the server running?'
  if (/ENOTFOUND|EAI_AGAIN|Name resolution failed/.test(text)) {
    return 'unknown host: is the name in the connection string right?'
  }
  return undefined
}

/** Whether waiting a few seconds more cannot help: the connection is refused, or the host does not exist. */
export function isRefused(error: SparkConnectError): boolean {
  return error.isUnknownHost || (error.code === 'UNAVAILABLE' && /connection refused:/.test(error.message))
}

// SPARK-42816 and its like: everybody meets this limit once, and the text does not say where it is set.
function withHint(code: ErrorCode, text: string): string {
  return code === 'RESOURCE_EXHAUSTED' && /larger than max|exceeds maximum size/i.test(text)
    ? `${text}; allow more with ;grpc_max_message_size=BYTES in the connection string`
    : text
}

/** The name of a numeric status; UNKNOWN for numbers that gRPC does not define. */
function codeName(code: number): ErrorCode {
  const name = status[code]
  return name === undefined || name === 'OK' ? 'UNKNOWN' : (name as ErrorCode)
}

function redactValues(values: Readonly<Record<string, string>>, redact: Redact): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, redact(value)]))
}

function jsonRecord(text: string | undefined): Record<string, string> {
  const value = parseJson(text)
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return {}
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, String(item)]))
}

function jsonStrings(text: string | undefined): string[] {
  const value = parseJson(text)
  return Array.isArray(value) ? value.map(String) : []
}

function parseJson(text: string | undefined): unknown {
  if (text === undefined) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
