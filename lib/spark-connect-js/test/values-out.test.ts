// How values print, go to JSON and are found as keys of maps. No server is needed.
import { inspect } from 'node:util'
import { describe, expect, test } from '@jest/globals'
import {
  CalendarInterval,
  DayTimeInterval,
  Decimal,
  Geo,
  LocalDate,
  LocalDateTime,
  LocalTime,
  lit,
  parseType,
  Timestamp,
  toJson,
  typeFromJson,
  types,
  Variant,
  YearMonthInterval,
} from '../src/index.ts'
import { ValueMap } from '../src/types/index.ts'

describe('console.log shows values', () => {
  test.each<[unknown, string]>([
    [Decimal.of('1.50'), '1.50'],
    [LocalDate.parse('2024-01-01'), '2024-01-01'],
    [Timestamp.parse('2024-01-01T00:00:00Z'), '2024-01-01 00:00:00Z'],
    [LocalDateTime.parse('2024-01-01T12:30:00.25'), '2024-01-01 12:30:00.25'],
    [LocalTime.parse('12:30'), '12:30:00'],
    [new YearMonthInterval(-18), '-1-6'],
    [
      types.struct({ a: types.decimal(5, 1), b: types.array(types.date.notNull()) }),
      'STRUCT<a: DECIMAL(5,1), b: ARRAY<DATE>>',
    ],
    [types.long.notNull(), 'BIGINT NOT NULL'],
    [lit(null), 'Column<NULL>'],
    [new DayTimeInterval(86_400_000_000n), '1 00:00:00'],
    [new CalendarInterval(1, 2, 3n), '1 months 2 days 00:00:00.000003'],
    [new Geo(4326, Uint8Array.of(1, 255)), 'SRID=4326;01ff'],
    [new Variant(Uint8Array.of(0x0c, 5), Uint8Array.of(1, 0, 0)), '5'],
  ])('%p', (value, text) => {
    expect(inspect(value)).toBe(text)
    expect(inspect([{ v: value }])).toBe(`[ { v: ${text} } ]`)
  })
})

describe('maps are found by value', () => {
  const map = new ValueMap<unknown, number>([
    [LocalDate.parse('2024-01-01'), 1],
    [Decimal.of('1.50'), 2],
    [{ a: 1, b: LocalDate.parse('2024-01-02') }, 3],
    [Uint8Array.of(1, 2), 4],
  ])
  test('whatever object holds the value', () => {
    expect(map.get(LocalDate.parse('2024-01-01'))).toBe(1)
    expect(map.get(Decimal.of('1.5'))).toBe(2)
    expect(map.get({ b: LocalDate.parse('2024-01-02'), a: 1 })).toBe(3)
    expect(map.has(Uint8Array.of(1, 2))).toBe(true)
    expect(map.get(LocalDate.parse('2024-01-03'))).toBeUndefined()
    expect(map.get({ a: 1 })).toBeUndefined()
  })
  test('an equal key replaces and deletes the entry', () => {
    const copy = new ValueMap(map).set(Decimal.of('1.500'), 5)
    expect([copy.size, copy.get(Decimal.of('1.5'))]).toEqual([4, 5])
    expect([copy.delete(Decimal.of('1.5')), copy.delete(Decimal.of('1.5')), copy.size]).toEqual([true, false, 3])
    copy.clear()
    expect(copy.has(Uint8Array.of(1, 2))).toBe(false)
  })
})

describe('rows as JSON', () => {
  test('every kind of value', () => {
    const row = {
      big: 9_007_199_254_740_993n,
      price: Decimal.of('12.50'),
      at: Timestamp.parse('2024-05-01T12:30:00Z'),
      nothing: undefined,
      nan: Number.NaN,
      bytes: Uint8Array.of(1, 2, 255),
      days: new ValueMap([[LocalDate.parse('2024-01-01'), [1n]]]),
      structs: new Map([[{ a: 1 }, 'x']]),
      variant: new Variant(Uint8Array.of(0x0c, 5), Uint8Array.of(1, 0, 0)),
    }
    expect(JSON.parse(toJson([row]))).toEqual([
      {
        big: '9007199254740993',
        price: '12.50',
        at: '2024-05-01T12:30:00Z',
        nothing: null,
        nan: 'NaN',
        bytes: 'AQL/',
        days: { '2024-01-01': ['1'] },
        structs: [{ key: { a: 1 }, value: 'x' }],
        variant: 5,
      },
    ])
  })
  test('a choice for BIGINT', () => {
    expect(toJson({ n: 1n }, { bigint: 'number' })).toBe('{"n":1}')
    expect(() => toJson({ n: 2n ** 53n }, { bigint: 'number' })).toThrow(/9007199254740992 is not exact/)
    expect(toJson({ n: 2n ** 62n }, { bigint: 'digits' })).toBe('{"n":4611686018427387904}')
    expect(() => toJson({ n: 1 }, { bigint: 'text' as 'string' })).toThrow(/^toJson: bigint is 'string', 'number' or/)
  })
})

describe('types as Spark writes them', () => {
  test.each([
    ['TINYINT', 'tinyint'],
    ['DECIMAL(10,2)', 'decimal(10,2)'],
    ['STRING COLLATE UNICODE_CI', 'string collate UNICODE_CI'],
    ['ARRAY<STRUCT<Ab: INT, c: MAP<STRING, DATE>>>', 'array<struct<Ab:int,c:map<string,date>>>'],
    ['INTERVAL DAY TO HOUR', 'interval day to hour'],
    ['GEOMETRY(ANY)', 'geometry(any)'],
    ['TIME(3)', 'time(3)'],
  ])('%s is %s', (sql, simple) => {
    expect(parseType(sql).simpleString()).toBe(simple)
  })
  test('collations stand in the metadata of JSON schemas', () => {
    const collated = types.collated('UNICODE')
    const schema = types.struct({ a: collated, m: types.map(types.collated('UTF8_LCASE'), types.array(collated)) })
    expect(schema.json()).toMatchObject({
      fields: [
        { name: 'a', type: 'string', metadata: { __COLLATIONS: { a: 'icu.UNICODE' } } },
        { metadata: { __COLLATIONS: { 'm.key': 'spark.UTF8_LCASE', 'm.value.element': 'icu.UNICODE' } } },
      ],
    })
    expect(typeFromJson(schema.json()).sql()).toBe(schema.sql())
    expect(typeFromJson(schema.json()).equals(schema)).toBe(true)
  })
  test.each([
    [types.geometry(4326), 'geometry(OGC:CRS84)'],
    [types.geometry(0), 'geometry(SRID:0)'],
    [types.geometry(3857), 'geometry(EPSG:3857)'],
    [types.geography(), 'geography(SRID:ANY, SPHERICAL)'],
  ])('%s', (type, json) => {
    expect(type.json()).toBe(json)
    expect(typeFromJson(json).equals(type)).toBe(true)
  })
  test('a reference system without a number is refused', () => {
    expect(typeFromJson('geometry(SRID:4326)').sql()).toBe('GEOMETRY(4326)')
    expect(() => typeFromJson('geometry(OGC:CRS99)')).toThrow(/unknown reference system OGC:CRS99/)
  })
})
