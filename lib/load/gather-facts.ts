import type { RunFacts } from '../model/run-facts.ts'
import type { StageTime } from '../model/stage.ts'
import type { Ledger } from '../plays/index.ts'
import type { SparkServer } from '../spark/index.ts'
import type { PublishResult, ReadOnlyStore } from '../store/index.ts'

/** What a run has to say of itself. */
export interface FinishedRun {
  readonly startedAt: Date
  readonly stages: readonly StageTime[]
  readonly ledger: Ledger
  readonly changed: PublishResult['changed']
  readonly server: Pick<SparkServer, 'kind' | 'address'>
}

/** The facts of a run that has published, with the state that it left. *Errors:* those of the store. */
export async function gatherFacts(
  store: Pick<ReadOnlyStore, 'snapshot' | 'address'>,
  { startedAt, stages, ledger, changed, server }: FinishedRun,
): Promise<RunFacts> {
  return await store.snapshot(async (reader) => {
    const { firstPlayUnix, lastPlayUnix, ...counts } = await reader.totals()
    return {
      rowsIn: Number(ledger.rowsIn),
      plays: Number(ledger.plays),
      playsInAll: counts.plays,
      repaired: counts.repaired,
      duplicates: Number(ledger.duplicates),
      quarantined: ledger.reasons.map(({ reason, lines }) => ({ reason, rows: Number(lines) })),
      stations: counts.stations,
      artists: counts.artists,
      songs: counts.songs,
      firstPlay: firstPlayUnix,
      lastPlay: lastPlayUnix,
      topArtists: await reader.topArtists(),
      changes: Object.entries(changed).map(([table, change]) => ({ table, ...change })),
      stages,
      totalMs: Date.now() - startedAt.getTime(),
      peakMb: Math.round(process.resourceUsage().maxRSS / 1024),
      spark: `${server.kind} (${server.address})`,
      database: store.address,
    }
  })
}
