import { silent } from '../../lib/log.ts'
import { openReadOnly, type Relation, relationNames } from '../../lib/store/index.ts'

export type Tables = Record<Exclude<Relation, 'runs'>, Record<string, unknown>[]>

/**
 * Every table and view of a database row by row, without `runs` and without the store's own time stamps: what is equal where
 * two ways to load say the same.
 */
export async function tables(url: string): Promise<Tables> {
  const store = await openReadOnly(url, { log: silent })
  try {
    return await store.snapshot(async (reader) => {
      const all = {} as Record<Relation, Record<string, unknown>[]>
      for (const name of relationNames) {
        if (name === 'runs') continue
        all[name] = []
        const columns = reader.columns(name).filter((column) => column !== 'created_at' && column !== 'updated_at')
        for await (const row of reader.rows(name, { columns })) all[name].push(row)
      }
      return all
    })
  } finally {
    await store.close()
  }
}

/**
 * The same with a spelling in the place of each id, and without the log of ids: what is equal where two databases differ in
 * their history alone. Ids last from run to run, so that a name may keep the one of a spelling that is no longer its first.
 */
export function withoutHistory(all: Tables): Tables {
  const named = new Map<unknown, string>()
  for (const [spellings, id, ...key] of [
    ['artist_names', 'artist_id', 'raw_artist'],
    ['song_names', 'song_id', 'raw_artist', 'raw_song'],
  ] as const) {
    for (const row of all[spellings]) {
      const spelling = key.map((column) => row[column]).join('\t')
      const first = named.get(row[id])
      if (first === undefined || spelling < first) named.set(row[id], spelling)
    }
  }
  const told = (row: Record<string, unknown>) =>
    Object.fromEntries(
      Object.entries(row).map(([column, value]) => [
        column,
        /^(artist|song)_id$/.test(column) ? named.get(value) : value,
      ]),
    )
  const text = (row: Record<string, unknown>) => Object.values(row).join('\t')
  const result = { ...all, id_events: [] }
  for (const name of ['artist_names', 'song_names', 'artists', 'songs'] as const) {
    result[name] = all[name].map(told).sort((a, b) => (text(a) < text(b) ? -1 : 1))
  }
  return result
}
