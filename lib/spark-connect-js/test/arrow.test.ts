import { describe, expect, test } from '@jest/globals'
import * as arrow from 'apache-arrow'
import fc from 'fast-check'
import { decodeBatches } from '../src/arrow/decode.ts'
import { encodeRows } from '../src/arrow/encode.ts'
import { KnownTexts } from '../src/arrow/known-texts.ts'
import { rowBuilder } from '../src/arrow/rows.ts'
import { joinParts } from '../src/core/execution.ts'
import {
  CalendarInterval,
  DayTimeInterval,
  Decimal,
  LocalDate,
  LocalDateTime,
  LocalTime,
  type StructType,
  Timestamp,
  types,
  Variant,
  YearMonthInterval,
} from '../src/index.ts'

const options = { timeZone: 'UTC', useLargeVarTypes: false }

const decode = (stream: Uint8Array, schema?: StructType): unknown[] =>
  decodeBatches(stream, schema).flatMap((batch) => batch.rows())

const everything = types.struct({
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
  clock: types.time(6),
  years: types.yearMonthInterval,
  length: types.dayTimeInterval,
  interval: types.calendarInterval,
  list: types.array(types.string),
  lists: types.array(types.array(types.long)),
  map: types.map(types.string, types.integer),
  nested: types.struct({ a: types.long, b: types.struct({ c: types.string }), d: types.array(types.double) }),
  variant: types.variant,
})

const full = {
  yes: true,
  tiny: -128,
  small: -32768,
  int: -2147483648,
  long: -9223372036854775808n,
  float: 0.5,
  double: -0,
  price: Decimal.of('-99999999999999999999.999999999999999999'),
  text: 'Mötley Crüe – “Shout” 🤘',
  bytes: new Uint8Array([0, 255, 10]),
  day: LocalDate.parse('0001-01-01'),
  moment: Timestamp.parse('9999-12-31T23:59:59.999999Z'),
  local: LocalDateTime.parse('1582-10-04T00:00:00.000001'),
  clock: LocalTime.parse('23:59:59.999999'),
  years: new YearMonthInterval(-18),
  length: new DayTimeInterval(-1n),
  interval: new CalendarInterval(1, -2, 3n),
  list: ['a', null, ''],
  lists: [[1n, null], [], null],
  map: new Map<string, number | null>([
    ['a', 1],
    ['b', null],
  ]),
  nested: { a: 1n, b: { c: null }, d: [Number.NaN, Number.POSITIVE_INFINITY] },
  variant: new Variant(new Uint8Array([12, 5]), new Uint8Array([1, 0, 0])),
}
const nulls = Object.fromEntries(everything.names.map((name) => [name, null]))

describe('rows become Arrow and rows again', () => {
  test('every type, with and without nulls', () => {
    const rows = [full, nulls, full]
    expect(decode(encodeRows(rows, everything, options), everything)).toEqual(rows)
  })

  test('with 64-bit offsets', () => {
    const large = { ...options, useLargeVarTypes: true }
    expect(decode(encodeRows([full, nulls], everything, large), everything)).toEqual([full, nulls])
  })

  test('no rows at all', () => {
    const [batch] = decodeBatches(encodeRows([], everything, options), everything)
    expect(batch?.numRows).toBe(0)
    expect(batch?.rows()).toEqual([])
    expect(batch?.columns.map((column) => column.length)).toEqual(everything.names.map(() => 0))
  })

  test('any text and number, at any place of memory', () => {
    const schema = types.struct({ text: types.string, n: types.long, list: types.array(types.string) })
    const row = fc.record({
      text: fc.option(fc.string({ unit: 'grapheme' })),
      n: fc.option(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })),
      list: fc.option(fc.array(fc.option(fc.string({ unit: 'binary' }).filter((text) => text.isWellFormed())))),
    })
    fc.assert(
      fc.property(fc.array(row, { maxLength: 40 }), fc.integer({ min: 0, max: 8 }), (rows, shift) => {
        const stream = encodeRows(rows, schema, options)
        const moved = new Uint8Array(new ArrayBuffer(stream.length + shift), shift)
        moved.set(stream)
        expect(decode(moved, schema)).toEqual(rows)
      }),
      { numRuns: 200 },
    )
  })

  test('rows may be arrays by position, dates may be Date, decimals text', () => {
    const schema = types.struct({ at: types.timestamp, on: types.date, price: types.decimal(5, 2) })
    const at = new Date('2024-05-01T12:30:00.123Z')
    expect(decode(encodeRows([[at, at, '1.5']], schema, options))).toEqual([
      { at: Timestamp.fromDate(at), on: LocalDate.parse('2024-05-01'), price: new Decimal(150n, 2) },
    ])
  })

  const refused: [name: string, type: Parameters<typeof types.array>[0], value: unknown, message: RegExp][] = [
    [
      'a fraction as INT',
      types.integer,
      1.5,
      /row 1, column 'x': the number 1.5 does not fit INT: it is not a whole number/,
    ],
    ['too much for TINYINT', types.byte, 128, /does not fit TINYINT: the range is -128 to 127/],
    ['too much for BIGINT', types.long, 2n ** 63n, /does not fit BIGINT: it takes more than 64 bits/],
    ['an unsafe number as BIGINT', types.long, 2 ** 60, /does not fit BIGINT/],
    ['a number as text', types.string, 5, /the number 5 does not fit STRING/],
    ['too many decimal places', types.decimal(5, 2), '1.555', /does not fit DECIMAL\(5,2\)/],
    ['too many digits', types.decimal(3, 2), '10.00', /does not fit DECIMAL\(3,2\)/],
    ['text as DATE', types.date, '2024-01-01', /does not fit DATE/],
    ['null where none is allowed', types.string.notNull(), null, /row 1, column 'x': null/],
    ['null within an array', types.array(types.long.notNull()), [1n, null], /column 'x.element': null/],
    ['a wrong item', types.array(types.long), ['a'], /row 1, column 'x.element': the text "a" does not fit BIGINT/],
    [
      'an object as map',
      types.map(types.string, types.long),
      { a: 1n },
      /does not fit MAP<STRING, BIGINT>: give a Map/,
    ],
  ]
  test.each(refused)('%s is refused', (_, type, value, message) => {
    const good: Record<string, unknown> = { x: 'notNull' in type ? null : 'x' }
    expect(() => encodeRows([good, { x: value }], types.struct({ x: type }), options)).toThrow(message)
  })
})

