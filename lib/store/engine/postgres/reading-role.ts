import { sql } from 'kysely'
import { AppError } from '../../../errors.ts'
import type { Db } from '../../schema/database.ts'
import { relationNames } from '../../schema/relations.ts'

/**
 * The role that a superuser takes for a statement of a person: it reads our relations and nothing else. (`pg_read_all_data`
 * would also read `pg_authid`, which holds the hashes of all passwords.)
 */
const readingRole = 'radio_plays_reader'

/** Functions that Postgres calls volatile although they only answer. */
const harmless = [
  ...['random', 'random_normal', 'gen_random_uuid', 'clock_timestamp', 'timeofday'],
  ...['pg_relation_size', 'pg_table_size', 'pg_indexes_size', 'pg_total_relation_size', 'pg_database_size'],
]

interface Roles {
  readonly superuser: boolean
  readonly schema: string
  /** Whether the reading role can read our relations. */
  readonly granted: boolean
  /** Whether somebody gave the reading role other rights. */
  readonly powerful: boolean
}

async function rolesOf(db: Db): Promise<Roles> {
  const { rows } = await sql<Roles>`
    with reader as (select oid, rolsuper from pg_roles where rolname = ${readingRole})
    select (select rolsuper from pg_roles where rolname = current_user) as superuser, current_schema() as schema,
      coalesce((select has_schema_privilege(oid, current_schema(), 'usage')
        and (select bool_and(coalesce(has_table_privilege(reader.oid, to_regclass(quote_ident(name)), 'select'), false))
          from (select unnest(${[...relationNames]}::text[]) as name union all select name from own_tables) as ours)
        from reader), false) as granted,
      exists (select from reader where rolsuper or oid in (select member from pg_auth_members)) as powerful`.execute(db)
  return rows[0]!
}

/**
 * Makes the reading role where the user is a superuser, the only one who needs it and who can always make it.
 *
 * @param exclusively runs work as the only one: two sessions that grant at once would disturb each other.
 */
export async function makeReadingRole(
  db: Db,
  exclusively: (work: (db: Db) => Promise<void>) => Promise<void>,
): Promise<void> {
  const isDue = async (on: Db) => {
    const { superuser, granted } = await rolesOf(on)
    return superuser && !granted
  }
  if (!(await isDue(db))) return
  await exclusively(async (alone) => {
    if (!(await isDue(alone))) return
    const role = sql.id(readingRole)
    // A role belongs to all databases of a server: another one may have made it, even at this moment.
    await sql`do $$ begin create role ${role} nologin;
      exception when duplicate_object or unique_violation then null; end $$`.execute(alone)
    const { schema } = await rolesOf(alone)
    await sql`grant usage on schema ${sql.id(schema)} to ${role}`.execute(alone)
    const own = await alone.selectFrom('own_tables').select('name').execute()
    const names = [...relationNames, ...own.map(({ name }) => name)]
    await sql`grant select on ${sql.join(names.map((name) => sql.id(name)))} to ${role}`.execute(alone)
  })
}

/**
 * Makes sure that a statement of a person only reads, for the rest of the transaction of `db`. The transaction is
 * read-only, which protects the tables, but not locks, sessions, files and programs.
 *
 * A superuser takes the reading role. Refused are statements that are not queries, and any mention of a function with
 * effects, wherever it stands: comparing words needs no parser that could be misled.
 *
 * *Errors:* AppError `usage`.
 */
export async function restrictToReading(db: Db, text: string): Promise<void> {
  if (!/^[\s(]*(?:select|with|values|table|explain|show)\b/i.test(text)) {
    throw refusal('the statement is not a query')
  }
  // U&"\0073et_config" is another spelling of a name.
  if (/u&\s*["']/i.test(text)) throw refusal('names and texts with U& are not accepted')
  const lower = text.toLowerCase()
  const words = [...new Set(lower.match(/[\p{L}_][\p{L}\p{N}_$]*/gu) ?? [])]
  const { rows } = await sql<{ name: string }>`select distinct proname as name from pg_proc
    where provolatile = 'v' and not proname::text = any(${harmless}) and (lower(proname) = any(${words})
      or (proname ~ '[^[:alnum:]_$]' and strpos(${lower}, lower(proname)) > 0)) order by 1`.execute(db)
  if (rows.length > 0) throw refusal(`${rows.map(({ name }) => name).join(', ')} may have effects`)
  const { superuser, schema, granted, powerful } = await rolesOf(db)
  if (!superuser) return
  if (powerful) {
    throw new AppError('usage', `the role ${readingRole}, which a superuser takes to read, has other rights as well`, {
      remedy: 'revoke them, or name a user in DATABASE_URL who is not a superuser',
    })
  }
  if (!granted) {
    throw new AppError('usage', `a superuser reads as the role ${readingRole}, which has no rights here yet`, {
      remedy: 'run npm run db:setup, which makes the role',
    })
  }
  // Of another role, "$user" in search_path is another schema.
  await sql`select set_config('search_path', quote_ident(${schema}), true)`.execute(db)
  await sql`select set_config('role', ${readingRole}, true)`.execute(db)
}

function refusal(why: string): AppError {
  return new AppError('usage', `this only reads: ${why}`, {
    remedy: 'write a statement that begins with select, with or values',
  })
}
