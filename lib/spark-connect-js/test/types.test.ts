import { describe, expect, test } from '@jest/globals'
import {
  CalendarInterval,
  DayTimeInterval,
  Decimal,
  Geo,
  LocalDate,
  LocalDateTime,
  LocalTime,
  parseColumns,
  parseType,
  quoteIdentifier,
  StructField,
  StructType,
  Timestamp,
  typeFromJson,
  types,
  Variant,
  YearMonthInterval,
  YearMonthIntervalType,
} from '../src/index.ts'
import { typeFromProto, typeToProto } from '../src/types/index.ts'

const everyType = types.struct({
  nothing: types.void,
  yes: types.boolean.notNull(),
  tiny: types.byte,
  small: types.short,
  int: types.integer,
  long: types.long.notNull(),
  float: types.float,
  double: types.double,
  price: types.decimal(12, 2),
  text: types.string,
  folded: types.collated('UTF8_LCASE'),
  fixed: types.char(3),
  bounded: types.varchar(30),
  bytes: types.binary,
  day: types.date,
  moment: types.timestamp,
  local: types.timestampNtz,
  clock: types.time(6),
  years: types.yearMonthInterval,
  length: types.dayTimeInterval,
  interval: types.calendarInterval,
  variant: types.variant,
  point: types.geometry(4326),
  list: types.array(types.string.notNull()),
  map: types.map(types.string, types.array(types.long)),
  nested: types.struct({ 'a b': types.long, c: types.struct({ d: types.string.notNull() }) }),
})

describe('types as DDL', () => {
  const cases: [ddl: string, sql: string][] = [
    ['int', 'INT'],
    ['BIGINT', 'BIGINT'],
    ['long', 'BIGINT'],
    ['real', 'FLOAT'],
    ['decimal', 'DECIMAL(10,0)'],
    ['numeric(38, 18)', 'DECIMAL(38,18)'],
    ['string collate UTF8_LCASE', 'STRING COLLATE UTF8_LCASE'],
    ['varchar(10)', 'VARCHAR(10)'],
    ['timestamp_ltz', 'TIMESTAMP'],
    ['timestamp without time zone', 'TIMESTAMP_NTZ'],
    ['time(3)', 'TIME(3)'],
    ['interval', 'INTERVAL'],
    ['interval year to month', 'INTERVAL YEAR TO MONTH'],
    ['interval hour', 'INTERVAL HOUR'],
    ['interval day to second', 'INTERVAL DAY TO SECOND'],
    ['geometry(4326)', 'GEOMETRY(4326)'],
    ['geography(any)', 'GEOGRAPHY(ANY)'],
    ['array<array<int>>', 'ARRAY<ARRAY<INT>>'],
    ['map<string,struct<a:int>>', 'MAP<STRING, STRUCT<a: INT>>'],
    ['struct<>', 'STRUCT<>'],
    ["a int not null comment 'it''s', `b c` string", "STRUCT<a: INT NOT NULL COMMENT 'it\\'s', `b c`: STRING>"],
    ['a: int, b: struct<c: date not null>', 'STRUCT<a: INT, b: STRUCT<c: DATE NOT NULL>>'],
    ['artist STRING', 'STRUCT<artist: STRING>'],
    ['date date, time timestamp', 'STRUCT<date: DATE, time: TIMESTAMP>'],
  ]
  test.each(cases)('%s', (ddl, sql) => {
    expect(parseType(ddl).sql()).toBe(sql)
  })

  test('what is written is read back as the same type', () => {
    expect(parseColumns(everyType.ddl()).ddl()).toBe(everyType.ddl())
    expect(parseType(everyType.sql()).sql()).toBe(everyType.sql())
  })

  const wrong: [ddl: string, message: RegExp][] = [
    ['aray<int>', /aray<int>.*character 1, 'aray'/],
    ['array<int', /ends where '>' is expected/],
    ['a int b string', /character 7, 'b': not expected here/],
    ['decimal(10,2,3)', /character 14, '3'/],
    ['interval second to day', /ends before it starts/],
    ['a int;', /character 6: ';'/],
  ]
  test.each(wrong)('%s is refused with its place', (ddl, message) => {
    expect(() => parseType(ddl)).toThrow(message)
  })

  test('names are quoted where SQL needs it', () => {
    expect(['a', 'a b', 'a`b', '1a', 'größe'].map(quoteIdentifier)).toEqual(['a', '`a b`', '`a``b`', '`1a`', '`größe`'])
  })
})

