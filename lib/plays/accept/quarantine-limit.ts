import { type DataFrame, row_number, Window } from 'spark-connect-js'
import { AppError } from '../../errors.ts'
import { reasonNoSong } from '../read/parse-plays.ts'
import type { QuarantinedPlay } from '../schema.ts'
import type { Accepted, Ledger } from './accept-plays.ts'

/** What is counted of an input: all rows, and those that are refused. */
export type RefusedCounts = Pick<Ledger, 'rowsIn' | 'quarantined' | 'reasons'>

/** A refused row, for people. */
export type RefusedExample = Pick<QuarantinedPlay, 'reason' | 'source_file' | 'source_line' | 'line'>

const shownReasons = 10
const explainedReasons = 3
const examplesPerReason = 3
const maxShownText = 60

/**
 * Refuses an input of which more than `maxPercent` of the lines would be quarantined: that many are not dirt but a
 * misunderstanding, such as the wrong file or the wrong columns. *Cost:* one more query, if it is refused.
 *
 * *Errors:* `AppError('check')` with the most common reasons and up to three lines of each.
 */
export async function checkQuarantine(
  { ledger, quarantined }: Pick<Accepted, 'ledger' | 'quarantined'>,
  maxPercent: number,
): Promise<void> {
  if (refusedShare(ledger).percent <= maxPercent) return
  throw quarantineError(ledger, maxPercent, await examplesOf(quarantined))
}

/** Whether more of the rows are refused than may be. */
export const isOverLimit = (counts: RefusedCounts, maxPercent: number): boolean =>
  refusedShare(counts).percent > maxPercent

/**
 * The rows that count against the limit. Those that are not songs (breaks, podcasts, adverts) do not, unless they are more than half
 * of all.
 */
function refusedShare({ rowsIn, quarantined, reasons }: RefusedCounts) {
  const noSong = Number(reasons.find(({ reason }) => reason === reasonNoSong)?.lines ?? 0)
  const apart = noSong * 2 > Number(rowsIn) ? 0 : noSong
  const [refused, rows] = [Number(quarantined) - apart, Number(rowsIn) - apart]
  return { refused, rows, percent: (100 * refused) / Math.max(1, rows) }
}

/** What is said of an input that is over the limit. */
export function quarantineError(
  counts: RefusedCounts,
  maxPercent: number,
  examples: readonly RefusedExample[],
): AppError {
  const { refused, rows, percent } = refusedShare(counts)
  const reasons = counts.reasons.slice(0, shownReasons).map(({ reason, lines }) => `${reason} (${lines})`)
  const share = `${refused} of ${rows} rows (${percent.toFixed(1)} %)`
  const [first] = counts.reasons
  const advice = adviceFor[first?.reason ?? ''] ?? 'name the columns with --map'
  return new AppError('check', `${share} would be refused, more than ${maxPercent} %: ${reasons.join(', ')}`, {
    place: placesOf(counts, examples),
    remedy: `--inspect in front of the files shows how they are read; ${advice}; or allow more: --max-quarantine ${Math.ceil(percent)}`,
  })
}

const adviceFor: Readonly<Record<string, string>> = {
  'no station': 'say which station it is: --station NAME',
  'time not understood': 'docs/inputs.md lists the times that are understood, --map COLUMN=time names another column',
}

function placesOf({ reasons }: RefusedCounts, examples: readonly RefusedExample[]): string | undefined {
  const told = reasons.slice(0, explainedReasons).flatMap(({ reason }) => {
    const own = examples.filter((each) => each.reason === reason).slice(0, examplesPerReason)
    return own.length === 0 ? [] : [`${reason}: ${own.map(shownExample).join(', ')}`]
  })
  return told.length === 0 ? undefined : told.join('; ')
}

function shownExample({ source_file, source_line, line }: RefusedExample): string {
  const text = line.length > maxShownText ? `${line.slice(0, maxShownText)}…` : line
  return source_file === null ? `"${text}"` : `${source_file}:${source_line} "${text}"`
}

/** The first lines of each reason. */
function examplesOf(quarantined: DataFrame<QuarantinedPlay>): Promise<RefusedExample[]> {
  return quarantined
    .withColumn('nth', (c) =>
      row_number().over(
        Window.partitionBy(c.reason).orderBy(
          c.source_file.asc_nulls_last(),
          c.source_line.asc_nulls_last(),
          c.line.asc(),
        ),
      ),
    )
    .where((c) => c.nth.leq(examplesPerReason))
    .orderBy('reason', 'nth')
    .select('reason', 'source_file', 'source_line', 'line')
    .collect()
}
