import { create } from '@bufbuild/protobuf'
import { describe, expect, test } from '@jest/globals'
import { encodeRows } from '../src/arrow/encode.ts'
import { Frame, frameOf, newFrame } from '../src/dataframe/frame.ts'
import { ExecutePlanResponseSchema } from '../src/gen/spark/connect/base_pb.ts'
import { type Column, col, count, type DataFrame, expr, lit, max, Observation, types, upper } from '../src/index.ts'
import { DataFrameReader } from '../src/io/reader.ts'
import { recordOrigins } from '../src/plan/origin.ts'
import { localRelation } from '../src/plan/relation.ts'
import { typeToProto } from '../src/types/index.ts'
import { FakeExecutor } from './support/fake-executor.ts'

// The plans are compared as a whole; where their columns were made is the matter of messages.test.ts.
recordOrigins(false)

interface Play {
  artist: string
  played: bigint
}
const schema = types.struct({ artist: types.string.notNull(), played: types.long.notNull() })

const setUp = () => {
  const executor = new FakeExecutor()
  const plays = newFrame<Play>(executor, (planId) => localRelation(planId, schema.ddl()))
  return { executor, plays }
}

const batch = (rows: Play[], fields: { startOffset?: bigint; rowCount?: bigint } = {}) =>
  create(ExecutePlanResponseSchema, {
    schema: typeToProto(schema),
    responseType: {
      case: 'arrowBatch',
      value: {
        data: encodeRows(rows as never, schema, { timeZone: 'UTC', useLargeVarTypes: false }),
        rowCount: BigInt(rows.length),
        ...fields,
      },
    },
  })

const nirvana = { artist: 'Nirvana', played: 3n }
const boston = { artist: 'Boston', played: 1n }

describe('rows of a result', () => {
  test('are joined in order', async () => {
    const { executor, plays } = setUp()
    executor.answers = [batch([nirvana], { startOffset: 0n }), batch([]), batch([boston], { startOffset: 1n })]
    expect(await plays.collect()).toEqual([nirvana, boston])
  })

  test('that are missing in between are an error', async () => {
    const { executor, plays } = setUp()
    executor.answers = [batch([nirvana], { startOffset: 0n }), batch([boston], { startOffset: 2n })]
    await expect(plays.collect()).rejects.toMatchObject({
      code: 'DATA_LOSS',
      message: /starts at row 2 where row 1/ as never,
    })
  })

  test('that are fewer than announced are an error', async () => {
    const { executor, plays } = setUp()
    executor.answers = [batch([nirvana], { rowCount: 2n })]
    await expect(plays.collect()).rejects.toThrow(/announces 2 rows and holds 1/)
  })

  test('leaving the loop ends the execution', async () => {
    const { executor, plays } = setUp()
    let ended = false
    executor.execute = async function* () {
      try {
        yield batch([nirvana])
        yield batch([boston])
      } finally {
        ended = true
      }
    }
    for await (const row of plays.toLocalIterator()) {
      expect(row).toEqual(nirvana)
      break
    }
    expect(ended).toBe(true)
  })
})

describe('the schema', () => {
  const answer = {
    case: 'schema' as const,
    value: { $typeName: 'spark.connect.AnalyzePlanResponse.Schema' as const, schema: typeToProto(schema) },
  }

  test('is asked once for a frame', async () => {
    const { executor, plays } = setUp()
    executor.analyses = [answer]
    expect((await plays.schema()).ddl()).toBe(schema.ddl())
    expect(await plays.columns()).toEqual(['artist', 'played'])
    expect(executor.questions).toHaveLength(1)
  })

  test('is asked again after a failure', async () => {
    const { executor, plays } = setUp()
    await expect(plays.schema()).rejects.toThrow(/no answer/)
    executor.analyses = [answer]
    expect((await plays.schema()).names).toEqual(['artist', 'played'])
  })
})

/** The kinds of nodes from the top down, along the first input. */
const kinds = (frame: DataFrame<any>): string[] => {
  const found: string[] = []
  let node: any = frameOf(frame).relation
  while (node) {
    found.push(node.relType.case)
    node = node.relType.value?.input ?? node.relType.value?.left ?? node.relType.value?.root
  }
  return found
}