describe('types in other forms', () => {
  test('JSON goes back and forth', () => {
    expect(typeFromJson(everyType.json()).equals(everyType)).toBe(true)
  })

  test('the wire form goes back and forth', () => {
    expect(typeFromProto(typeToProto(everyType)).equals(everyType)).toBe(true)
  })

  test('metadata survives', () => {
    const type = new StructType([new StructField('a', types.long, true, { unit: 'ms' })])
    expect(typeFromProto(typeToProto(type)).equals(type)).toBe(true)
    expect(typeFromJson(type.json()).equals(type)).toBe(true)
  })

  test('a tree for people', () => {
    expect(
      types.struct({ a: types.long.notNull(), b: types.array(types.struct({ c: types.decimal(5, 1) })) }).treeString(),
    ).toBe(
      'root\n |-- a: long (nullable = false)\n |-- b: array (nullable = true)\n |    |-- element: struct (containsNull = true)\n |    |    |-- c: decimal(5,1) (nullable = true)\n',
    )
  })

  test('interval bounds are kept', () => {
    const type = new YearMonthIntervalType(1, 1)
    expect(type.sql()).toBe('INTERVAL MONTH')
    expect(typeFromProto(typeToProto(type)).equals(type)).toBe(true)
  })
})

test.each([
  ['-0044-03-15', -735_525],
  ['+12345-01-01', 3_789_391],
  ['+5881580-07-11', 2 ** 31 - 1],
  ['0015-01-01', -714_049],
])('the day %s is written as Spark writes it, and read back', (text, days) => {
  expect(new LocalDate(days).toString()).toBe(text)
  expect(LocalDate.parse(text).days).toBe(days)
})

describe('Decimal', () => {
  const texts: [input: string | number | bigint, text: string][] = [
    ['12.50', '12.50'],
    ['-0.05', '-0.05'],
    ['.5', '0.5'],
    ['1e3', '1000'],
    ['1.5e-3', '0.0015'],
    [0.1, '0.1'],
    [-3, '-3'],
    [9007199254740993n, '9007199254740993'],
    ['99999999999999999999999999999999999999', '99999999999999999999999999999999999999'],
  ]
  test('operators are refused, since they would compare and add texts', () => {
    const [nine, ten] = [Decimal.of('9'), Decimal.of('10')]
    expect(() => nine < ten).toThrow('decimal 9 has no operators: compare with a.compareTo(b) < 0')
    // @ts-expect-error the compiler refuses this one, too
    expect(() => nine + 1).toThrow(TypeError)
    // biome-ignore lint/style/useTemplate: a template is what is allowed
    expect(() => '' + nine).toThrow(TypeError)
    expect(`${nine} ${String(ten)}`).toBe('9 10')
    expect(
      ['10', '9', '2.5']
        .map(Decimal.of)
        .sort((a, b) => a.compareTo(b))
        .join(' '),
    ).toBe('2.5 9 10')
  })

  test('a number is refused, in words', () => {
    expect(() => Decimal.of('9').compareTo(10 as never)).toThrow('a decimal is compared with a decimal: Decimal.of(10)')
  })
  test.each<[string, { [Symbol.toPrimitive](hint: 'string'): string }, string]>([
    ['intervals of months and days', new CalendarInterval(0, 30, 0n), '0 months 30 days 00:00:00'],
    ['places', new Geo(0, Uint8Array.of(1)), 'SRID=0;01'],
    ['variants', new Variant(Uint8Array.of(12, 9), Uint8Array.of(1, 0, 0)), '9'],
  ])('%s have no order either, and print', (_, value, text) => {
    expect(() => (value as unknown as number) < 1).toThrow(/has no operators: compare/)
    expect(`${value}`).toBe(text)
  })

  test.each(texts)('%s', (input, text) => {
    expect(Decimal.of(input).toString()).toBe(text)
  })
  test.each(['', 'x', '1.2.3', 'NaN', 'Infinity', '0x1', '1e999'])('%s is not a decimal', (input) => {
    expect(() => Decimal.of(input)).toThrow(RangeError)
  })
  test('compares by value, not by text', () => {
    expect(Decimal.of('1.0').equals(Decimal.of('1.00'))).toBe(true)
    expect(Decimal.of('-1.1').compareTo(Decimal.of('-1.09'))).toBeLessThan(0)
  })
  test('never drops digits', () => {
    expect(Decimal.of('1.50').rescale(1).toString()).toBe('1.5')
    expect(() => Decimal.of('1.55').rescale(1)).toThrow(RangeError)
  })
})

