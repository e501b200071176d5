import type { StageTime } from './progress.ts'
import { count, seconds, table } from './terminal.ts'

/** What a run of the main job did, as its closing summary tells it. */
export interface RunFacts {
  readonly rowsIn: number
  /** Those of its rows; a run that appends finds others there, and `playsInAll` counts both. */
  readonly plays: number
  readonly playsInAll: number
  readonly repaired: number
  /** Rows that repeat another one to the letter. */
  readonly duplicates: number
  /** Refused rows by reason, most frequent first. */
  readonly quarantined: readonly { readonly reason: string; readonly rows: number }[]
  readonly stations: number
  readonly artists: number
  readonly songs: number
  /** Unix seconds, UTC; null where there is no play. */
  readonly firstPlay: number | null
  readonly lastPlay: number | null
  readonly topArtists: readonly { readonly artist: string; readonly plays: number }[]
  /** Rows inserted, updated and deleted by table; all zero when nothing changed. */
  readonly changes: readonly {
    readonly table: string
    readonly inserted: number
    readonly updated: number
    readonly deleted: number
  }[]
  readonly stages: readonly StageTime[]
  readonly totalMs: number
  /** Peak resident memory of the job's own process, without Spark's. */
  readonly peakMb: number
  /** Where Spark ran and where the tables are, without secrets. */
  readonly spark: string
  readonly database: string
}

/** What the parts of a run say of it, each in its own words: the ledger of its rows, the rest of the state that it published. */
export interface RunParts {
  readonly ledger: {
    readonly rowsIn: bigint
    readonly plays: bigint
    readonly duplicates: bigint
    readonly reasons: readonly { readonly reason: string; readonly lines: bigint }[]
  }
  readonly totals: {
    readonly plays: number
    readonly repaired: number
    readonly stations: number
    readonly artists: number
    readonly songs: number
    readonly firstPlayUnix: number | null
    readonly lastPlayUnix: number | null
  }
  readonly topArtists: RunFacts['topArtists']
  readonly changed: Readonly<Record<string, Omit<RunFacts['changes'][number], 'table'>>>
}

/** The facts of a run, put together from what its parts say. */
export function runFacts(
  parts: RunParts,
  rest: Pick<RunFacts, 'stages' | 'totalMs' | 'peakMb' | 'spark' | 'database'>,
): RunFacts {
  const { ledger, totals, topArtists, changed } = parts
  const { firstPlayUnix, lastPlayUnix, ...counts } = totals
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
    topArtists,
    changes: Object.entries(changed).map(([table, change]) => ({ table, ...change })),
    ...rest,
  }
}

/** How a terminal shows a heading and what matters less. */
export interface Looks {
  bold(text: string): string
  dim(text: string): string
}

const plain: Looks = { bold: (text) => text, dim: (text) => text }

/** The closing summary of a run, for people: at most 40 lines, every name made safe to print. */
export function summaryText(facts: RunFacts, { bold, dim }: Looks = plain): string {
  const quarantined = facts.quarantined.reduce((sum, { rows }) => sum + rows, 0)
  const changed = facts.changes.filter(({ inserted, updated, deleted }) => inserted + updated + deleted > 0)
  const inAll =
    facts.playsInAll === facts.plays
      ? `${count(facts.repaired)} plays repaired`
      : `${count(facts.playsInAll)} plays in all, ${count(facts.repaired)} repaired`
  const lines = [
    bold(
      `${count(facts.rowsIn)} rows in = ${count(facts.plays)} plays + ${count(quarantined)} quarantined + ${count(facts.duplicates)} duplicates`,
    ),
    `${inAll}, ${count(facts.stations)} stations, ${count(facts.artists)} artists, ${count(facts.songs)} songs${period(facts)}`,
  ]
  if (facts.quarantined.length > 0) {
    lines.push(
      '',
      bold('Quarantined'),
      table(
        facts.quarantined.slice(0, 10).map(({ reason, rows }) => [rows, reason]),
        100,
      ),
    )
  }
  if (facts.topArtists.length > 0) {
    const rows = facts.topArtists.slice(0, 10).map(({ artist, plays }, i) => [i + 1, artist, plays])
    lines.push('', bold('Top artists by plays'), table(rows))
  }
  lines.push(
    '',
    dim(
      `Time: ${facts.stages.map(({ stage, ms }) => `${stage} ${seconds(ms)}`).join(', ')}; ${seconds(facts.totalMs)} in all, ${facts.peakMb} MB`,
    ),
    dim(`Spark: ${facts.spark}`),
    dim(`Database: ${facts.database}`),
    changed.length === 0
      ? 'Changed: nothing'
      : `Changed: ${changed.map((each) => `${each.table} ${changeText(each)}`).join(', ')}`,
    '',
    'Next: npm run job:enrich (pictures, durations, ids) · npm run export (CSV) · npm run report (HTML)',
  )
  return lines.join('\n')
}

function period({ firstPlay, lastPlay }: RunFacts): string {
  if (firstPlay === null || lastPlay === null) return ''
  const day = (unix: number) => new Date(unix * 1000).toISOString().slice(0, 10)
  return `, ${day(firstPlay)} to ${day(lastPlay)} (UTC)`
}

function changeText(change: { inserted: number; updated: number; deleted: number }): string {
  return [
    change.inserted > 0 ? `+${count(change.inserted)}` : '',
    change.updated > 0 ? `~${count(change.updated)}` : '',
    change.deleted > 0 ? `−${count(change.deleted)}` : '',
  ]
    .filter((part) => part !== '')
    .join(' ')
}
