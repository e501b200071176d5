// Frames whose schema the rows tell, and frames of Arrow data.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { Float64, Int64, Table, tableFromArrays, tableToIPC, Utf8, vectorFromArray } from 'apache-arrow'
import { readArrow } from '../src/arrow/arrow-input.ts'
import { Decimal, LocalDate, type SparkSession, Timestamp } from '../src/index.ts'
import { inferSchema } from '../src/session/infer.ts'
import { testSpark } from './support/spark.ts'

const ddl = (rows: unknown, names?: string[]): string => inferSchema(rows as never, names).ddl()

describe('the schema that rows tell', () => {
  test.each<[string, unknown[], string]>([
    ['whole numbers of 32 bits', [{ a: 1 }, { a: -7 }], 'a INT'],
    ['other numbers', [{ a: 1 }, { a: 2.5 }], 'a DOUBLE'],
    ['a number too large for INT stays a number', [{ a: 2 ** 31 }], 'a DOUBLE'],
    ['a zero with a sign', [{ a: -0 }], 'a DOUBLE'],
    ['NaN', [{ a: Number.NaN }], 'a DOUBLE'],
    ['bigints', [{ a: 1n }], 'a BIGINT'],
    ['texts, flags, bytes', [{ a: 'x', b: true, c: new Uint8Array(1) }], 'a STRING, b BOOLEAN, c BINARY'],
    ['moments and days', [{ a: new Date(0), b: new LocalDate(1) }], 'a TIMESTAMP, b DATE'],
    ['decimals', [{ a: Decimal.of('1.5') }], 'a DECIMAL(38,18)'],
    ['what is absent in some rows', [{ a: 1 }, { b: 'x' }, { a: null }], 'a INT, b STRING'],
    ['lists', [{ a: [] }, { a: [1, null, 2.5] }], 'a ARRAY<DOUBLE>'],
    ['typed arrays', [{ a: new Float32Array(1) }], 'a ARRAY<FLOAT>'],
    ['maps', [{ a: new Map([['x', 1]]) }], 'a MAP<STRING, INT>'],
    ['objects', [{ a: { x: 1 } }, { a: { x: 1.5, y: ['z'] } }], 'a STRUCT<x: DOUBLE, y: ARRAY<STRING>>'],
    ['arrays', [[1, 'x']], '_1 INT, _2 STRING'],
  ])('%s', (_, rows, expected) => {
    expect(ddl(rows)).toBe(expected)
  })
  test('names for arrays', () => {
    expect(ddl([[1, 'x']], ['id', 'name'])).toBe('id INT, name STRING')
    expect(() => ddl([[1]], ['id', 'name'])).toThrow(/row 0 has 1 values for 2 columns/)
    expect(() => ddl([{ id: 1, nane: 'x' }], ['id', 'name'])).toThrow(/row 0 has a value 'nane'/)
  })
  test.each<[string, unknown[], RegExp]>([
    ['two kinds', [{ a: 1 }, { a: 'x' }], /row 1, column 'a' is STRING where row 0 has INT/],
    ['two kinds of numbers', [{ a: 1 }, { a: 1n }], /row 1, column 'a' is BIGINT where row 0 has INT/],
    ['two kinds within a list', [{ a: [1, 'x'] }], /column 'a.element' is STRING where row 0 has INT/],
    ['only nulls', [{ a: null }], /column 'a' holds nothing that tells its type; give a schema/],
    ['only nulls within', [{ a: { b: null } }], /column 'a' holds nothing that tells its type/],
    ['no rows', [], /cannot infer a schema without rows/],
    ['not a row', [5], /row 0 is the number 5, not an object or an array/],
    ['rows of two lengths', [[1], [1, 2]], /row 1 has 2 values for 1 column/],
    ['an object after arrays', [[1], { a: 1 }], /row 1 is an object where row 0 is an array/],
    ['an array after objects', [{ a: 1 }, [1]], /row 1 is an array where row 0 is an object/],
    ['a function', [{ a: () => 1 }], /row 0, column 'a': the type of a function is not known/],
  ])('%s: refused', (_, rows, message) => {
    expect(() => ddl(rows)).toThrow(message)
  })
})

