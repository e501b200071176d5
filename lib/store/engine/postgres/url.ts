import { invalidUrl } from '../invalid-url.ts'

export const urlForm = 'postgres://USER:PASSWORD@HOST:PORT/NAME'

const sslModes = ['disable', 'prefer', 'require', 'verify-ca', 'verify-full']

export const isPostgresUrl = (url: string): boolean => /^postgres(ql)?:\/\//.test(url)

function refused(message: string, remedy = `write ${urlForm}`) {
  return invalidUrl(message, remedy)
}

/**
 * The address without user and password, for people and logs: `postgres://HOST:PORT/NAME`.
 *
 * *Errors:* AppError `usage` for a URL that the driver would misread.
 */
export function publicAddress(text: string): string {
  const url = URL.parse(text)
  if (url === null) throw refused('DATABASE_URL is not a valid address')
  const mode = url.searchParams.get('sslmode')
  // A slip here would be a connection without encryption.
  if (mode !== null && !sslModes.includes(mode)) {
    throw refused('DATABASE_URL has an sslmode that does not exist', `write one of ${sslModes.join(', ')}`)
  }
  // An @ or a / of a password that was not escaped cuts the address at another place, and shows the rest of the password.
  if (/[@:;=\s]/.test(url.pathname) || url.search.includes('@') || url.hash !== '') {
    throw refused(
      'DATABASE_URL does not end in /NAME',
      `write ${urlForm}; in a password write @ as %40, / as %2F, ? as %3F, # as %23`,
    )
  }
  const [user, hostname, path] = [url.username, url.hostname, url.pathname.slice(1)].map(decoded)
  decoded(url.password)
  // The driver decodes these by rules of its own.
  decoded(url.search)
  const port = url.searchParams.get('port') ?? url.port
  if (port !== '' && !(/^\d{1,5}$/.test(port) && Number(port) >= 1 && Number(port) <= 65_535)) {
    throw refused('the port of DATABASE_URL is not a number from 1 to 65535')
  }
  const host = url.searchParams.get('host') ?? (hostname || 'localhost')
  const name = path || user
  return `postgres://${host.startsWith('/') ? `[${host}]` : host}${port === '' ? '' : `:${port}`}/${name}`
}

function decoded(part: string): string {
  let plain: string
  try {
    plain = decodeURIComponent(part)
  } catch {
    throw refused('DATABASE_URL has a % that is not followed by the code of a character', 'write %25 for a % itself')
  }
  if (plain.includes('\0')) throw refused('DATABASE_URL has a NUL character')
  return plain
}
