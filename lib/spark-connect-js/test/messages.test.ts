// What a person reads who made a mistake. Nothing here needs a server: mistakes are refused before anything is sent.
import dns from 'node:dns'
import { afterEach, describe, expect, jest, test } from '@jest/globals'
import { newFrame } from '../src/dataframe/frame.ts'
import { col, desc, expr, lit, SparkConnectError, SparkSession, types, upper } from '../src/index.ts'
import { originOf, recordOrigins } from '../src/plan/origin.ts'
import { localRelation } from '../src/plan/relation.ts'
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

describe("PySpark's forms are refused with the right one", () => {
  test.each<[string, () => unknown, RegExp]>([
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
    ['an undefined column', () => frame().withColumn('x', undefined), "withColumn('x'): the column is undefined"],
    ['an undefined name', () => frame().withColumnRenamed('a'), "the new name of 'a' is text, not undefined"],
    ['a frame that is none', () => frame().union(5), 'a DataFrame is expected, not the number 5'],
    ['a promise', () => frame().join(Promise.resolve(), 'a'), /; await what sql\(\) and createDataFrame\(\) promise$/],
    ['a schema that is none', () => frame().to(5), 'to() takes a schema, not the number 5'],
    ['a type that is none', () => id().cast(types.long.notNull()), /a cast takes a type, types\.long or 'bigint'/],
    ['a window that is none', () => id().over(), /over\(\) takes a window/],
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
