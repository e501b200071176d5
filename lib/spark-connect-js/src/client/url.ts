import { isIPv4 } from 'node:net'
import { userInfo } from 'node:os'
import { SparkConnectError } from './errors.ts'

/** Spark's own default port. */
export const defaultPort = 15002

/** The limit that Spark's own server and clients use for one message. */
export const defaultMaxMessageBytes = 128 * 1024 * 1024

/** A server and how to reach it, as a connection string says it. */
export interface Remote {
  readonly host: string
  readonly port: number
  readonly tls: boolean
  /** Sent as `authorization: Bearer …`; undefined for none. Never part of a message. */
  readonly token: string | undefined
  readonly userId: string
  /** The start of the user agent, the client's name and versions follow; undefined for the default. */
  readonly userAgent: string | undefined
  /** Joins the session of this id instead of making one. */
  readonly sessionId: string | undefined
  /** Largest message in bytes, both ways. */
  readonly maxMessageBytes: number
  /** Sent with every call; names in lower case. */
  readonly headers: Readonly<Record<string, string>>
}

/** Whether a text asks for a server of this process instead of naming one: `local`, `local[4]`, `local[*]`. */
export function isLocalMaster(text: string): boolean {
  return /^local(?:\[(?:\*|[1-9]\d*)(?:, *[1-9]\d*)?\])?$/.test(text)
}

type Env = Readonly<Record<string, string | undefined>>

const reserved = ['use_ssl', 'token', 'user_id', 'user_agent', 'session_id', 'grpc_max_message_size'] as const

/** Headers that are secret by their name, as tokens are. */
const secretHeader = /auth|token|key|secret|passw|credential|cookie|session|signature|jwt/

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/**
 * Reads a connection string: `sc://host:port/;key=value;…`.
 *
 * Keys are case-sensitive, values percent-encoded. `use_ssl`, `token`, `user_id`, `user_agent`, `session_id` and
 * `grpc_max_message_size` have a meaning, any other key is a header. The port is 15002 if not given.
 * A token, and a header that is secret by its name (`authorization`, `x-api-key`, `cookie`, …), goes over TLS, except to this
 * machine itself, where it goes over plain text unless `use_ssl=true`.
 *
 * Defaults from `env`: SPARK_CONNECT_AUTHENTICATE_TOKEN (token), SPARK_CONNECT_USER_AGENT, SPARK_USER or USER.
 *
 * *Errors:* SparkConnectError INVALID_ARGUMENT that names the part and repeats nothing that may be a secret.
 *
 * @example
 * parseRemote('sc://spark.example:443/;token=abc;x-team=music')
 * // { host: 'spark.example', port: 443, tls: true, headers: { 'x-team': 'music' }, … }
 */
export function parseRemote(text: string, env: Env = process.env): Remote {
  const scheme = /^sc:\/\//.exec(text)
  if (!scheme) {
    const found = /^(https?|grpcs?|jdbc|spark):/i.exec(text)?.[1]
    throw invalid(`a connection string begins with sc://${found ? `, not ${found}:` : ''} (or is local[*])`)
  }
  const rest = text.slice(scheme[0].length)
  const slash = rest.indexOf('/')
  const authority = slash < 0 ? rest : rest.slice(0, slash)
  const tail = slash < 0 ? '' : rest.slice(slash + 1)
  if (authority.includes(';')) throw invalid("parameters follow the host after '/;', as in sc://host:15002/;key=value")
  if (authority.includes('@')) throw invalid("no user before the host: give user_id or token after '/;'")
  if (tail !== '' && !tail.startsWith(';')) {
    throw invalid("no path after the host: parameters begin with '/;', as in sc://host:15002/;key=value")
  }
  const { host, port } = parseAuthority(authority)
  const parameters = parseParameters(tail)

  const token = parameters.get('token') ?? nonEmpty(env.SPARK_CONNECT_AUTHENTICATE_TOKEN)
  if (token !== undefined && !/^[\x21-\x7e]+$/.test(token)) {
    throw invalid('token: only visible ASCII characters can be sent in a header')
  }
  const headers = headersOf(parameters)
  const useSsl = parameters.get('use_ssl')
  if (useSsl !== undefined && !/^(true|false)$/i.test(useSsl)) {
    throw invalid("use_ssl is 'true' or 'false'")
  }
  const secret = token !== undefined || Object.keys(headers).some((name) => secretHeader.test(name))
  const mustEncrypt = secret && !isLoopback(host)
  if (mustEncrypt && useSsl?.toLowerCase() === 'false') {
    throw invalid(`use_ssl=false: a token or a secret header is sent to '${host}' over TLS only`)
  }

  const sessionId = parameters.get('session_id')
  if (sessionId !== undefined && !uuid.test(sessionId)) {
    throw invalid('session_id must be a UUID like 3f2b6e0c-7d0a-4e6e-9a55-0f6f0d2f8a11')
  }
  const size = parameters.get('grpc_max_message_size')
  const maxMessageBytes = size === undefined ? defaultMaxMessageBytes : Number(size)
  if (!/^\d*$/.test(size ?? '') || maxMessageBytes < 1 || maxMessageBytes > 0x7fffffff) {
    throw invalid('grpc_max_message_size must be a number of bytes from 1 to 2147483647')
  }
  const userAgent = parameters.get('user_agent') ?? nonEmpty(env.SPARK_CONNECT_USER_AGENT)
  if (userAgent !== undefined && encodeURIComponent(userAgent).length > 2048) {
    throw invalid(
      `user_agent: at most 2048 characters when percent-encoded, not ${encodeURIComponent(userAgent).length}`,
    )
  }
  return {
    host,
    port,
    tls: useSsl?.toLowerCase() === 'true' || mustEncrypt,
    token,
    userId: parameters.get('user_id') ?? nonEmpty(env.SPARK_USER) ?? nonEmpty(env.USER) ?? systemUser(),
    userAgent,
    sessionId: sessionId?.toLowerCase(),
    maxMessageBytes,
    headers,
  }
}

