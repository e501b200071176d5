import { relative } from 'node:path'
import { AppError } from '../errors.ts'
import { type BadFile, holdsInput, type InputPlan, isUri, type LeftOutFile, planInputs } from '../input/index.ts'
import type { Logger } from '../log.ts'
import type { Delimiter } from '../model/dialect.ts'
import { printable } from '../terminal.ts'
import { fetchAddresses } from './fetch-addresses.ts'

// What `data:fetch` brought, else the sample that comes with the project.
const fetched = 'data/input'
const sample = relative(process.cwd(), new URL('../../sample/plays.csv', import.meta.url).pathname)

/** What a user says of the inputs and of how they are read. */
export interface InputOptions {
  /** Files, folders, globs, http(s) addresses or URIs that Spark reads. Default: what `data:fetch` brought, else the sample. */
  readonly input?: readonly string[]
  /** The same, given without a flag. */
  readonly files?: readonly string[]
  readonly map?: Record<string, string>
  readonly delimiter?: Delimiter
  readonly encoding?: string
  readonly sheet?: string
  readonly header?: boolean
  readonly maxBytes?: number
  readonly allowEmpty?: boolean
  /** Leaves out the files that cannot be read. */
  readonly skipBad?: boolean
  /** The call sign of plays that have none. */
  readonly station?: string | undefined
}

/** What a user says of how plays are read. */
export interface ReadingOptions extends InputOptions {
  /** IANA zone of times that name none. */
  readonly timezone: string
  readonly dateOrder?: 'mdy' | 'dmy'
}

/** Whether the file of that label is the sample. */
export const isSample = (label: string): boolean => /(^|\/)sample\/plays\.csv$/.test(label)

/** What is to be read: files of this machine, inspected, and addresses that Spark reads by itself. */
export interface Inputs extends InputPlan {
  readonly uris: readonly string[]
  /** Files that cannot be read as play logs. */
  readonly bad: readonly BadFile[]
}

/** Finds and inspects the inputs, bad ones too; fetches those that are http(s) addresses. *Errors:* `AppError('input')` for what is not there. */
export async function planPlays(
  options: InputOptions & { readonly append?: boolean },
  { log, signal }: { readonly log: Logger; readonly signal: AbortSignal },
): Promise<Inputs> {
  const named = [...(options.files ?? []), ...(options.input ?? [])]
  const inputs = named.length > 0 ? named : await defaultInput(options.append === true)
  const patterns = await fetchAddresses(inputs, { maxBytes: options.maxBytes, log, signal })
  const uris = patterns.filter(isUri)
  const paths = patterns.filter((pattern) => !isUri(pattern))
  if (paths.length === 0) return { groups: [], files: [], leftOut: [], bad: [], bytes: Number.MAX_SAFE_INTEGER, uris }
  const { encoding, sheet, maxBytes, allowEmpty } = options
  const bad: BadFile[] = []
  const plan = await planInputs(paths, {
    ...columnOptions(options),
    ...(encoding === undefined ? {} : { encoding }),
    ...(sheet === undefined ? {} : { sheet }),
    ...(maxBytes === undefined ? {} : { maxBytes }),
    allowEmpty: allowEmpty ?? false,
    onBad: (file) => bad.push(file),
    signal,
  })
  return { ...plan, uris, bad }
}

/**
 * Finds and inspects the inputs. Says which files are left out, and what is known of how the others are read.
 *
 * *Errors:* `AppError('input')` if a file cannot be read (unless `skipBad`), after all of them were named, and if rows would have
 * no station; `AppError('usage')` if there is nothing to append.
 */
export async function findPlays(
  options: InputOptions & { readonly append?: boolean },
  { log, signal }: { readonly log: Logger; readonly signal: AbortSignal },
): Promise<Inputs> {
  const inputs = await planPlays(options, { log, signal })
  for (const { label, notes } of inputs.files) for (const note of notes) log.warn(note, { file: label })
  logLeftOut(inputs.leftOut, log)
  if (inputs.bad.length > 0) settleBad(inputs, options.skipBad === true, log)
  requireStation(inputs, options)
  return inputs
}

/** Says which files of the folders and globs are not read: one line for each reason. */
function logLeftOut(files: readonly LeftOutFile[], log: Logger): void {
  for (const [why, alike] of Map.groupBy(files, (each) => each.why)) {
    for (let at = 0; at < alike.length; at += namesInLine) {
      const [name, ...others] = alike.slice(at, at + namesInLine).map(({ label }) => printable(label))
      log.warn(
        others.length === 0 ? `not read: ${name} ${why}` : `not read, each ${why}: ${[name, ...others].join(', ')}`,
      )
    }
  }
}

const namesInLine = 50

/** Names every file that cannot be read; goes on without them if that is wanted and others are left. */
function settleBad({ bad, files, uris }: Inputs, skipBad: boolean, log: Logger): void {
  const [first] = bad
  const others = files.length + uris.length
  const messages = new Set(bad.map(({ error }) => error.message.replace(/^--map .*? there is/, 'there is')))
  if (skipBad && others > 0) {
    for (const { error } of bad) log.warn(`skipped: ${error.message}`, placeOf(error))
    return
  }
  if (first && (bad.length === 1 || (messages.size === 1 && first.error.kind === 'usage'))) {
    const { kind, message, place, remedy } = first.error
    if (others === 0 || kind === 'usage') throw first.error
    throw new AppError(kind, message, {
      place,
      remedy: `${remedy ?? ''}; or leave it out: --skip-bad`.replace(/^; or/, ''),
    })
  }
  for (const { error } of bad) {
    log.error(error.message, { ...placeOf(error), ...(error.remedy === undefined ? {} : { do: error.remedy }) })
  }
  throw new AppError('input', `${bad.length} of ${bad.length + others} files cannot be read as play logs`, {
    place: bad.map(({ label }) => label).join(', '),
    remedy:
      others > 0 ? 'do what is said of each above, or load the others: --skip-bad' : 'do what is said of each above',
  })
}

const placeOf = ({ place }: AppError) => (place === undefined ? {} : { at: place })

/** Without a station no row is a play. */
function requireStation({ groups, uris }: Inputs, { station }: InputOptions): void {
  const without = groups.filter(({ dialect }) => !dialect.columns.includes('callsign')).flatMap(({ files }) => files)
  if (station !== undefined || without.length === 0 || uris.length > 0) return
  throw new AppError('input', 'no column names the station', {
    place: without.map(({ label }) => label).join(', '),
    remedy: 'say which station it is: --station NAME; or, if a column holds it: --map COLUMN=station',
  })
}

/** The input of a run that names none. Made-up plays are for a look at the product, not for a database that has plays already. */
async function defaultInput(append: boolean): Promise<readonly string[]> {
  if (await holdsInput(fetched)) return [fetched]
  if (append) throw new AppError('usage', '--append needs an input', { remedy: 'name new logs with --input' })
  return [sample]
}

/** The options about columns, as the inspection of a file takes them. */
export function columnOptions({ map, delimiter, header }: InputOptions) {
  return {
    ...(map === undefined ? {} : { map }),
    ...(delimiter === undefined ? {} : { delimiter }),
    ...(header === false ? { hasHeader: false } : {}),
  }
}
