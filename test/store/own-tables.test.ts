import { expect, test } from '@jest/globals'
import { silent } from '../../lib/log.ts'
import {
  type CheckResult,
  type ColumnBatch,
  type ColumnKind,
  copyDatabase,
  openReadOnly,
  openStore,
  ownTable,
  relationNames,
} from '../../lib/store/index.ts'
import { rowsOf } from './support/content.ts'
import { onEachDatabase } from './support/databases.ts'
import { dataset, run as loadPlays } from './support/dataset.ts'

type Row = Readonly<Record<string, unknown>>
type Columns = Readonly<Record<string, ColumnKind>>

const clock = () => new Date('2026-03-01T12:00:00.000Z')
const chart: Columns = { week: 'text', position: 'int32', song: 'text', spins: 'int64' }
const first: readonly Row[] = [
  { week: '2026-02-16', position: 1, song: 'Amanda', spins: 9n },
  { week: '2026-02-16', position: 2, song: 'Lithium', spins: 4n },
]

async function* batches(columns: Columns, rows: readonly Row[]): AsyncGenerator<ColumnBatch> {
  const names = Object.keys(columns)
  yield { numRows: rows.length, names, columns: names.map((name) => rows.map((row) => row[name] ?? null)) }
}

let runs = 0

/** Publishes one table, as a run of a job does. */
async function publish(
  url: string,
  rows: readonly Row[],
  given: {
    readonly columns?: Columns
    readonly key?: readonly string[]
    readonly job?: string
    readonly checks?: readonly CheckResult[]
  } = {},
) {
  const { columns = chart, key = ['week', 'position'], job = 'job:chart', checks = [] } = given
  const table = ownTable({
    ...{ name: 'chart', job, summary: 'a position', key },
    columns: Object.entries(columns).map(([name, kind]) => ({ name, kind })),
  })
  await using store = await openStore(url, { log: silent, clock })
  const runId = `own-${++runs}`
  await store.lock({ runId, job })
  const info = { runId, job, startedAt: clock(), inputs: [], versions: {}, settings: {} }
  try {
    const load = await store.startOwnLoad(info, [table])
    await load.write('chart', batches(columns, rows))
    return (await load.publish({ checks, stagesMs: { load: 1 } })).changed.chart
  } catch (error) {
    await store.recordFailedRun(info, error, checks)
    throw error
  }
}

async function rows(url: string, name = 'chart'): Promise<Record<string, unknown>[]> {
  await using store = await openReadOnly(url, { log: silent })
  return await rowsOf(store, name as never)
}

