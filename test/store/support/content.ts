import { createHash } from 'node:crypto'
import { silent } from '../../../lib/log.ts'
import { openReadOnly, type ReadOnlyStore, type Relation, relationNames } from '../../../lib/store/index.ts'

/** What a reader sees of the published state, without the log of the runs. */
export const publishedRelations = relationNames.filter((name) => name !== 'runs')

/** One hash over every row of the given relations, read in one snapshot; equal for equal content in either database. */
export async function contentHash(
  from: ReadOnlyStore | string,
  names: readonly Relation[] = publishedRelations,
): Promise<string> {
  const store = typeof from === 'string' ? await openReadOnly(from, { log: silent }) : from
  try {
    return await store.snapshot(async (reader) => {
      const hash = createHash('sha256')
      for (const name of names) {
        hash.update(`\u0001${name}`)
        for await (const row of reader.rows(name)) {
          hash.update(
            JSON.stringify(Object.values(row), (_, value) => (typeof value === 'bigint' ? `${value}n` : value)),
          )
        }
      }
      return hash.digest('hex')
    })
  } finally {
    if (store !== from) await store.close()
  }
}

export async function rowsOf(store: ReadOnlyStore, name: Relation): Promise<Record<string, unknown>[]> {
  return store.snapshot(async (reader) => {
    const rows: Record<string, unknown>[] = []
    for await (const row of reader.rows(name, { batchRows: 97 })) rows.push(row)
    return rows
  })
}
