import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { ColumnNode } from '../src/column/node.ts'
import * as spark from '../src/index.ts'
import { functions } from '../src/index.ts'
import { testSpark } from './support/spark.ts'
import { isOlder } from './support/version.ts'

/** Names in `pyspark.sql.functions.__all__` of PySpark 4.2.0. */
const pysparkNames = readFileSync(new URL('support/pyspark-functions-4.2.txt', import.meta.url), 'utf8')
  .trim()
  .split('\n')

/** What makes or describes functions written in Python, which this client does not send. */
const ofPython = [
  'AnalyzeArgument',
  'AnalyzeResult',
  'ArrowUDFType',
  'OrderingColumn',
  'PandasUDFType',
  'PartitioningColumn',
  'SelectedColumn',
  'SkipRestOfInputTableException',
  'UserDefinedFunction',
  'UserDefinedTableFunction',
  'arrow_udf',
  'arrow_udtf',
  'pandas_udf',
  'udf',
  'udtf',
]

describe('functions', () => {
  test('every public name of PySpark 4.2 but those about Python functions', () => {
    expect(pysparkNames).toHaveLength(539)
    const missing = pysparkNames.filter((name) => !(name in functions))
    expect(missing.sort()).toEqual([...ofPython].sort())
  })

  test('each is exported by its name as well', () => {
    for (const name of Object.keys(functions)) {
      // Not by a cast: to compare the types of 500 functions takes the compiler seconds.
      expect([name, Reflect.get(spark, name)]).toEqual([name, Reflect.get(functions, name)])
    }
  })
})

describe('arguments', () => {
  const { col, lit, lower, regexp_replace, pmod, count, count_distinct, window, make_interval, split } = functions
  const cases: [name: string, column: unknown, text: string][] = [
    ['text names a column where a column is meant', lower('artist'), 'lower(artist)'],
    ['text is text where a constant is meant', regexp_replace('song', '^The ', ''), 'regexp_replace(song, ^The , )'],
    ['numbers are constants', pmod('n', 3), 'pmod(n, 3)'],
    ['columns are taken everywhere', split(col('a'), lit(',')), 'split(a, ,)'],
    ['count(*) counts rows', count('*'), 'count(1)'],
    ['distinct counts', count_distinct('a', 'b'), 'count(a, b)'],
    ['what is left out is not sent', window('t', '1 hour'), 'window(t, 1 hour)'],
    ['parts before the last are zero', make_interval({ days: lit(2) }), 'make_interval(0, 0, 0, 2)'],
  ]
  test.each(cases)('%s', (_, column, text) => {
    expect(String(column)).toBe(`Column<${text}>`)
  })

  test('lambdas have variables of their own', () => {
    const node = functions.transform('a', (x) => functions.transform(x as never, (y) => y)) as unknown as ColumnNode
    const names = [
      ...JSON.stringify(node.expression, (_, value) => (typeof value === 'bigint' ? String(value) : value)).matchAll(
        /"nameParts":\["(\w+)"\]/g,
      ),
    ].map((match) => match[1])
    expect(new Set(names).size).toBe(2)
  })

  test('when() has its order', () => {
    const branch = functions.when(lit(true), 1)
    expect(() => lit(1).otherwise(2)).toThrow(/follows only when/)
    expect(() => branch.otherwise(2).otherwise(3)).toThrow(/there already/)
    expect(() => branch.otherwise(2).when(lit(true), 3)).toThrow(/cannot follow/)
  })

  test('a record of columns cannot be made by spreading a frame', () => {
    expect(() => lit({ a: 1 })).toThrow(TypeError)
    expect(() => lit(Symbol('x'))).toThrow(TypeError)
  })
})

describe('on a server', () => {
  let session: Awaited<ReturnType<typeof testSpark>>
  beforeAll(async () => {
    session = await testSpark()
  }, 120_000)
  afterAll(() => session?.stop())

  test('every built-in that is called is there', async () => {
    if (await isOlder(session, '4.2')) return
    const table = readFileSync(new URL('../scripts/functions.table', import.meta.url), 'utf8')
    const called = table
      .split('\n')
      .filter((line) => /^\w/.test(line))
      .map((line) => line.split('|')[0]!.trim().split(' @ ').at(-1)!)
      .filter((name) => /^\w+$/.test(name))
    const listed = await (await session.sql<{ function: string }>('SHOW FUNCTIONS')).collect()
    const known = new Set(listed.map((row) => row.function.toLowerCase()))
    expect(called.filter((name) => !known.has(name.toLowerCase()))).toEqual([])
    expect(called.length).toBeGreaterThan(425)
  })
})
