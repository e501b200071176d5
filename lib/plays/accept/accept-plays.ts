import { coalesce, count_if, type DataFrame, lit, when } from 'spark-connect-js'
import { pin } from '../pin.ts'
import type { AcceptedPlay, ParsedPlay, QuarantinedPlay } from '../schema.ts'
import { type Clashes, reasonOfClash, resolveClashes } from './clashes.ts'
import { type DateOrder, orderByFile } from './date-order.ts'
import { type DateOrders, dateOrders, type MarkedPlay } from './marked-play.ts'
import { identifyRefused } from './refused.ts'

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
  /**
   * Plays, stored ones too, whose day and month could be either way round; how many of them nothing in their file shows the
   * order of, and how these were taken.
   */
  readonly ambiguousDates: {
    readonly plays: bigint
    readonly unsure: bigint
    readonly takenAs: DateOrder['usual']
  }
}

/** Plays, refused lines and the count of both. */
export interface Accepted {
  /** The accepted ones, and the stored ones. */
  readonly plays: DataFrame<AcceptedPlay>
  readonly quarantined: DataFrame<QuarantinedPlay>
  readonly ledger: Ledger
}

/** How lines become plays. */
export interface AcceptOptions {
  /**
   * Day and month where nothing shows their order. Default: as the other lines of the file, or of its station in it, have it,
   * then as those of the run have it, else month first.
   */
  readonly dateOrder?: 'mdy' | 'dmy' | undefined
  /** Whether repaired lines are plays. Default: true; false quarantines them. */
  readonly repair?: boolean
  /** Plays that are there already, each id once (`storedPlays`): they stay, and come before all lines. */
  readonly stored?: DataFrame<ParsedPlay> | undefined
}

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
  const { stored } = options
  const lines = (options.repair ?? true) ? parsed : parsed.transform(withoutRepaired)
  const marked = (frame: DataFrame<ParsedPlay>, is: boolean) => frame.withColumn('stored', lit(is))
  const pinned = await pin(stored ? marked(lines, false).unionByName(marked(stored, true)) : marked(lines, false))
  const [tallies, clashes] = await Promise.all([tally(pinned), resolveClashes(pinned)])
  const single = (clashes?.single ?? pinned).withColumn('duplicate', lit(false))
  const all = clashes ? single.unionByName(clashes.rows) : single
  const accepted = all.where((c) => c.reason.isNull().and(c.duplicate.not())).drop('duplicate')
  const order = await orderOf(accepted, seenOnce(tallies, clashes), options)
  const bad = pinned.where((c) => c.reason.isNotNull())
  const refused = clashes?.rows.where((c) => c.reason.isNotNull()).drop('duplicate')
  return {
    plays: accepted.transform(acceptedPlays(order)),
    quarantined: (refused ? bad.unionByName(refused) : bad).transform(identifyRefused),
    ledger: ledgerOf(tallies, clashes, order),
  }
}

/** Of a play that is there several times, one counts: what shows the order must not depend on what is stored already. */
function seenOnce(tallies: readonly Tally[], clashes: Clashes | null): DateOrders {
  const accepted = tallies.find((t) => t.reason === null)
  const once = (order: keyof DateOrders) => (accepted?.[order] ?? 0n) - (clashes?.repeated[order] ?? 0n)
  return { either: once('either'), mdy: once('mdy'), dmy: once('dmy') }
}

/** One order for the whole run, unless its dates show both: then each file has its own. */
async function orderOf(
  accepted: DataFrame<MarkedPlay>,
  seen: DateOrders,
  { dateOrder }: AcceptOptions,
): Promise<DateOrder & { readonly ambiguous: bigint }> {
  const isDayFirst = dateOrder ? dateOrder === 'dmy' : seen.dmy > seen.mdy
  const ambiguous = seen.either
  if (dateOrder === undefined && ambiguous > 0n && seen.dmy > 0n && seen.mdy > 0n) {
    return { ...(await orderByFile(accepted, isDayFirst)), ambiguous }
  }
  const isShown = dateOrder !== undefined || seen.dmy > 0n || seen.mdy > 0n
  const usual = isDayFirst ? 'day first' : 'month first'
  return { usual, unsure: isShown ? 0n : ambiguous, isDayFirst: () => lit(isDayFirst), ambiguous }
}

const withoutRepaired = (lines: DataFrame<ParsedPlay>): DataFrame<ParsedPlay> =>
  lines.withColumn('reason', (c) => when(c.reason.isNull().and(c.repaired.eq(1)), 'damaged').otherwise(c.reason))

/** One row per reason. A line whose id occurs again counts as often as it is there. */
function tally(lines: DataFrame<MarkedPlay>): Promise<Tally[]> {
  return lines
    .groupBy('reason')
    .agg((c) => ({
      lines: count_if(c.stored.not()),
      repaired: count_if(c.stored.not().and(c.repaired.eq(1))),
      ...dateOrders((order) => count_if(c.date_order.eq(order))),
    }))
    .collect()
}

function ledgerOf(
  tallies: readonly Tally[],
  clashes: Clashes | null,
  { usual, unsure, ambiguous }: DateOrder & { readonly ambiguous: bigint },
): Ledger {
  const accepted = tallies.find((t) => t.reason === null)
  const refused = clashes?.refused ?? 0n
  const reasons = tallies.flatMap((t) => (t.reason === null ? [] : [{ reason: t.reason, lines: t.lines }]))
  if (refused > 0n) reasons.push({ reason: reasonOfClash, lines: refused })
  return {
    rowsIn: tallies.reduce((sum, t) => sum + t.lines, 0n),
    plays: (accepted?.lines ?? 0n) - refused - (clashes?.duplicates ?? 0n),
    repaired: (accepted?.repaired ?? 0n) - (clashes?.repairedLost ?? 0n),
    quarantined: reasons.reduce((sum, { lines }) => sum + lines, 0n),
    duplicates: clashes?.duplicates ?? 0n,
    reasons: reasons.sort((x, y) => Number(y.lines - x.lines) || (x.reason < y.reason ? -1 : 1)),
    ambiguousDates: { plays: ambiguous, unsure, takenAs: usual },
  }
}

/** What is not null in every line without a reason; an ambiguous day and month taken one way. */
const acceptedPlays =
  ({ isDayFirst }: DateOrder) =>
  (lines: DataFrame<MarkedPlay>): DataFrame<AcceptedPlay> =>
    lines.select((c) => ({
      unique_id: c.unique_id,
      raw_song: c.raw_song.$notNull(),
      raw_artist: c.raw_artist,
      callsign: c.callsign,
      time: c.time.$notNull(),
      time_unix: when(isDayFirst(c), coalesce(c.time_other, c.time_unix)).otherwise(c.time_unix).$notNull(),
      combined: c.combined,
      first_play: c.first_play,
      repaired: c.repaired,
      repair_rule: c.repair_rule,
      original_line: when(c.repaired.eq(1), c.line),
      source_file: c.source_file,
      source_line: c.source_line,
    }))
