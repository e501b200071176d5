import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { decodeBatches } from '../src/arrow/decode.ts'
import {
  CalendarInterval,
  type DataType,
  DayTimeInterval,
  Decimal,
  LocalDate,
  LocalDateTime,
  LocalTime,
  lit,
  SparkSession,
  StructField,
  StructType,
  Timestamp,
  types,
  YearMonthInterval,
} from '../src/index.ts'
import { testSparkAddress } from './support/spark.ts'
import { isOlder } from './support/version.ts'

/** Every type with its extremes. CHAR and VARCHAR are left out: outside of tables Spark makes them STRING. */
const cases: readonly [name: string, type: DataType, value: unknown][] = [
  ['true', types.boolean, true],
  ['false', types.boolean, false],
  ['the least TINYINT', types.byte, -128],
  ['the greatest TINYINT', types.byte, 127],
  ['the least SMALLINT', types.short, -32_768],
  ['the greatest SMALLINT', types.short, 32_767],
  ['the least INT', types.integer, -(2 ** 31)],
  ['the greatest INT', types.integer, 2 ** 31 - 1],
  ['the least BIGINT', types.long, -(2n ** 63n)],
  ['the greatest BIGINT', types.long, 2n ** 63n - 1n],
  ['a BIGINT beyond 2^53', types.long, 2n ** 53n + 1n],
  ['the greatest FLOAT', types.float, 3.4028234663852886e38],
  ['the smallest FLOAT', types.float, 1.401298464324817e-45],
  ['a FLOAT that is not a number', types.float, Number.NaN],
  ['an infinite FLOAT', types.float, Number.NEGATIVE_INFINITY],
  ['the greatest DOUBLE', types.double, Number.MAX_VALUE],
  ['the smallest DOUBLE', types.double, Number.MIN_VALUE],
  ['a negative zero', types.double, -0],
  ['a DOUBLE that is not a number', types.double, Number.NaN],
  ['an infinite DOUBLE', types.double, Number.POSITIVE_INFINITY],
  ['the least DECIMAL', types.decimal(38, 0), Decimal.of(`-${'9'.repeat(38)}`)],
  ['the finest DECIMAL', types.decimal(38, 38), Decimal.of(`0.${'0'.repeat(37)}1`)],
  ['a DECIMAL of both', types.decimal(38, 18), Decimal.of(`${'9'.repeat(20)}.${'9'.repeat(18)}`)],
  ['an empty STRING', types.string, ''],
  ['a STRING of every length of UTF-8', types.string, 'aé€🎵\0\n"\'\\'],
  ['a long STRING', types.string, 'xé'.repeat(50_000)],
  ['an empty BINARY', types.binary, new Uint8Array(0)],
  ['every byte', types.binary, Uint8Array.from({ length: 256 }, (_, i) => i)],
  ['the first DATE', types.date, LocalDate.parse('0001-01-01')],
  ['the last DATE', types.date, LocalDate.parse('9999-12-31')],
  ['the last DATE of the Julian calendar', types.date, LocalDate.parse('1582-10-04')],
  ['the first DATE of the Gregorian calendar', types.date, LocalDate.parse('1582-10-15')],
  ['the first TIMESTAMP', types.timestamp, Timestamp.parse('0001-01-01T00:00:00Z')],
  ['the last TIMESTAMP', types.timestamp, Timestamp.parse('9999-12-31T23:59:59.999999Z')],
  ['a TIMESTAMP before 1970', types.timestamp, new Timestamp(-1n)],
  ['the first TIMESTAMP_NTZ', types.timestampNtz, LocalDateTime.parse('0001-01-01T00:00:00')],
  ['the last TIMESTAMP_NTZ', types.timestampNtz, LocalDateTime.parse('9999-12-31T23:59:59.999999')],
  ['midnight', types.time(6), LocalTime.parse('00:00:00')],
  ['the last TIME', types.time(6), LocalTime.parse('23:59:59.999999')],
  ['the least INTERVAL YEAR TO MONTH', types.yearMonthInterval, new YearMonthInterval(-(2 ** 31))],
  ['the greatest INTERVAL YEAR TO MONTH', types.yearMonthInterval, new YearMonthInterval(2 ** 31 - 1)],
  ['the least INTERVAL DAY TO SECOND', types.dayTimeInterval, new DayTimeInterval(-(2n ** 63n))],
  ['the greatest INTERVAL DAY TO SECOND', types.dayTimeInterval, new DayTimeInterval(2n ** 63n - 1n)],
  ['an INTERVAL', types.calendarInterval, new CalendarInterval(-1, 2, -3n)],
  [
    'an INTERVAL of 292 years',
    types.calendarInterval,
    new CalendarInterval(2 ** 31 - 1, -(2 ** 31), 9_223_372_036_854_775n),
  ],
  ['an empty ARRAY', types.array(types.long), []],
  ['an ARRAY with null', types.array(types.string), ['a', null, '']],
  ['an ARRAY of ARRAY', types.array(types.array(types.integer)), [[1], [], null]],
  ['an empty MAP', types.map(types.string, types.long), new Map()],
  ['a MAP with null', types.map(types.string, types.long), new Map([['a', 1n], ['b', null]])], // biome-ignore format: pairs
  ['a MAP of INT', types.map(types.integer, types.string), new Map([[1, 'x']])],
  [
    'a STRUCT',
    types.struct({ a: types.integer, b: types.struct({ c: types.date }) }),
    { a: null, b: { c: new LocalDate(0) } },
  ],
]