describe('dates and times', () => {
  const moments: [text: string, micros: bigint, shown: string][] = [
    ['1970-01-01T00:00:00Z', 0n, '1970-01-01T00:00:00Z'],
    ['2024-02-29 12:30:00.123456+02:00', 1709202600123456n, '2024-02-29T10:30:00.123456Z'],
    ['1969-12-31T23:59:59.999999Z', -1n, '1969-12-31T23:59:59.999999Z'],
    ['9999-12-31T23:59:59.999999Z', 253402300799999999n, '9999-12-31T23:59:59.999999Z'],
    ['0001-01-01', -62135596800000000n, '0001-01-01T00:00:00Z'],
  ]
  test.each(moments)('%s', (text, micros, shown) => {
    expect(Timestamp.parse(text).micros).toBe(micros)
    expect(new Timestamp(micros).toString()).toBe(shown)
  })

  test('days agree with Date from 1600 to 2400', () => {
    for (let days = -135_140; days < 157_054; days += 97) {
      const text = new LocalDate(days).toString()
      expect(text).toBe(new Date(days * 86_400_000).toISOString().slice(0, 10))
      expect(LocalDate.parse(text).days).toBe(days)
    }
  })

  test.each([
    '2023-02-29',
    '2024-13-01',
    '2024-01-01T24:00:00Z',
    'yesterday',
    '2024-01-01T00:00:00.1234567Z',
  ])('%s is not a moment', (text) => {
    expect(() => Timestamp.parse(text)).toThrow(RangeError)
  })

  test('text with a zone is not a local time, a time of day not a date', () => {
    expect(() => LocalDateTime.parse('2024-01-01T00:00:00Z')).toThrow(/zone/)
    expect(() => LocalDate.parse('2024-01-01T01:00')).toThrow(/time of day/)
    expect(LocalDateTime.parse('2024-01-01T01:02:03.5').toString()).toBe('2024-01-01T01:02:03.5')
  })

  test('clock, intervals', () => {
    expect(LocalTime.parse('12:30:00.000000123').toString()).toBe('12:30:00.000000123')
    expect(new YearMonthInterval(-18).toString()).toBe('-1-6')
    expect(new DayTimeInterval(93784500000n).toString()).toBe('1 02:03:04.5')
    expect(new CalendarInterval(1, 2, 3_000_000n).toString()).toBe('1 months 2 days 00:00:03')
  })

  test('compare as numbers do', () => {
    expect(LocalDate.parse('2024-01-01') < LocalDate.parse('2024-01-02')).toBe(true)
    expect(Timestamp.parse('2024-01-02') > Timestamp.parse('2024-01-01')).toBe(true)
  })
})

test('a variant of an unknown version is refused', () => {
  expect(() => new Variant(new Uint8Array([0]), new Uint8Array([2, 0, 0])).get()).toThrow(/version 2/)
})
