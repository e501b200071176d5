import { afterEach, describe, expect, test } from '@jest/globals'
import type { Column } from '../src/column/column.ts'
import { col, lit } from '../src/functions/index.ts'
import type { Command } from '../src/gen/spark/connect/commands_pb.ts'
import type { Relation } from '../src/gen/spark/connect/relations_pb.ts'
import { type SessionOptions, SparkSession } from '../src/session/session.ts'
import { LocalTime, types } from '../src/types/index.ts'
import { type Script, type ScriptedServer, scriptedServer } from './support/scripted-server.ts'

const open: (() => Promise<void>)[] = []

afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close()
})

/** Answers SQL commands with the relation that was sent, as a server does for a query. */
const echo: Script = {
  responses: (request) => {
    const { opType } = request.plan!
    if (opType.case !== 'command' || opType.value.commandType.case !== 'sqlCommand') return []
    const relation = opType.value.commandType.value.input!
    return [{ responseType: { case: 'sqlCommandResult', value: { relation } } }]
  },
}

async function serve(script: Script = echo): Promise<ScriptedServer> {
  const server = await scriptedServer(script)
  open.push(() => server.close())
  return server
}

async function connect(server: ScriptedServer, options: SessionOptions = {}): Promise<SparkSession> {
  const spark = await SparkSession.connect(server.url, options)
  open.push(() => spark.stop())
  return spark
}

function sqlSent(server: ScriptedServer): Relation {
  const command = server.seenOf('ExecutePlan')[0]!.request.plan.opType.value as Command
  if (command.commandType.case !== 'sqlCommand') throw new Error('no SQL command')
  return command.commandType.value.input!
}

describe('artifactIsolation: false', () => {
  const at = (version: string): Script => ({
    answers: { AnalyzePlan: () => ({ result: { case: 'sparkVersion', value: { version } } }) },
  })

  test('gives a copy of the session, since the setting counts from the first request on', async () => {
    const server = await serve(at('4.2.0'))
    const spark = await connect(server, { artifactIsolation: false, config: { 'spark.sql.ansi.enabled': true } })
    const [given, isolation] = server.seenOf('Config').map(({ request }) => request.operation.opType.value.pairs)
    expect(given).toMatchObject([{ key: 'spark.sql.ansi.enabled', value: 'true' }])
    expect(isolation).toMatchObject([
      { key: 'spark.sql.artifact.isolation.enabled', value: 'false' },
      { key: 'spark.sql.artifact.isolation.alwaysApplyClassloader', value: 'false' },
    ])
    const [clone] = server.seenOf('CloneSession').map(({ request }) => request)
    expect(clone!.newSessionId).toBe(spark.sessionId)
    expect(server.seenOf('ReleaseSession').map(({ request }) => request.sessionId)).toEqual([clone!.sessionId])
  })

  test('has no effect on a server that cannot copy a session', async () => {
    const server = await serve(at('4.0.1'))
    const spark = await connect(server, { artifactIsolation: false })
    expect(spark.isStopped).toBe(false)
    expect(server.seenOf('CloneSession')).toEqual([])
    expect(server.seenOf('ReleaseSession')).toEqual([])
  })
})

test('what a server is too old for is refused where it is asked for, with both versions', async () => {
  const server = await serve({
    answers: { AnalyzePlan: () => ({ result: { case: 'sparkVersion', value: { version: '4.0.1' } } }) },
  })
  const spark = await connect(server)
  const frame = spark.range(3)
  const rank = frame.col('id') as unknown as Column<bigint>
  const cases: [feature: string, minimum: string, use: () => unknown][] = [
    ['nearestByJoin', '4.2', () => frame.nearestByJoin(spark.range(2), rank, 1, 'exact', 'distance')],
    ['repartitionById', '4.1', () => frame.repartitionById(2, 'id')],
    ['read.changes', '4.2', () => spark.read.changes('plays')],
    ['withSchemaEvolution', '4.2', () => frame.writeTo('plays').withSchemaEvolution()],
    ['the real-time trigger', '4.2', () => frame.writeStream.trigger({ realTime: '5 minutes' })],
  ]
  for (const [feature, minimum, use] of cases) {
    expect(use).toThrow(`${feature} needs Spark ${minimum} or later; the server is 4.0.1`)
  }
  await expect(spark.catalog.listViews()).rejects.toThrow('catalog.listViews needs Spark 4.2 or later')
  expect(server.seenOf('ExecutePlan')).toEqual([])
})

