import type { DataFrame, SparkSession } from 'spark-connect-js'
import { AppError } from '../errors.ts'
import { frameLines, inspectLines } from '../input/index.ts'
import type { Logger } from '../log.ts'
import type { Stage } from '../model/stage.ts'
import {
  type Accepted,
  type AcceptOptions,
  acceptPlays,
  type Ledger,
  type ParsedPlay,
  type ParseOptions,
  parsePlays,
} from '../plays/index.ts'
import { overRows, readLines, type SparkServer } from '../spark/index.ts'
import type { RunInput } from '../store/index.ts'
import { columnOptions, type InputOptions, type Inputs } from './find-plays.ts'

/** How inputs are read. */
export interface ReadPlaysOptions extends InputOptions {
  /** IANA zone of times that name none. */
  readonly timezone: string
  readonly stage: Stage
  readonly signal: AbortSignal
}

/** The parsed lines of all inputs. */
export interface ReadPlays {
  readonly parsed: DataFrame<ParsedPlay>
  /** What was read, as the table of runs keeps it. */
  readonly files: readonly RunInput[]
}

/**
 * The lines of all inputs, parsed: files by way of our reader, each group of files by its own dialect; URIs by Spark, in
 * parallel, without line numbers.
 *
 * *Errors:* `AppError('input')` if there is nothing to read.
 */
export async function readPlays(inputs: Inputs, server: SparkServer, options: ReadPlaysOptions): Promise<ReadPlays> {
  const files: RunInput[] = inputs.uris.map((label) => ({ label }))
  const parsing = { timezone: options.timezone, ...(options.station === undefined ? {} : { station: options.station }) }
  const { session, scratch } = server
  const { stage, signal } = options
  const parts: DataFrame<ParsedPlay>[] = []
  let rows = 0
  for (const { files: group, dialect } of inputs.groups) {
    const before = rows
    const onProgress = (done: number) => {
      rows = before + done
      stage.rows(rows)
    }
    const slices = frameLines(group, { onFile: (file) => files.push(file), onProgress, signal })
    parts.push((await readLines(session, slices, { scratch, signal })).transform(parsePlays(dialect, parsing)))
  }
  for (const uri of inputs.uris) parts.push(await readUri(uri, session, parsing, options))
  const [one, ...others] = parts
  if (one === undefined) {
    throw new AppError('input', 'the input has no plays', { remedy: 'name a log with at least one play' })
  }
  return { parsed: others.reduce((all, part) => all.union(part), one), files }
}

// Enough lines to judge columns by what they hold.
const sampleLines = 1000

async function readUri(
  uri: string,
  session: SparkSession,
  parsing: ParseOptions,
  options: ReadPlaysOptions,
): Promise<DataFrame<ParsedPlay>> {
  const lines = session.read.text(uri).select('value').$castTo<{ value: string }>()
  const first = await lines.limit(sampleLines).collect({ signal: options.signal })
  const values = first.map(({ value }) => value)
  const { dialect, headerLine } = inspectLines(uri, values, columnOptions(options))
  const more = { framed: false, ...(headerLine === null ? {} : { headerLine }) }
  return lines.transform(parsePlays(dialect, { ...parsing, ...more }))
}

/** `acceptPlays`, with the rules for lines compiled whatever the size of the input. */
export const accept = (
  { session }: Pick<SparkServer, 'session'>,
  parsed: DataFrame<ParsedPlay>,
  options: AcceptOptions,
): Promise<Accepted> => overRows(session, () => acceptPlays(parsed, options))

/** Says how dates were taken whose day and month could be either way round, where no date shows the order. */
export function logDates({ ambiguousDates: { unsure, takenAs } }: Ledger, log: Logger): void {
  if (unsure === 0n) return
  log.warn('dates that do not show whether day or month comes first', { plays: Number(unsure), takenAs })
}
