import type { StageTime } from '../model/stage.ts'
import type { CheckResult, OwnPublishResult } from '../store/index.ts'
import { count, seconds } from '../terminal.ts'

/** What a run of a job of one's own has done: the answer of `--json`. */
export interface JobResult {
  readonly version: 1
  readonly runId: string
  readonly job: string
  readonly tables: readonly {
    readonly table: string
    readonly inserted: number
    readonly updated: number
    readonly deleted: number
  }[]
  readonly checks: readonly CheckResult[]
  readonly stages: readonly StageTime[]
}

export function jobResult(run: Omit<JobResult, 'version' | 'tables'> & Pick<OwnPublishResult, 'changed'>): JobResult {
  const { runId, job, changed, checks, stages } = run
  const tables = Object.entries(changed).map(([table, change]) => ({ table, ...change }))
  return { version: 1, runId, job, tables, checks, stages: [...stages] }
}

/** The same for people. */
export function resultText({ tables, checks, stages }: JobResult, database: string): string {
  const written = tables.map(({ table, inserted, updated, deleted }) =>
    inserted + updated + deleted === 0
      ? `${table}: nothing changed`
      : `${table}: +${count(inserted)} ~${count(updated)} −${count(deleted)} rows`,
  )
  const failed = checks.filter(({ failing }) => failing > 0).length
  return [
    ...(tables.length === 0 ? ['no table was written'] : written),
    ...(checks.length === 0 ? [] : [`Data checks: ${checks.length - failed} passed, ${failed} warned`]),
    `Time: ${stages.map(({ stage, ms }) => `${stage} ${seconds(ms)}`).join(', ')}`,
    `Database: ${database}`,
    ...(tables.length === 0 ? [] : ['', `Next: npm run explore -- sample ${tables[0]!.table} · npm run report`]),
  ].join('\n')
}

/** The rows that a run changed in all its tables. */
export function figuresOf(changed: OwnPublishResult['changed']) {
  const changes = Object.values(changed)
  const sum = (kind: 'inserted' | 'updated' | 'deleted') => changes.reduce((all, each) => all + each[kind], 0)
  return { inserted: sum('inserted'), updated: sum('updated'), deleted: sum('deleted') }
}
