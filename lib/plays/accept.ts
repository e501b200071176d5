import { type DataFrame, expr } from 'spark-connect-js'
import { hold } from './hold.ts'
import type { AcceptedPlay, ParsedPlay, QuarantinedPlay } from './schema.ts'

/** What became of every line: `rowsIn` = `plays` + `quarantined` + `duplicates`. */
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
  /** Plays whose day and month could be either way round, and how they were taken. */
  readonly ambiguousDates: {
    readonly plays: bigint
    readonly takenAs: 'month first' | 'day first'
    readonly sure: boolean
  }
}

export interface Accepted {
  readonly plays: DataFrame<AcceptedPlay>
  readonly quarantined: DataFrame<QuarantinedPlay>
  readonly ledger: Ledger
}

export interface AcceptOptions {
  /** Day and month where nothing shows their order. Default: as the unambiguous lines have it, else month first. */
  readonly dateOrder?: 'mdy' | 'dmy'
  /** Whether repaired lines are plays. Default: true; false quarantines them. */
  readonly repair?: boolean
}

type Tally = {
  reason: string | null
  lines: bigint
  repaired: bigint
  either: bigint
  mdy: bigint
  dmy: bigint
  clashing: bigint
}

/**
 * Parts the lines into plays and refused lines, and counts both.
 *
 * Lines with one id are one play: with the same content the others are duplicates; with other content the first by file and
 * line is the play and the others are refused. *Cost:* one pass that parses and keeps the lines on the server, one aggregate;
 * if ids repeat, one more pass over the lines that have them.
 */
export async function acceptPlays(parsed: DataFrame<ParsedPlay>, options: AcceptOptions = {}): Promise<Accepted> {
  const repairs = options.repair ?? true
  const held = await hold(
    repairs
      ? parsed
      : parsed.withColumn('reason', () =>
          expr<string | null>("if(reason is null and repaired = 1, 'damaged', reason)"),
        ),
  )
  const tallies = await tally(held)
  const accepted = tallies.find((t) => t.reason === null)

  let status = held.withColumn('duplicate', () => expr<boolean>('false'))
  let counted: readonly { reason: string | null; lines: bigint; repaired: bigint; duplicates: bigint }[] = tallies.map(
    (t) => ({
      ...t,
      duplicates: 0n,
    }),
  )
  if (accepted && accepted.clashing > 0n) {
    status = await hold(settleClashes(held))
    counted = await status
      .groupBy('reason')
      .agg({
        lines: expr<bigint>('count(*)'),
        repaired: expr<bigint>('sum(if(duplicate, 0, repaired))'),
        duplicates: expr<bigint>('count_if(duplicate)'),
      })
      .collect()
  }

  const either = accepted?.either ?? 0n
  const seen = accepted ? { mdy: accepted.mdy, dmy: accepted.dmy } : { mdy: 0n, dmy: 0n }
  const dayFirst = options.dateOrder ? options.dateOrder === 'dmy' : seen.dmy > seen.mdy
  const sure = options.dateOrder !== undefined || seen.dmy > 0n !== seen.mdy > 0n

  const plays = status
    .where(() => expr<boolean>('reason is null and not duplicate'))
    .select(() => ({
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
    }))

  const total = (of: (row: (typeof counted)[number]) => bigint) => counted.reduce((sum, row) => sum + of(row), 0n)
  const refused = counted.filter((row) => row.reason !== null)
  const good = counted.find((row) => row.reason === null)
  return {
    plays,
    quarantined: status.where(() => expr<boolean>('reason is not null')).transform(identifyRefused),
    ledger: {
      rowsIn: total((row) => row.lines),
      plays: good ? good.lines - good.duplicates : 0n,
      repaired: good?.repaired ?? 0n,
      quarantined: refused.reduce((sum, row) => sum + row.lines, 0n),
      duplicates: total((row) => row.duplicates),
      reasons: refused
        .map((row) => ({ reason: row.reason!, lines: row.lines }))
        .sort((a, b) => Number(b.lines - a.lines) || (a.reason < b.reason ? -1 : 1)),
      ambiguousDates: { plays: either, takenAs: dayFirst ? 'day first' : 'month first', sure: either === 0n || sure },
    },
  }
}

/** One row per reason. Ids are counted by their 64-bit hash: a collision costs a second look, never a wrong result. */
async function tally(held: DataFrame<ParsedPlay>): Promise<Tally[]> {
  const byId = held
    .select(() => ({
      reason: expr<string | null>('reason'),
      id: expr<bigint | null>('if(reason is null, xxhash64(unique_id), null)'),
      repaired: expr<number>('repaired'),
      date_order: expr<string | null>('date_order'),
    }))
    .groupBy('reason', 'id')
    .agg({
      n: expr<bigint>('count(*)'),
      repaired: expr<bigint>('sum(repaired)'),
      either: expr<bigint>("count_if(date_order = 'either')"),
      mdy: expr<bigint>("count_if(date_order = 'mdy')"),
      dmy: expr<bigint>("count_if(date_order = 'dmy')"),
    })
  return byId
    .groupBy('reason')
    .agg({
      lines: expr<bigint>('sum(n)'),
      repaired: expr<bigint>('sum(repaired)'),
      either: expr<bigint>('sum(either)'),
      mdy: expr<bigint>('sum(mdy)'),
      dmy: expr<bigint>('sum(dmy)'),
      clashing: expr<bigint>('sum(if(id is not null and n > 1, n, 0))'),
    })
    .collect()
}

const content = 'struct(raw_song, raw_artist, callsign, time, combined, first_play)'
// Files in the order of their names, lines in theirs; lines of files that Spark read by itself in the order of their text.
const inOrder = 'order by source_file asc nulls last, source_line asc nulls last, line asc'

/** The lines whose id occurs again: all but the first are marked as duplicates or given a reason. */
function settleClashes(held: DataFrame<ParsedPlay>): DataFrame<ParsedPlay & { duplicate: boolean }> {
  const hashed = held.withColumn('id_hash', () => expr<bigint>('if(reason is null, xxhash64(unique_id), null)'))
  const clashes = hashed
    .where(() => expr<boolean>('id_hash is not null'))
    .groupBy('id_hash')
    .agg({ n: expr<bigint>('count(*)') })
    .where(() => expr<boolean>('n > 1'))
    .select('id_hash')
  const single = hashed
    .join(clashes, 'id_hash', 'anti')
    .drop('id_hash')
    .withColumn('duplicate', () => expr<boolean>('false'))
  const settled = hashed
    .join(clashes, 'id_hash', 'semi')
    .drop('id_hash')
    .withColumns(() => ({
      place: expr<number>(`row_number() over (partition by unique_id ${inOrder})`),
      first_content: expr<unknown>(`first_value(${content}) over (partition by unique_id ${inOrder})`),
    }))
    .withColumns(() => ({
      duplicate: expr<boolean>(`place > 1 and ${content} <=> first_content`),
      reason: expr<string | null>(`if(place > 1 and not (${content} <=> first_content), 'id of another play', reason)`),
    }))
    .drop('place', 'first_content')
  return single.unionByName(settled.$castTo<ParsedPlay & { duplicate: boolean }>())
}

/** Gives refused lines an id that is the same in every run: equal lines without a place are told apart by a number. */
function identifyRefused(refused: DataFrame<ParsedPlay & { duplicate: boolean }>): DataFrame<QuarantinedPlay> {
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