describe('plans', () => {
  test('parts are shared, never copied', () => {
    const { plays } = setUp()
    const upperCase = plays.select((c) => ({ a: upper(c.artist) }))
    const both = frameOf(upperCase.union(upperCase)).relation
    expect(both.relType.case === 'setOp' && both.relType.value.leftInput).toBe(frameOf(upperCase).relation)
  })

  const chains: [name: string, build: (frame: DataFrame<Play>) => DataFrame<any>, kinds: string[]][] = [
    [
      'independent columns are one node',
      (f) => f.withColumn('a', (c) => upper(c.artist)).withColumn('b', (c) => c.played.plus(1n)),
      ['withColumns', 'localRelation'],
    ],
    [
      'a column that builds on another is its own node',
      (f) => f.withColumn('a', (c) => upper(c.artist)).withColumn('b', (c) => upper(c.a)),
      ['withColumns', 'withColumns', 'localRelation'],
    ],
    [
      'names do not depend on case',
      (f) => f.withColumn('A', (c) => upper(c.artist)).withColumn('b', upper(col('a') as Column<string>)),
      ['withColumns', 'withColumns', 'localRelation'],
    ],
    [
      'a column replaced twice keeps its order',
      (f) => f.withColumn('a', lit(1)).withColumn('a', lit(2)),
      ['withColumns', 'withColumns', 'localRelation'],
    ],
    [
      'SQL text may name anything',
      (f) => f.withColumn('a', lit(1)).withColumn('b', expr('a + 1')),
      ['withColumns', 'withColumns', 'localRelation'],
    ],
    [
      'a subquery brings its relation',
      (f) => f.withColumn('m', f.agg((c) => ({ m: max(c.played) })).scalar()),
      ['withRelations', 'withColumns', 'localRelation'],
    ],
    ['no columns are no node', (f) => f.withColumns({}), ['localRelation']],
  ]
  test.each(chains)('%s', (_, build, expected) => {
    expect(kinds(build(setUp().plays))).toEqual(expected)
  })

  test('a frame whose column is taken later becomes a node of its own', () => {
    const { plays } = setUp()
    const first = plays.withColumn('a', (c) => upper(c.artist))
    const second = first.withColumn('b', lit(1))
    expect(kinds(second)).toEqual(['withColumns', 'localRelation'])
    first.col('a')
    expect(kinds(second)).toEqual(['withColumns', 'withColumns', 'localRelation'])
  })

  test('a frame joined with itself by a condition has two ids', () => {
    const { plays } = setUp()
    const pairs = frameOf(
      plays.withColumnRenamed('artist', 'x').join(plays, (l, r) => l.x.eq(r.artist), 'semi'),
    ).relation
    if (pairs.relType.case !== 'join') throw new Error('no join')
    const { left, right, joinCondition } = pairs.relType.value
    expect(left?.common?.planId).not.toBe(right?.common?.planId)
    const used = JSON.stringify(joinCondition, (_, value) => (typeof value === 'bigint' ? Number(value) : value)).match(
      /"planId":(\d+)/g,
    )
    expect(used).toEqual([`"planId":${left?.common?.planId}`, `"planId":${right?.common?.planId}`])
  })

  test('random parts share a seed and meet at their bounds', () => {
    const { plays } = setUp()
    const parts = plays.randomSplit([1, 1, 2], 5).map((part) => frameOf(part).relation.relType.value as any)
    expect(parts.map((part) => [part.lowerBound, part.upperBound, part.seed, part.deterministicOrder])).toEqual([
      [0, 0.25, 5n, true],
      [0.25, 0.5, 5n, true],
      [0.5, 1, 5n, true],
    ])
    expect(() => plays.randomSplit([0, -1])).toThrow(RangeError)
  })
})