onEachDatabase((database) => {
  test('a table is created, follows its rows, and is left alone where nothing differs', async () => {
    const url = await database.create()
    expect(await publish(url, first)).toEqual({ inserted: 2, updated: 0, deleted: 0 })
    expect(await publish(url, first)).toEqual({ inserted: 0, updated: 0, deleted: 0 })
    const later = [
      { ...first[0]!, spins: 10n },
      { ...first[1]!, week: '2026-02-23', song: null },
    ]
    expect(await publish(url, later)).toEqual({ inserted: 1, updated: 1, deleted: 1 })
    expect(await rows(url)).toEqual([
      { week: '2026-02-16', position: 1n, song: 'Amanda', spins: 10n },
      { week: '2026-02-23', position: 2n, song: null, spins: 4n },
    ])
    expect(database.sql(url, 'select job, outcome, rows_in from runs order by run_id')).toEqual([
      ['job:chart', 'published', '0'],
      ['job:chart', 'unchanged', '0'],
      ['job:chart', 'published', '0'],
    ])
    expect(database.staging(url)).toEqual([])
  })

  test('a new column is added, another type or key makes the table anew', async () => {
    const url = await database.create()
    await publish(url, first)
    const wider = first.map((row) => ({ ...row, share: 0.5 }))
    const columns: Columns = { ...chart, share: 'double' }
    expect(await publish(url, wider, { columns })).toEqual({ inserted: 0, updated: 2, deleted: 0 })
    expect((await rows(url))[0]).toEqual({ week: '2026-02-16', position: 1n, song: 'Amanda', spins: 9n, share: 0.5 })
    const retyped = first.map(({ spins, ...row }) => ({ ...row, spins: `${spins} times` }))
    expect(await publish(url, retyped, { columns: { ...chart, spins: 'text' } })).toMatchObject({ inserted: 2 })
    expect((await rows(url))[1]).toEqual({ week: '2026-02-16', position: 2n, song: 'Lithium', spins: '4 times' })
    expect(await publish(url, first, { key: ['week', 'song'] })).toMatchObject({ inserted: 2 })
    expect(database.sql(url, 'select table_key from own_tables')).toEqual([['["week","song"]']])
  })

  test.each<[string, readonly Row[], RegExp]>([
    [
      'a key that two rows share',
      [first[0]!, { ...first[1]!, position: 1 }],
      /rows of chart have the same key \(week, position\), such as \{"week":"2026-02-16","position":1,"rows":2\}/,
    ],
    [
      'null in the key',
      [first[0]!, { ...first[1]!, week: null }],
      /have null in the key .*such as \{"week":null,.*Lithium/,
    ],
  ])('%s is refused with an example, and the table stays', async (_, wrong, message) => {
    const url = await database.create()
    await publish(url, first)
    await expect(publish(url, wrong)).rejects.toMatchObject({
      ...{ kind: 'check', exitCode: 1, published: 'no', message: expect.stringMatching(message) },
    })
    expect(await rows(url)).toHaveLength(2)
    expect(database.staging(url)).toEqual([])
    expect(database.sql(url, "select count(*) from runs where outcome = 'failed'")).toEqual([['1']])
  })

  test('a table of another job, and one that a person made, stay as they are', async () => {
    const url = await database.create()
    await publish(url, first)
    await expect(publish(url, first, { job: 'job:other' })).rejects.toMatchObject({
      kind: 'usage',
      message: 'the table chart belongs to job:chart',
      remedy: expect.stringContaining('npm run db:setup -- --drop chart'),
    })
    await using store = await openStore(url, { log: silent })
    const lock = await store.lock({ runId: 'drop', job: 'db:setup' })
    await store.dropOwnTable('chart')
    await expect(store.dropOwnTable('plays')).rejects.toMatchObject({ kind: 'usage' })
    await lock.release()
    database.sql(url, 'create table chart (mine text)')
    await expect(publish(url, first)).rejects.toMatchObject({ message: 'there is a table chart that no job has made' })
    expect(database.sql(url, 'select count(*) from chart')).toEqual([['0']])
  })

  test('readers know it, the last load of plays stays the last run, and checks have a history', async () => {
    const url = await database.create()
    const store = await openStore(url, { log: silent, clock })
    await loadPlays(store, dataset({ plays: 20, seed: 3 }), 'plays')
    await store.close()
    const check = { name: 'no gap', level: 'warn', failing: 1, examples: [{ week: 7 }] } as const
    await publish(url, first, { checks: [check] })
    await using reading = await openReadOnly(url, { log: silent })
    expect((await reading.lastRun())?.run_id).toBe('plays')
    await reading.snapshot(async (reader) => {
      expect(reader.names).toEqual([...relationNames, 'chart'])
      expect(await reader.counts(['chart', 'plays'])).toEqual({ chart: 2, plays: 20 })
      const { rows: selected } = await reader.query('select song from chart order by song')
      expect(selected).toEqual([['Amanda'], ['Lithium']])
    })
    expect(await rows(url, 'data_checks')).toEqual([
      expect.objectContaining({
        name: 'no gap',
        level: 'warn',
        outcome: 'failed',
        failing: 1n,
        examples: '[{"week":7}]',
      }),
    ])
  })

  test('a copy has it, in the place of what the target had', async () => {
    const [url, other] = [await database.create(), await database.create()]
    await publish(url, first)
    await publish(other, [], { columns: { id: 'text' }, key: ['id'] })
    const copied = await copyDatabase(url, other, { log: silent, replace: true })
    expect(copied.at(-1)).toMatchObject({ table: 'chart', rows: 2 })
    expect(await rows(other)).toEqual(await rows(url))
    expect(await publish(other, first)).toEqual({ inserted: 0, updated: 0, deleted: 0 })
  })
})

test.each([
  ['a table of the product', 'plays', ['id'], /plays is a table of radio-plays itself/],
  ['a table of its bookkeeping', 'run_lock', ['id'], /run_lock is a table of radio-plays itself/],
  ['a name that no database takes', 'Weekly Chart', ['id'], /"Weekly Chart" cannot be the name of a table/],
  ['no key', 'chart', [], /the table has no key/],
  ['a key that is not a column', 'chart', ['week'], /the key names "week", which the frame does not have/],
])('%s is refused: %s', (_, name, key, message) => {
  const table = { name, job: 'job:x', key, columns: [{ name: 'id', kind: 'text' as const }] }
  expect(() => ownTable(table)).toThrow(message)
})

test.each([
  ['a column that no database takes', ['id', 'Größe'], /"Größe" cannot be the name of a column/],
  ['a column that repeats', ['id', 'id'], /two columns are named "id"/],
])('%s is refused', (_, names, message) => {
  const columns = names.map((name) => ({ name, kind: 'text' as const }))
  expect(() => ownTable({ name: 'chart', job: 'job:x', key: ['id'], columns })).toThrow(message)
})
