import {
  type Column,
  type Columns,
  concat,
  count,
  count_if,
  type DataFrame,
  dense_rank,
  first_value,
  greatest,
  left,
  length,
  lit,
  row_number,
  struct,
  sum,
  Window,
  when,
  xxhash64,
} from 'spark-connect-js'
import { pin } from '../pin.ts'
import { type DateOrders, dateOrders, type MarkedPlay } from './marked-play.ts'

/** Lines whose id is also the id of others. */
export interface Clashes {
  /** The lines whose id is theirs alone, and the refused ones. */
  readonly single: DataFrame<MarkedPlay>
  /** The lines whose id occurs again: all but the first are marked as duplicates or have a reason. */
  readonly rows: DataFrame<MarkedPlay & { duplicate: boolean }>
  readonly duplicates: bigint
  readonly refused: bigint
  /** Repaired lines among the duplicates and the refused. */
  readonly repairedLost: bigint
  /** How often a line shows an order of day and month that another one with its id has shown. */
  readonly repeated: DateOrders
}

export const reasonOfClash = 'id of another play'

// So many ids fit into every task; more are joined by a shuffle.
const maxBroadcast = 1_000_000n

/**
 * Takes the lines apart whose ids clash; null if none do. Ids are compared by their 64-bit hash first: a collision costs a
 * second look, never a wrong result. *Cost:* of the clashing lines, and two passes over the others' ids.
 */
export async function resolveClashes(lines: DataFrame<MarkedPlay>): Promise<Clashes | null> {
  const hashed = lines.withColumn('id_hash', (c) => when(c.reason.isNull(), xxhash64(contentId(c.unique_id))))
  const found = await pin(
    hashed
      .where((c) => c.id_hash.isNotNull())
      .groupBy('id_hash')
      .agg({ n: count('*') })
      .where((c) => c.n.gt(1))
      .select('id_hash'),
  )
  const clashing = await found.count()
  if (clashing === 0n) return null
  const ids = clashing <= maxBroadcast ? found.hint('broadcast') : found
  const rows = await pin(
    hashed.join(ids, 'id_hash', 'semi').drop('id_hash').transform(numberEqual).transform(markRepeated),
  )
  const counts = await countRepeated(rows)
  return { single: hashed.join(ids, 'id_hash', 'anti').drop('id_hash'), rows, ...counts }
}

// Of a line without an id, its content makes one (parse-plays.ts): `d` and a hash where its time has no clock, else `h`. Here
// the second such play of a file gets `-2` behind it.
const madeIdLength = 33
const madeId = '^[hd][0-9a-f]{32}'

/** The id without the number behind it. */
const contentId = (id: Column<string>): Column<string> =>
  when(
    length(id)
      .gt(madeIdLength)
      .and(id.rlike(`${madeId}-[0-9]+$`)),
    left(id, madeIdLength),
  ).otherwise(id)

/**
 * Numbers lines of one file whose content is the same, so that they are plays of their own: all of them where the time has no
 * clock, for a song may be played twice a day; with a clock, those that differ in a column that is not read. The same file
 * gives the same numbers whenever it is loaded.
 */
function numberEqual(lines: DataFrame<MarkedPlay>): DataFrame<MarkedPlay> {
  const sameFile = (c: Columns<MarkedPlay>) => Window.partitionBy(c.stored, c.unique_id, c.source_file)
  return lines
    .withColumn('nth', (c) => {
      const ofDay = row_number().over(sameFile(c).orderBy(c.source_line.asc_nulls_last(), c.line.asc()))
      const ofLine = dense_rank().over(sameFile(c).orderBy(c.line.asc()))
      const isMade = c.stored.not().and(c.unique_id.rlike(`${madeId}$`))
      return when(isMade, when(c.unique_id.startsWith('d'), ofDay).otherwise(ofLine)).otherwise(1)
    })
    .withColumn('unique_id', (c) =>
      when(c.nth.gt(1), concat(c.unique_id, lit('-'), c.nth.cast('string'))).otherwise(c.unique_id),
    )
    .drop('nth')
}

const contentOf = ({ raw_song, raw_artist, callsign, time, combined, first_play }: Columns<MarkedPlay>) =>
  struct({ raw_song, raw_artist, callsign, time, combined, first_play })

/** Marks all lines of one id but the first: as duplicates, or with a reason. */
function markRepeated(lines: DataFrame<MarkedPlay>): DataFrame<MarkedPlay & { duplicate: boolean }> {
  // What is stored, then files in the order of their names, lines in theirs; lines of files that Spark read by itself in the
  // order of their text.
  const sameId = (c: Columns<MarkedPlay>) =>
    Window.partitionBy(c.unique_id).orderBy(
      c.stored.desc(),
      c.source_file.asc_nulls_last(),
      c.source_line.asc_nulls_last(),
      c.line.asc(),
    )
  return lines
    .withColumns((c) => ({
      place: row_number().over(sameId(c)),
      first_content: first_value(contentOf(c)).over(sameId(c)),
    }))
    .withColumns((c) => {
      const isSame = contentOf(c).eqNullSafe(c.first_content)
      return {
        duplicate: c.place.gt(1).and(isSame),
        reason: when(c.place.gt(1).and(isSame.not()), reasonOfClash).otherwise(c.reason),
      }
    })
    .drop('place', 'first_content')
}

async function countRepeated(
  rows: DataFrame<MarkedPlay & { duplicate: boolean }>,
): Promise<Pick<Clashes, 'duplicates' | 'refused' | 'repairedLost' | 'repeated'>> {
  const [counts] = await rows
    .groupBy('unique_id')
    .agg((c) => ({
      duplicates: count_if(c.duplicate),
      refused: count_if(c.reason.isNotNull()),
      repairedLost: count_if(c.duplicate.or(c.reason.isNotNull()).and(c.repaired.eq(1))),
      ...dateOrders((order) => greatest(count_if(c.date_order.eq(order)).minus(1), lit(0n))),
    }))
    .agg((c) => ({
      duplicates: sum(c.duplicates).$notNull(),
      refused: sum(c.refused).$notNull(),
      repairedLost: sum(c.repairedLost).$notNull(),
      ...dateOrders((order) => sum(c[order]).$notNull()),
    }))
    .collect()
  const { duplicates, refused, repairedLost, ...repeated } = counts!
  return { duplicates, refused, repairedLost, repeated }
}