describe('apache-arrow reads what we write', () => {
  test('values and schema', () => {
    const table = arrow.tableFromIPC(encodeRows([full, nulls, full], everything, options))
    expect(table.numRows).toBe(3)
    expect(table.schema.fields.map((field) => String(field.type)).slice(0, 8)).toEqual([
      'Bool',
      'Int8',
      'Int16',
      'Int32',
      'Int64',
      'Float32',
      'Float64',
      'Decimal[38e+18]',
    ])
    const [first, second] = table.toArray()
    expect(first.text).toBe(full.text)
    expect(first.long).toBe(full.long)
    expect([...first.list]).toEqual(full.list)
    expect(first.nested.d.toArray()).toEqual(new Float64Array([Number.NaN, Number.POSITIVE_INFINITY]))
    expect(second.text).toBeNull()
    expect(second.nested).toBeNull()
  })
})

describe('we read what apache-arrow writes', () => {
  test('numbers, text and lists, each by column, by row and by tuple', () => {
    const table = arrow.tableFromArrays({
      i: Int32Array.of(1, 2, 3),
      l: BigInt64Array.of(1n, -2n, 3n),
      d: Float64Array.of(0.1, Number.NaN, -0),
    })
    const [batch] = decodeBatches(arrow.tableToIPC(table, 'stream'))
    expect(batch?.columns).toEqual([
      Int32Array.of(1, 2, 3),
      BigInt64Array.of(1n, -2n, 3n),
      Float64Array.of(0.1, Number.NaN, -0),
    ])
    expect(batch?.rows()).toEqual([
      { i: 1, l: 1n, d: 0.1 },
      { i: 2, l: -2n, d: Number.NaN },
      { i: 3, l: 3n, d: -0 },
    ])
    expect(batch?.tuples()[1]).toEqual([2, -2n, Number.NaN])
  })

  test('text with nulls, in several batches', () => {
    const vector = arrow.vectorFromArray(['a', null, 'ü', ''], new arrow.Utf8())
    const table = new arrow.Table({ s: vector }).concat(new arrow.Table({ s: vector }))
    const rows = decode(arrow.tableToIPC(table, 'stream'))
    expect(rows).toEqual(['a', null, 'ü', '', 'a', null, 'ü', ''].map((s) => ({ s })))
  })

  test('timestamps of every unit keep microseconds', () => {
    const second = new arrow.TimestampSecond('UTC')
    const micro = new arrow.TimestampMicrosecond('UTC')
    const table = new arrow.Table({
      s: arrow.vectorFromArray([1_700_000_000_000], second),
      u: arrow.makeVector(
        arrow.makeData({ type: micro, data: BigInt64Array.of(1_700_000_000_123_456n), length: 1, nullCount: 0 }),
      ),
    })
    expect(decode(arrow.tableToIPC(table, 'stream'))).toEqual([
      { s: new Timestamp(1_700_000_000_000_000n), u: new Timestamp(1_700_000_000_123_456n) },
    ])
  })

  test('dictionaries are refused by name', () => {
    const table = arrow.tableFromArrays({ word: ['a', 'b', 'a'] })
    expect(() => decode(arrow.tableToIPC(table, 'stream'))).toThrow(/column 'word': dictionary-encoded/)
  })
})

