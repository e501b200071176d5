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

export interface AppErrorFields {
  /** Where it happened: `file:line`, a table, a setting's name, an address without its secrets. */
  readonly place?: string
  /** What the reader should do next, as one sentence. */
  readonly remedy?: string
  readonly cause?: unknown
}

/**
 * An end that a user can act on: what failed, where, and what to do.
 *
 * Everything that is not an `AppError` is a bug of ours and ends with exit code 70 and a report.
 */
export class AppError extends Error {
  readonly kind: ErrorKind
  readonly place: string | undefined
  readonly remedy: string | undefined

  constructor(kind: ErrorKind, message: string, fields: AppErrorFields = {}) {
    super(message, fields.cause === undefined ? undefined : { cause: fields.cause })
    this.name = 'AppError'
    this.kind = kind
    this.place = fields.place
    this.remedy = fields.remedy
  }

  get exitCode(): number {
    return exitCodes[this.kind]
  }
}