describe('the forms that PySpark knows', () => {
  const { executor, plays } = setUp()
  const sent = (frame: unknown) => frameOf(frame as never).relation.relType.value as any

  test('lists of names', () => {
    expect(sent(plays.dropDuplicates(['artist'])).columnNames).toEqual(['artist'])
    expect(sent(plays.dropDuplicates('artist', 'played')).columnNames).toEqual(['artist', 'played'])
    for (const subset of ['played', ['played'], { subset: 'played' }, { subset: ['played'] }] as const) {
      expect(sent(plays.fillna(0, subset)).cols).toEqual(['played'])
      expect(sent(plays.replace(new Map([[1, 2]]), subset)).cols).toEqual(['played'])
    }
    expect(sent(plays.dropna({ subset: ['played'] })).cols).toEqual(['played'])
    expect(sent(plays.dropna({ subset: ['played'] })).minNonNulls).toBeUndefined()
    expect(sent(plays.dropna({ how: 'all' })).minNonNulls).toBe(1)
    expect(sent(plays.dropna({ thresh: 2 })).minNonNulls).toBe(2)
  })

  test('options of a format beside the path', async () => {
    const read = new DataFrameReader(executor)
    const dataSource = sent(read.option('sep', ';').csv(['a', 'b'], { header: true, nullValue: null })).readType.value
    expect(dataSource).toMatchObject({ paths: ['a', 'b'], options: { sep: ';', header: 'true' } })
    expect(dataSource.options).not.toHaveProperty('nullValue')
    expect(sent(read.parquet('a', 'b')).readType.value.paths).toEqual(['a', 'b'])
    expect(sent(read.format('x').load('a', { depth: 2 })).readType.value).toMatchObject({
      paths: ['a'],
      options: { depth: '2' },
    })
    // @ts-expect-error a slip in the name of an option
    read.csv('a', { headr: true })

    await plays.write.option('sep', ';').csv('out', { header: true, tags: ['t'], timeoutMs: 1000 })
    expect(executor.lastPlan.command?.writeOperation).toMatchObject({
      path: 'out',
      options: { sep: ';', header: 'true' },
    })
    expect(Object.keys(executor.lastPlan.command?.writeOperation?.options ?? {}).sort()).toEqual(['header', 'sep'])
  })
})

describe('what cannot be is refused where it is written', () => {
  const { plays } = setUp()
  const cases: [name: string, attempt: () => unknown, message: RegExp][] = [
    ['spreading the columns', () => plays.select((c) => ({ ...c, x: lit(1) })), /cannot be listed or spread/],
    [
      'an unknown kind of join',
      () => plays.join(plays.select('artist') as never, 'artist' as never, 'outward' as never),
      /unknown join type 'outward'; use one of inner/,
    ],
    [
      'a path that is not text',
      () => new DataFrameReader(new FakeExecutor()).csv(5 as never),
      /csv: a path is text, not the number 5/,
    ],
    [
      'options that are not an object',
      () => new DataFrameReader(new FakeExecutor()).csv('a', 5 as never),
      /csv\(\) takes paths and an object of options/,
    ],
    ['a wrong subset', () => plays.fillna(0, { subset: 5 } as never), /fill: the subset is a list of names/],
    ['a wrong way to drop', () => plays.dropna('some' as never), /drop takes 'any' or 'all'/],
    [
      'an unknown save mode',
      () => plays.write.mode('clobber' as never),
      /unknown save mode 'clobber'; use one of append/,
    ],
    ['a pivot after a rollup', () => plays.rollup('artist').pivot('played'), /follows only groupBy/],
    ['an average of nothing', () => plays.groupBy('artist').avg(), /name the columns for avg/],
    ['a repartition by nothing', () => plays.repartition(), /number of partitions, or columns/],
    [
      'contradicting partitionings of a table',
      () => plays.asTable().partitionBy('artist').withSinglePartition(),
      /contradicts/,
    ],
  ]
  test.each(cases)('%s', (_, attempt, message) => {
    expect(attempt).toThrow(message)
  })

  test('a merge without an action', async () => {
    await expect(plays.mergeInto('t', col('a').eq(1)).merge()).rejects.toThrow(/at least one of whenMatched/)
  })

  test('an observation that fails says so', async () => {
    const { executor, plays: frame } = setUp()
    const seen = new Observation('seen')
    executor.answers = [
      create(ExecutePlanResponseSchema, {
        observedMetrics: [{ name: 'seen', errors: [{ message: 'division by zero', errorTypeHierarchy: [] }] }],
      }),
    ]
    await frame.observe(seen, count('*').as('n')).collect()
    await expect(seen.get()).rejects.toThrow(/observation 'seen' failed: division by zero/)
  })
})

test('a released checkpoint is released once', async () => {
  const { executor, plays } = setUp()
  executor.answers = [
    create(ExecutePlanResponseSchema, {
      responseType: { case: 'checkpointCommandResult', value: { relation: { relationId: 'r1' } } },
    }),
  ]
  const kept = await plays.localCheckpoint()
  expect(kept).toBeInstanceOf(Frame)
  executor.plans.length = 0
  await kept.release()
  await kept[Symbol.asyncDispose]()
  expect(executor.plans).toHaveLength(1)
  expect(executor.lastPlan).toMatchObject({
    command: { removeCachedRemoteRelationCommand: { relation: { relationId: 'r1' } } },
  })
})
