import { type ErrorCode, SparkConnectError } from '../client/index.ts'

export interface LocalServerErrorFields {
  /** Default: UNAVAILABLE; INVALID_ARGUMENT for a setting that cannot be. */
  readonly code?: ErrorCode
  /** Where it happened: a file, a setting's name. */
  readonly place?: string
  /** What the reader should do next, as one sentence. */
  readonly remedy?: string
  readonly cause?: unknown
}

/** Why a local server could not be installed, started, or kept: what, where, and what to do. */
export class LocalServerError extends SparkConnectError {
  /** The first part of the message: what happened, alone. */
  readonly what: string
  readonly place: string | undefined
  readonly remedy: string | undefined

  constructor(what: string, fields: LocalServerErrorFields = {}) {
    const { code = 'UNAVAILABLE', place, remedy, cause } = fields
    const lines = [what, place && `at: ${place}`, remedy && `to do: ${remedy}`]
    super(lines.filter(Boolean).join('\n'), { code, cause })
    this.what = what
    this.place = place
    this.remedy = remedy
  }
}
