// What no column can hold is refused on the way in, never rounded, cut or wrapped. No server is needed.
import { describe, expect, test } from '@jest/globals'
import { encodeRows } from '../src/arrow/encode.ts'
import {
  CalendarInterval,
  type DataType,
  DayTimeInterval,
  DayTimeIntervalType,
  Decimal,
  Geo,
  LocalDate,
  LocalDateTime,
  LocalTime,
  lit,
  Timestamp,
  types,
  YearMonthInterval,
  YearMonthIntervalType,
} from '../src/index.ts'

const options = { timeZone: 'UTC', useLargeVarTypes: false }
const encode = (rows: readonly unknown[], schema: Parameters<typeof encodeRows>[1]) =>
  encodeRows(rows as never, schema, options)

const misfits: [name: string, type: DataType, value: unknown, reason: RegExp][] = [
  ['an Invalid Date as DATE', types.date, new Date('nonsense'), /Invalid Date does not fit DATE/],
  ['an Invalid Date as TIMESTAMP', types.timestamp, new Date(Number.NaN), /Invalid Date does not fit TIMESTAMP/],
  ['half a day', types.date, new LocalDate(1.5), /its days are 1.5/],
  ['no day', types.date, new LocalDate(Number.NaN), /its days are NaN/],
  ['a day beyond 32 bits', types.date, new LocalDate(2 ** 31), /its days are 2147483648/],
  ['a moment beyond 64 bits', types.timestamp, new Timestamp(2n ** 63n), /its microseconds are 9223372036854775808/],
  ['a moment that is a number', types.timestamp, new Timestamp(5 as never), /its microseconds are 5, not a bigint/],
  ['a local time beyond 64 bits', types.timestampNtz, new LocalDateTime(-(2n ** 63n) - 1n), /its microseconds/],
  ['24 o’clock', types.time(6), new LocalTime(86_400_000_000_000n), /its nanoseconds are 86400000000000/],
  ['a time before midnight', types.time(6), new LocalTime(-1n), /its nanoseconds are -1/],
  ['milliseconds as TIME(0)', types.time(0), LocalTime.parse('12:00:00.5'), /more than 0 digits/],
  ['months beyond 32 bits', types.yearMonthInterval, new YearMonthInterval(2 ** 31), /its months are 2147483648/],
  ['half a month', types.yearMonthInterval, new YearMonthInterval(1.5), /its months are 1.5/],
  ['a month as INTERVAL YEAR', new YearMonthIntervalType(0, 0), new YearMonthInterval(13), /not whole years/],
  ['a length beyond 64 bits', types.dayTimeInterval, new DayTimeInterval(2n ** 63n), /its microseconds/],
  ['an hour as INTERVAL DAY', new DayTimeIntervalType(0, 0), new DayTimeInterval(3_600_000_000n), /smaller parts/],
  ['an interval of half a day', types.calendarInterval, new CalendarInterval(0, 0.5, 0n), /its days are 0.5/],
  ['half of a surrogate pair', types.string, 'x\ud800', /half of a surrogate pair/],
  ['text beyond VARCHAR', types.varchar(2), 'äöü', /it has 3 characters/],
  ['more than FLOAT', types.float, 1e300, /beyond/],
  ['a boolean as DECIMAL', types.decimal(5, 0), true, /the boolean true does not fit/],
  ['an array as DECIMAL', types.decimal(5, 0), [5], /an array of 1 does not fit/],
  ['infinity as DECIMAL', types.decimal(5, 0), Number.POSITIVE_INFINITY, /not a decimal number/],
  [
    'a Map of equal keys',
    types.map(types.date, types.integer),
    new Map([1, 1].map((n, i) => [new LocalDate(n), i])),
    /two of its keys/,
  ],
]

describe('a value that its type cannot hold', () => {
  test.each(misfits)('%s: refused with row and column', (_, type, value, reason) => {
    const run = () => encode([{ v: null }, { v: value }], types.struct({ v: type }))
    expect(run).toThrow(TypeError)
    expect(run).toThrow(/^row 1, column 'v': /)
    expect(run).toThrow(reason)
  })
  test.each(misfits)('%s: refused as a literal', (_, type, value, reason) => {
    expect(() => lit(value, type)).toThrow(reason)
    expect(() => lit([value], types.array(type))).toThrow(reason)
  })
  test.each([
    ['GEOMETRY of another SRID', types.geometry(4326), new Geo(0, new Uint8Array(21))],
    ['a value as VOID', types.void, 1],
    ['a DataView as ARRAY', types.array(types.byte), new DataView(new ArrayBuffer(2))],
  ])('%s is refused', (_, type, value) => {
    expect(() => encode([{ v: value }], types.struct({ v: type }))).toThrow(/^row 0, column 'v': .* does not fit /)
  })
  test('bare literals are checked as well', () => {
    expect(() => lit(new Date(Number.NaN))).toThrow(/Invalid Date does not fit TIMESTAMP/)
    expect(() => lit('\udc00')).toThrow(/half of a surrogate pair/)
    expect(() => lit(2n ** 63n)).toThrow(RangeError)
    expect(() => lit('POINT (1 2)', types.geometry(4326))).toThrow(TypeError)
    expect(() => lit({ a: 1 })).toThrow(/give its type, lit\(value, type\)/)
  })
})

