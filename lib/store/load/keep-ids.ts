import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import type { Dialect, Session } from '../engine/types.ts'
import type { Db } from '../schema/database.ts'
import { type LoadTable, quote, shapes } from '../schema/tables.ts'

/** An id that changed its meaning: `split` lives on without these plays, `merged` is gone. */
export interface IdEvent {
  readonly level: 'artist' | 'song'
  readonly kind: 'split' | 'merged'
  /** What the plays had before, and what they have now. */
  readonly id: string
  readonly into: string
  /** The canonical name of `into`. */
  readonly name: string
}

/** Plays of one id of this run whose spellings had one id (null: none) in the last run. */
export interface Overlap {
  readonly fresh: string
  readonly old: string | null
  readonly plays: number
  readonly name: string
}

interface Level {
  readonly level: IdEvent['level']
  readonly id: string
  readonly name: string
  readonly spellings: LoadTable
  readonly key: readonly string[]
  /** Tables that bear the id. */
  readonly tables: readonly LoadTable[]
}

const levels: readonly Level[] = [
  {
    level: 'artist',
    id: 'artist_id',
    name: 'artist_clean',
    spellings: 'artist_names',
    key: ['raw_artist'],
    tables: ['artist_names', 'artists', 'songs'],
  },
  {
    level: 'song',
    id: 'song_id',
    name: 'song_clean',
    spellings: 'song_names',
    key: ['raw_artist', 'raw_song'],
    tables: ['song_names', 'songs'],
  },
]

/**
 * Gives the staged artists and songs the ids that they have in the published tables, so that an id survives new spellings
 * and a change of the most played one.
 *
 * *Cost:* one join of the spellings where nothing differs; where something does, one row per id comes here.
 */
export async function keepIds(dialect: Dialect, session: Session, db: Db): Promise<readonly IdEvent[]> {
  const events: IdEvent[] = []
  for (const each of levels) {
    const staging = sql.raw(session.staging.table(shapes[each.spellings]))
    const published = sql.raw(quote(each.spellings))
    const [id, name] = [sql.raw(quote(each.id)), sql.raw(quote(each.name))]
    const sameKey = sql.raw(each.key.map((column) => `t.${quote(column)} = s.${quote(column)}`).join(' and '))
    const { rows: differing } = await sql`select 1 from ${staging} s join ${published} t on ${sameKey}
      where s.${id} <> t.${id} limit 1`.execute(db)
    if (differing.length === 0) continue
    const { rows } = await sql<Overlap>`
      select s.${id} as fresh, t.${id} as old, cast(sum(s.plays) as double precision) as plays, min(s.${name}) as name
      from ${staging} s left join ${published} t on ${sameKey} group by s.${id}, t.${id}`.execute(db)
    const kept = keptIds(rows)
    const changed = [...kept].filter(([fresh, to]) => fresh !== to)
    if (changed.length > 0) {
      const list = JSON.stringify(Object.fromEntries(changed))
      // One statement, since ids may change places.
      const pairs = dialect.jsonPairs(list)
      for (const table of each.tables) {
        await sql`with ids as materialized (select key, value from ${pairs})
          update ${sql.raw(session.staging.table(shapes[table]))} as s set ${id} = ids.value from ids where ids.key = s.${id}`.execute(
          db,
        )
      }
    }
    events.push(...eventsOf(each.level, rows, kept))
  }
  return events
}

/**
 * The id of each cluster of this run: the one that most of its plays had. Of two clusters that want one id, the one with more
 * plays of it keeps it; the other one has its own, or if that is taken one made of it.
 */
export function keptIds(overlaps: readonly Overlap[]): ReadonlyMap<string, string> {
  const wanted = new Map<string, Overlap>()
  const fresh = new Set<string>()
  for (const each of overlaps) {
    fresh.add(each.fresh)
    if (each.old !== null && comesFirst(each, wanted.get(each.fresh), 'old')) wanted.set(each.fresh, each)
  }
  const winners = new Map<string, Overlap>()
  for (const each of wanted.values()) {
    if (comesFirst(each, winners.get(each.old!), 'fresh')) winners.set(each.old!, each)
  }
  const kept = new Map([...winners].map(([old, each]) => [each.fresh, old]))
  const taken = new Set(winners.keys())
  for (const each of [...fresh].sort()) {
    if (kept.has(each)) continue
    let id = each
    for (let n = 2; taken.has(id); n++)
      id = createHash('sha256').update(`${each} ${n}`).digest('hex').slice(0, each.length)
    kept.set(each, id)
    taken.add(id)
  }
  return kept
}

/** More plays first; of as many, the smaller id. */
function comesFirst(one: Overlap, other: Overlap | undefined, by: 'fresh' | 'old'): boolean {
  if (other === undefined || one.plays !== other.plays) return one.plays > (other?.plays ?? -1)
  return one[by]! < other[by]!
}

function eventsOf(
  level: IdEvent['level'],
  overlaps: readonly Overlap[],
  kept: ReadonlyMap<string, string>,
): readonly IdEvent[] {
  const alive = new Set(kept.values())
  return overlaps.flatMap(({ fresh, old, name }): IdEvent[] => {
    const into = kept.get(fresh)!
    if (old === null || old === into) return []
    return [{ level, kind: alive.has(old) ? 'split' : 'merged', id: old, into, name }]
  })
}
