import { connect } from 'node:net'
import { databaseUrl, type Settings } from '../config.ts'
import { AppError } from '../errors.ts'
import type { Logger } from '../log.ts'
import type { DatabaseHealth } from '../store/index.ts'
import { bytes } from '../terminal.ts'
import { type Check, type CheckContext, type Finding, fail, ok, skip, warn } from './check.ts'

/** How long a host may take to accept a connection; the driver would wait longer than the whole examination may take. */
const reachMs = 3000

/** Looks at the database of the settings. Errors: AppError, with what to do. */
export async function examineDatabase(settings: Settings, deep: boolean, log: Logger): Promise<DatabaseHealth> {
  const url = databaseUrl(settings)
  if (!url.startsWith('sqlite:')) await reach(url)
  const { databaseHealth } = await import('../store/index.ts')
  return databaseHealth(url, { log, ...(deep ? { maxCheckedBytes: Number.POSITIVE_INFINITY } : {}) })
}

async function reach(url: string): Promise<void> {
  const parsed = URL.parse(url)
  // A socket of the file system, or nothing that we could read: the driver knows better.
  if (parsed === null || parsed.hostname === '' || parsed.searchParams.has('host')) return
  const host = parsed.hostname.replace(/^\[|\]$/g, '')
  const port = Number(parsed.port || 5432)
  const problem = await new Promise<string | null>((resolve) => {
    const socket = connect({ host, port, timeout: reachMs })
    const end = (text: string | null) => {
      socket.destroy()
      resolve(text)
    }
    socket
      .once('connect', () => end(null))
      .once('timeout', () => end(`no answer in ${reachMs / 1000} s`))
      .once('error', (error: NodeJS.ErrnoException) => end(error.code ?? error.message))
  })
  if (problem === null) return
  throw new AppError('database', `cannot connect to ${host}:${port} (${problem})`, {
    remedy: 'start the database, or correct DATABASE_URL',
  })
}

export const databaseChecks: readonly Check[] = [
  {
    id: 'database',
    title: 'Database',
    async run({ database }) {
      try {
        const health = await database()
        const size = health.bytes === null ? '' : `, ${bytes(health.bytes)}`
        if (health.version === null) return ok(`${health.address} does not exist yet; the first run creates it`)
        return ok(`${health.version}, ${health.address}${size}`)
      } catch (error) {
        if (!(error instanceof AppError)) throw error
        return fail(error.message, error.remedy ?? 'correct DATABASE_URL')
      }
    },
  },
  onHealth('database-rights', 'Database permissions', ({ writable }) =>
    writable.is ? ok('writable') : fail(writable.why, 'grant this user the rights, or name another database'),
  ),
  onHealth('database-schema', 'Tables', ({ schema }) => {
    switch (schema.is) {
      case 'absent':
        return ok('the first run creates them')
      case 'current':
        return ok('of this version')
      case 'pending':
        return warn(
          `to be made: ${schema.migrations.join(', ')}`,
          'npm run db:setup creates them, and so does every job',
        )
      case 'refused':
        return fail(schema.error.message, schema.error.remedy ?? 'name another database in DATABASE_URL')
    }
  }),
  onHealth('database-lock', 'Run lock', ({ lock }) => {
    switch (lock.is) {
      case 'free':
        return ok('free')
      case 'unknown':
        return skip('not checked: the tables do not exist yet')
      case 'held':
        return warn(`held (${lock.by})`, 'wait until that run has ended')
      case 'stale':
        return ok(`left by a run that is dead (${lock.by}); the next run takes it over`)
    }
  }),
  onHealth('database-integrity', 'Integrity', ({ integrity, version, bytes: size }) => {
    if (version === null) return ok('nothing to check yet')
    switch (integrity.is) {
      case 'ok':
        return ok('quick_check found no problems')
      case 'damaged':
        return fail(
          integrity.first,
          'restore a backup, or move the file away and run the job again: it rebuilds all tables from the inputs',
        )
      case 'unchecked':
        return skip(
          integrity.reason === 'server' ? 'managed by the server' : `${bytes(size ?? 0)}: checked only with --deep`,
        )
    }
  }),
]

function onHealth(id: string, title: string, judge: (health: DatabaseHealth) => Finding): Check {
  return {
    id,
    title,
    async run({ database }: CheckContext) {
      const health = await database().catch(() => null)
      return health === null ? skip('the database cannot be opened') : judge(health)
    },
  }
}
