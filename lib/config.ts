import { isUtf8 } from 'node:buffer'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseEnv } from 'node:util'
import { z } from 'zod'
import { didYouMean } from './did-you-mean.ts'
import { AppError } from './errors.ts'
import { redact, rememberSecrets, secretsOfAddress } from './secrets.ts'

export { didYouMean } from './did-you-mean.ts'

/** One setting: where it comes from, what it may be, and what it is without anybody's word. */
export interface Setting<T> {
  /** Its name in the environment and in `.env`. */
  readonly env: string
  /** Its flag, where it has one, in commander's form. Secrets have none: the process list shows flags to everybody. */
  readonly flag?: string
  readonly summary: string
  /** What is allowed, as the end of a sentence: "must be …". */
  readonly allowed: string
  /** The small interface of a schema: to compare whole `ZodType`s took the compiler a quarter of its work. */
  readonly schema: z.core.$ZodType<T>
  /** Whether it may hold a secret, whole or in part: such a value is never repeated, however wrong it is. */
  readonly secret?: 'whole' | 'part'
}

function setting<T>(
  env: string,
  schema: z.core.$ZodType<T>,
  summary: string,
  allowed: string,
  more: Pick<Setting<T>, 'flag' | 'secret'> = {},
): Setting<T> {
  return { env, schema, summary, allowed, ...more }
}

const integer = (min: number, max: number) => z.coerce.number().int().min(min).max(max)
/** Whole units within bounds, written as a number of them or, as all flags for times take it, as `90s`, `30m` or `2h`. */
const span = (unitSeconds: number, min: number, max: number) =>
  z.preprocess(
    (value) => {
      const [, amount, unit] = (typeof value === 'string' && /^(\d{1,6})([smh])$/.exec(value)) || []
      return unit === undefined ? value : (Number(amount) * { s: 1, m: 60, h: 3600 }[unit]!) / unitSeconds
    },
    integer(min, max),
  )
const yes = z.enum(['0', '1', 'true', 'false', '']).transform((value) => value === '1' || value === 'true')
const httpUrl = z.string().refine((value) => {
  try {
    return ['http:', 'https:'].includes(new URL(value).protocol)
  } catch {
    return false
  }
})
const baseAddress = (env: string, service: string) =>
  setting(env, httpUrl.optional(), `base address of ${service}`, 'an http(s) address', { secret: 'part' })
const timeZone = z.string().refine((value) => {
  try {
    new Intl.DateTimeFormat('en', { timeZone: value })
    return true
  } catch {
    return false
  }
})

