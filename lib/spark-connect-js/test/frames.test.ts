import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { tableFromIPC } from 'apache-arrow'
import { frameOf } from '../src/dataframe/frame.ts'
import {
  array,
  CalendarInterval,
  type Column,
  coalesce,
  col,
  collect_list,
  concat_ws,
  count,
  count_distinct,
  create_map,
  DayTimeInterval,
  Decimal,
  expr,
  from_json,
  functions,
  isIn,
  LocalDate,
  LocalDateTime,
  LocalTime,
  lag,
  lit,
  lower,
  max,
  Observation,
  parse_json,
  regexp_replace,
  row_number,
  type SparkSession,
  split,
  storageLevels,
  struct,
  sum,
  Timestamp,
  transform,
  types,
  Variant,
  Window,
  when,
  YearMonthInterval,
} from '../src/index.ts'
import { testSpark } from './support/spark.ts'
import { isOlder } from './support/version.ts'

let spark: SparkSession
const folder = mkdtempSync(join(tmpdir(), 'frames-'))

beforeAll(async () => {
  spark = await testSpark()
  await spark.conf.set('spark.sql.session.timeZone', 'UTC')
  await spark.conf.set('spark.sql.timeType.enabled', true)
}, 120_000)
afterAll(async () => {
  await spark?.stop()
  rmSync(folder, { recursive: true, force: true })
})

const plays = () =>
  spark.createDataFrame(
    [
      { artist: 'Nirvana', song: 'Lithium', callsign: 'KEXP', played: 3n },
      { artist: 'nirvana', song: 'Lithium', callsign: 'KCMP', played: 1n },
      { artist: 'Boston', song: null, callsign: 'KEXP', played: 7n },
      { artist: 'Heart', song: 'Crazy on You', callsign: 'KXYZ', played: 2n },
    ],
    types.struct({
      artist: types.string.notNull(),
      song: types.string,
      callsign: types.string.notNull(),
      played: types.long.notNull(),
    }),
  )

describe('values of every type, from SQL', () => {
  const cases: [sql: string, value: unknown][] = [
    ['true', true],
    ['CAST(-128 AS TINYINT)', -128],
    ['CAST(32767 AS SMALLINT)', 32767],
    ['2147483647', 2147483647],
    ['9223372036854775807', 9223372036854775807n],
    ['CAST(0.5 AS FLOAT)', 0.5],
    ["CAST('NaN' AS DOUBLE)", Number.NaN],
    ['CAST(12345678901234567890.123456789 AS DECIMAL(38,9))', Decimal.of('12345678901234567890.123456789')],
    ['CAST(-0.05 AS DECIMAL(3,2))', Decimal.of('-0.05')],
    ["'Mötley Crüe 🤘'", 'Mötley Crüe 🤘'],
    ["X'00FF'", new Uint8Array([0, 255])],
    ["DATE'0001-01-01'", LocalDate.parse('0001-01-01')],
    ["TIMESTAMP'9999-12-31 23:59:59.999999'", Timestamp.parse('9999-12-31T23:59:59.999999Z')],
    ["TIMESTAMP_NTZ'2024-02-29 12:00:00.000001'", LocalDateTime.parse('2024-02-29T12:00:00.000001')],
    ["INTERVAL '1-6' YEAR TO MONTH", new YearMonthInterval(18)],
    ["INTERVAL '-1 02:03:04.5' DAY TO SECOND", new DayTimeInterval(-93784500000n)],
    ['make_interval(1, 2, 0, 3, 0, 0, 1.5)', new CalendarInterval(14, 3, 1_500_000n)],
    ["array('a', NULL)", ['a', null]],
    ['array(array(1L), array())', [[1n], []]],
    [
      "map('a', 1, 'b', NULL)",
      new Map([
        ['a', 1],
        ['b', null],
      ]),
    ],
    ["named_struct('a', 1, 'b', named_struct('c', 'x'))", { a: 1, b: { c: 'x' } }],
    ['CAST(NULL AS STRING)', null],
    ['NULL', null],
    ['array()', []],
  ]
  test.each(cases)('%s', async (sql, value) => {
    const rows = await (await spark.sql(`SELECT ${sql} AS x`)).collect()
    expect(rows).toEqual([{ x: value }])
  })

  test('a time of day (Spark 4.1)', async () => {
    if (await isOlder(spark, '4.1')) return
    const rows = await (await spark.sql("SELECT TIME'12:30:00.5' AS x")).collect()
    expect(rows).toEqual([{ x: LocalTime.parse('12:30:00.5') }])
  })

  test('a variant', async () => {
    const frame = spark.range(1).select({
      v: parse_json(lit('{"a": [1, 2.5, "x", null, true], "big": 12345678901, "deep": {"k": {}}}')),
    })
    const [row] = await frame.collect()
    expect(row?.v).toBeInstanceOf(Variant)
    expect(row?.v?.toJSON()).toEqual({ a: [1, 2.5, 'x', null, true], big: 12345678901, deep: { k: {} } })
    expect(row?.v?.get()).toMatchObject({ a: [1, Decimal.of('2.5'), 'x', null, true], big: 12345678901n })
  })
})