const plain = () =>
  new Table({
    id: vectorFromArray([1n, 2n, null], new Int64()),
    name: vectorFromArray(['Nirvana', null, 'Muse'], new Utf8()),
    score: vectorFromArray([1.5, -0, 3], new Float64()),
  })

describe('Arrow data', () => {
  test.each(['stream', 'file'] as const)('a %s gives its rows and types', (format) => {
    const { type, rows } = readArrow(tableToIPC(plain(), format))
    expect(type.ddl()).toMatch(/^id BIGINT, name STRING, score DOUBLE/)
    expect([...rows]).toEqual([
      [1n, 'Nirvana', 1.5],
      [2n, null, -0],
      [null, 'Muse', 3],
    ])
  })
  test('what Spark does not have is refused', () => {
    const words = tableFromArrays({ name: ['a', 'b'] })
    expect(() => readArrow(tableToIPC(words))).toThrow(/column 'name': dictionary-encoded.*new Utf8\(\)/)
    expect(() => readArrow(tableToIPC(new Table({ n: vectorFromArray(Uint8Array.of(1)) })))).toThrow(
      /cannot read this Arrow data: column 'n': Arrow type UInt8, which Spark does not have/,
    )
    expect(() => readArrow(Uint8Array.of(1, 2, 3))).toThrow(/cannot read this Arrow data/)
    const file = tableToIPC(plain(), 'file')
    for (let length = 6; length < file.length; length += 1) {
      expect(() => readArrow(file.subarray(0, length))).toThrow(/cannot read this Arrow data/)
    }
  })
})

describe('on a server', () => {
  let spark: SparkSession
  beforeAll(async () => {
    spark = await testSpark()
  })
  afterAll(() => spark?.stop())

  test('rows come back as they were', async () => {
    const at = new Date('2024-02-29T12:00:00.123Z')
    const frame = await spark.createDataFrame([
      { id: 1, big: 1n, tags: ['a'], at, where: { city: 'Wien', height: 151.5 } },
      { id: 2, big: 2n ** 62n, tags: [], at, where: { city: 'Graz', height: 353 } },
    ])
    expect(await frame.collect()).toEqual([
      { id: 1, big: 1n, tags: ['a'], at: Timestamp.fromDate(at), where: { city: 'Wien', height: 151.5 } },
      { id: 2, big: 2n ** 62n, tags: [], at: Timestamp.fromDate(at), where: { city: 'Graz', height: 353 } },
    ])
    const named = await spark.createDataFrame([[1, 'x']], ['id', 'name'])
    expect(await named.collect()).toEqual([{ id: 1, name: 'x' }])
  })
  test('Arrow data, its columns renamed', async () => {
    const frame = await spark.createDataFrame(tableToIPC(plain()))
    expect(await frame.where('id = 1').collect()).toEqual([{ id: 1n, name: 'Nirvana', score: 1.5 }])
    const renamed = await spark.createDataFrame(tableToIPC(plain()), ['a', 'b', 'c'])
    expect(await renamed.columns()).toEqual(['a', 'b', 'c'])
    await expect(spark.createDataFrame(tableToIPC(plain()), ['a'])).rejects.toThrow('1 names for 3 columns')
    await expect(spark.createDataFrame(tableToIPC(plain()), 'a int')).rejects.toThrow(/schema of its own/)
    await expect(spark.createDataFrame(plain() as never)).rejects.toThrow(/tableToIPC\(table\)/)
  })
  test('what toArrow gave goes back', async () => {
    const frame = await spark.sql(
      "SELECT struct(1 AS a, 2 AS a) s, map('k', DATE'2024-01-01') m, CAST(1.5 AS DECIMAL(5,2)) d",
    )
    const again = await spark.createDataFrame(await frame.toArrow(), await frame.columns())
    expect(await again.collectTuples({ structs: 'tuples' })).toEqual(await frame.collectTuples({ structs: 'tuples' }))
  })
})
