import { existsSync } from 'node:fs'
import type { DataFrame, SparkSession } from 'spark-connect-js'
import { type Override, readDecisions, readOverrides, usualOverrides } from '../input/index.ts'
import type { Logger } from '../log.ts'
import type { Decision } from '../model/decisions.ts'
import { type AcceptedPlay, type Doubt, type PairEstimate, type ResolvedNames, resolveNames } from '../plays/index.ts'
import { type IdEvent, type NameDoubt, openLookups, type Store } from '../store/index.ts'
import { count } from '../terminal.ts'
import { unusedOverridesText } from './unused-overrides.ts'

/** What stands beside the plays about names: a person's word, and ids that enrichment found. */
export interface KnownNames {
  readonly overrides: readonly Override[]
  /** The file of the overrides; undefined where there is none. */
  readonly file?: string | undefined
  readonly mbids: readonly { readonly artist: string; readonly mbid: string }[]
}

const pathOf = (file: string | undefined) => file ?? (existsSync(usualOverrides) ? usualOverrides : undefined)

/** A person's word about look-ups. *Errors:* those of `readDecisions`. */
export async function readKnownDecisions(file: string | undefined, log: Logger): Promise<readonly Decision[]> {
  const path = pathOf(file)
  return path === undefined ? [] : readDecisions(path, (note) => log.warn(note, { file: path }))
}

/** Reads both. *Errors:* AppError for a file that was named and is not there, or holds no pairs. */
export async function readKnownNames(file: string | undefined, store: Store, log: Logger): Promise<KnownNames> {
  const path = pathOf(file)
  return {
    overrides: path === undefined ? [] : await readOverrides(path, (note) => log.warn(note, { file: path })),
    file: path,
    mbids: await openLookups(store).artistMbids(),
  }
}

/** Resolves the names of the plays with what is known of them, and says which overrides do nothing. Errors: see `resolveNames`. */
export async function resolveKnowing(
  session: SparkSession,
  plays: DataFrame<AcceptedPlay>,
  { overrides, file, mbids }: KnownNames,
  { fuzzyThreshold, log }: { readonly fuzzyThreshold: number; readonly log: Logger },
): Promise<ResolvedNames> {
  const names = await resolveNames(session, plays, {
    fuzzyThreshold,
    overrides,
    // Where nothing is known, nothing is spent on it.
    ...(mbids.length > 0 && { mbids: await session.createDataFrame(mbids, 'artist string, mbid string') }),
    onEstimate: (estimate) => logEstimate(estimate, log),
  })
  const unplayed = new Map<unknown, readonly string[]>(names.unusedOverrides.map((each) => [each.pair, each.unplayed]))
  const unused = overrides.flatMap((each) => {
    const missing = unplayed.get(each)
    return missing === undefined ? [] : [{ ...each, unplayed: missing }]
  })
  if (unused.length > 0) log.warn(unusedOverridesText(unused, file))
  return names
}

// So many pairs take some ten seconds: who waits for them wants to know why.
const manyPairs = 1_000_000n

/** Says how many pairs of names are to be compared, before they are: to users where it takes its time. */
export function logEstimate(estimate: readonly PairEstimate[], log: Pick<Logger, 'info' | 'debug'>): void {
  const pairs = estimate.reduce((sum, each) => sum + each.pairs, 0n)
  const byRule = estimate.filter((each) => each.pairs > 0n).map((each) => `${each.rule} ${count(each.pairs)}`)
  const level = pairs >= manyPairs ? 'info' : 'debug'
  log[level](`comparing ${count(pairs)} pairs of artists' names`, { by: byRule.join(', ') })
}

/** Says which ids changed their meaning. */
export function logIdEvents(events: readonly IdEvent[], log: Logger): void {
  for (const { level, kind, id, into, name } of events.slice(0, 20)) {
    log.info(`${level} ${kind}: id ${id} now means "${name}"`, { into })
  }
  if (events.length > 20) log.info(`and ${events.length - 20} other ids; all are in id_events`)
}

/** The doubts as they are stored. */
export function storedDoubts(doubts: readonly Doubt[]): readonly NameDoubt[] {
  return doubts.map((doubt) => ({ ...doubt, artist: doubt.artist ?? '', plays: Number(doubt.plays) }))
}