describe('rows sent and received', () => {
  const schema = types.struct({
    yes: types.boolean,
    tiny: types.byte,
    small: types.short,
    int: types.integer,
    long: types.long,
    float: types.float,
    double: types.double,
    price: types.decimal(38, 18),
    text: types.string,
    bytes: types.binary,
    day: types.date,
    moment: types.timestamp,
    local: types.timestampNtz,
    years: types.yearMonthInterval,
    length: types.dayTimeInterval,
    list: types.array(types.string),
    map: types.map(types.string, types.array(types.long)),
    nested: types.struct({ a: types.long, b: types.struct({ c: types.string }) }),
  })
  const full = {
    yes: false,
    tiny: 1,
    small: -1,
    int: 2 ** 31 - 1,
    long: -(2n ** 63n),
    float: 0.25,
    double: 1e300,
    price: Decimal.of('-12345678901234567890.000000000000000001'),
    text: '\u0000 “x” 🤘',
    bytes: new Uint8Array([1, 2]),
    day: LocalDate.parse('1969-12-31'),
    moment: Timestamp.parse('2024-01-01T00:00:00.000001Z'),
    local: LocalDateTime.parse('2024-01-01T00:00:00.000001'),
    years: new YearMonthInterval(-1),
    length: new DayTimeInterval(1n),
    list: ['', null],
    map: new Map([['k', [1n, null]]]),
    nested: { a: null, b: { c: 'x' } },
  }
  const nulls = Object.fromEntries(schema.names.map((name) => [name, null]))

  test('every type and null', async () => {
    const frame = await spark.createDataFrame([full, nulls], schema)
    expect(await frame.collect()).toEqual([full, nulls])
    expect((await frame.schema()).ddl()).toBe(schema.ddl())
  })

  test('the same by JSON text of the schema, with a DDL schema, and none at all', async () => {
    expect(await (await spark.createDataFrame([[1, 'x']], 'a INT, b STRING')).collect()).toEqual([{ a: 1, b: 'x' }])
    const empty = await spark.createDataFrame([], schema)
    expect(await empty.collect()).toEqual([])
    expect((await empty.schema()).ddl()).toBe(schema.ddl())
  })

  test('literals of every type come back as they were', async () => {
    const { tiny: _tiny, small: _small, float: _float, price: _price, list: _l, map: _m, nested: _n, ...plain } = full
    const columns = Object.fromEntries(Object.entries(plain).map(([name, value]) => [name, lit(value)]))
    expect(
      await spark
        .range(1)
        .select(columns as Record<string, Column<unknown>>)
        .collect(),
    ).toEqual([plain])
    const typed = spark.range(1).select({
      list: lit(['', 'x'], types.array(types.string)),
      lists: lit([[1n], []], types.array(types.array(types.long))),
      map: lit(new Map([['k', [1n]]]), types.map(types.string, types.array(types.long))),
      nested: lit({ a: 1n, b: { c: 'x' } }, types.struct({ a: types.long, b: types.struct({ c: types.string }) })),
      price: lit(full.price),
      none: lit(null, types.date),
      plainList: lit([1, 2]),
      plainMap: lit(new Map([['a', 1]])),
    })
    expect(await typed.collect()).toEqual([
      {
        list: ['', 'x'],
        lists: [[1n], []],
        map: new Map([['k', [1n]]]),
        nested: { a: 1n, b: { c: 'x' } },
        price: full.price,
        none: null,
        plainList: [1, 2],
        plainMap: new Map([['a', 1]]),
      },
    ])
    expect(await typed.dtypes()).toContainEqual(['none', types.date])
  })

  test('nulls within literals come back too, or are refused by a server that would misread them', async () => {
    const { list, map, nested } = full
    const within = spark.range(1).select({
      list: lit(list, types.array(types.string)),
      map: lit(map, types.map(types.string, types.array(types.long))),
      nested: lit(nested, types.struct({ a: types.long, b: types.struct({ c: types.string }) })),
    })
    if (await isOlder(spark, '4.1'))
      return expect(within.collect()).rejects.toThrow(/a null within .* needs Spark 4\.1/)
    expect(await within.collect()).toEqual([{ list, map, nested }])
  })
})