describe('texts that repeat', () => {
  const schema = types.struct({ text: types.string, list: types.array(types.string) })
  const through = (values: readonly (string | null)[], texts: KnownTexts): unknown[] => {
    const rows = values.map((text) => ({ text, list: [text] }))
    const [batch] = decodeBatches(encodeRows(rows, schema, options), schema, texts)
    expect(batch!.column('list')).toEqual(values.map((text) => [text]))
    return [...(batch!.column('text') as string[])]
  }
  /** Every size from none to more than is looked up, and texts that differ in one place only. */
  const alike = Array.from({ length: 34 }, (_, size) => [
    'a'.repeat(size),
    ...Array.from({ length: size }, (_, at) => `${'a'.repeat(at)}b${'a'.repeat(size - at - 1)}`),
  ]).flat()
  const values = [...alike, null, 'Björk', 'Sigur Rós', '日本語のうた', '\0', '\0\0', '🎵', 'a\u0300', 'à']

  test('are what they are, in every batch', () => {
    const texts = new KnownTexts()
    const often = [...values, ...values, ...values, ...values]
    for (let batch = 0; batch < 3; batch++) expect(through(often, texts)).toEqual(often)
    expect(through([...often].reverse(), texts)).toEqual([...often].reverse())
  })

  const utf8 = (texts: readonly string[]): [at: Int32Array, data: Uint8Array] => {
    const at = new Int32Array(texts.length + 1)
    for (const [i, text] of texts.entries()) at[i + 1] = at[i]! + Buffer.byteLength(text)
    return [at, new Uint8Array(Buffer.from(texts.join('')))]
  }

  const lookedUp = (values: readonly string[], texts: KnownTexts): number => {
    const out = new Array<string | null>(values.length)
    const done = texts.decode(out, ...utf8(values))
    expect(out.findIndex((text, i) => i < done && text !== values[i])).toBe(-1)
    return done
  }

  test('are right when there are more than are remembered', () => {
    const texts = new KnownTexts()
    for (let batch = 0; batch < 8; batch++) {
      const many = Array.from({ length: 30_000 }, (_, i) => `song ${(batch * 7_919 + Math.floor(i / 3)) % 60_000}`)
      expect(lookedUp(many, texts)).toBe(many.length)
    }
  })

  test('are looked up for as long as that pays', () => {
    const texts = new KnownTexts()
    const few = Array.from({ length: 5_000 }, (_, i) => `artist ${i % 100}`)
    const unique = few.map((_, i) => `key ${i}`)
    const long = few.map(() => 'x'.repeat(100))
    expect(lookedUp(few, texts)).toBe(5_000)
    expect(lookedUp(unique, texts)).toBeLessThan(1_100)
    expect(lookedUp(long, texts)).toBeLessThan(1_100)
    expect(lookedUp(few, texts)).toBe(5_000)
    expect(lookedUp(few.slice(0, 10), texts)).toBe(0)
  })
})

describe('streams that are not whole', () => {
  const stream = encodeRows([full], everything, options)
  test.each([0, 4, 16, 100])('%i bytes of it', (length) => {
    expect(() => decodeBatches(stream.subarray(0, length))).toThrow()
  })
  test('a body cut off', () => {
    expect(() => decodeBatches(stream.subarray(0, stream.length - 64))).toThrow(/ends within a message/)
  })
})

describe('rows', () => {
  test('columns of the same name are read by position', () => {
    const schema = types.struct({ id: types.long }).add('id', types.string)
    const [batch] = decodeBatches(encodeRows([[1n, 'x']], schema, options))
    expect(() => batch?.rows()).toThrow(/column 'id' is there more than once/)
    expect(batch?.tuples()).toEqual([[1n, 'x']])
    expect(batch?.column(1)).toEqual(['x'])
    expect(() => batch?.column(2)).toThrow(RangeError)
  })

  test('names that JavaScript treats specially stay plain properties', () => {
    const names = ['__proto__', 'constructor', 'a"b', 'line\nbreak', '1']
    const [row] = rowBuilder(names)(
      names.map((name) => [name]),
      0,
      1,
    )
    expect(Object.getPrototypeOf(row)).toBe(Object.prototype)
    expect(Object.getOwnPropertyNames(row).sort()).toEqual([...names].sort())
    expect(Object.getOwnPropertyDescriptor(row, '__proto__')?.value).toBe('__proto__')
  })
  test('rows one by one are the rows, each once', () => {
    const schema = types.struct({ n: types.integer, text: types.string })
    const rows = Array.from({ length: 2_345 }, (_, n) => ({ n, text: n % 3 ? `text ${n}` : null }))
    const [batch] = decodeBatches(encodeRows(rows, schema, options), schema)
    expect([...batch!]).toEqual(rows)
    const twice = types.struct({ n: types.integer }).add('n', types.integer)
    const [clash] = decodeBatches(encodeRows([[1, 2]], twice, options), twice)
    expect(() => [...clash!]).toThrow(/more than once/)
  })

  test.each([0, 1, 3, 25_001])('the rows of %i batches are one array, in order', (batches) => {
    const parts = Array.from({ length: batches }, (_, i) => [[2 * i], [2 * i + 1]])
    expect(joinParts(parts).map(([n]) => n)).toEqual(Array.from({ length: 2 * batches }, (_, i) => i))
  })
})
