import type { Logger } from '../log.ts'
import type { Engine } from './engine.ts'
import { rememberKysely } from './kysely-of.ts'
import { migrate } from './migrate.ts'
import { explainSqlite, openSqlite } from './sqlite.ts'
import { parseDatabaseUrl } from './url.ts'

export interface StoreOptions {
  readonly log: Logger
  /** What the store calls now; default: the system's clock. */
  readonly clock?: () => Date
}

export interface Store {
  readonly kind: 'sqlite' | 'postgres'
  /** For people and logs, never with a secret. */
  readonly address: string
  close(): Promise<void>
}

/**
 * Opens a database and brings its schema up to date.
 *
 * *Errors:* AppError `usage` (malformed address, database newer than this code), `database` (everything else).
 */
export async function openStore(url: string, options: StoreOptions): Promise<Store> {
  const engine = await openEngine(url)
  try {
    await migrate(engine, options.log)
  } catch (error) {
    await engine.close()
    throw engine.explain(error) ?? error
  }
  const store: Store = { kind: engine.kind, address: engine.address, close: () => engine.close() }
  rememberKysely(store, engine.db)
  return store
}

export async function openEngine(url: string, options: { readonly readOnly?: boolean } = {}): Promise<Engine> {
  const parsed = parseDatabaseUrl(url)
  if (parsed.kind === 'postgres') throw new Error('not yet')
  try {
    return openSqlite(parsed.path, options)
  } catch (error) {
    throw explainSqlite(error, parsed.path) ?? error
  }
}