/** Every setting of every command: flags over environment over `.env` over the default given here. */
export const settings = {
  sparkRemote: setting(
    'SPARK_REMOTE',
    z
      .string()
      .regex(/^(sc:\/\/.+|local(\[.+\])?)$/)
      .optional(),
    'the Spark Connect server to use',
    'sc://HOST:PORT/;key=value… or local[*] for the embedded server',
    { flag: '--spark-remote <url>', secret: 'part' },
  ),
  sparkToken: setting(
    'SPARK_CONNECT_AUTHENTICATE_TOKEN',
    z.string().min(1).optional(),
    'the token that the server asks for',
    'a text',
    { secret: 'whole' },
  ),
  sparkHome: setting(
    'SPARK_HOME',
    z.string().min(1).optional(),
    'an installed Spark 4 to take where Maven is missing',
    'a folder',
  ),
  sparkDriverMemory: setting(
    'SPARK_DRIVER_MEMORY',
    z
      .string()
      .regex(/^\d+[kmgKMG]$/)
      .optional(),
    'heap of the embedded Spark server',
    'a number and a unit, such as 4g',
    { flag: '--spark-driver-memory <size>' },
  ),
  sparkKeepMinutes: setting(
    'SPARK_KEEP',
    span(60, 0, 1440).optional(),
    'how long the embedded Spark waits for the next run, bare numbers are minutes (default: 10 on a terminal, else 0)',
    'whole minutes from 0 to 1440, or a time such as 10m or 2h',
    { flag: '--spark-keep <time>' },
  ),
  databaseUrl: setting(
    'DATABASE_URL',
    z
      .string()
      .regex(/^(sqlite:.+|postgres(ql)?:\/\/.+)$/)
      .optional(),
    'the database (default sqlite:data/plays.db)',
    'sqlite:PATH or postgres://USER:PASSWORD@HOST:PORT/NAME',
    { flag: '--database-url <url>', secret: 'part' },
  ),
  executorDatabaseUrl: setting(
    'EXECUTOR_DATABASE_URL',
    z
      .string()
      .regex(/^postgres(ql)?:\/\/.+$/)
      .optional(),
    'the same database as DATABASE_URL, as Spark’s executors reach it (for --write executors)',
    'postgres://USER:PASSWORD@HOST:PORT/NAME',
    { secret: 'part' },
  ),
  databaseWaitS: setting(
    'DATABASE_WAIT',
    span(1, 0, 3600).default(0),
    'how long to wait for a Postgres that goes away in the middle of a load, then begin the load again; bare numbers are seconds (default: 0, end)',
    'whole seconds from 0 to 3600, or a time such as 60s or 5m',
    { flag: '--database-wait <time>' },
  ),
  databaseType: setting(
    'DATABASE_TYPE',
    z.enum(['sqlite', 'postgres', 'postgresql']).optional(),
    'the kind of database, where DB_* describe it instead of DATABASE_URL',
    'sqlite or postgres',
  ),
  dbHost: setting(
    'DB_HOST',
    z
      .string()
      .regex(/^(?:[\w.-]+|\[?[0-9a-fA-F:.]+\]?)$/)
      .default('localhost'),
    'database host',
    'a host name, without a scheme, a port or a password',
    { secret: 'part' },
  ),
  dbPort: setting('DB_PORT', integer(1, 65535).default(5432), 'database port', 'a port number'),
  dbName: setting(
    'DB_NAME',
    z
      .string()
      .regex(/^(?!.*(?::\/\/|password=)).+$/s)
      .default('radio_plays'),
    'database name, or path for SQLite',
    'a name or a path, not an address',
    { secret: 'part' },
  ),
  dbUser: setting('DB_USER', z.string().min(1).optional(), 'database user', 'a name'),
  dbPassword: setting('DB_PASSWORD', z.string().optional(), 'database password', 'a text', { secret: 'whole' }),
  timezone: setting(
    'TIMEZONE',
    timeZone.default('UTC'),
    'the time zone of times that do not name one',
    'a zone of the IANA database, such as Europe/Amsterdam',
    { flag: '--timezone <zone>' },
  ),
  fuzzyThreshold: setting(
    'FUZZY_THRESHOLD',
    integer(50, 100).default(90),
    'how alike two spellings must be to be one name, in percent',
    'a whole number from 50 to 100',
    { flag: '--fuzzy-threshold <percent>' },
  ),
  overrides: setting(
    'OVERRIDES',
    z.string().min(1).optional(),
    'a CSV of a person’s word on names, ids and pictures (default: data/overrides.csv, if there is one)',
    'a file',
    { flag: '--overrides <file>' },
  ),
  lastfmApiKey: setting('LASTFM_API_KEY', z.string().min(1).optional(), 'key for Last.fm', 'a text', {
    secret: 'whole',
  }),
  listenbrainzToken: setting('LISTENBRAINZ_TOKEN', z.string().min(1).optional(), 'token for ListenBrainz', 'a text', {
    secret: 'whole',
  }),
  fanartKey: setting(
    'FANARTTV_API_KEY',
    z.string().min(1).optional(),
    'key for fanart.tv, with --providers fanarttv',
    'a text',
    { secret: 'whole' },
  ),
  enrichContact: setting(
    'ENRICH_CONTACT',
    z.string().min(1).optional(),
    'your contact: a web page or mail address, sent to the services',
    'a URL or a mail address',
    { flag: '--contact <contact>' },
  ),
  lastfmMode: setting(
    'LASTFM_MODE',
    z.enum(['all', 'gaps', 'off']).optional(),
    'what Last.fm is asked for',
    'all, gaps or off',
    { flag: '--lastfm-mode <mode>' },
  ),
  lastfmUrl: baseAddress('LASTFM_URL', 'Last.fm'),
  musicbrainzUrl: baseAddress('MUSICBRAINZ_URL', 'MusicBrainz'),
  listenbrainzUrl: baseAddress('LISTENBRAINZ_URL', 'ListenBrainz'),
  wikidataQueryUrl: baseAddress('WIKIDATA_QUERY_URL', 'the Wikidata query service'),
  wikidataUrl: baseAddress('WIKIDATA_URL', 'Wikidata'),
  commonsUrl: baseAddress('COMMONS_URL', 'Wikimedia Commons'),
  allowCustomHosts: setting('ALLOW_CUSTOM_HOSTS', yes.default(false), 'accept addresses beyond loopback', '1 or 0'),
  apiTimeoutS: setting(
    'API_TIMEOUT',
    span(1, 1, 600).optional(),
    'seconds that one request to a service may take',
    'whole seconds from 1 to 600, or a time such as 30s',
  ),
  maxApiCalls: setting(
    'MAX_API_CALLS',
    integer(0, 100_000_000).optional(),
    'the maximum number of requests per run',
    'a whole number',
    { flag: '--max-requests <n>' },
  ),
  logLevel: setting(
    'LOG_LEVEL',
    z.enum(['error', 'warn', 'info', 'debug']).default('info'),
    'how much is logged to stderr',
    'error, warn, info or debug',
    { flag: '--log-level <level>' },
  ),
  logFormat: setting(
    'LOG_FORMAT',
    z.enum(['text', 'json']).optional(),
    'form of the log lines (default: text on a terminal, else json)',
    'text or json',
    { flag: '--log-format <format>' },
  ),
  lake: setting(
    'LAKE',
    z.string().min(1).optional(),
    'a folder, or an address that Spark can write (s3a://…), that also gets the tables as Parquet',
    'a folder or an address',
    { flag: '--lake <folder or URI>', secret: 'part' },
  ),
  lakeFormat: setting(
    'LAKE_FORMAT',
    z.enum(['parquet', 'delta']).default('parquet'),
    'form of the lake; delta: where the Spark server has Delta Lake (default: parquet)',
    'parquet or delta',
    { flag: '--lake-format <format>' },
  ),
  metricsFile: setting(
    'METRICS_FILE',
    z.string().min(1).optional(),
    'a file for the metrics of the run, in the text format of Prometheus',
    'a file',
  ),
  otlpEndpoint: baseAddress('OTEL_EXPORTER_OTLP_ENDPOINT', 'a collector that gets the metrics of the run by OTLP'),
} as const

