import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import {
  CalendarInterval,
  type DataType,
  DayTimeInterval,
  DayTimeIntervalType,
  Decimal,
  Geo,
  LocalDate,
  LocalTime,
  lit,
  SparkSession,
  types,
  YearMonthInterval,
  YearMonthIntervalType,
} from '../src/index.ts'
import { testSparkAddress } from './support/spark.ts'
import { isOlder } from './support/version.ts'

let spark: SparkSession

beforeAll(async () => {
  spark = await SparkSession.connect(await testSparkAddress())
  await spark.conf.set({ 'spark.sql.session.timeZone': 'UTC', 'spark.sql.timeType.enabled': true }, { silent: true })
  await spark.conf.set({ 'spark.sql.geospatial.enabled': true }, { silent: true })
}, 120_000)

afterAll(async () => {
  await spark?.stop()
})

const point = (srid: number) => new Geo(srid, Buffer.from('0101000000000000000000F03F0000000000000040', 'hex'))

describe('a value arrives as it was sent, and its type with it', () => {
  const cases: [name: string, type: DataType, value: unknown][] = [
    ['INTERVAL YEAR', new YearMonthIntervalType(0, 0), new YearMonthInterval(24)],
    ['INTERVAL DAY TO HOUR', new DayTimeIntervalType(0, 1), new DayTimeInterval(3_600_000_000n)],
    ['a short INTERVAL', types.calendarInterval, new CalendarInterval(-1, 2, 3n)],
    ['a collated STRING', types.collated('UNICODE_CI'), 'a'],
    [
      'collated strings within',
      types.map(types.string, types.array(types.collated('UTF8_LCASE'))),
      new Map([['k', ['a']]]),
    ],
    ['TIME(3)', types.time(3), LocalTime.parse('12:30:00.123')],
    ['nanoseconds as TIME(6)', types.time(6), new LocalTime(86_399_999_999_999n)],
    ['a GEOMETRY', types.geometry(0), point(0)],
    ['a GEOMETRY of any system', types.geometry(), point(3857)],
    ['a GEOGRAPHY', types.geography(4326), point(4326)],
  ]
  test.each(cases)('%s in rows', async (_, type, value) => {
    if (await isOlder(spark, '4.2')) return
    const schema = types.struct({ v: type, w: type.notNull() })
    const frame = await spark.createDataFrame(
      [
        [null, value],
        [value, value],
      ],
      schema,
    )
    expect((await frame.schema()).sql()).toBe(schema.sql())
    expect(await frame.collectTuples()).toEqual([
      [null, value],
      [value, value],
    ])
  })
  test.each(cases)('%s as a literal', async (_, type, value) => {
    if (await isOlder(spark, '4.2')) return
    const frame = spark.range(1).select(lit(value, type).alias('v'), lit(null, type).alias('n'))
    expect((await frame.dtypes()).map(([, dataType]) => dataType.sql())).toEqual([type.sql(), type.sql()])
    expect(await frame.collectTuples()).toEqual([[value, null]])
  })
})

test('an INTERVAL beyond 292 years, which Arrow cannot carry, arrives all the same', async () => {
  const rows = [2n ** 63n - 1n, -(2n ** 63n), 9_223_372_036_854_776n].map((micros) => ({
    v: new CalendarInterval(1, -2, micros),
  }))
  const schema = types.struct({ v: types.calendarInterval })
  const frame = await spark.createDataFrame(rows, schema)
  const literals = rows.map(({ v }) => lit(v).cast('string').alias('v'))
  const expected = await Promise.all(literals.map(async (c) => (await spark.range(1).select(c).collect())[0]))
  expect(await frame.selectExpr('string(v) AS v').collect()).toEqual(expected)
  expect(expected[0]).toEqual({ v: '1 months -2 days 2562047788 hours 54.775807 seconds' })
  const required = spark.createDataFrame(rows, types.struct({ v: types.calendarInterval.notNull() }))
  await expect(required).rejects.toThrow(/^row 0, column 'v': .* Arrow cannot carry 9223372036854775807 microseconds/)
})

