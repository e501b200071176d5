import { AppError } from '../errors.ts'

export type DatabaseUrl =
  | { readonly kind: 'sqlite'; readonly path: string }
  | { readonly kind: 'postgres'; readonly url: string; readonly address: string }

const sslModes = ['disable', 'prefer', 'require', 'verify-ca', 'verify-full']

/**
 * Reads `sqlite:PATH`, `sqlite:///PATH` or `postgres://user:password@host:port/name`.
 *
 * *Errors:* AppError `usage`; the text is not repeated in it, since it may hold a password.
 */
export function parseDatabaseUrl(text: string): DatabaseUrl {
  const allowed = 'write sqlite:PATH or postgres://USER:PASSWORD@HOST:PORT/NAME'
  if (text.startsWith('sqlite:')) {
    const rest = text.slice('sqlite:'.length)
    const path = rest.startsWith('///') ? rest.slice(2) : rest.startsWith('//') ? rest.slice(2) : rest
    if (path === '' || path === ':memory:' || path.includes('\0')) {
      throw new AppError('usage', 'DATABASE_URL names no file for SQLite', { place: 'DATABASE_URL', remedy: allowed })
    }
    return { kind: 'sqlite', path }
  }
  if (/^postgres(ql)?:\/\//.test(text)) {
    const url = URL.parse(text)
    if (url === null) {
      throw new AppError('usage', 'DATABASE_URL is no valid address', { place: 'DATABASE_URL', remedy: allowed })
    }
    const mode = url.searchParams.get('sslmode')
    // A slip here would be a connection without encryption.
    if (mode !== null && !sslModes.includes(mode)) {
      throw new AppError('usage', `sslmode is ${JSON.stringify(mode)}`, {
        place: 'DATABASE_URL',
        remedy: `write one of ${sslModes.join(', ')}`,
      })
    }
    const host = url.searchParams.get('host') ?? (decodeURIComponent(url.hostname) || 'localhost')
    const name = decodeURIComponent(url.pathname.slice(1)) || decodeURIComponent(url.username)
    const port = url.port === '' ? '' : `:${url.port}`
    return {
      kind: 'postgres',
      url: text,
      address: `postgres://${host.startsWith('/') ? `[${host}]` : host}${port}/${name}`,
    }
  }
  throw new AppError('usage', 'DATABASE_URL names no database that this program knows', {
    place: 'DATABASE_URL',
    remedy: allowed,
  })
}
