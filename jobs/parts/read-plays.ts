import type { DataFrame } from 'spark-connect-js'
import { AppError } from '../../lib/errors.ts'
import {
  type FramedFile,
  frameLines,
  type InputPlan,
  inspectLines,
  isUri,
  type LeftOutFile,
  planInputs,
} from '../../lib/input/index.ts'
import type { Logger } from '../../lib/log.ts'
import type { Delimiter } from '../../lib/model/dialect.ts'
import { type Ledger, type ParsedPlay, parsePlays } from '../../lib/plays/index.ts'
import type { Stage } from '../../lib/progress.ts'
import { readLines, type SparkServer } from '../../lib/spark/index.ts'
import { printable } from '../../lib/terminal.ts'

/** The flags that say how logs are read. */
export interface InputOptions {
  readonly map?: Record<string, string>
  readonly delimiter?: Delimiter
  readonly encoding?: string
  readonly header?: boolean
  readonly maxBytes?: number
  readonly allowEmpty?: boolean
}

/** What is to be read: files of this machine, inspected, and addresses that Spark reads by itself. */
export interface Inputs extends InputPlan {
  readonly uris: readonly string[]
}

/** Finds and inspects the inputs. *Errors:* `AppError('input')` for every file that cannot be read. */
export async function findPlays(
  patterns: readonly string[],
  options: InputOptions,
  log: Logger,
  signal: AbortSignal,
): Promise<Inputs> {
  const uris = patterns.filter(isUri)
  const paths = patterns.filter((pattern) => !isUri(pattern))
  if (paths.length === 0) return { groups: [], files: [], leftOut: [], bytes: Number.MAX_SAFE_INTEGER, uris }
  const { encoding, maxBytes, allowEmpty } = options
  const plan = await planInputs(paths, {
    ...columnOptions(options),
    ...(encoding === undefined ? {} : { encoding }),
    ...(maxBytes === undefined ? {} : { maxBytes }),
    allowEmpty: allowEmpty ?? false,
    signal,
  })
  for (const { label, notes } of plan.files) for (const note of notes) log.warn(note, { file: label })
  tellLeftOut(plan.leftOut, log)
  return { ...plan, uris }
}

/** Says which files of the folders and globs are not read. */
function tellLeftOut(files: readonly LeftOutFile[], log: Logger): void {
  for (const { label, why } of files.slice(0, 20)) log.warn(`not read: ${printable(label)} ${why}`)
  if (files.length > 20) log.warn(`and ${files.length - 20} others; name a file itself to read it`)
}

export interface ReadPlaysOptions extends InputOptions {
  /** IANA zone of times that name none. */
  readonly timezone: string
  /** The call sign of plays that have none. */
  readonly station?: string | undefined
  /** Told of each file that is read. */
  readonly onFile: (file: FramedFile) => void
  readonly stage: Stage
  readonly signal: AbortSignal
}

/**
 * The lines of all inputs, parsed: files by way of our reader, each group of files by its own dialect; URIs by Spark, in
 * parallel, without line numbers.
 *
 * *Errors:* `AppError('input')` if there is nothing to read.
 */
export async function readPlays(
  inputs: Inputs,
  server: SparkServer,
  options: ReadPlaysOptions,
): Promise<DataFrame<ParsedPlay>> {
  const { onFile, stage, signal } = options
  const parsing = { timezone: options.timezone, ...(options.station === undefined ? {} : { station: options.station }) }
  const parts: DataFrame<ParsedPlay>[] = []
  let rows = 0
  for (const { files, dialect } of inputs.groups) {
    const before = rows
    const onProgress = (done: number) => {
      rows = before + done
      stage.rows(rows)
    }
    const lines = await readLines(server.session, frameLines(files, { onFile, onProgress, signal }), {
      scratch: server.scratch,
      signal,
    })
    parts.push(lines.transform(parsePlays(dialect, parsing)))
  }
  for (const uri of inputs.uris) {
    const lines = server.session.read.text(uri).select('value').$castTo<{ value: string }>()
    const first = await lines.limit(sampleLines).collect({ signal })
    const { dialect, headerLine } = inspectLines(
      uri,
      first.map(({ value }) => value),
      columnOptions(options),
    )
    parts.push(
      lines.transform(
        parsePlays(dialect, { ...parsing, framed: false, ...(headerLine === null ? {} : { headerLine }) }),
      ),
    )
  }
  const [one, ...others] = parts
  if (one === undefined) {
    throw new AppError('input', 'there is no play in the input', { remedy: 'name a log with at least one play' })
  }
  return others.reduce((all, part) => all.union(part), one)
}

/** Says how dates were taken whose day and month could be either way round, where no date shows the order. */
export function noteDates({ ambiguousDates: { plays, takenAs, sure } }: Ledger, log: Logger): void {
  if (!sure) log.warn('dates that do not show whether day or month comes first', { plays: Number(plays), takenAs })
}

// Enough lines to judge columns by what they hold.
const sampleLines = 1000

function columnOptions({ map, delimiter, header }: InputOptions) {
  return {
    ...(map === undefined ? {} : { map }),
    ...(delimiter === undefined ? {} : { delimiter }),
    ...(header === false ? { hasHeader: false } : {}),
  }
}
