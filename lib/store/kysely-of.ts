import type { Db } from './schema/database.ts'

/*
 * The Kysely instance behind a store or a reader, for the modules of this folder alone (look-ups, statistics); index.ts
 * does not export it, so that no job can write a query.
 */
const instances = new WeakMap<object, Db>()

export function kyselyOf(store: object): Db {
  const db = instances.get(store)
  if (db === undefined) throw new Error('not a store or reader of this process')
  return db
}

export function rememberKysely(store: object, db: Db): void {
  instances.set(store, db)
}
