import { framedStart, type InspectedFile } from '../input/index.ts'
import { type ParsedPlay, parseHere } from '../plays/index.ts'

export interface SampleOptions {
  /** IANA zone of times that name none. */
  readonly timezone: string
  readonly station?: string | undefined
  /** The most rows of the file that are read. */
  readonly maxRows: number
  readonly signal: AbortSignal
}

/** The first rows of a file as the job will read them, computed without Spark. */
export interface SamplePlays {
  readonly plays: readonly ParsedPlay[]
  /** Later rows whose date shows whether its day or month comes first, where earlier ones leave that open. */
  readonly later: readonly ParsedPlay[]
  /** Whether `plays` are all rows of the file. */
  readonly whole: boolean
}

// For the order of day and month more lines are looked at: these take milliseconds, for only a few are read.
const maxLines = 20_000
const maxLater = 100
const dayFirst = /(?<!\d)(?:1[3-9]|2\d|3[01])([-/])\d{1,2}\1\d{2,4}(?!\d)/
const monthFirst = /(?<!\d)\d{1,2}([-/])(?:1[3-9]|2\d|3[01])\1\d{2,4}(?!\d)/

/** Reads the first rows of a file. *Cost:* of 300 rows a tenth of a second. *Errors:* those of `frameLines`. */
export async function samplePlays(file: InspectedFile, options: SampleOptions): Promise<SamplePlays> {
  const { timezone, station, maxRows, signal } = options
  const { lines, whole } = await framedStart(file, maxLines, { signal })
  const parse = parseHere(file.dialect, { timezone, ...(station === undefined ? {} : { station }) })
  const plays = parse(lines.slice(0, maxRows))
  const rest = plays.some(({ date_order }) => date_order === 'either') ? lines.slice(maxRows) : []
  const later = [dayFirst, monthFirst].flatMap((form) => rest.filter((line) => form.test(line)).slice(0, maxLater))
  return { plays, later: parse(later), whole: whole && lines.length <= maxRows }
}
