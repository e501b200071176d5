import type { LakeFacts, RunFacts } from '../model/run-facts.ts'
import type { StageTime } from '../model/stage.ts'
import type { Ledger } from '../plays/index.ts'
import type { SparkServer } from '../spark/index.ts'
import type { PublishResult, ReadOnlyStore } from '../store/index.ts'
import type { Inputs } from './find-plays.ts'

/** What is known of a run all the time. */
interface Running {
  readonly startedAt: Date
  readonly progress: { readonly stages: readonly StageTime[] }
  /** Takes the figures of the run for its metrics. */
  measure(figures: Readonly<Record<string, number>>): void
}

/** What a run has to say of itself at its end. */
export interface FinishedRun {
  readonly inputs: Pick<Inputs, 'bad'>
  readonly ledger: Ledger
  readonly changed: PublishResult['changed']
  readonly server: Pick<SparkServer, 'kind' | 'address'>
  readonly lake?: LakeFacts | undefined
}

type FactsStore = Pick<ReadOnlyStore, 'snapshot' | 'address'>

/** The facts of a run that has published, with the state that it left; its metrics get the figures. *Errors:* those of the store. */
export async function gatherFacts(
  store: FactsStore,
  { startedAt, progress, measure }: Running,
  { ledger, changed, inputs, server, lake }: FinishedRun,
): Promise<RunFacts> {
  const { quarantinedInAll: _, ...state } = await stateFacts(store)
  const facts: RunFacts = {
    ...state,
    skippedFiles: inputs.bad.map(({ label }) => label),
    rowsIn: Number(ledger.rowsIn),
    plays: Number(ledger.plays),
    duplicates: Number(ledger.duplicates),
    quarantined: ledger.reasons.map(({ reason, lines }) => ({ reason, rows: Number(lines) })),
    changes: Object.entries(changed).map(([table, change]) => ({ table, ...change })),
    stages: progress.stages,
    totalMs: Date.now() - startedAt.getTime(),
    spark: `${server.kind} (${server.address})`,
    ...(lake === undefined ? {} : { lake }),
  }
  measure(figuresOf(facts))
  return facts
}

/** What the database holds, and this process. */
export async function stateFacts(store: FactsStore) {
  return await store.snapshot(async (reader) => {
    const { firstPlayUnix, lastPlayUnix, plays, quarantined, ...counts } = await reader.totals()
    return {
      ...counts,
      playsInAll: plays,
      quarantinedInAll: quarantined,
      quarantined: await reader.quarantineReasons(1_000),
      firstPlay: firstPlayUnix,
      lastPlay: lastPlayUnix,
      topArtists: await reader.topArtists(),
      peakMb: Math.round(process.resourceUsage().maxRSS / 1024),
      database: store.address,
    }
  })
}

/** The figures of a run for its metrics: its ledger, and the rows that it changed in all tables. */
export function figuresOf({ rowsIn, plays, playsInAll, quarantined, duplicates, changes }: RunFacts) {
  const sum = (counts: readonly number[]) => counts.reduce((all, each) => all + each, 0)
  return {
    read: rowsIn,
    plays,
    plays_in_all: playsInAll,
    quarantined: sum(quarantined.map(({ rows }) => rows)),
    duplicates,
    inserted: sum(changes.map(({ inserted }) => inserted)),
    updated: sum(changes.map(({ updated }) => updated)),
    deleted: sum(changes.map(({ deleted }) => deleted)),
  }
}
