import { type DataFrame, expr } from 'spark-connect-js'
import { hold } from './hold.ts'
import type { AcceptedPlay, ParsedPlay, QuarantinedPlay } from './schema.ts'

/** What became of every line, stored plays left out: `rowsIn` = `plays` + `quarantined` + `duplicates`. */
export interface Ledger {
  readonly rowsIn: bigint
  readonly plays: bigint
  /** Plays that the anchor put together again. */
  readonly repaired: bigint
  readonly quarantined: bigint
  /** Lines that repeat a play with the same id and the same content. */
  readonly duplicates: bigint
  /** Quarantined lines by reason, the most common first. */
  readonly reasons: readonly { readonly reason: string; readonly lines: bigint }[]
  /** Plays, stored ones too, whose day and month could be either way round, and how they were taken. */
  readonly ambiguousDates: {
    readonly plays: bigint
    readonly takenAs: 'month first' | 'day first'
    readonly sure: boolean
  }
}

export interface Accepted {
  /** The accepted ones, and the stored ones. */
  readonly plays: DataFrame<AcceptedPlay>
  readonly quarantined: DataFrame<QuarantinedPlay>
  readonly ledger: Ledger
}

export interface AcceptOptions {
  /** Day and month where nothing shows their order. Default: as the unambiguous lines have it, else month first. */
  readonly dateOrder?: 'mdy' | 'dmy'
  /** Whether repaired lines are plays. Default: true; false quarantines them. */
  readonly repair?: boolean
  /** Plays that are there already, each id once (`storedPlays`): they stay, and come before all lines. */
  readonly stored?: DataFrame<ParsedPlay> | undefined
}

type MarkedPlay = ParsedPlay & { stored: boolean }

/** Lines by what they show of the order of day and month. */
type DateOrders = { either: bigint; mdy: bigint; dmy: bigint }

type Tally = DateOrders & {
  reason: string | null
  /** Stored plays left out; `repaired` too. */
  lines: bigint
  repaired: bigint
}

/**
 * Parts the lines into plays and refused lines, and counts both.
 *
 * Lines with one id are one play: with the same content the others are duplicates; with other content the first by file and
 * line is the play and the others are refused. What is stored comes first, so that loading files one after the other, in the
 * order of their names, accepts what loading them at once does. *Cost:* one pass that parses and keeps the lines on the server,
 * one that counts them and one over their ids; if ids repeat, one more over the lines that have them.
 */
export async function acceptPlays(parsed: DataFrame<ParsedPlay>, options: AcceptOptions = {}): Promise<Accepted> {
  const repairs = options.repair ?? true
  const { stored } = options
  const lines = repairs
    ? parsed
    : parsed.withColumn('reason', () => expr<string | null>("if(reason is null and repaired = 1, 'damaged', reason)"))
  const marked = (frame: DataFrame<ParsedPlay>, is: boolean) => frame.withColumn('stored', () => expr<boolean>(`${is}`))
  const held = await hold(stored ? marked(lines, false).unionByName(marked(stored, true)) : marked(lines, false))
  const [tallies, settled] = await Promise.all([tally(held), settleClashes(held)])
  const accepted = tallies.find((t) => t.reason === null)
  const refusedHere = settled?.refused ?? 0n

  // Of a play that is there several times, one counts: what shows the order must not depend on what is stored already.
  const seenOnce = (order: keyof DateOrders) => (accepted?.[order] ?? 0n) - (settled?.repeated[order] ?? 0n)
  const either = seenOnce('either')
  const seen = { mdy: seenOnce('mdy'), dmy: seenOnce('dmy') }
  const dayFirst = options.dateOrder ? options.dateOrder === 'dmy' : seen.dmy > seen.mdy
  const sure = options.dateOrder !== undefined || seen.dmy > 0n !== seen.mdy > 0n

  const good = 'reason is null and not duplicate'
  const single = (settled?.single ?? held).withColumn('duplicate', () => expr<boolean>('false'))
  const plays = (settled ? single.where(good).unionByName(settled.rows.where(good)) : single.where(good)).select(
    () => ({
      unique_id: expr<string>('unique_id'),
      raw_song: expr<string>('raw_song'),
      raw_artist: expr<string>('raw_artist'),
      callsign: expr<string>('callsign'),
      time: expr<string>('time'),
      time_unix: expr<bigint>(dayFirst ? 'coalesce(time_other, time_unix)' : 'time_unix'),
      combined: expr<string | null>('combined'),
      first_play: expr<number | null>('first_play'),
      repaired: expr<number>('repaired'),
      repair_rule: expr<string | null>('repair_rule'),
      original_line: expr<string | null>('if(repaired = 1, line, null)'),
      source_file: expr<string | null>('source_file'),
      source_line: expr<bigint | null>('source_line'),
    }),
  )

  const reasons = tallies.flatMap((t) => (t.reason === null ? [] : [{ reason: t.reason, lines: t.lines }]))
  if (refusedHere > 0n) reasons.push({ reason: otherContent, lines: refusedHere })
  const bad = held.where('reason is not null')
  return {
    plays,
    quarantined: (settled
      ? bad.unionByName(settled.rows.where('reason is not null').drop('duplicate'))
      : bad
    ).transform(identifyRefused),
    ledger: {
      rowsIn: tallies.reduce((sum, t) => sum + t.lines, 0n),
      plays: (accepted?.lines ?? 0n) - refusedHere - (settled?.duplicates ?? 0n),
      repaired: (accepted?.repaired ?? 0n) - (settled?.repairedLost ?? 0n),
      quarantined: reasons.reduce((sum, { lines }) => sum + lines, 0n),
      duplicates: settled?.duplicates ?? 0n,
      reasons: reasons.sort((x, y) => Number(y.lines - x.lines) || (x.reason < y.reason ? -1 : 1)),
      ambiguousDates: {
        plays: either,
        takenAs: dayFirst ? 'day first' : 'month first',
        sure: either === 0n || sure,
      },
    },
  }
}

