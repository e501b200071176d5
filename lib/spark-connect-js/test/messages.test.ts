// What a person reads who made a mistake. Nothing here needs a server: mistakes are refused before anything is sent.
import dns from 'node:dns'
import { afterEach, describe, expect, jest, test } from '@jest/globals'
import { Unreadable } from '../src/arrow/damage.ts'
import { newFrame } from '../src/dataframe/frame.ts'
import { col, desc, expr, lit, SparkConnectError, SparkSession, types, upper } from '../src/index.ts'
import { originOf, recordOrigins } from '../src/plan/origin.ts'
import { localRelation } from '../src/plan/relation.ts'
import { RuntimeConfig } from '../src/session/conf.ts'
import { createFrame } from '../src/session/create-frame.ts'
import { FakeExecutor } from './support/fake-executor.ts'

// As a program without types would call it.
const frame = (): any => newFrame(new FakeExecutor(), (planId) => localRelation(planId, 'id bigint, a int'))
const id = (): any => col('id')

describe("JavaScript's operators on columns", () => {
  test.each<[string, () => unknown]>([
    ['>', () => id() > 1],
    ['+', () => id() + 1],
    ['-', () => -id()],
    // biome-ignore lint/suspicious/noDoubleEquals: wrong on purpose
    ['==', () => id() == 1],
    ['+ text', () => ['a', id()].reduce((a, b) => a + b)],
  ])('%s is an error that names the methods', (_, run) => {
    expect(run).toThrow(/^Column<id> has no value in JavaScript.* a\.gt\(1\), a\.plus\(b\)/)
  })
  test('a template is text, for messages', () => {
    expect(`${id()}`).toBe('Column<id>')
  })
  test.each([false, true, undefined, null, 5])('filter(%p) is refused', (condition) => {
    expect(() => frame().filter(condition)).toThrow(/is not a condition; .* a\.and\(b\), a\.or\(b\) and a\.not\(\)/)
    expect(() => frame().where(() => condition)).toThrow(/is not a condition/)
    expect(() => frame().join(frame(), () => condition)).toThrow(/^join: .* is not a condition/)
  })
})

describe('a && b is b alone', () => {
  const lost = /has no effect: in JavaScript, a && b is b alone.* a\.and\(b\)/
  test.each<[string, () => unknown]>([
    ['in a call', () => frame().filter(id().gt(1) && col('a').lt(2))],
    ['in where', () => frame().where(id().isNull() && id().eq(2))],
    ['in a callback', () => frame().filter((c: any) => c.id.gt(1) && c.a.between(1, 2))],
    ['three of them', () => frame().filter((c: any) => c.id.gt(1) && c.a.lt(2) && c.a.neq(5))],
    ['in a join', () => frame().join(frame(), (l: any, r: any) => l.id.eq(r.id) && l.a.eq(r.a))],
    ['in a join of columns', () => frame().join(frame(), id().eq(col('x')) && col('a').eq(col('y')))],
    ['chosen by a condition', () => frame().filter((c: any) => (c.id.gt(1) ? c.a.lt(2) : c.a.gt(2)))],
  ])('%s', (_, run) => {
    expect(run).toThrow(lost)
  })
  test('what uses all of its conditions is right', () => {
    const [low, high] = [col('a').lt(1), col('a').geq(1)]
    frame().filter(high).union(frame().filter(low))
    frame().filter(id().gt(1).and(col('a').lt(2)).or(col('a').isin(1, 2).not()))
    frame().filter((c: any) => [c.id.gt(1), c.a.lt(2)].reduce((all, each) => all.and(each)))
    frame().join(frame(), [id().eq(col('x')), col('a').eq(col('y'))])
    const isBig = true
    frame().filter((c: any) => (isBig && c.id.gt(1)) || c.a.lt(2))
  })
})

describe("PySpark's forms are refused with the right one", () => {
  test.each<[string, () => unknown, RegExp | string]>([
    ['agg', () => frame().agg({ id: 'max' }), /write agg\(\{ max_id: max\('id'\) \}\)/],
    [
      'agg of a group',
      () =>
        frame()
          .groupBy('a')
          .agg(() => ({ id: 'max' })),
      /write agg\(\{ max_id: max\('id'\) \}\)/,
    ],
    ['agg of text', () => frame().agg('max(id)'), /agg\(expr\('max\(id\)'\)\)/],
    [
      'agg of all rows',
      () => frame().agg({ '*': 'count' }),
      "agg({ '*': 'count' }) is PySpark's form; write agg({ total:",
    ],
    [
      'dropDuplicates',
      () => frame().dropDuplicates({ subset: ['a'] }),
      'dropDuplicates: a name is text, not an object',
    ],
    ['toDF of a list', () => frame().toDF(['a', 'b']), "toDF: a name (a list of names is spread: 'a', 'b') is text"],
    ['replace', () => frame().replace('a', 'b'), "replace: the replacements are a Map or a record, { 'old': 'new' }"],
    ['orderBy descending', () => frame().orderBy('a', false), /false is not a column; order descending by desc\('a'\)/],
    ['orderBy with an option', () => frame().sort('a', { ascending: false }), /order descending by desc\('a'\)/],
  ])('%s', (_, run, message) => {
    expect(run).toThrow(message)
  })
})