describe('queries', () => {
  test('select, filter, withColumns, order, limit', async () => {
    const frame = (await plays())
      .filter((c) => c.played.geq(2n).and(c.callsign.isin('KEXP', 'KXYZ')))
      .withColumns((c) => ({ key: lower(c.artist), title: coalesce(c.song, lit('?')) }))
      .withColumn('band', (c) => when(c.played.gt(5n), 'often').otherwise('rarely'))
      .select('key', 'title', 'band')
      .orderBy((c) => c.key.desc())
    expect(await frame.collect()).toEqual([
      { key: 'nirvana', title: 'Lithium', band: 'rarely' },
      { key: 'heart', title: 'Crazy on You', band: 'rarely' },
      { key: 'boston', title: '?', band: 'often' },
    ])
    expect(await frame.limit(1).first()).toEqual({ key: 'nirvana', title: 'Lithium', band: 'rarely' })
    expect(await frame.offset(2).collect()).toHaveLength(1)
    expect(await frame.tail(1)).toEqual([{ key: 'boston', title: '?', band: 'often' }])
  })

  test('nulls come first ascending and last descending, unless told otherwise', async () => {
    const songs = (await plays()).select('song').distinct()
    const order = async (...by: Column<unknown>[]) => (await songs.orderBy(...by).collect()).map((row) => row.song)
    expect(await order(col('song').asc())).toEqual([null, 'Crazy on You', 'Lithium'])
    expect(await order(col('song').desc())).toEqual(['Lithium', 'Crazy on You', null])
    expect(await order(col('song').asc_nulls_last())).toEqual(['Crazy on You', 'Lithium', null])
  })

  test('groups, rollup, pivot', async () => {
    const frame = await plays()
    expect(
      await frame
        .groupBy((c) => ({ key: lower(c.artist) }))
        .agg((c) => ({ plays: sum(c.played), stations: count_distinct(c.callsign), songs: collect_list(c.song) }))
        .orderBy('key')
        .collect(),
    ).toEqual([
      { key: 'boston', plays: 7n, stations: 1n, songs: [] },
      { key: 'heart', plays: 2n, stations: 1n, songs: ['Crazy on You'] },
      { key: 'nirvana', plays: 4n, stations: 2n, songs: ['Lithium', 'Lithium'] },
    ])
    expect(
      await frame
        .rollup('callsign')
        .agg({ n: count('*') })
        .filter('callsign IS NULL')
        .collect(),
    ).toEqual([{ callsign: null, n: 4n }])
    expect(
      await frame
        .groupBy('song')
        .pivot('callsign', ['KEXP', 'KCMP'])
        .agg((c) => ({ n: max(c.played) }))
        .orderBy('song')
        .collect(),
    ).toEqual([
      { song: null, KEXP: 7n, KCMP: null },
      { song: 'Crazy on You', KEXP: null, KCMP: null },
      { song: 'Lithium', KEXP: 3n, KCMP: 1n },
    ])
    expect(await frame.agg((c) => ({ n: count('*'), most: max(c.played) })).collect()).toEqual([{ n: 4n, most: 7n }])
    expect(
      await frame
        .filter(lit(false))
        .agg((c) => ({ most: max(c.played) }))
        .collect(),
    ).toEqual([{ most: null }])
  })

  test('joins of every kind', async () => {
    const left = await spark.createDataFrame(
      [
        { id: 1, a: 'x' },
        { id: 2, a: 'y' },
      ],
      types.struct({ id: types.integer.notNull(), a: types.string.notNull() }),
    )
    const right = await spark.createDataFrame(
      [
        { id: 2, b: 'p' },
        { id: 3, b: 'q' },
      ],
      types.struct({ id: types.integer.notNull(), b: types.string.notNull() }),
    )
    const rows = async (how: 'inner' | 'left' | 'right' | 'full') =>
      await left.join(right, 'id', how).orderBy('id').collect()
    expect(await rows('inner')).toEqual([{ id: 2, a: 'y', b: 'p' }])
    expect(await rows('left')).toEqual([
      { id: 1, a: 'x', b: null },
      { id: 2, a: 'y', b: 'p' },
    ])
    expect(await rows('right')).toEqual([
      { id: 2, a: 'y', b: 'p' },
      { id: 3, a: null, b: 'q' },
    ])
    expect(await rows('full')).toEqual([
      { id: 1, a: 'x', b: null },
      { id: 2, a: 'y', b: 'p' },
      { id: 3, a: null, b: 'q' },
    ])
    expect(await left.join(right, 'id', 'semi').collect()).toEqual([{ id: 2, a: 'y' }])
    expect(await left.join(right, 'id', 'anti').collect()).toEqual([{ id: 1, a: 'x' }])
    expect(await left.crossJoin(right.select('b')).count()).toBe(4n)
  })

  test('a frame joined with itself, and with one made of it', async () => {
    const ids = spark.range(4)
    const pairs = ids.join(ids.withColumnRenamed('id', 'next'), (a, b) => b.next.eq(a.id.plus(1)))
    expect(await pairs.orderBy('id').collect()).toEqual([
      { id: 0n, next: 1n },
      { id: 1n, next: 2n },
      { id: 2n, next: 3n },
    ])
    const odd = ids.filter((c) => c.id.mod(2).eq(1n)).$castTo<{ id: bigint }>()
    const both = ids.join(odd, (a, b) => a.id.eq(b.id), 'semi')
    expect(await both.orderBy('id').collect()).toEqual([{ id: 1n }, { id: 3n }])
    const byFrame = ids.join(odd, ids.col('id').eq(odd.col('id').plus(1)))
    await expect(byFrame.collect()).rejects.toThrow(/AMBIGUOUS|ambiguous|more than once/)
  })

  test('set operations', async () => {
    const [a, b] = [spark.range(3), spark.range(2, 5)]
    const ids = async (frame: typeof a) => (await frame.orderBy('id').collect()).map((row) => Number(row.id))
    expect(await ids(a.union(b))).toEqual([0, 1, 2, 2, 3, 4])
    expect(await ids(a.intersect(b))).toEqual([2])
    expect(await ids(a.subtract(b))).toEqual([0, 1])
    expect(await ids(a.union(a).exceptAll(a))).toEqual([0, 1, 2])
    const wider = a.unionByName(b.withColumn('x', lit('y')), true)
    expect(await wider.filter('x IS NULL').count()).toBe(3n)
  })

  test('windows', async () => {
    const frame = (await plays()).withColumns((c) => ({
      rank: row_number().over(Window.partitionBy(c.callsign).orderBy(c.played.desc())),
      before: lag(c.artist).over(Window.partitionBy(c.callsign).orderBy(c.played.desc())),
      running: sum(c.played).over(Window.orderBy(c.played).rowsBetween(Window.unboundedPreceding, Window.currentRow)),
    }))
    const rows = await frame.orderBy('played').select('artist', 'rank', 'before', 'running').collect()
    expect(rows).toEqual([
      { artist: 'nirvana', rank: 1, before: null, running: 1n },
      { artist: 'Heart', rank: 1, before: null, running: 3n },
      { artist: 'Nirvana', rank: 2, before: 'Boston', running: 6n },
      { artist: 'Boston', rank: 1, before: null, running: 13n },
    ])
  })

  test('higher-order functions, nested ones too', async () => {
    const frame = spark.range(1).select({
      lengths: transform(split(lit('a bb ccc'), ' '), (word) => functions.length(word)),
      grid: transform(array(lit(1), lit(2)), (x) => transform(array(lit(10), lit(20)), (y) => x.plus(y))),
      places: transform(array(lit('p'), lit('q')), (item, i) => concat_ws('', item, i.cast('string'))),
      total: functions.aggregate(array(lit(1), lit(2), lit(3)), lit(0), (acc, x) => acc.plus(x).$castTo<number>()),
      some: functions.exists(array(lit(1), lit(5)), (x) => x.gt(4)),
      map: functions.map_filter(create_map(lit('a'), lit(1), lit('b'), lit(2)), (_k, v) => v.gt(1)),
    })
    expect(await frame.collect()).toEqual([
      {
        lengths: [1, 2, 3],
        grid: [
          [11, 21],
          [12, 22],
        ],
        places: ['p0', 'q1'],
        total: 6,
        some: true,
        map: new Map([['b', 2]]),
      },
    ])
  })

  test('structs: fields, items, setting and dropping', async () => {
    const frame = spark
      .range(1)
      .select((c) => ({ s: struct({ id: c.id, name: lit('x') }), list: array(lit('p'), lit('q')) }))
    expect(
      await frame
        .select((c) => ({
          name: c.s.getField('name'),
          item: c.list.getItem(1),
          with: c.s.withField('more', lit(true)),
          without: c.s.dropFields('name'),
        }))
        .collect(),
    ).toEqual([{ name: 'x', item: 'q', with: { id: 0n, name: 'x', more: true }, without: { id: 0n } }])
  })

  test('JSON text as rows, by schema', async () => {
    const schema = types.struct({ a: types.long, b: types.array(types.string) })
    const frame = spark.range(1).select({ v: from_json(lit('{"a": 1, "b": ["x"]}'), schema) })
    expect(await frame.collect()).toEqual([{ v: { a: 1n, b: ['x'] } }])
    const lines = await spark.createDataFrame([{ value: '{"a": 2}' }], types.struct({ value: types.string }))
    expect(await spark.read.schema(schema).json(lines).collect()).toEqual([{ a: 2n, b: null }])
    expect(await spark.range(2).toJSON().collect()).toEqual([{ value: '{"id":0}' }, { value: '{"id":1}' }])
  })

  test('columns with dots in their names', async () => {
    const frame = await spark.createDataFrame(
      [{ 'a.b': 1n, 'c d': 'x' }],
      types.struct({ 'a.b': types.long, 'c d': types.string }),
    )
    expect(await frame.select((c) => ({ n: c['a.b'], t: c['c d'] })).collect()).toEqual([{ n: 1n, t: 'x' }])
    expect(await frame.withColumn('a.b', (c) => c['a.b'].plus(1)).collect()).toEqual([{ 'a.b': 2n, 'c d': 'x' }])
  })

  test('names that occur twice are read by position', async () => {
    const frame = spark.range(1).select(col('id'), col('id').as('id'))
    expect(await frame.collectTuples()).toEqual([[0n, 0n]])
    await expect(frame.collect()).rejects.toThrow(/more than once/)
  })

  test('subqueries: scalar, exists, in', async () => {
    const [ids, few] = [spark.range(5), spark.range(2)]
    const above = ids.filter((c) => c.id.gt(few.agg((d) => ({ m: max(d.id) })).scalar()))
    expect((await above.collect()).map((row) => row.id)).toEqual([2n, 3n, 4n])
    const known = ids.alias('i').filter(
      few
        .alias('f')
        .filter(col('f.id').eq(col('i.id').outer()))
        .exists(),
    )
    expect(await known.count()).toBe(2n)
    if (await isOlder(spark, '4.1')) return
    const listed = ids.filter((c) => isIn([c.id], few))
    expect(await listed.count()).toBe(2n)
    expect(await ids.filter((c) => c.id.isin(few)).count()).toBe(2n)
  })

  test('table-valued functions, beside a frame too', async () => {
    expect(await spark.tvf.explode(array(lit(1), lit(2))).collect()).toEqual([{ col: 1 }, { col: 2 }])
    const lists = spark.range(1, 3).withColumn('list', (c) => functions.sequence(lit(1n), c.id))
    const items = lists.alias('l').lateralJoin(spark.tvf.explode(col('l.list').outer()))
    expect(await items.select('id', 'col').orderBy('id', 'col').collect()).toEqual([
      { id: 1n, col: 1n },
      { id: 2n, col: 1n },
      { id: 2n, col: 2n },
    ])
    expect((await spark.tvf.sql_keywords().collect()).some((row) => row.keyword === 'SELECT')).toBe(true)
  })

  test('the nearest row in time', async () => {
    const [a, b] = [spark.range(0, 20, 10), spark.range(0, 20, 3).withColumnRenamed('id', 'at')]
    const joined = a.asOfJoin(b, { leftAsOf: a.col('id'), rightAsOf: b.col('at') })
    expect(await joined.orderBy('id').collect()).toEqual([
      { id: 0n, at: 0n },
      { id: 10n, at: 9n },
    ])
  })

  test('to(schema) checks and casts', async () => {
    const schema = types.struct({ id: types.string })
    expect(await spark.range(1).to(schema).collect()).toEqual([{ id: '0' }])
    await expect(
      spark
        .range(1)
        .to(types.struct({ other: types.long.notNull() }))
        .collect(),
    ).rejects.toThrow(/other/)
  })

  test('nulls: fill, drop, replace', async () => {
    const frame = await plays()
    expect(
      await frame.na
        .fill({ song: '?' })
        .filter((c) => c.song.eq('?'))
        .count(),
    ).toBe(1n)
    expect(await frame.dropNulls('song').count()).toBe(3n)
    expect(
      await frame.na
        .replace({ Lithium: 'Polly' }, ['song'])
        .filter((c) => c.song.eq('Polly'))
        .count(),
    ).toBe(2n)
  })

  test('statistics', async () => {
    const frame = spark.range(0, 101).withColumn('double', (c) => c.id.multiply(2n))
    expect(await frame.stat.corr('id', 'double')).toBeCloseTo(1)
    expect(await frame.stat.approxQuantile(['id', 'double'], [0, 0.5, 1], 0)).toEqual([
      [0, 50, 100],
      [0, 100, 200],
    ])
    const parts = frame.randomSplit([1, 2], 7)
    const counts = await Promise.all(parts.map((part) => part.count()))
    expect(counts.reduce((a, b) => a + b)).toBe(101n)
    const described = await frame.describe('id').collect()
    expect(described[0]).toEqual({ summary: 'count', id: '101' })
  })

  test('regular expressions in both notations', async () => {
    const [row] = await spark
      .range(1)
      .select({ x: regexp_replace(lit('Beat It (live)'), '\\s*\\(live\\)$', '') })
      .collect()
    expect(row?.x).toBe('Beat It')
  })
})

