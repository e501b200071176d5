import type { Dialect } from './engine/types.ts'
import type { Db } from './schema/database.ts'

/*
 * The Kysely instance behind a store or a reader, for the modules of this folder alone (look-ups, statistics); index.ts
 * does not export it, so that no job can write a query.
 */

/** What an engine and a snapshot have in common. */
interface Queryable {
  readonly db: Db
  readonly dialect: Dialect
}

const instances = new WeakMap<object, Queryable>()

function queryableOf(store: object): Queryable {
  const found = instances.get(store)
  if (found === undefined) throw new Error('not a store or reader of this process')
  return found
}

export const kyselyOf = (store: object): Db => queryableOf(store).db
export const dialectOf = (store: object): Dialect => queryableOf(store).dialect

export function rememberKysely(store: object, behind: Queryable): void {
  instances.set(store, behind)
}