describe('arguments of the wrong kind', () => {
  test.each<[string, () => unknown, RegExp | string]>([
    ['a fraction', () => frame().limit(1.5), 'limit takes a whole number from 0, not the number 1.5'],
    ['text', () => frame().limit('5'), 'limit takes a whole number from 0, not the text "5"'],
    ['nothing', () => frame().offset(), 'offset takes a whole number from 0, not undefined'],
    ['no partition', () => frame().coalesce(0), 'coalesce takes a whole number from 1, not the number 0'],
    ['half a partition', () => frame().repartition(1.5), /^repartition takes a whole number from 1/],
    ['select(null)', () => frame().select(null), /^select: null is not a column; give a name or a column/],
    ['select(5)', () => frame().select(5), /^select: the number 5 is not a column/],
    ['groupBy(null)', () => frame().groupBy('a', null), /^groupBy: null is not a column/],
    ['a callback without an answer', () => frame().select(() => {}), /the callback returned undefined$/],
    ['a callback that answers a column', () => frame().select(id), /the callback returned a column, Column<id>$/],
    ['a list of columns', () => frame().withColumns(() => [id()]), /the callback returned an array of 1$/],
    ['agg()', () => frame().agg(), /columns by name are expected.* but undefined was given/],
    ['orderBy()', () => frame().orderBy(), "orderBy: name a column, for example orderBy('a')"],
    ['alias()', () => id().alias(), 'alias: a name is missing'],
    ['alias(5)', () => id().as('a', 5), 'alias: a name is text, not the number 5'],
    ['transform', () => frame().transform(() => 5), 'transform: the function gives a DataFrame, not the number 5'],
    ['fill of a column', () => frame().fillna(lit(0)), 'fill takes a number, a text, a boolean or a record of them'],
    ['fill of null', () => frame().na.fill(null), /^fill takes a number.* not null/],
    ['numbers that a record has as text', () => frame().replace({ 1: 10 }), /names of a record are text.* new Map/],
    ['describe of a column', () => frame().describe(id()), 'describe: each argument is text'],
    ['an undefined column', () => frame().withColumn('x', undefined), "withColumn('x'): the column is undefined"],
    ['an undefined name', () => frame().withColumnRenamed('a'), "the new name of 'a' is text, not undefined"],
    ['a frame that is none', () => frame().union(5), 'a DataFrame is expected, not the number 5'],
    ['a promise', () => frame().join(Promise.resolve(), 'a'), /; await what sql\(\) and createDataFrame\(\) promise$/],
    ['a schema that is none', () => frame().to(5), 'to() takes a schema, not the number 5'],
    ['a type that is none', () => id().cast(types.long.notNull()), /a cast takes a type, types\.long or 'bigint'/],
    ['a window that is none', () => id().over(), /over\(\) takes a window/],
    ['eq()', () => id().eq(), 'undefined is not a column or a value; NULL is null'],
    ['between(1)', () => id().between(1), 'undefined is not a column or a value'],
    ['isin of a name misspelt', () => id().isin([1, undefined]), 'undefined is not a column or a value'],
    ['pivot of a value', () => frame().groupBy('a').pivot('id', 1), 'pivot: the values are a list, not the number 1'],
    ['groupingSets of columns', () => frame().groupingSets(['a']), 'the columns of a set are a list, not the text "a"'],
    [
      'unpivot of a name',
      () => frame().unpivot('id', ['a'], 'k', 'v'),
      'unpivot: the ids are a list, not the text "id"',
    ],
    ['unpivot without names', () => frame().unpivot(['id'], ['a']), 'the name of the variable column is text'],
    ['randomSplit(0.5)', () => frame().randomSplit(0.5), 'randomSplit: the weights are a list, not the number 0.5'],
    ['sample of text', () => frame().sample('half'), 'sample: the fraction is a number from 0, not the text "half"'],
    ['transform of a frame', () => frame().transform(frame()), 'transform takes a function of a frame'],
    ['freqItems of a name', () => frame().freqItems('a'), 'freqItems: the names are a list, not the text "a"'],
    ['sampleBy of an object', () => frame().sampleBy('a', { 1: 0.5 }), 'sampleBy takes a Map of values'],
    ['dropna(null)', () => frame().dropna(null), /^drop: 'any', 'all' or options, not null/],
    ['replace without a subset', () => frame().replace({ a: 'b' }, null), 'the subset is a list of names, not null'],
    ['observe()', () => frame().observe(), 'observe: an Observation or a name is expected, not undefined'],
    ['a name that is none', () => frame().withColumn(id(), 1), 'withColumn: the name is text, not'],
    ['asOfJoin without options', () => frame().asOfJoin(frame()), /^asOfJoin: the options are \{ leftAsOf, rightAsOf/],
    ['a struct of no type', () => types.struct({ a: (types as any).interger }), "types.struct: 'a' is a type, such as"],
    ['an array of text', () => types.array('int' as any), 'types.array: the element is a type, such as types.string'],
    ['col()', () => (col as () => unknown)(), 'col: a name is text, not undefined'],
    ['expr(5)', () => (expr as (sql: unknown) => unknown)(5), 'expr: SQL is text, not the number 5'],
  ])('%s', (_, run, message) => {
    expect(run).toThrow(TypeError)
    expect(run).toThrow(message)
  })
  test('what stays right', () => {
    frame().to('id int').limit(0).orderBy(desc('a'), id()).filter('a > 1').select(['a', id()])
    frame()
      .groupBy()
      .agg({ n: lit(1) })
  })
})

describe('arguments of actions', () => {
  const session = (): any => Reflect.construct(RuntimeConfig, [new FakeExecutor()])
  test.each<[string, () => Promise<unknown>, string]>([
    ['corr', () => frame().stat.corr('id', 'a', 'spearman'), `corr: Spark has only 'pearson', not the text "spearman"`],
    ['show by name', () => frame().show({ n: 1 }), 'show takes its arguments by position: show(20, true, false)'],
    ['show of text', () => frame().show('a'), 'show takes a whole number from 0, not the text "a"'],
    [
      'collect',
      () => frame().collect({ bigint: 'text' }),
      `the option bigint is 'bigint' or 'number', not the text "text"`,
    ],
    ['conf.set', () => session().set('a.b', null), "conf.set: 'a.b' is a text, number or boolean, not null; unset()"],
    [
      'conf.set of many',
      () => session().set({ 'a.b': {} }),
      "conf.set: 'a.b' is a text, number or boolean, not an object",
    ],
  ])('%s', async (_, run, message) => {
    await expect(run()).rejects.toThrow(message)
  })
})

test('a hole of a sparse array is null', () => {
  // biome-ignore lint/suspicious/noSparseArray: wrong on purpose
  expect(`${lit([1, , 2])}`).toBe(`${lit([1, null, 2])}`)
})

test('a value that no message can hold is an error of this client, not of the protocol', async () => {
  const { encodeMessage } = await import('../src/client/encode.ts')
  const { LimitSchema } = await import('../src/gen/spark/connect/relations_pb.ts')
  const { create } = await import('@bufbuild/protobuf')
  const message = create(LimitSchema, { limit: 1.5 })
  expect(() => encodeMessage(LimitSchema, message)).toThrow(/cannot be sent.*; limit of Limit: invalid int32: 1\.5/)
})

describe('a server that cannot be reached', () => {
  test.each([
    ['sc://127.0.0.1:1', /connection refused: is the server running\? \(sc:\/\/127\.0\.0\.1:1\)/],
    ['sc://no-such-host.invalid', /unknown host: is the name in the connection string right\?/],
  ])('%s: told within about a second', async (url, message) => {
    const start = performance.now()
    await expect(SparkSession.connect(url)).rejects.toThrow(message)
    // Half a second of tries; the rest is for a busy machine.
    expect(performance.now() - start).toBeLessThan(3_000)
  })
})

describe('a name that cannot be looked up', () => {
  const failing = (code: string) =>
    jest.spyOn(dns.promises, 'lookup').mockRejectedValue(Object.assign(new Error(code), { code }))
  afterEach(() => void jest.restoreAllMocks())

  test('one that does not exist is told at once, however long a server may take to come', async () => {
    failing('ENOTFOUND')
    const started = performance.now()
    const work = SparkSession.connect('sc://no-such-host.invalid', { connectWaitMs: 60_000 })
    await expect(work).rejects.toMatchObject({ isUnknownHost: true, message: expect.stringMatching(/unknown host:/) })
    expect(performance.now() - started).toBeLessThan(2_000)
  })

  test('it is looked up again where the name service does not answer', async () => {
    failing('EAI_AGAIN')
    const tries: number[] = []
    const work = SparkSession.connect('sc://no-such-host.invalid', {
      connectWaitMs: 1_500,
      onEvent: (event) => event.kind === 'retry' && tries.push(event.attempt),
    })
    await expect(work).rejects.toMatchObject({ isUnknownHost: true })
    expect(tries.length).toBeGreaterThan(2)
  })
})

describe('mistakes show the line of the program that made them', () => {
  const firstFrame = (error: unknown) => (error as Error).stack?.split('\n').find((line) => /^ +at /.test(line))
  test.each<[string, () => unknown]>([
    ['an operator', () => id() > 1],
    ['an argument', () => frame().limit(1.5)],
    ['a condition', () => frame().filter(true)],
    ['a literal', () => lit(new Date(Number.NaN))],
    ['a struct by a repeated name', () => new Unreadable('x')],
  ])('%s', (_, run) => {
    let error: unknown
    try {
      error = run()
    } catch (caught) {
      error = caught
    }
    expect(firstFrame(error)).toMatch(/messages\.test\.ts/)
    expect(String((error as Error).stack).split('\n').length).toBeLessThanOrEqual(8)
  })
  const failure = async (rows: unknown): Promise<any> => {
    const conf = { getMany: async () => [] } as any
    try {
      return await createFrame({ executor: new FakeExecutor(), conf }, rows, 'a int', {})
    } catch (error) {
      return error
    }
  }
  test('a row that does not fit', async () => {
    const error = await failure([[1, 2]])
    expect(error).toMatchObject({ message: 'row 0: 2 values for 1 column; the schema has a' })
    expect(firstFrame(error)).toMatch(/messages\.test\.ts/)
  })
  test('what the rows themselves throw is left as it is', async () => {
    const mine = new RangeError('mine')
    const rows = {
      [Symbol.iterator]: () => {
        throw mine
      },
    }
    const { stack } = mine
    expect(await failure(rows)).toBe(mine)
    expect(mine.stack).toBe(stack)
  })
})

describe('errors fit a screen', () => {
  const many = Array.from({ length: 50 }, (_, i) => `line ${i}`).join('\n')
  test('the stack begins with some of the message and the lines of the program', () => {
    const error = new SparkConnectError(many, { code: 'INTERNAL', errorClass: 'X' })
    const lines = (error.stack ?? '').split('\n')
    expect(lines.slice(0, 4)).toEqual([
      'SparkConnectError: line 0',
      'line 1',
      'line 2',
      '… (47 more lines: error.message)',
    ])
    expect(lines.slice(4).every((line) => /^ {4}at /.test(line) && !/errors\.ts/.test(line))).toBe(true)
    expect(lines.length).toBeLessThanOrEqual(8)
    expect(error.message).toBe(many)
  })
  test('the chain of causes is read by name and not printed', () => {
    const stackTrace = Array.from({ length: 100 }, (_, i) => `org.apache.Frame${i}`)
    const cause = { classes: ['java.lang.A'], message: 'm', errorClass: null, sqlState: null, messageParameters: {} }
    const serverErrors = [{ ...cause, queryContexts: [], stackTrace }]
    const error = new SparkConnectError('m', { code: 'INTERNAL', serverErrors })
    expect(Object.keys(error).sort()).toEqual(['code', 'name'])
    expect(error.javaStack).toMatch(/^java\.lang\.A: m\n\tat org\.apache\.Frame0\n/)
    expect(error.with({ message: 'n' }).serverErrors).toBe(serverErrors)
  })
})

describe('columns remember the line that made them', () => {
  const placeOf = (column: unknown) => {
    const { common } = (column as { expression: { common?: { origin?: { function: { value?: unknown } } } } })
      .expression
    return common?.origin?.function.value as { fragment: string; callSite: string } | undefined
  }
  test('whatever made them', () => {
    const here = /^lib\/spark-connect-js\/test\/messages\.test\.ts:\d+$/
    const made = [col('a'), upper(col('a')), col('a').plus(1), expr('a'), col('a').cast('int')].map(placeOf)
    expect(made.map((place) => place?.fragment)).toEqual(['col', 'upper', '+', 'expr', 'cast'])
    for (const place of made) expect(place?.callSite).toMatch(here)
    const [first, second] = [col('a'), col('b')].map((column) => Number(placeOf(column)?.callSite.split(':')[1]))
    expect(second! - first!).toBe(1)
  })
  test('unless that is switched off', () => {
    recordOrigins(false)
    expect(originOf('col')).toBeUndefined()
    expect(placeOf(col('a'))).toBeUndefined()
    recordOrigins(true)
    expect(originOf('col')).toBeDefined()
  })
})
