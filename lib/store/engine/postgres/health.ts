import { sql } from 'kysely'
import type { Db } from '../../schema/database.ts'
import type { EngineHealth, Writable } from '../types.ts'

/** What a Postgres server says about itself; nothing is changed. */
export async function postgresHealth(db: Db): Promise<EngineHealth> {
  const { rows } = await sql<{ server_version: string }>`show server_version`.execute(db)
  return {
    version: `PostgreSQL ${rows[0]!.server_version.split(' ')[0]}`,
    writable: await writable(db),
    integrity: { is: 'unchecked', reason: 'server' },
    bytes: null,
    clockAheadMs: await clockAhead(db),
  }
}

async function writable(db: Db): Promise<Writable> {
  const { rows } = await sql<{ name: string | null; creates: boolean | null; standby: boolean }>`
    select current_schema() as name, has_schema_privilege(current_schema(), 'CREATE') as creates,
      pg_is_in_recovery() as standby`.execute(db)
  const { name, creates, standby } = rows[0]!
  if (standby) return { is: false, why: 'the server is a standby, which can only be read' }
  if (name === null) return { is: false, why: 'no schema of search_path exists' }
  return creates === true ? { is: true, why: '' } : { is: false, why: `no right to create tables in schema ${name}` }
}

async function clockAhead(db: Db): Promise<number> {
  const { rows } = await sql<{ ms: number }>`select extract(epoch from clock_timestamp()) * 1000 as ms`.execute(db)
  return Math.round(Number(rows[0]!.ms) - Date.now())
}