test('nested literals are typed as an old server reads them, and what it would misread is refused', async () => {
  const server = await serve({
    answers: { AnalyzePlan: () => ({ result: { case: 'sparkVersion', value: { version: '4.0.1' } } }) },
  })
  const spark = await connect(server)
  const lists = lit(new Map([['k', [[1n]]]]), types.map(types.string, types.array(types.array(types.long))))
  const typed = spark.range(1).select({ lists: lists as unknown as Column<unknown> })
  expect(await typed.collect()).toEqual([])
  const kinds: string[] = []
  JSON.stringify(server.seenOf('ExecutePlan')[0]!.request.plan, (key, value) => {
    if (key === 'keyType' || key === 'valueType' || key === 'elementType') kinds.push(`${key} ${value.kind.case}`)
    return typeof value === 'bigint' ? String(value) : value
  })
  // Of the map and the two arrays in it, each by the literal itself; the type of the whole repeats them in its own way.
  for (const kind of ['keyType string', 'valueType array', 'elementType array', 'elementType long']) {
    expect(kinds.filter((each) => each === kind).length).toBeGreaterThanOrEqual(2)
  }
  const before = server.seenOf('ExecutePlan').length
  const misread = spark
    .range(1)
    .select({ x: lit(['a', null], types.array(types.string)) as unknown as Column<unknown> })
  await expect(misread.collect()).rejects.toThrow('a null within an array, map or struct literal needs Spark 4.1')
  await expect(misread.schema()).rejects.toThrow('the server is 4.0.1')
  await expect(spark.sql('SELECT ?', [LocalTime.parse('12:00:00')])).rejects.toThrow('a time of day needs Spark 4.1')
  await expect(
    spark
      .range(2)
      .filter(col('id').isin(spark.range(1)))
      .count(),
  ).rejects.toThrow('isin() of a frame needs Spark 4.1 or later; the server is 4.0.1. A semi join keeps the same rows')
  expect(server.seenOf('ExecutePlan')).toHaveLength(before)
})

