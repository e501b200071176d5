import type { Settings } from '../config.ts'
import { AppError } from '../errors.ts'
import type { Logger } from '../log.ts'
import { findComposeServer, isPortOpen, keptServerText, localPort, openSpark, sparkVersion } from '../spark/index.ts'
import { type Check, fail, ok, type SparkFacts, skip, warn } from './check.ts'
import { isRemote } from './machine.ts'

/** A server that is up answers in 10 ms; one that is not must not hold up everything else. */
const connectTimeoutMs = 5000

/**
 * Functions of Spark SQL without which no play is read and no name resolved, the younger ones above all: a server can
 * be older than its client. A test compares them with the calls in lib/plays.
 */
export const neededFunctions: readonly string[] = [
  ...['regexp_replace', 'regexp_extract_all', 'split_part', 'levenshtein', 'sha2', 'xxhash64', 'from_csv'],
  ...['transform', 'filter', 'aggregate', 'forall', 'exists', 'zip_with', 'array_append', 'array_sort', 'array_except'],
  ...['max_by', 'count_if', 'bool_or', 'bool_and', 'collect_set', 'struct', 'element_at', 'sequence'],
  ...['try_make_timestamp', 'unix_seconds', 'make_valid_utf8', 'startswith', 'endswith', 'substring_index'],
]

interface SparkOptions {
  readonly deep: boolean
  readonly home: string
  readonly log: Logger
  readonly signal: AbortSignal
}

/** The server that a job would use now, if there is one; starts one only if `deep`. Errors: AppError of `openSpark`. */
export async function examineSpark(settings: Settings, options: SparkOptions): Promise<SparkFacts | null> {
  const { sparkRemote } = settings
  const local = sparkRemote === undefined && (await findComposeServer({ ...options, token: settings.sparkToken }))
  const kind = isRemote(sparkRemote) ? 'remote' : local ? 'local' : 'embedded'
  if (kind === 'embedded' && !options.deep) return null
  const tooLate = AbortSignal.timeout(kind === 'embedded' ? 240_000 : connectTimeoutMs)
  try {
    return await ask(kind, { ...options, signal: AbortSignal.any([options.signal, tooLate]) }, settings)
  } catch (error) {
    if (!tooLate.aborted || options.signal.aborted) throw error
    throw new AppError('spark', `no Spark Connect server answers in ${connectTimeoutMs / 1000} s`, {
      remedy: 'start it, correct SPARK_REMOTE, or leave that out for the embedded server',
      cause: error,
    })
  }
}

async function ask(
  kind: SparkFacts['kind'],
  options: Omit<SparkOptions, 'deep'>,
  settings: Settings,
): Promise<SparkFacts> {
  const { sparkRemote } = settings
  await using server = await openSpark({
    remote: kind === 'local' ? undefined : (sparkRemote ?? 'local[*]'),
    token: settings.sparkToken,
    sparkHome: settings.sparkHome,
    driverMemory: settings.sparkDriverMemory,
    home: options.home,
    log: options.log,
    connectTimeoutMs,
    signal: options.signal,
  })
  try {
    const version = await server.session.version()
    const shown = await server.session.sql('show all functions')
    const rows: object[] = await shown.collect()
    const functions = new Set(rows.map((row) => String(Object.values(row)[0]).toLowerCase()))
    return { kind, address: server.address, version, functions }
  } catch (error) {
    throw await server.explain(error)
  }
}

export const sparkChecks: readonly Check[] = [
  {
    id: 'port-15002',
    title: `Port ${localPort}`,
    async run({ settings, spark }) {
      if (!(await isPortOpen(localPort, 500))) return ok('port is free; jobs start their own Spark')
      if (settings.sparkRemote !== undefined) return ok('in use, but SPARK_REMOTE says where Spark is')
      const facts = await spark().catch(() => null)
      if (facts?.kind === 'local') return ok(`"docker compose up" runs Spark ${facts.version}, and jobs will use it`)
      return warn(
        'in use, but not by a server of "docker compose up" that lets us in; jobs will not use it',
        `let this user call docker, set SPARK_CONNECT_AUTHENTICATE_TOKEN if the server asks for one, or name a server of your own: SPARK_REMOTE=sc://localhost:${localPort}`,
      )
    },
  },
  {
    id: 'spark',
    title: 'Spark',
    async run({ spark, sparkFolder }) {
      try {
        const facts = await spark()
        if (facts === null) return skip(`${await keptServerText(sparkFolder)}; --deep asks a new one`)
        const found = `${facts.version} at ${facts.address}`
        if (/^4\./.test(facts.version)) return ok(found)
        return fail(
          `${found}: too old`,
          `run Spark 4 there (this is tested with ${sparkVersion}), or leave SPARK_REMOTE out`,
        )
      } catch (error) {
        if (!(error instanceof AppError)) throw error
        const where = error.place ? `: ${error.place}` : ''
        return fail(`${error.message}${where}`, error.remedy ?? 'start the server, or correct SPARK_REMOTE')
      }
    },
  },
  {
    id: 'spark-functions',
    title: 'Its functions',
    async run({ spark }) {
      const facts = await spark().catch(() => null)
      if (facts === null) return skip('no server to ask')
      const missing = neededFunctions.filter((name) => !facts.functions.has(name))
      if (missing.length === 0)
        return ok(`all ${neededFunctions.length} that are asked for, of ${facts.functions.size}`)
      return fail(`missing: ${missing.join(', ')}`, `run Spark ${sparkVersion} there`)
    },
  },
]