/** The address for people and logs, without anything secret: `sc://host:15002`, with `(TLS)` where it applies. */
export function describeRemote(remote: Pick<Remote, 'host' | 'port' | 'tls'>): string {
  return `sc://${authorityOf(remote)}${remote.tls ? ' (TLS)' : ''}`
}

/** `host:port` as gRPC wants it, an IPv6 address in brackets. */
export function authorityOf(remote: Pick<Remote, 'host' | 'port'>): string {
  return `${remote.host.includes(':') ? `[${remote.host}]` : remote.host}:${remote.port}`
}

/**
 * True for the name and the addresses of this machine itself, where plain text does not leave it. `spark.localhost` is not:
 * who answers for it is up to the resolver. Nor is `127.999.1.1`, which is not an address but a name.
 */
export function isLoopback(host: string): boolean {
  return host.toLowerCase() === 'localhost' || (isIPv4(host) && host.startsWith('127.')) || host === '::1'
}

function parseAuthority(authority: string): { host: string; port: number } {
  const match = /^(?:\[([0-9a-f:.]+)\]|([^:[\]]*))(?::(.*))?$/i.exec(authority)
  const host = match?.[1] ?? match?.[2] ?? ''
  if (!match || (match[1] === undefined && !/^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$/.test(host))) {
    throw invalid(
      authority === '' || /^:\d*$/.test(authority)
        ? 'a host is missing, as in sc://localhost:15002'
        : 'the host is not valid; an IPv6 address stands in brackets: sc://[::1]:15002',
    )
  }
  const portText = match[3]
  const port = portText === undefined ? defaultPort : Number(portText)
  if (portText !== undefined && (!/^\d+$/.test(portText) || port < 1 || port > 65535)) {
    throw invalid('the port must be a number from 1 to 65535')
  }
  return { host, port }
}

function parseParameters(tail: string): Map<string, string> {
  const parameters = new Map<string, string>()
  for (const part of tail.split(';')) {
    if (part === '') continue
    const equals = part.indexOf('=')
    // Not quoted: what lacks its key may well be a secret.
    if (equals <= 0) throw invalid("each parameter is key=value, separated by ';'")
    const key = part.slice(0, equals)
    if (/[?#&/\s%]/.test(key)) throw invalid("the name of a parameter has letters, digits, '-', '_' and '.' only")
    if (parameters.has(key)) throw invalid(`${named(key)} is given twice`)
    const value = decode(key, part.slice(equals + 1))
    if (value === '') throw invalid(`${named(key)} has no value`)
    parameters.set(key, value)
  }
  return parameters
}

/** The name of a parameter for a message, where it is one for certain: in a malformed string it may be part of a secret. */
function named(key: string): string {
  const known = (reserved as readonly string[]).includes(key) || /^(?:x(?:-[a-z]{1,12})+|authorization)$/i.test(key)
  return known ? key : 'a parameter'
}

function decode(key: string, value: string): string {
  try {
    return decodeURIComponent(value)
  } catch {
    throw invalid(`the value of ${named(key)} is not percent-encoded correctly: write a '%' as %25`)
  }
}

function headersOf(parameters: ReadonlyMap<string, string>): Record<string, string> {
  const headers: Record<string, string> = {}
  for (const [key, value] of parameters) {
    if ((reserved as readonly string[]).includes(key)) continue
    const name = key.toLowerCase()
    // 'Token=…' would otherwise travel as a header called token, in the clear.
    const meant = reserved.find((known) => known === name)
    if (meant) throw invalid(`keys are case-sensitive: write ${meant}, not ${key}`)
    if (!/^[a-z0-9_.-]+$/.test(name) || name.endsWith('-bin') || name.startsWith('grpc-')) {
      throw invalid("a parameter cannot be a header: letters, digits, '-', '_', '.'; not grpc-… and not …-bin")
    }
    if (!/^[\x20-\x7e]*$/.test(value))
      throw invalid(`the value of ${named(key)} has characters that no header can carry`)
    if (name in headers) throw invalid(`${named(name)} is given twice`)
    headers[name] = value
  }
  return headers
}

function systemUser(): string {
  try {
    return userInfo().username
  } catch {
    return '' // a container may run under a number without a name
  }
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === '' ? undefined : text
}

function invalid(message: string): SparkConnectError {
  return new SparkConnectError(`connection string: ${message}`, { code: 'INVALID_ARGUMENT' })
}
