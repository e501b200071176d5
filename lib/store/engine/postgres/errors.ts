import pg from 'pg'
import { AppError } from '../../../errors.ts'
import { errorCode, errorFields } from '../error-code.ts'
import { ConnectionLost } from './connection.ts'
import { sqlState } from './sql-states.ts'

interface Explanation {
  readonly message: string
  readonly remedy: string
}

const lost: Explanation = {
  message: 'the connection to Postgres was lost',
  remedy: 'run again when the server is back',
}
const absent: Explanation = {
  message: 'no Postgres server answers there',
  remedy: 'start it, or correct host and port in DATABASE_URL',
}
const unknownHost: Explanation = {
  message: 'the host of the database is not known',
  remedy: 'correct the host in DATABASE_URL',
}
const unreachable: Explanation = {
  message: 'the Postgres server cannot be reached',
  remedy: 'check host, port and firewall',
}
const silent: Explanation = {
  message: 'the Postgres server does not answer',
  remedy: 'check host, port and firewall',
}
const refusedLogin: Explanation = {
  message: 'Postgres refused user or password',
  remedy: 'correct them in DATABASE_URL',
}
const disturbed: Explanation = {
  message: 'other sessions kept the transaction from finishing',
  remedy: 'run again',
}

/** By the code of the system or of the server. */
const byCode: Readonly<Record<string, Explanation>> = {
  ECONNREFUSED: absent,
  ENOENT: absent,
  ENOTFOUND: unknownHost,
  EAI_AGAIN: unknownHost,
  EINVAL: unknownHost,
  ETIMEDOUT: unreachable,
  EHOSTUNREACH: unreachable,
  ENETUNREACH: unreachable,
  ECONNRESET: lost,
  [sqlState.adminShutdown]: lost,
  [sqlState.crashShutdown]: lost,
  [sqlState.connectionFailure]: lost,
  [sqlState.connectionDoesNotExist]: lost,
  [sqlState.cannotConnectNow]: {
    message: 'the Postgres server is starting or stopping',
    remedy: 'run again in a moment',
  },
  [sqlState.invalidPassword]: refusedLogin,
  [sqlState.invalidAuthorization]: refusedLogin,
  [sqlState.invalidCatalogName]: { message: 'this database does not exist', remedy: 'create it: createdb NAME' },
  [sqlState.invalidSchemaName]: {
    message: 'this user sees no schema to create tables in',
    remedy: 'create schema public, or set search_path',
  },
  [sqlState.tooManyConnections]: {
    message: 'the Postgres server has no connection free',
    remedy: 'close others, or raise max_connections',
  },
  [sqlState.diskFull]: { message: 'the disk of the Postgres server is full', remedy: 'make room there' },
  [sqlState.readOnlySqlTransaction]: {
    message: 'this database is read-only',
    remedy: 'connect to the primary server, with a user that may write',
  },
  [sqlState.lockNotAvailable]: {
    message: 'another session holds a lock on these tables',
    remedy: 'end it (see pg_stat_activity), then run again',
  },
  [sqlState.deadlockDetected]: disturbed,
  [sqlState.serializationFailure]: disturbed,
  [sqlState.queryCanceled]: {
    message: 'the statement was cancelled or took longer than the server allows',
    remedy: 'run again',
  },
}

/** The driver gives these errors neither a code nor a class: only their text tells them apart. */
const byText: readonly (readonly [RegExp, Explanation])[] = [
  [/timeout expired|timeout exceeded when trying to connect/, silent],
  [/Connection terminated|connection error and is not queryable|Client has encountered a connection/, lost],
  [
    /SASL|password must be a string/,
    { message: 'Postgres asks for a password', remedy: 'give it in DATABASE_URL or DB_PASSWORD' },
  ],
]

/** OpenSSL's names for certificates that it does not accept have no common prefix. */
const tlsError = /does not support SSL|self[- ]signed|certificate/i

/**
 * The message for an error of driver, socket or server, never with the secrets of the URL; undefined for any other error.
 *
 * Errors of the caller's own files and pipes pass through here too (an export writes while it reads), so of the system's
 * errors only those of connecting and receiving count as the database's.
 */
export function explainPostgres(error: unknown, address: string): AppError | undefined {
  // For a host with several addresses, the errors of the sockets come in an AggregateError.
  const { errors } = errorFields(error)
  const first = Array.isArray(errors) && errors.length > 0 ? errors[0] : error
  const { syscall, message } = errorFields(first)
  if (typeof syscall === 'string' && !/^(connect|getaddrinfo|queryA|read)/.test(syscall)) return undefined
  const code = errorCode(first)
  if (code === sqlState.notNullViolation) return nullInRow(first as pg.DatabaseError, address)
  const text = typeof message === 'string' ? message : ''
  const found = first instanceof ConnectionLost ? lost : explanationOf(first, code, text)
  if (found === undefined) return undefined
  return new AppError('database', found.message, { place: address, remedy: found.remedy, cause: error })
}

function explanationOf(error: unknown, code: string | undefined, text: string): Explanation | undefined {
  const known = code === undefined ? undefined : byCode[code]
  if (known !== undefined) return known
  if (code === sqlState.insufficientPrivilege) {
    return {
      message: `this user lacks rights (${text})`,
      remedy: 'grant it all rights on the schema and its tables',
    }
  }
  const { syscall } = errorFields(error)
  if (syscall === 'connect' || syscall === 'getaddrinfo') {
    return { message: `no connection to Postgres (${code})`, remedy: 'check host and port in DATABASE_URL' }
  }
  if (error instanceof pg.DatabaseError) {
    return { message: `Postgres refused a statement (${code}: ${text})`, remedy: 'run again with --debug' }
  }
  const byMessage = byText.find(([pattern]) => pattern.test(text))?.[1]
  if (byMessage !== undefined || !tlsError.test(text)) return byMessage
  return { message: `no encrypted connection (${text})`, remedy: 'set sslmode in DATABASE_URL' }
}

function nullInRow(error: pg.DatabaseError, address: string): AppError {
  const table = (error.table ?? '').replace(/^stg_[a-z0-9]+_/, '')
  return new AppError('check', `${table}.${error.column} is null in a row that was about to be loaded`, {
    place: address,
    remedy: 'please report it with the input',
    cause: error,
  })
}