describe('the edges of the types are values', () => {
  test.each<[string, DataType, unknown]>([
    ['the last day', types.date, new LocalDate(2 ** 31 - 1)],
    ['the first moment', types.timestamp, new Timestamp(-(2n ** 63n))],
    ['the last nanosecond', types.time(6), new LocalTime(86_399_999_999_999n)],
    ['the longest interval', types.dayTimeInterval, new DayTimeInterval(2n ** 63n - 1n)],
    ['VARCHAR of two pairs', types.varchar(2), '😀😀'],
    ['the infinite FLOAT', types.float, Number.NEGATIVE_INFINITY],
    ['38 digits', types.decimal(38, 0), 10n ** 38n - 1n],
    ['-0', types.double, -0],
  ])('%s', (_, type, value) => {
    encode([{ v: value }], types.struct({ v: type }))
    lit(value, type)
  })
})

describe('rows have the shape of the schema', () => {
  const two = types.struct({ a: types.integer, b: types.integer })
  test.each<[string, unknown, string]>([
    ['too long', [1, 2, 3], 'row 0: 3 values for 2 columns; the schema has a, b'],
    ['too short', [1], 'row 0: 1 value for 2 columns; the schema has a, b'],
    ['a number', 5, 'row 0: the number 5 is not a row; give an object by column name or an array by position'],
    ['null', null, 'row 0: null is not a row; give an object by column name or an array by position'],
    [
      'a Map',
      new Map([['a', 1]]),
      'row 0: an object of class Map is not a row; give an object by column name or an array by position',
    ],
    [
      'a date',
      new Date(),
      'row 0: an object of class Date is not a row; give an object by column name or an array by position',
    ],
    ['a misspelt name', { a: 1, bb: 2 }, "row 0: 'bb' is not a column; the schema has a, b"],
  ])('%s', (_, row, message) => {
    expect(() => encode([row], two)).toThrow(new TypeError(message))
  })
  test('structs within rows, and typed literals, too', () => {
    const schema = types.struct({ s: two })
    expect(() => encode([{ s: { a: 1, c: 2 } }], schema)).toThrow(
      "row 0, column 's': 'c' is not a field; the schema has a, b",
    )
    expect(() => encode([{ s: [1] }], schema)).toThrow("row 0, column 's': 1 value for 2 fields")
    expect(() => encode([{ s: 5 }], schema)).toThrow("row 0, column 's': the number 5 is not a struct")
    expect(() => lit({ a: 1, c: 2 }, two)).toThrow("'c' is not a field")
  })
  test('an object cannot fill two columns of one name; an array can', () => {
    const schema = types.struct({ a: types.integer }).add('b', types.integer)
    const twice = new (schema.constructor as typeof Object)([schema.fields[0], schema.fields[0]]) as typeof schema
    expect(() => encode([{ a: 1 }], twice)).toThrow("row 0: the schema has 'a' more than once; give arrays by position")
    encode([[1, 2]], twice)
  })
  test('a name of every object is a column like others', () => {
    encode([{}, { constructor: 'x' }], types.struct({ constructor: types.string, toString: types.string }))
  })
})

describe('notNull() is checked wherever it stands', () => {
  const a = types.struct({ a: types.integer.notNull() })
  test('beside a null struct', () => {
    const schema = types.struct({ s: a })
    encode([{ s: null }, { s: { a: 1 } }], schema)
    expect(() => encode([{ s: null }, { s: {} }], schema)).toThrow(
      "row 1, column 's.a': null where the schema does not allow it",
    )
  })
  test('in typed literals', () => {
    expect(() => lit([1, null], types.array(types.integer.notNull()))).toThrow(/element 1 is null/)
    expect(() => lit({ b: 1 }, types.struct({ a: types.integer.notNull(), b: types.integer }))).toThrow(
      /field 'a' is null/,
    )
    expect(() => lit(new Map([[null, 1]]), types.map(types.string, types.integer))).toThrow(/a key is null/)
    expect(() => lit(new Map([['k', null]]), types.map(types.string, types.integer.notNull()))).toThrow(
      /a value is null/,
    )
  })
})

test('decimals of several scales are one literal, and typed arrays are arrays', () => {
  expect(() =>
    lit(
      new Map([
        ['a', Decimal.of('1.5')],
        ['b', Decimal.of('22.25')],
      ]),
    ),
  ).not.toThrow()
  expect(String(lit(Int32Array.of(1, 2)))).toBe(String(lit([1, 2], types.array(types.integer))))
})
