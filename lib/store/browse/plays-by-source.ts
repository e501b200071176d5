import { type Kysely, sql } from 'kysely'
import { kyselyOf } from '../kysely-of.ts'
import type { Database } from '../schema/database.ts'
import type { Reader } from './reader.ts'

/** The plays of one station that came from one file; from null where Spark itself read them. */
export interface SourcePlays {
  readonly source: string | null
  readonly station: string
  readonly plays: number
  readonly firstUnix: number
  readonly lastUnix: number
}

/**
 * The plays by the file that they came from, those from the given files left out.
 *
 * *Cost:* a scan of `plays`, unless the runs so far read no other file.
 */
export async function playsOfOtherSources(
  reader: Reader,
  sources: ReadonlySet<string>,
): Promise<readonly SourcePlays[]> {
  const db = kyselyOf(reader)
  if (await readNothingElse(db, sources)) return []
  const rows = await db
    .selectFrom('plays')
    .select((e) => [
      'source_file as source',
      'callsign as station',
      e.fn.countAll<number>().as('plays'),
      e.fn.min('time_unix').as('firstUnix'),
      e.fn.max('time_unix').as('lastUnix'),
    ])
    .groupBy(['source_file', 'callsign'])
    .orderBy(sql`count(*)`, 'desc')
    .orderBy('source_file')
    .orderBy('callsign')
    .execute()
  return rows.filter(({ source }) => source === null || !sources.has(source))
}

/** Whether all that runs have read so far is among these files. */
async function readNothingElse(db: Kysely<Database>, sources: ReadonlySet<string>): Promise<boolean> {
  const runs = await db.selectFrom('runs').select('inputs').where('outcome', '<>', 'failed').distinct().execute()
  const labels = runs.flatMap(({ inputs }) =>
    (JSON.parse(inputs) as { readonly label: string }[]).map((each) => each.label),
  )
  return labels.length > 0 && labels.every((label) => sources.has(label))
}