describe('a chain of withColumn', () => {
  test('is one node, and gives what separate nodes give', async () => {
    let frame = spark.range(1).$castTo<any>()
    for (let i = 0; i < 600; i++) frame = frame.withColumn(`c${i}`, expr(`${i}`).$castTo<number>())
    // SQL text cannot be looked into, so those are not merged; columns can.
    let columns = spark.range(2).$castTo<any>()
    for (let i = 0; i < 600; i++) columns = columns.withColumn(`c${i}`, (c: any) => c.id.plus(i))
    const { relType } = frameOf(columns).relation
    expect(relType.case === 'withColumns' && relType.value.aliases.length).toBe(600)
    const [, row] = await columns.select('c0', 'c599').collect()
    expect(row).toEqual({ c0: 1n, c599: 600n })
  })

  test('is not merged where a column builds on another, or replaces it', async () => {
    const frame = spark
      .range(1)
      .withColumn('a', (c) => c.id.plus(1n))
      .withColumn('b', (c) => c.a.plus(1n))
      .withColumn('a', lit(9n))
    expect(await frame.collect()).toEqual([{ id: 0n, a: 9n, b: 2n }])
  })

  test('keeps a frame that is spoken of', async () => {
    const first = spark.range(1).withColumn('a', (c) => c.id.plus(5n))
    const second = first.withColumn('b', (c) => c.id.plus(7n))
    expect(await second.collect()).toEqual([{ id: 0n, a: 5n, b: 7n }])
    expect(await second.select(first.col('a')).collect()).toEqual([{ a: 5n }])
  })
})

