/** Why a command ended, in the words that its exit code stands for. */
export type ErrorKind =
  | 'check'
  | 'usage'
  | 'input'
  | 'spark'
  | 'database'
  | 'incomplete'
  | 'bug'
  | 'locked'
  | 'interrupted'
  | 'terminated'

/** The exit code of each kind of end; 0 is success. They are documented in the README and never change meaning. */
export const exitCodes: Readonly<Record<ErrorKind, number>> = {
  check: 1,
  usage: 2,
  input: 3,
  spark: 4,
  database: 5,
  incomplete: 6,
  bug: 70,
  locked: 75,
  interrupted: 130,
  terminated: 143,
}

/** The kind that an exit code of a command stands for; any other code is a bug. */
export function kindOfExit(code: number | null): ErrorKind {
  const found = Object.entries(exitCodes).find(([, each]) => each === code)
  return (found?.[0] ?? 'bug') as ErrorKind
}

export interface AppErrorFields {
  /** Where it happened: `file:line`, a table, a setting's name, an address without its secrets. */
  readonly place?: string | undefined
  /** What the reader should do next, as one sentence. */
  readonly remedy?: string | undefined
  readonly cause?: unknown
  /** What became of the data that the command was to publish, where the error can tell. */
  readonly published?: Published | undefined
}

/** `unknown`: the answer to a commit was lost. */
export type Published = 'no' | 'yes' | 'unknown'

/**
 * An end that a user can act on: what failed, where, and what to do.
 *
 * Everything that is not an `AppError` is a bug of ours and ends with exit code 70 and a report.
 */
export class AppError extends Error {
  readonly kind: ErrorKind
  readonly place: string | undefined
  readonly remedy: string | undefined
  readonly published: Published | undefined

  constructor(kind: ErrorKind, message: string, fields: AppErrorFields = {}) {
    super(message, fields.cause === undefined ? undefined : { cause: fields.cause })
    this.name = 'AppError'
    this.kind = kind
    this.place = fields.place
    this.remedy = fields.remedy
    this.published = fields.published
  }

  get exitCode(): number {
    return exitCodes[this.kind]
  }
}

const refusals = new Set(
  'EACCES EPERM EROFS ENOSPC EDQUOT EFBIG EIO ENOENT ENOTDIR EISDIR ELOOP ENAMETOOLONG EMFILE ENFILE'.split(' '),
)

/**
 * What a caught value means for the user, or undefined if it is a bug of ours.
 *
 * Recognised by their marks, not their text: our own errors, `SparkConnectError` (by name, so that this file stays free
 * of the client), SQLite's and Postgres's errors (by code), what the file system refuses, and aborts.
 */
export function asAppError(error: unknown): AppError | undefined {
  if (error instanceof AppError) return error
  if (!(error instanceof Error)) return undefined
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  if (error.name === 'SparkConnectError') {
    return new AppError('spark', firstLine(error.message), {
      remedy: 'see the server’s log; --log-level debug shows more',
      cause: error,
    })
  }
  if (code.startsWith('SQLITE_') || (/^[0-9A-Z]{5}$/.test(code) && 'severity' in error)) {
    return new AppError('database', firstLine(error.message), { cause: error })
  }
  // What the system refuses (a full disk, a missing right, a file in the place of a folder) a user can mend.
  if ('syscall' in error && refusals.has(code)) {
    const place = 'path' in error && typeof error.path === 'string' ? error.path : undefined
    return new AppError('input', `the operating system refused a file operation (${error.syscall}, ${code})`, {
      ...(place === undefined ? {} : { place }),
      remedy: 'check that the path exists, its permissions and the free disk space',
      cause: error,
    })
  }
  if (error.name === 'AbortError') return new AppError('interrupted', 'interrupted', { cause: error })
  return undefined
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? ''
}