/** One row per reason. A line whose id occurs again counts as often as it is there. */
function tally(held: DataFrame<MarkedPlay>): Promise<Tally[]> {
  return held
    .groupBy('reason')
    .agg({
      lines: expr<bigint>('count_if(not stored)'),
      repaired: expr<bigint>('sum(if(stored, 0, repaired))'),
      ...dateOrders((order) => `count_if(date_order = '${order}')`),
    })
    .collect()
}

function dateOrders(sql: (order: keyof DateOrders) => string) {
  return {
    either: expr<bigint>(sql('either')),
    mdy: expr<bigint>(sql('mdy')),
    dmy: expr<bigint>(sql('dmy')),
  }
}

const content = 'struct(raw_song, raw_artist, callsign, time, combined, first_play)'
// What is stored, then files in the order of their names, lines in theirs; lines of files that Spark read by itself in the order of their text.
const inOrder = 'order by stored desc, source_file asc nulls last, source_line asc nulls last, line asc'

const otherContent = 'id of another play'

interface Settled {
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

// So many ids fit into every task; more are joined by a shuffle.
const mostBroadcast = 1_000_000n

/**
 * Takes the lines apart whose ids clash; null if none do. Ids are compared by their 64-bit hash first: a collision costs a
 * second look, never a wrong result. *Cost:* of the clashing lines, and two passes over the others' ids.
 */
async function settleClashes(held: DataFrame<MarkedPlay>): Promise<Settled | null> {
  const hashed = held.withColumn('id_hash', () => expr<bigint | null>('if(reason is null, xxhash64(unique_id), null)'))
  const found = await hold(
    hashed
      .where('id_hash is not null')
      .groupBy('id_hash')
      .agg({ n: expr<bigint>('count(*)') })
      .where('n > 1')
      .select('id_hash'),
  )
  const clashing = await found.count()
  if (clashing === 0n) return null
  const clashes = clashing <= mostBroadcast ? found.hint('broadcast') : found
  const rows = await hold(
    hashed
      .join(clashes, 'id_hash', 'semi')
      .drop('id_hash')
      .withColumns(() => ({
        place: expr<number>(`row_number() over (partition by unique_id ${inOrder})`),
        first_content: expr<unknown>(`first_value(${content}) over (partition by unique_id ${inOrder})`),
      }))
      .withColumns(() => ({
        duplicate: expr<boolean>(`place > 1 and ${content} <=> first_content`),
        reason: expr<string | null>(`if(place > 1 and not (${content} <=> first_content), '${otherContent}', reason)`),
      }))
      .drop('place', 'first_content')
      .$castTo<MarkedPlay & { duplicate: boolean }>(),
  )
  const [counts] = await rows
    .groupBy('unique_id')
    .agg({
      duplicates: expr<bigint>('count_if(duplicate)'),
      refused: expr<bigint>('count_if(reason is not null)'),
      repairedLost: expr<bigint>('sum(if(duplicate or reason is not null, repaired, 0))'),
      ...dateOrders((order) => `greatest(count_if(date_order = '${order}') - 1, 0)`),
    })
    .agg({
      duplicates: expr<bigint>('sum(duplicates)'),
      refused: expr<bigint>('sum(refused)'),
      repairedLost: expr<bigint>('sum(repairedLost)'),
      ...dateOrders((order) => `sum(${order})`),
    })
    .collect()
  const { duplicates, refused, repairedLost, ...repeated } = counts!
  const single = hashed.join(clashes, 'id_hash', 'anti').drop('id_hash').$castTo<MarkedPlay>()
  return { single, rows, duplicates, refused, repairedLost, repeated }
}

/** Gives refused lines an id that is the same in every run: equal lines without a place are told apart by a number. */
function identifyRefused(refused: DataFrame<MarkedPlay>): DataFrame<QuarantinedPlay> {
  const same = 'source_file, source_line, line, reason'
  return refused
    .withColumn('occurrence', () =>
      expr<number>(`row_number() over (partition by ${same} order by unique_id nulls last)`),
    )
    .select(() => ({
      quarantine_id: expr<string>(`left(sha2(to_json(struct(${same}, occurrence)), 256), 32)`),
      reason: expr<string>('reason'),
      line: expr<string>('line'),
      source_file: expr<string | null>('source_file'),
      source_line: expr<bigint | null>('source_line'),
    }))
}