test('trim, ltrim and rtrim take the text first, then what is trimmed off', async () => {
  const { trim, ltrim, rtrim, btrim } = functions
  const frame = await spark.createDataFrame([{ x: '--a--' }], types.struct({ x: types.string }))
  const rows = frame.select((c) => ({
    trim: trim(c.x, lit('-')),
    btrim: btrim(c.x, lit('-')),
    ltrim: ltrim(c.x, lit('-')),
    rtrim: rtrim(c.x, lit('-')),
  }))
  expect(await rows.collect()).toEqual([{ trim: 'a', btrim: 'a', ltrim: 'a--', rtrim: '--a' }])
})

describe('answers', () => {
  test('batches in columns, numbers as they lie in memory', async () => {
    const seen: number[] = []
    for await (const batch of spark.range(25_000).batches()) {
      expect(batch.names).toEqual(['id'])
      expect(batch.columns[0]).toBeInstanceOf(BigInt64Array)
      seen.push(batch.numRows)
    }
    expect(seen.reduce((a, b) => a + b)).toBe(25_000)
    expect(seen.length).toBeGreaterThan(1)
  })

  test('leaving the loop early is not an error', async () => {
    let rows = 0
    for await (const _ of spark.range(1_000_000).toLocalIterator()) if (++rows === 3) break
    expect(rows).toBe(3)
  })

  test('an aborted query ends with CANCELLED', async () => {
    const controller = new AbortController()
    const endless = spark.range(10_000_000_000n).agg((c) => ({ n: count(c.id.mod(7n)) }))
    setTimeout(() => controller.abort(), 300)
    await expect(endless.collect({ signal: controller.signal })).rejects.toMatchObject({ code: 'CANCELLED' })
  })

  test('a wrong query tells its error class', async () => {
    await expect(
      spark
        .range(1)
        .select('nothing' as 'id')
        .collect(),
    ).rejects.toMatchObject({
      errorClass: expect.stringMatching(/^UNRESOLVED_COLUMN/),
      sqlState: '42703',
    })
  })

  test('show is made on the server', async () => {
    expect(await spark.range(2).showString()).toBe('+---+\n| id|\n+---+\n|  0|\n|  1|\n+---+\n')
  })

  test('count, isEmpty, first, head, take', async () => {
    const none = spark.range(0)
    expect([await none.count(), await none.isEmpty(), await none.first(), await none.take(2)]).toEqual([
      0n,
      true,
      null,
      [],
    ])
    expect(await spark.range(3).isEmpty()).toBe(false)
    expect(await spark.range(3).head(2)).toEqual([{ id: 0n }, { id: 1n }])
  })

  test('schema, columns, explain, semantics', async () => {
    const frame = spark.range(3).withColumn('s', lit('x'))
    expect((await frame.schema()).treeString()).toBe(
      'root\n |-- id: long (nullable = false)\n |-- s: string (nullable = false)\n',
    )
    expect(await frame.columns()).toEqual(['id', 's'])
    expect(await frame.explainString()).toMatch(/Physical Plan/)
    expect(await frame.explainString('extended')).toMatch(/Analyzed Logical Plan/)
    expect(await frame.sameSemantics(spark.range(3).withColumn('s', lit('x')))).toBe(true)
    expect(await frame.isStreaming()).toBe(false)
  })

  test('observations', async () => {
    const seen = new Observation()
    const frame = spark.range(10).observe(seen, count('*').as('rows'), max('id').as('most'))
    expect(await frame.filter((c) => c.id.lt(3n)).count()).toBe(3n)
    expect(await seen.get()).toEqual({ rows: 10n, most: 9n })
    expect(() => frame.observe(seen, count('*'))).toThrow(/used already/)
  })
})