export type SettingName = keyof typeof settings
/** What every command that reads a database reads. */
export const databaseSettings = [
  'databaseUrl',
  'databaseType',
  'dbHost',
  'dbPort',
  'dbName',
  'dbUser',
  'dbPassword',
] as const
/** What every command that writes a lake reads. */
export const lakeSettings = ['lake', 'lakeFormat'] as const
/** What every command that opens Spark reads. */
export const sparkSettings = [
  'sparkRemote',
  'sparkToken',
  'sparkHome',
  'sparkDriverMemory',
  'sparkKeepMinutes',
] as const
export type Settings = { readonly [K in SettingName]: z.output<(typeof settings)[K]['schema']> }

/** The property under which commander keeps a flag's value: `--fuzzy-threshold <n>` → `fuzzyThreshold`. */
export function flagProperty(flag: string): string {
  const name = flag.replace(/^--(no-)?/, '').replace(/[ =].*$/, '')
  return name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())
}

export interface SettingSources {
  /** Values of flags by setting; only those that were given. */
  readonly flags?: Readonly<Record<string, unknown>>
  /** Default: the process environment. */
  readonly env?: Readonly<Record<string, string | undefined>>
  /** Text of a `.env` file; default: `.env` in the working folder, if there is one. */
  readonly dotenv?: string
}

