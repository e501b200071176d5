import { silent } from '../../lib/log.ts'
import { openReadOnly, type Relation, relationNames } from '../../lib/store/index.ts'

/**
 * Every table and view of a database row by row, without `runs` and without the store's own time stamps: what is equal where
 * two ways to load say the same.
 */
export async function tables(url: string): Promise<Record<Exclude<Relation, 'runs'>, Record<string, unknown>[]>> {
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