describe('keeping and writing', () => {
  test('cache and its level', async () => {
    const frame = spark.range(10).withColumn('x', lit('cached'))
    expect(await frame.storageLevel()).toEqual(storageLevels.NONE)
    await frame.persist(storageLevels.DISK_ONLY)
    expect(await frame.storageLevel()).toMatchObject({ useDisk: true, useMemory: false })
    await frame.unpersist(true)
    expect(await frame.storageLevel()).toEqual(storageLevels.NONE)
  })

  test('a local checkpoint lives until it is released', async () => {
    const kept = await spark.range(10).localCheckpoint()
    expect(await kept.filter((c) => c.id.lt(4n)).count()).toBe(4n)
    await kept.release()
    await kept.release()
    await expect(kept.count()).rejects.toMatchObject({ name: 'SparkConnectError' })
    {
      await using scoped = await spark.range(2).localCheckpoint()
      expect(await scoped.count()).toBe(2n)
    }
  })

  test('views', async () => {
    await spark.range(5).createOrReplaceTempView('five')
    expect(await spark.table('five').count()).toBe(5n)
    await expect(spark.range(5).createTempView('five')).rejects.toMatchObject({
      errorClass: 'TEMP_TABLE_OR_VIEW_ALREADY_EXISTS',
    })
    expect(await spark.catalog.dropTempView('five')).toBe(true)
    expect(await spark.catalog.tableExists('five')).toBe(false)
  })

  test('files of several formats', async () => {
    const frame = (await plays()).select('artist', 'callsign', 'played')
    const schema = types.struct({ artist: types.string, callsign: types.string, played: types.long })
    const sorted = async (loaded: typeof frame) => await loaded.orderBy('played').collect()
    const expected = await sorted(frame)
    await frame.write.mode('overwrite').parquet(join(folder, 'parquet'))
    expect(await sorted(spark.read.parquet(join(folder, 'parquet')))).toEqual(expected)
    await frame.write.option('header', true).csv(join(folder, 'csv'))
    expect(
      await spark.read.schema(schema).option('header', true).csv(join(folder, 'csv')).orderBy('played').collect(),
    ).toEqual(expected)
    await frame.write.json(join(folder, 'json'))
    expect(await spark.read.schema(schema).json(join(folder, 'json')).orderBy('played').collect()).toEqual(expected)
    await frame.select('artist').write.text(join(folder, 'text'))
    expect((await spark.read.text(join(folder, 'text')).collect()).map((row) => row.value).sort()).toEqual(
      expected.map((row) => row.artist).sort(),
    )
    await expect(frame.write.parquet(join(folder, 'parquet'))).rejects.toMatchObject({
      errorClass: 'PATH_ALREADY_EXISTS',
    })
    await frame.write.partitionBy('callsign').parquet(join(folder, 'parts'))
    expect(await spark.read.parquet(join(folder, 'parts')).filter("callsign = 'KEXP'").count()).toBe(2n)
  })

  test('a stream over files that are there', async () => {
    const source = join(folder, 'stream-in')
    await spark.range(20).write.json(source)
    const stream = spark.readStream.schema(types.struct({ id: types.long })).json(source)
    expect(await stream.isStreaming()).toBe(true)
    const heard: [string, string][] = []
    const terminated = Promise.withResolvers<void>()
    const removeListener = await spark.streams.addListener({
      onQueryStarted: ({ id }) => void heard.push(['started', id]),
      onQueryProgress: ({ progress }) => void heard.push(['progress', progress.id]),
      onQueryTerminated: ({ id }) => {
        heard.push(['terminated', id])
        terminated.resolve()
        throw new Error('what a listener throws ends nothing')
      },
    })
    const query = await stream.writeStream
      .format('parquet')
      .option('checkpointLocation', join(folder, 'checkpoint'))
      .trigger({ availableNow: true })
      .start(join(folder, 'stream-out'))
    expect(await query.awaitTermination(60_000)).toBe(true)
    expect(await query.isActive()).toBe(false)
    expect(await query.exception()).toBeNull()
    const last = await query.lastProgress()
    expect(last).toMatchObject({
      id: query.id,
      batchId: expect.any(Number),
      batchDuration: expect.any(Number),
      timestamp: expect.stringMatching(/^\d{4}-.*Z$/),
      durationMs: { triggerExecution: expect.any(Number) },
      stateOperators: [],
      sink: { description: expect.any(String), numOutputRows: expect.any(Number) },
    })
    expect(last?.sources[0]?.numInputRows).toBe(20)
    expect(await spark.read.parquet(join(folder, 'stream-out')).count()).toBe(20n)
    await terminated.promise
    expect(heard).toEqual(['started', 'progress', 'terminated'].map((what) => [what, query.id]))
    await removeListener()
    await removeListener()
  })

  test('rows as an Arrow stream, for other tools', async () => {
    const frame = spark.range(0, 25_000, 1, 2).selectExpr('id', "concat('song ', id) AS song")
    const read = tableFromIPC(await frame.toArrow())
    expect(read.numRows).toBe(25_000)
    expect(read.schema.names).toEqual(['id', 'song'])
    expect(read.get(24_999)?.toJSON()).toEqual({ id: 24_999n, song: 'song 24999' })
    expect(tableFromIPC(await spark.range(0).toArrow()).numRows).toBe(0)
  })

  test('the catalog', async () => {
    expect(await spark.catalog.currentCatalog()).toBe('spark_catalog')
    expect(await spark.catalog.currentDatabase()).toBe('default')
    expect((await spark.catalog.listDatabases()).map((database) => database.name)).toContain('default')
    expect(await spark.catalog.databaseExists('nowhere')).toBe(false)
    await spark.range(1).createOrReplaceTempView('listed')
    expect((await spark.catalog.listTables()).map((table) => table.name)).toContain('listed')
    expect(await spark.catalog.listColumns('listed')).toMatchObject([
      { name: 'id', dataType: 'bigint', nullable: false },
    ])
    expect(await spark.catalog.functionExists('upper')).toBe(true)
  })
})