test('a collated literal compares by its collation', async () => {
  const same = lit('A').eq(lit('a', types.collated('UNICODE_CI')))
  expect(await spark.range(1).select(same.alias('v')).collect()).toEqual([{ v: true }])
})

test('an empty list beside a full one is an argument of SQL text', async () => {
  expect(await (await spark.sql('SELECT :v AS v', { v: [['a'], []] })).collect()).toEqual([{ v: [['a'], []] }])
})

describe('structs in which a field name repeats', () => {
  const text = `SELECT struct(l.*, r.*) AS s, array(struct(l.*, r.*)) AS a
    FROM (SELECT 1 id, 'left' v) l JOIN (SELECT 1 id, 'right' v) r ON l.id = r.id`
  test('are refused as objects, by name', async () => {
    const frame = await spark.sql(text)
    const message = /column 's' is a struct with more than one field 'id'/
    await expect(frame.collect()).rejects.toThrow(message)
    await expect(frame.collectTuples()).rejects.toThrow(message)
    const within = await spark.sql("SELECT map(1, array(named_struct('b', 1, 'b', 2))) AS m")
    await expect(within.collect()).rejects.toThrow(/column 'm\.(entries\.)?value\.element' is a struct with/)
  })
  test('are read by position', async () => {
    const both = [1, 'left', 1, 'right']
    expect(await (await spark.sql(text)).collectTuples({ structs: 'tuples' })).toEqual([[both, [both]]])
  })
})

test('BIGINT as number, at any depth, and refused where it is not exact', async () => {
  const frame = await spark.sql("SELECT 5L AS n, array(1L, null) AS a, map('k', named_struct('b', 2L)) AS m")
  const [row] = await frame.collect({ bigint: 'number' })
  expect(row).toEqual({ n: 5, a: [1, null], m: new Map([['k', { b: 2 }]]) })
  const large = await spark.sql('SELECT 9007199254740992L AS n')
  await expect(large.collect({ bigint: 'number' })).rejects.toThrow("column 'n': 9007199254740992 is not exact")
  expect(await large.collect()).toEqual([{ n: 2n ** 53n }])
})

test('maps with DATE, DECIMAL and STRUCT keys are looked up by value', async () => {
  const [row] = await (
    await spark.sql("SELECT map(DATE'2024-01-01', 1) AS d, map(1.50BD, 2) AS n, map(named_struct('a', 1L), 3) AS s")
  ).collect()
  expect([row.d.get(LocalDate.parse('2024-01-01')), row.n.get(Decimal.of('1.5')), row.s.get({ a: 1n })]).toEqual([
    1, 2, 3,
  ])
})

test.each([
  `parse_json('{"b":1,"a":[1.50,1e10,"x\\\\"é",null,true,123456789012345678901234],"c":{}}')`,
  "to_variant_object(named_struct('d', 1.0D, 'e', 1e10D, 'f', float(0.1), 'g', 1e-5D, 'h', double('NaN'), 'i', -0.0D))",
  "to_variant_object(named_struct('d', DATE'2024-01-01', 't', TIMESTAMP'2024-01-01 00:00:00.5', 'b', X'0102'))",
  "to_variant_object(array(TIMESTAMP_NTZ'2024-01-01 01:02:03', TIMESTAMP_NTZ'1960-01-01 00:00:00'))",
])('a variant prints as Spark prints it: %s', async (text) => {
  if (await isOlder(spark, '4.1')) return
  const [row] = await (await spark.sql(`SELECT v, to_json(v) AS json FROM (SELECT ${text} AS v)`)).collect()
  expect(String(row.v)).toBe(row.json)
})

test('a schema of collations and geometries is one that Spark reads', async () => {
  if (await isOlder(spark, '4.2')) return
  const schema = types.struct({ a: types.collated('UNICODE_CI'), g: types.geometry(4326), h: types.geography(4326) })
  const empty = await spark.createDataFrame([], schema)
  expect((await empty.schema()).sql()).toBe(schema.sql())
})
