import { AppError } from '../errors.ts'

/** A failure that may pass: the network, or a server that is busy. */
export class Passing extends Error {
  readonly waitMs: number | undefined
  readonly code: string | undefined
  constructor(message: string, more: { waitMs?: number; code?: string | undefined; cause?: unknown } = {}) {
    super(message, { cause: more.cause })
    this.waitMs = more.waitMs
    this.code = more.code
  }
}

/** An error of the transfer as one that may pass; errors of our own disk stay what they are. */
export function networkError(error: unknown): unknown {
  if (error instanceof AppError || error instanceof Passing) return error
  const { code, message = 'the connection broke' } = fieldsOf(error)
  // A certificate that is wrong now is wrong in a second.
  if (code !== undefined && /^(CERT|DEPTH|UNABLE|SELF_SIGNED|ERR_TLS|HOSTNAME)/.test(code)) {
    return new AppError('input', `the server certificate is not valid (${code})`, {
      remedy: 'check the clock and the certificates of this machine, or name another address',
      cause: error,
    })
  }
  if (code !== undefined && ['ENOSPC', 'EDQUOT', 'EIO', 'EACCES', 'EROFS', 'EFBIG'].includes(code)) return error
  return new Passing(code === undefined || message.includes(code) ? message : `${message} (${code})`, {
    code,
    cause: error,
  })
}

export function unreachable(url: URL, error: Passing, kept: number): AppError {
  const lookup = error.code === 'ENOTFOUND' || error.code === 'EAI_AGAIN'
  const message = lookup ? `no network, or no such host: ${url.hostname}` : `fetching failed: ${error.message}`
  const again = kept > 0 ? `; ${kept} bytes are kept and the next run resumes from there` : ''
  return new AppError('input', message, {
    place: shown(url),
    remedy: `try again when online; npm run job:aggregate reads the sample where nothing else is there${again}`,
    cause: error,
  })
}

export function fileError(error: unknown, target: string): unknown {
  if (error instanceof AppError) return error
  const { code } = fieldsOf(error)
  if (code === undefined) return error
  const full = code === 'ENOSPC' || code === 'EDQUOT'
  return new AppError('input', full ? 'no space is left on the disk' : `the file cannot be written (${code})`, {
    place: target,
    remedy: full
      ? 'free some disk space and start again; the part received so far is kept'
      : 'check the rights of the folder, or name another place',
    cause: error,
  })
}
/** The address for people: without user, password and query, which may hold a secret. */
export function shown(url: URL): string {
  return `${url.origin}${url.pathname}`
}

/** Errors of the system are no `Error` of ours where the code runs in a context of its own, as tests do. */
function fieldsOf(error: unknown): { readonly code?: string; readonly message?: string } {
  return typeof error === 'object' && error !== null ? error : {}
}