/** Names in a `.env` file that no setting has. A line that is not an assignment is named by its number: it may be a secret. */
export function unknownNames(dotenv: string): string[] {
  const known = Object.values(settings).map((each) => each.env)
  return Object.keys(parseEnv(dotenv))
    .filter((name) => !known.includes(name))
    .map((name) => {
      const line = dotenv.split('\n').findIndex((text) => text.includes(name)) + 1
      if (!/^[A-Z][A-Z_]{2,}$/.test(name)) return `line ${line} is not NAME=value with the name of a setting`
      const meant = didYouMean(name, known)
      return `${name} is not a setting${meant ? `; did you mean ${meant}?` : ''}`
    })
}

/**
 * The text of `.env` in the working folder, empty where there is none; without the byte order mark that Windows editors put
 * in front. *Errors:* `AppError('usage')` for what cannot be read.
 */
export function readSettingsFile(): string {
  let bytes: Buffer
  try {
    bytes = readFileSync('.env')
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    if (code === 'ENOENT') return ''
    throw new AppError('usage', code === 'EISDIR' ? '.env is a folder' : `.env cannot be read (${code})`, {
      place: resolve('.env'),
      remedy: 'make it a readable file with one NAME=value a line, or move it away',
      cause,
    })
  }
  const text = bytes.toString().replace(/^\ufeff/, '')
  if (!text.includes('\0') && isUtf8(bytes)) return text
  throw new AppError('usage', '.env is not UTF-8 text', {
    place: resolve('.env'),
    remedy: 'save it as UTF-8, with one NAME=value a line',
  })
}

/**
 * All settings, validated together: one `AppError('usage')` names every fault with what is allowed, and with its value where
 * that holds no secret.
 *
 * An empty value counts as not given, so that a compose file can pass variables through. A name in `.env` that no
 * setting has is an error, since it is most often a slip; the environment at large is nobody's business.
 */
export function loadSettings(sources: SettingSources = {}): Settings {
  const env = sources.env ?? process.env
  const dotenvText = sources.dotenv ?? readSettingsFile()
  const dotenv = parseEnv(dotenvText)
  const faults: string[] = []

  faults.push(...unknownNames(dotenvText).map((fault) => `.env: ${fault}`))

  const result: Record<string, unknown> = {}
  for (const [name, each] of Object.entries(settings) as [SettingName, Setting<unknown>][]) {
    const given = [sources.flags?.[name], env[each.env], dotenv[each.env]].find(
      (value) => value !== undefined && value !== '',
    )
    if (typeof given === 'string' && each.secret !== undefined) {
      rememberSecrets(each.secret === 'whole' ? [given] : secretsOfAddress(given))
    }
    const parsed = z.safeParse(each.schema, given)
    if (parsed.success) {
      result[name] = parsed.data
    } else {
      const from = sources.flags?.[name] !== undefined && each.flag ? each.flag.split(' ')[0] : each.env
      const value = each.secret !== undefined ? '' : ` is ${redact(JSON.stringify(given))} but`
      faults.push(`${from}${value} must be ${each.allowed}`)
    }
  }
  if (faults.length > 0) {
    throw new AppError('usage', faults.join('; '), { remedy: 'see --help and the table of settings in the README' })
  }
  return result as Settings
}

/** The database of the settings as one URL: `DATABASE_URL`, else `DATABASE_TYPE` and `DB_*`, else `sqlite:data/plays.db`. */
export function databaseUrl(config: Settings): string {
  if (config.databaseUrl) return config.databaseUrl
  if (config.databaseType === undefined) return 'sqlite:data/plays.db'
  if (config.databaseType === 'sqlite')
    return `sqlite:${config.dbName === 'radio_plays' ? 'data/plays.db' : config.dbName}`
  const url = new URL('postgres://localhost')
  url.hostname = config.dbHost
  url.port = String(config.dbPort)
  // The setters leave a % as it is.
  url.username = encodeURIComponent(config.dbUser ?? '')
  url.password = encodeURIComponent(config.dbPassword ?? '')
  url.pathname = `/${encodeURIComponent(config.dbName)}`
  return url.href
}
