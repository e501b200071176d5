import { isOverLimit, type ParsedPlay, quarantineError } from '../plays/index.ts'
import type { Inputs, ReadingOptions } from './find-plays.ts'
import { samplePlays } from './sample-plays.ts'

// Of more rows a look at all of them would cost what it can save.
const maxRows = 300
const maxFiles = 10

/**
 * Refuses an input that Spark would refuse, before Spark starts: possible where all rows of small files are read here.
 *
 * *Errors:* `AppError('check')` as `checkQuarantine`.
 */
export async function checkSmallInput(
  { files, uris }: Inputs,
  options: ReadingOptions & { readonly maxQuarantine: number },
  signal: AbortSignal,
): Promise<void> {
  const filled = files.filter((file) => !file.empty)
  if (uris.length > 0 || filled.length > maxFiles) return
  const plays: ParsedPlay[] = []
  for (const file of filled) {
    const sample = await samplePlays(file, { ...options, maxRows, signal })
    if (!sample.whole) return
    plays.push(...sample.plays)
  }
  const refused = plays.flatMap(({ reason, ...play }) => (reason === null ? [] : [{ ...play, reason }]))
  const reasons = [...Map.groupBy(refused, ({ reason }) => reason)]
    .map(([reason, own]) => ({ reason, lines: BigInt(own.length) }))
    .sort((a, b) => Number(b.lines - a.lines) || (a.reason < b.reason ? -1 : 1))
  const counts = { rowsIn: BigInt(plays.length), quarantined: BigInt(refused.length), reasons }
  if (isOverLimit(counts, options.maxQuarantine)) throw quarantineError(counts, options.maxQuarantine, refused)
}