describe('sql', () => {
  test('is sent at once, and its relation is the frame', async () => {
    const server = await serve()
    const spark = await connect(server)
    await spark.sql('CREATE VIEW v AS SELECT 1')
    expect(sqlSent(server).relType).toMatchObject({ case: 'sql', value: { query: 'CREATE VIEW v AS SELECT 1' } })
  })

  test('arguments are bound, by name and by position', async () => {
    const server = await serve()
    const spark = await connect(server)
    await spark.sql('SELECT :artist, :n', { artist: "'; DROP TABLE plays", n: lit(3) })
    expect(sqlSent(server).relType).toMatchObject({
      case: 'sql',
      value: {
        query: 'SELECT :artist, :n',
        namedArguments: {
          artist: {
            exprType: { case: 'literal', value: { literalType: { case: 'string', value: "'; DROP TABLE plays" } } },
          },
          n: { exprType: { case: 'literal', value: { literalType: { case: 'integer', value: 3 } } } },
        },
      },
    })
    const other = await serve()
    await (await connect(other)).sql('SELECT ?, ?', [1n, null])
    expect(sqlSent(other).relType).toMatchObject({
      value: {
        posArguments: [
          { exprType: { value: { literalType: { case: 'long', value: 1n } } } },
          { exprType: { value: { literalType: { case: 'null' } } } },
        ],
      },
    })
  })

  test('a template binds what stands in it', async () => {
    const server = await serve()
    const spark = await connect(server)
    const artist = "O'Jays"
    await spark.sql`SELECT * FROM plays WHERE artist = ${artist} AND n > ${2}`
    expect(sqlSent(server).relType).toMatchObject({
      value: {
        query: 'SELECT * FROM plays WHERE artist = ? AND n > ?',
        posArguments: [
          { exprType: { value: { literalType: { value: artist } } } },
          { exprType: { value: { literalType: { value: 2 } } } },
        ],
      },
    })
  })

  test('a frame among the arguments is a table of that name', async () => {
    const server = await serve()
    const spark = await connect(server)
    const plays = spark.range(5)
    await spark.sql('SELECT * FROM plays WHERE id > :min', { plays, min: 1 })
    expect(sqlSent(server).relType).toMatchObject({
      case: 'withRelations',
      value: {
        root: { relType: { case: 'sql' } },
        references: [
          { relType: { case: 'subqueryAlias', value: { alias: 'plays', input: { relType: { case: 'range' } } } } },
        ],
      },
    })
  })

  test('an answer without a relation is an error', async () => {
    const server = await serve({})
    const spark = await connect(server)
    await expect(spark.sql('SELECT 1')).rejects.toMatchObject({ code: 'DATA_LOSS' })
  })
})

describe('tags', () => {
  const tagsOf = (server: ScriptedServer) => server.seenOf('ExecutePlan').map(({ request }) => request.tags)

  test('hold for what starts inside, wherever it awaits, and not beside it', async () => {
    const server = await serve()
    const spark = await connect(server)
    await Promise.all([
      spark.withTag('outer', async () => {
        await new Promise((resolve) => setTimeout(resolve, 20))
        await spark.withTag('inner', () => spark.sql('1'))
        expect([...spark.getTags()]).toEqual(['outer'])
      }),
      spark.sql('2'),
    ])
    expect(tagsOf(server)).toEqual([[], ['outer', 'inner']])
  })

  test('are added and taken away', async () => {
    const server = await serve()
    const spark = await connect(server)
    spark.addTag('a')
    spark.addTag('b')
    spark.removeTag('a')
    await spark.sql('1')
    spark.clearTags()
    await spark.sql('2')
    expect(tagsOf(server)).toEqual([['b'], []])
  })

  test('belong to their session', async () => {
    const server = await serve()
    const [one, other] = [await connect(server), await connect(server)]
    await one.withTag('mine', () => other.sql('1'))
    expect(tagsOf(server)).toEqual([[]])
  })

  test.each(['', 'a,b'])("'%s' is none", async (tag) => {
    const spark = await connect(await serve())
    expect(() => spark.withTag(tag, () => 0)).toThrow('a tag is a non-empty text without commas')
    expect(() => spark.addTag(tag)).toThrow('a tag is')
  })
})

