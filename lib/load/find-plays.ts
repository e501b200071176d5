import { relative } from 'node:path'
import { AppError } from '../errors.ts'
import { holdsInput, type InputPlan, isUri, type LeftOutFile, planInputs } from '../input/index.ts'
import type { Logger } from '../log.ts'
import type { Delimiter } from '../model/dialect.ts'
import { printable } from '../terminal.ts'

// What `data:fetch` brought, else the sample that comes with the project.
const fetched = 'data/input'
const sample = relative(process.cwd(), new URL('../../sample/plays.csv', import.meta.url).pathname)

/** What a user says of the inputs and of how they are read. */
export interface InputOptions {
  /** Files, folders, globs or URIs. Default: what `data:fetch` brought, else the sample. */
  readonly input?: readonly string[]
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

/**
 * Finds and inspects the inputs. *Errors:* `AppError('input')` for every file that cannot be read, `AppError('usage')` if
 * there is nothing to append.
 */
export async function findPlays(
  options: InputOptions & { readonly append?: boolean },
  { log, signal }: { readonly log: Logger; readonly signal: AbortSignal },
): Promise<Inputs> {
  const patterns = options.input ?? (await defaultInput(options.append === true))
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
  logLeftOut(plan.leftOut, log)
  return { ...plan, uris }
}

/** Says which files of the folders and globs are not read. */
function logLeftOut(files: readonly LeftOutFile[], log: Logger): void {
  for (const { label, why } of files.slice(0, 20)) log.warn(`not read: ${printable(label)} ${why}`)
  if (files.length > 20) log.warn(`and ${files.length - 20} others; name a file itself to read it`)
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