/** Spark writes the arguments of a query into its text, and has no text for an interval of months and days. */
const isNoArgument = (type: DataType): boolean => type.kind === 'interval'

const isNested = (type: DataType): boolean => ['array', 'map', 'struct'].includes(type.kind)

let spark: SparkSession
let known: typeof cases
/** Values and types by the way that they went: all cases of a way travel in one row. */
const arrived: Record<string, { row: readonly unknown[]; types: readonly string[] }> = {}

beforeAll(async () => {
  spark = await SparkSession.connect(await testSparkAddress())
  await spark.conf.set({ 'spark.sql.session.timeZone': 'UTC', 'spark.sql.timeType.enabled': true }, { silent: true })
  const old = await isOlder(spark, '4.2')
  known = cases.filter(([, type]) => !(old && type.kind === 'time'))
  const fields = known.map(([, type], i) => new StructField(`c${i}`, type))
  const sent = await spark.createDataFrame([known.map(([, , value]) => value)], new StructType(fields))
  const columns = known.map(([, type, value], i) => lit(value as never, type).as(`c${i}`))
  const one = spark.range(1)
  const args = Object.fromEntries(
    known.map(([, type, value], i) => [`c${i}`, lit(isNoArgument(type) ? null : (value as never), type)]),
  )
  const names = Object.keys(args).map((name) => `:${name} as ${name}`)
  const ways = {
    'createDataFrame and collect': sent,
    'lit and select': one.select(...columns),
    'an argument of sql': await spark.sql(`select ${names.join(', ')}`, args),
  }
  for (const [way, frame] of Object.entries(ways)) {
    const [row] = await frame.collectTuples()
    arrived[way] = { row: row!, types: (await frame.schema()).fields.map(({ dataType }) => dataType.sql()) }
  }
  const [batch] = decodeBatches(await sent.toArrow())
  arrived['createDataFrame and toArrow'] = { row: batch!.tuples()[0]!, types: known.map(([, type]) => type.sql()) }
}, 180_000)

afterAll(async () => {
  await spark?.stop()
})

describe.each([
  'createDataFrame and collect',
  'lit and select',
  'an argument of sql',
  'createDataFrame and toArrow',
])('what goes through %s arrives as it is', (way) => {
  test.each(cases)('%s', (name, type, value) => {
    const at = known.findIndex(([each]) => each === name)
    if (at < 0) return console.warn(`skipped: ${type} is younger than this server`)
    const isArgument = way === 'an argument of sql'
    if (isArgument && isNoArgument(type)) return console.warn(`skipped: Spark takes no ${type} as ${way}`)
    // As text an array is that of its elements, of none a VOID, and what is not null in a struct can never be.
    if (!(isArgument && isNested(type))) expect(arrived[way]!.types[at]).toBe(type.sql())
    expect(arrived[way]!.row[at]).toEqual(value)
  })
})

test('days that the Julian calendar skips are sent as rows, and refused as literals', async () => {
  const [day, at] = [LocalDate.parse('1582-10-10'), Timestamp.parse('1582-10-10T12:00:00Z')]
  const frame = await spark.createDataFrame([{ day, at }], types.struct({ day: types.date, at: types.timestamp }))
  expect(await frame.collect()).toEqual([{ day, at }])
  expect(() => lit(day)).toThrow(
    'Spark moves the DATE literal 1582-10-10 to 15 October 1582; send it by createDataFrame',
  )
  expect(() => lit([at])).toThrow('Spark moves the TIMESTAMP literal 1582-10-10T12:00:00Z to 15 October 1582')
  for (const text of ['1582-10-04', '1582-10-15']) lit(LocalDate.parse(text))
})
