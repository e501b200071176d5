import type { Logger } from '../log.ts'

/** How a file is fetched: limits, retries, time-outs. */
export interface FetchOptions {
  /** `https://…`, or `http://…`, which is warned of. */
  readonly url: string
  /** Where the file goes. Beside it: `.sha256` for ever, `.part` and `.part.json` while it is under way. */
  readonly target: string
  /** More than this is refused. Default: 200 MB. */
  readonly maxBytes?: number
  /** Tries without a byte of progress between them. Default: 5. */
  readonly tries?: number
  /** Wait before the second try, doubled with each further one, up to a minute. Default: 500. */
  readonly backoffMs?: number
  /** How long the server may be silent. Default: 30,000. */
  readonly idleMs?: number
  /** Fetch again even if the file is there, and remember the checksum of what comes now. */
  readonly renew?: boolean
  /** Also replace a file that was not fetched. */
  readonly force?: boolean
  readonly log: Logger
  readonly onProgress?: (bytes: number, total: number | null) => void
  readonly signal?: AbortSignal
}
