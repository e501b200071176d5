import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { col, type DataflowGraph, type PipelineEvent, type SparkSession } from '../src/index.ts'
import { testSpark } from './support/spark.ts'

let spark: SparkSession
let database: string
let folder: string

beforeAll(async () => {
  spark = await testSpark()
  folder = await mkdtemp(join(tmpdir(), 'pipelines-'))
  database = `pipelines_${process.pid}`
  await spark.sql(`CREATE DATABASE ${database} LOCATION '${join(folder, 'warehouse')}'`)
})

afterAll(async () => {
  await spark?.sql(`DROP DATABASE ${database} CASCADE`)
  await spark?.stop()
  if (folder) await rm(folder, { recursive: true, force: true })
})

async function eventsOf(graph: DataflowGraph, dry = false): Promise<PipelineEvent[]> {
  const events: PipelineEvent[] = []
  for await (const event of graph.run({ storage: pathToFileURL(join(folder, 'storage')).href, dry })) events.push(event)
  return events
}

test('tables are made in the order of who reads whom, and events tell of it', async () => {
  await using graph = await spark.pipelines.createGraph({ database })
  await graph.materializedView('doubled', spark.read.table('numbers').selectExpr('id * 2 AS id'), { comment: 'twice' })
  await graph.temporaryView('small', spark.range(10).where(col('id').lt(5)))
  const numbers = spark.read.table('small').selectExpr('id', 'id % 2 AS odd')
  await graph.materializedView('numbers', numbers, { partitionBy: ['odd'] })
  await graph.sql('CREATE MATERIALIZED VIEW evens AS SELECT * FROM doubled WHERE id % 4 = 0')
  const events = await eventsOf(graph)
  expect(events.at(-1)!.message).toBe('Run is COMPLETED.')
  expect(events[0]!.timestamp).toBeInstanceOf(Date)
  const done = events.map(({ message }) => /\.(\w+) has COMPLETED/.exec(message)?.[1]).filter(Boolean)
  expect(done).toEqual(['numbers', 'doubled', 'evens'])
  const evens = await spark.read.table(`${database}.evens`).sort('id').collect()
  expect(evens).toEqual([{ id: 0n }, { id: 4n }, { id: 8n }])
})

test('a streaming table gets what is new at each run', async () => {
  const files = join(folder, 'letters')
  const add = (letter: string) => spark.range(1).selectExpr(`'${letter}' AS letter`).write.mode('append').text(files)
  const update = async () => {
    await using graph = await spark.pipelines.createGraph({ database })
    await graph.streamingTable('letters', undefined, { schema: 'letter STRING' })
    await graph.flow('letters', spark.readStream.schema('letter STRING').text(files), { name: 'letters_flow' })
    await eventsOf(graph)
    return await spark.read.table(`${database}.letters`).sort('letter').collect()
  }
  await add('a')
  expect(await update()).toEqual([{ letter: 'a' }])
  await add('b')
  expect(await update()).toEqual([{ letter: 'a' }, { letter: 'b' }])
})

test('a dry run finds a table that nobody defines, and makes none', async () => {
  await using graph = await spark.pipelines.createGraph({ database })
  await graph.materializedView('broken', spark.read.table('nowhere'))
  await expect(eventsOf(graph, true)).rejects.toThrow(/nowhere/)
  expect(await spark.catalog.tableExists(`${database}.broken`)).toBe(false)
})

test('a flow that fails ends the run with its error', async () => {
  await using graph = await spark.pipelines.createGraph({ database })
  await graph.materializedView('failing', spark.range(1).selectExpr("raise_error('no luck') AS x"))
  await expect(eventsOf(graph)).rejects.toThrow(/failing|no luck/)
})
