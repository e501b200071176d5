import { AppError } from '../errors.ts'
import type { Logger } from '../log.ts'
import { playsOfOtherSources, type ReadOnlyStore, type SourcePlays } from '../store/index.ts'
import { count, printable } from '../terminal.ts'
import { type Inputs, isSample } from './find-plays.ts'

/** What a user said of the inputs, and of the plays that a run would take away. */
export interface ReplacementOptions {
  readonly append?: boolean
  /** A person has said that the plays may go. */
  readonly yes?: boolean
  readonly files?: readonly string[]
  readonly input?: readonly string[]
}

/**
 * Says which plays a run is about to take away, since the file that they came from is not among its inputs. At a terminal it
 * asks; elsewhere it warns and goes on, as scheduled runs need it. The sample's plays may always go.
 *
 * *Errors:* AppError `usage` where the answer is no; nothing was changed.
 */
export async function confirmReplacement(
  store: ReadOnlyStore,
  inputs: Inputs,
  options: ReplacementOptions,
  { log, confirm }: { readonly log: Logger; readonly confirm?: ((question: string) => Promise<boolean>) | undefined },
): Promise<void> {
  if (options.append) return
  const sources = new Set([...inputs.files.map(({ label }) => label), ...inputs.uris])
  const others = await store.snapshot((reader) => playsOfOtherSources(reader, sources))
  // Of what Spark reads by itself, nobody knows the files.
  const going = others.filter(({ source }) => (source === null ? inputs.uris.length === 0 : !isSample(source)))
  if (going.length === 0) return
  const keep = appendLine([...(options.files ?? []), ...(options.input ?? [])])
  log.warn(`${replacedText(going)}; to keep them: ${keep}`)
  if (options.yes || confirm === undefined || (await confirm('Replace them?'))) return
  throw new AppError('usage', 'stopped: the plays of other files stay, nothing was changed', {
    remedy: `keep them: ${keep}; replace them: the same command with --yes`,
  })
}

/** What goes: its number, files, stations and days. */
export function replacedText(going: readonly SourcePlays[]): string {
  const plays = going.reduce((sum, each) => sum + each.plays, 0)
  const files = [...new Set(going.map(({ source }) => source ?? 'addresses that Spark read'))]
  const stations = [...new Set(going.map(({ station }) => station))].sort()
  const day = (unix: number) => new Date(unix * 1000).toISOString().slice(0, 10)
  const first = going.reduce((least, { firstUnix }) => Math.min(least, firstUnix), Number.POSITIVE_INFINITY)
  const last = going.reduce((most, { lastUnix }) => Math.max(most, lastUnix), Number.NEGATIVE_INFINITY)
  return `this run takes away ${count(plays)} plays that are not from its inputs: of ${some(files)}; stations ${some(stations)}; ${day(first)} to ${day(last)} (UTC)`
}

const shown = 5

const some = (names: readonly string[]) =>
  [...names.slice(0, shown).map(printable), ...(names.length > shown ? [`${names.length - shown} more`] : [])].join(
    ', ',
  )

/** The command that keeps the plays, as it can be pasted. */
function appendLine(input: readonly string[]): string {
  const quoted = (input.length === 0 ? ['PATH'] : input).map((path) =>
    /^[\w./:@%+=,-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`,
  )
  return `npm run job:aggregate -- --append --input ${quoted.join(' ')}`
}