describe('the life of a session', () => {
  test('settings are set before anything else', async () => {
    const server = await serve()
    await connect(server, { config: { 'spark.sql.session.timeZone': 'UTC', 'spark.sql.ansi.enabled': true } })
    const operation = server.seenOf('Config')[0]!.request.operation.opType
    expect(operation).toMatchObject({
      case: 'set',
      value: {
        pairs: [
          { key: 'spark.sql.session.timeZone', value: 'UTC' },
          { key: 'spark.sql.ansi.enabled', value: 'true' },
        ],
      },
    })
  })

  test('a connection that fails leaves nothing behind', async () => {
    const server = await serve({ unaryFaults: { Config: [{ code: 'INTERNAL', errorClass: 'CANNOT_MODIFY_CONFIG' }] } })
    await expect(SparkSession.connect(server.url, { config: { a: 1 } })).rejects.toMatchObject({
      errorClass: 'CANNOT_MODIFY_CONFIG',
    })
    expect(server.seenOf('ReleaseSession')).toHaveLength(1)
  })

  test('nobody there: it does not wait for ten minutes', async () => {
    const server = await serve()
    await server.close()
    const work = SparkSession.connect(server.url, { connectWaitMs: 100 })
    await expect(work).rejects.toMatchObject({ code: 'UNAVAILABLE' })
  })

  test('an abort ends the making of the connection', async () => {
    const server = await serve()
    await server.close()
    const work = SparkSession.connect(server.url, { connectWaitMs: 60_000, signal: AbortSignal.timeout(100) })
    await expect(work).rejects.toMatchObject({ code: 'DEADLINE_EXCEEDED' })
  })

  test('await using stops it', async () => {
    const server = await serve()
    {
      await using spark = await SparkSession.connect(server.url)
      expect(spark.isStopped).toBe(false)
    }
    expect(server.seenOf('ReleaseSession')).toHaveLength(1)
  })

  test('a lost session says so, and reconnect gives a new one with its settings', async () => {
    let name = 'server-1'
    const server = await serve({ ...echo, serverSideSessionId: () => name })
    const spark = await connect(server, { config: { a: 1 } })
    name = 'server-2'
    await expect(spark.sql('SELECT 1')).rejects.toMatchObject({ isSessionLost: true })
    expect(spark.isStopped).toBe(true)
    const fresh = await spark.reconnect()
    open.push(() => fresh.stop())
    expect(fresh.sessionId).not.toBe(spark.sessionId)
    await fresh.sql('SELECT 1')
    const settings = server.seenOf('Config').map(({ request }) => request.sessionId)
    expect(settings).toEqual([spark.sessionId, fresh.sessionId])
  })

  test('getOrCreate gives the same session until it is lost', async () => {
    let name = 'server-1'
    const server = await serve({ ...echo, serverSideSessionId: () => name })
    const builder = () => SparkSession.builder().remote(server.url).appName('test')
    const first = await builder().getOrCreate()
    expect(await builder().config('b', 2).getOrCreate()).toBe(first)
    expect(server.seenOf('Config').at(-1)!.request.operation.opType.value.pairs).toMatchObject([
      { key: 'spark.app.name', value: 'test' },
      { key: 'b', value: '2' },
    ])
    name = 'server-2'
    await expect(first.sql('SELECT 1')).rejects.toMatchObject({ isSessionLost: true })
    const second = await builder().getOrCreate()
    expect(second).not.toBe(first)
    await second.stop()
    const third = await builder().getOrCreate()
    expect(third).not.toBe(second)
    await third.stop()
  })

  test('a builder without a server', async () => {
    const before = process.env.SPARK_REMOTE
    delete process.env.SPARK_REMOTE
    try {
      await expect(SparkSession.builder().create()).rejects.toThrow("builder().remote('sc://localhost:15002')")
    } finally {
      if (before !== undefined) process.env.SPARK_REMOTE = before
    }
  })
})

test('files are uploaded under the folder of their kind', async () => {
  const server = await serve()
  const spark = await connect(server)
  const path = import.meta.filename
  await spark.addArtifacts([path])
  await spark.addArtifacts([path], 'pyfiles')
  await spark.copyFromLocalToFs(path, '/tmp/copy.ts')
  const names = server
    .seenOf('AddArtifacts')
    .flatMap(({ request: { payload } }) =>
      payload.case === 'batch'
        ? payload.value.artifacts.map((a: { name: string }) => a.name)
        : payload.case === 'beginChunk'
          ? [payload.value.name]
          : [],
    )
  expect(names).toEqual(['files/session.test.ts', 'pyfiles/session.test.ts', 'forward_to_fs/tmp/copy.ts'])
  await expect(spark.copyFromLocalToFs(path, 'tmp/copy.ts')).rejects.toThrow('is not an absolute path')
})
