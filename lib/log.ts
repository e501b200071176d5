import winston from 'winston'
import { redact } from './secrets.ts'

/** What our modules need of a logger; libraries take one and never create one. */
export interface Logger {
  debug(message: string, fields?: Record<string, unknown>): void
  info(message: string, fields?: Record<string, unknown>): void
  warn(message: string, fields?: Record<string, unknown>): void
  error(message: string, fields?: Record<string, unknown>): void
  child(fields: Record<string, unknown>): Logger
}

export interface LogOptions {
  /** Default: `info`. */
  readonly level?: 'error' | 'warn' | 'info' | 'debug'
  /** `json` is one object a line for machines; `text` is for people. Default: `text` on a terminal, else `json`. */
  readonly format?: 'text' | 'json'
  /** Fields of every line of JSON; people see the command that they typed. */
  readonly context?: Readonly<Record<string, string>>
}

const secretField = /token|password|secret|api_?key|authorization/i

function redactFields(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return redact(value)
  if (typeof value === 'bigint') return value.toString()
  if (value instanceof Error) return redact(`${value.name}: ${value.message}`)
  if (value === null || typeof value !== 'object' || depth > 4) return value
  if (Array.isArray(value)) return value.map((item) => redactFields(item, depth + 1))
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, secretField.test(key) ? '***' : redactFields(item, depth + 1)]),
  )
}

const redaction = winston.format((info) => {
  for (const key of Object.keys(info)) {
    if (key === 'level') continue
    info[key] = secretField.test(key) ? '***' : redactFields(info[key])
  }
  return info
})

// The live line of lib/cli/progress.ts may stand where this line is to begin.
const clearLine = process.stderr.isTTY && process.env.TERM !== 'dumb' ? '\r\u001b[2K' : ''

const text = winston.format.printf(({ level, message, timestamp: _timestamp, ...fields }) => {
  const rest = Object.entries(fields)
    .map(([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(' ')
  const mark = level === 'info' ? '' : `${level}: `
  return `${clearLine}${mark}${String(message)}${rest ? ` (${rest})` : ''}`
})

/**
 * A winston logger that writes to stderr only: stdout is for data.
 *
 * An event is a short constant phrase plus fields; numbers are fields with their unit in the name.
 */
export function createLogger(options: LogOptions = {}): Logger {
  const format = options.format ?? (process.stderr.isTTY ? 'text' : 'json')
  return winston.createLogger({
    level: options.level ?? 'info',
    ...(format === 'json' && options.context ? { defaultMeta: options.context } : {}),
    format: winston.format.combine(
      redaction(),
      winston.format.timestamp(),
      format === 'json' ? winston.format.json() : text,
    ),
    transports: [new winston.transports.Console({ stderrLevels: ['error', 'warn', 'info', 'debug'] })],
  })
}

/** A logger that says nothing, for tests and for library use. */
export const silent: Logger = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  child: () => silent,
}
