import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import {
  AnalysisException,
  ArithmeticException,
  col,
  lit,
  NumberFormatException,
  ParseException,
  SparkConnectError,
  SparkSession,
} from '../src/index.ts'
import { testSparkAddress } from './support/spark.ts'

let address: string
let spark: SparkSession

beforeAll(async () => {
  address = await testSparkAddress()
  spark = await SparkSession.connect(address)
}, 120_000)

afterAll(async () => {
  await spark?.stop()
})

const failure = async (work: Promise<unknown>): Promise<SparkConnectError> =>
  work.then(
    () => Promise.reject(new Error('it did not fail')),
    (error) => SparkConnectError.from(error),
  )

const lineHere = (): number => Number(/errors-live\.test\.ts:(\d+)/.exec(new Error('here').stack ?? '')?.[1])

test('an error of analysis names the line that made the column', async () => {
  const wrong = col('nope')
  const error = await failure(spark.range(1).select(wrong.plus(1)).collect())
  expect(error.errorClass).toBe('UNRESOLVED_COLUMN.WITH_SUGGESTION')
  expect(error.message).toMatch(
    /^\[UNRESOLVED_COLUMN.*\nmade by col at lib\/spark-connect-js\/test\/errors-live\.test\.ts:\d+\n/,
  )
  expect(error.queryContexts).toMatchObject([{ kind: 'dataframe', fragment: 'col' }])
})

test('an error while the query runs names it, too', async () => {
  const line = lineHere() + 1
  const wrong = lit(1).divide(col('id'))
  const error = await failure(spark.range(1).select(wrong.alias('x')).collect())
  expect(error.errorClass).toBe('DIVIDE_BY_ZERO')
  const [context] = error.queryContexts
  expect(error.message).toContain(context?.callSite)
  // Other tests see the lines that the compiler of the tests made of them, one or two off.
  expect(Math.abs(Number(context?.callSite.split(':')[1]) - line)).toBeLessThan(40)
})

test('messages of the server begin with their text', async () => {
  for (const run of [() => spark.sql('selec 1'), () => spark.range(1).select(col('id').cast('strnig')).collect()]) {
    expect((await failure(run())).message).toMatch(/^\[[A-Z_]+\]/)
  }
})

test('an uncaught error fits a screen, and the first line of its stack is the program’s', async () => {
  const script = fileURLToPath(new URL('support/uncaught.ts', import.meta.url))
  const env = { ...process.env, SPARK_TEST_REMOTE: address, NODE_OPTIONS: '' }
  const printed = await new Promise<string>((resolve) => {
    execFile(process.execPath, ['--no-warnings', script], { env }, (_, __, stderr) => resolve(stderr))
  })
  const lines = printed.trimEnd().split('\n')
  expect(lines.length).toBeLessThanOrEqual(15)
  expect(lines.find((line) => /^ +at /.test(line))).toMatch(/support\/uncaught\.ts:7:/)
  expect(printed).toMatch(/made by col at .*support\/uncaught\.ts:5/)
  expect(printed).not.toMatch(/org\.apache\.spark\.sql\.\w+\.\w+\(/)
})

test('the common classes are told apart by instanceof', async () => {
  const kinds = { AnalysisException, ParseException, ArithmeticException, NumberFormatException }
  const kindsOf = async (query: string) => {
    const error = await failure(spark.sql(query).then((frame) => frame.collect()))
    return Object.keys(kinds).filter((name) => error instanceof kinds[name as keyof typeof kinds])
  }
  expect(await kindsOf('SELECT * FROM no_such_table')).toEqual(['AnalysisException'])
  expect(await kindsOf('SELEKT 1')).toEqual(['AnalysisException', 'ParseException'])
  expect(await kindsOf('SELECT 1 / 0')).toEqual(['ArithmeticException'])
  expect(await kindsOf("SELECT CAST('x' AS INT)")).toEqual(['NumberFormatException'])
  const ours: unknown = new SparkConnectError('mine', { code: 'INVALID_ARGUMENT' })
  expect(ours instanceof AnalysisException).toBe(false)
})
