import { AppError } from '../errors.ts'
import {
  describeRelation,
  explainArtist,
  explainPlay,
  explainSong,
  type NameOfPair,
  nameKeys,
  pairFacts,
  playsOverTime,
  type Reader,
  refusedLine,
  relationCounts,
  relationFacets,
  relationNamed,
  relationRows,
  reviewNames,
  searchNames,
  stateOf,
} from '../store/index.ts'

/*
 * What can be asked of a database, by name: the process that asks (index.ts) and the one that answers (child.ts) share
 * this list. Arguments and answers cross between processes, so they are plain data.
 */

const remembered = new Map<string, unknown>()
const maxRemembered = 200
const mostPlays = { column: 'plays', descending: true }

/** The answer of the state before, as long as nothing new was published: counting a million plays takes 100 ms and more. */
async function remember<T>(reader: Reader, key: string, work: () => Promise<T>): Promise<T> {
  const full = `${await stateOf(reader)} ${key}`
  if (remembered.has(full)) return remembered.get(full) as T
  const answer = await work()
  if (remembered.size >= maxRemembered) remembered.delete(remembered.keys().next().value!)
  remembered.set(full, answer)
  return answer
}

export const operations = {
  counts: (reader: Reader, _: object) => remember(reader, 'counts', () => relationCounts(reader)),
  describe: async (reader: Reader, { table }: { table: string | undefined }) =>
    (table === undefined ? reader.names : [relationNamed(reader, table)]).flatMap((name) =>
      describeRelation(reader, name).map((column) => ({ table: name, ...column })),
    ),
  rows: (reader: Reader, { table, ...rest }: { table: string } & Parameters<typeof relationRows>[2]) =>
    relationRows(reader, table, rest),
  facets: (
    reader: Reader,
    { table, column, ...rest }: { table: string; column: string } & Parameters<typeof relationFacets>[3],
  ) => relationFacets(reader, table, column, rest),
  state: (reader: Reader, _: object) => stateOf(reader),
  search: (reader: Reader, { text, limit }: { text: string; limit: number }) => searchNames(reader, text, limit),
  artist: (reader: Reader, { name }: { name: string }) => explainArtist(reader, name),
  play: (reader: Reader, { id }: { id: string }) => explainPlay(reader, id),
  refused: (reader: Reader, { id }: { id: string }) => refusedLine(reader, id),
  review: (reader: Reader, options: Parameters<typeof reviewNames>[1]) => reviewNames(reader, options),
  cards: (reader: Reader, { limit }: { limit: number }) =>
    remember(reader, `cards ${limit}`, async () => pairFacts(reader, await reviewNames(reader, { limit }))),
  overview: (reader: Reader, { limit }: { limit: number }) =>
    remember(reader, `overview ${limit}`, async () => ({
      totals: await reader.totals(),
      counts: await relationCounts(reader),
      stations: await relationRows(reader, 'stations', { limit, sort: mostPlays }),
      artists: await relationRows(reader, 'artists', { limit, sort: mostPlays }),
    })),
  song: (reader: Reader, { artist, title }: { artist: string; title: string }) => explainSong(reader, artist, title),
  playsOverTime: (reader: Reader, of: Parameters<typeof playsOverTime>[1]) => playsOverTime(reader, of),
  station: async (reader: Reader, { callsign, timezone }: { callsign: string; timezone: string }) => {
    const { stationAnswers } = await import('./station-answers.ts')
    return (await remember(reader, `stations ${timezone}`, () => stationAnswers(reader, timezone)))(callsign)
  },
  keys: (reader: Reader, { names }: { names: readonly NameOfPair[] }) => nameKeys(reader, names),
  query: async (reader: Reader, { text, maxRows }: { text: string; maxRows: number }) => {
    // To Postgres nothing is a statement too.
    if (text.trim() !== '') return reader.query(text, { maxRows })
    throw new AppError('usage', 'a statement is missing', { remedy: 'put one into quotes: sql "select 1"' })
  },
  /** The page itself: its data holds functions, which do not travel between processes. */
  report: async (reader: Reader, { timezone, database }: { timezone: string; database: string }): Promise<string> => {
    const { gatherReport, renderReport } = await import('../report/index.ts')
    return remember(reader, `report ${timezone} ${database}`, async () =>
      renderReport(await gatherReport(reader, { timezone }), { origin: [{ name: 'Database', value: database }] }),
    )
  },
}

export type Operations = typeof operations
/** The name of an operation that a reading process runs. */
export type Question = keyof Operations
/** The arguments of an operation. */
export type Arguments<Q extends Question> = Parameters<Operations[Q]>[1]
/** The result of an operation. */
export type Answer<Q extends Question> = Awaited<ReturnType<Operations[Q]>>

/** What the asking process sends: first where the database is, then questions. */
export type Request =
  | { readonly open: string }
  | { readonly id: number; readonly question: Question; readonly args: unknown; readonly limitMs: number }

export type Reply =
  | { readonly ready: true }
  | { readonly id: number; readonly answer: unknown }
  | { readonly id: number | null; readonly error: Pick<AppError, 'kind' | 'message' | 'place' | 'remedy'> }
