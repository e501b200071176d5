import { zstdCompressSync } from 'node:zlib'
import { describe, expect, test } from '@jest/globals'
import { decodeBatches } from '../src/arrow/decode.ts'
import { encodeRows } from '../src/arrow/encode.ts'
import type { TableValue } from '../src/arrow/flatbuffer.ts'
import { joinStreams } from '../src/arrow/ipc.ts'
import { KnownTexts } from '../src/arrow/known-texts.ts'
import { Decimal, LocalDate, SparkConnectError, type StructType, Timestamp, types } from '../src/index.ts'
import {
  type BatchParts,
  batch,
  bigint,
  endOfStream,
  field,
  ints,
  longs,
  message,
  nothing,
  schema,
  text,
} from './support/arrow-stream.ts'

const secret = Buffer.from('#outside of the message#'.repeat(300))

/** The stream as a view into memory that holds other things before and behind it, as a received message is. */
const amidOthers = (stream: Uint8Array): Uint8Array => {
  const memory = Buffer.concat([secret, stream, secret])
  return new Uint8Array(memory.buffer, memory.byteOffset + secret.length, stream.length)
}

const valuesOf = (stream: Uint8Array, known?: StructType): unknown[] =>
  decodeBatches(amidOthers(stream), known, new KnownTexts()).flatMap((each) => each.tuples())

const errorOf = (stream: Uint8Array, known?: StructType): SparkConnectError => {
  try {
    valuesOf(stream, known)
  } catch (error) {
    if (error instanceof SparkConnectError) return error
    throw error
  }
  throw new Error('it was decoded')
}

const one = (columns: readonly TableValue[], parts: BatchParts): Buffer =>
  Buffer.concat([schema(...columns), batch(parts), endOfStream])
const longColumn = (parts: Partial<BatchParts>): Buffer =>
  one([bigint('n')], { rows: 2, nodes: [[2, 0]], buffers: [nothing, longs(1n, 2n)], ...parts })
const textColumn = (offsets: readonly number[], bytes = 'abcd'): Buffer =>
  one([text('t')], {
    rows: offsets.length - 1,
    nodes: [[offsets.length - 1, 0]],
    buffers: [nothing, ints(...offsets), Buffer.from(bytes)],
  })
const compressed = (declared: bigint, data: Buffer, codec = 1): Buffer =>
  longColumn({ buffers: [nothing, Buffer.concat([longs(declared), data])], codec })
const list = field('l', 12, {}, [bigint('element')])
const map = field('m', 17, {}, [field('entries', 13, {}, [text('key'), bigint('value')])])

const emptyBatch = batch({ rows: 0, nodes: [[0, 0]], buffers: [nothing, nothing] })
const withMetadataLength = (length: number): Buffer => {
  const damaged = Buffer.from(emptyBatch)
  damaged.writeInt32LE(length, 4)
  return Buffer.concat([schema(bigint('n')), damaged, endOfStream])
}

/** `levels` structs in a struct, of `width` links each to one and the same next level: width ** levels fields. */
const nested = (levels: number, width: number): Buffer => {
  const bytes = Buffer.alloc(200 + levels * (20 + 4 * width))
  let at = 4
  const vtable = (...slots: readonly number[]): number => {
    const start = at
    bytes.writeUInt16LE(4 + 2 * slots.length, at)
    bytes.writeUInt16LE(16, at + 2)
    for (const [i, slot] of slots.entries()) bytes.writeUInt16LE(slot, at + 4 + 2 * i)
    at = Math.ceil((at + 4 + 2 * slots.length) / 4) * 4
    return start
  }
  const table = (layout: number, size: number): number => {
    const start = at
    bytes.writeInt32LE(start - layout, start)
    at += size
    return start
  }
  const link = (from: number, to: number): void => void bytes.writeUInt32LE(to - from, from)
  const vector = (from: number, length: number): number[] => {
    link(from, at)
    bytes.writeUInt32LE(length, at)
    const start = at + 4
    at = start + 4 * length
    return Array.from({ length }, (_, i) => start + 4 * i)
  }
  const [messageLayout, schemaLayout, fieldLayout] = [vtable(0, 4, 8), vtable(0, 4), vtable(0, 0, 4, 0, 0, 8)]
  const root = table(messageLayout, 12)
  link(0, root)
  bytes.writeInt8(1, root + 4)
  const header = table(schemaLayout, 8)
  link(root + 8, header)
  let links = vector(header + 4, 1)
  for (let level = 0; level < levels; level++) {
    const struct = table(fieldLayout, 12)
    bytes.writeInt8(13, struct + 4)
    for (const each of links) link(each, struct)
    links = vector(struct + 8, width)
  }
  const leaf = table(fieldLayout, 12)
  bytes.writeInt8(1, leaf + 4)
  vector(leaf + 8, 0)
  for (const each of links) link(each, leaf)
  const prefix = Buffer.alloc(8)
  prefix.writeUInt32LE(0xffffffff, 0)
  prefix.writeInt32LE(at, 4)
  return Buffer.concat([prefix, bytes.subarray(0, at), endOfStream])
}

describe('a damaged stream is refused, and the error names the place', () => {
  const cases: [name: string, stream: () => Uint8Array, message: RegExp, known?: StructType][] = [
    ['nothing at all', () => nothing, /no schema/],
    ['a cut', () => longColumn({}).subarray(0, -20), /ends within a message/],
    ['metadata of a negative length', () => withMetadataLength(-8), /ends within a message/],
    ['metadata longer than the stream', () => withMetadataLength(2 ** 30), /ends within a message/],
    ['an end before the end', () => withMetadataLength(0), /bytes follow the end/],
    [
      'a body of a negative length',
      () => Buffer.concat([schema(bigint('n')), message(3, { 0: { int64: 0n } }, nothing, -300), endOfStream]),
      /ends within a message/,
    ],
    ['a batch before its schema', () => Buffer.concat([emptyBatch, endOfStream]), /no schema before its first batch/],
    ['two schemas', () => Buffer.concat([schema(bigint('a')), schema(bigint('b')), endOfStream]), /two schemas/],
    [
      'more batches than any result has',
      () => Buffer.concat([schema(bigint('n')), ...new Array(70_000).fill(emptyBatch), endOfStream]),
      /more than 65536 batches/,
    ],
    ['links that lead to one place again and again', () => nested(30, 2), /refers to more than it holds/],
    ['a struct of thousands of levels', () => nested(3_000, 1), /more than 256 levels/],
    ['big-endian data', () => Buffer.concat([message(1, { 0: { int16: 1 } }), endOfStream]), /big-endian/],
    [
      'a dictionary',
      () => Buffer.concat([schema({ ...text('w'), 4: { table: {} } }), endOfStream]),
      /column 'w': dict/,
    ],
    ['a dictionary batch', () => Buffer.concat([schema(text('w')), message(2, {}), endOfStream]), /kind 2/],

    ['a negative number of rows', () => longColumn({ rows: -5, nodes: [[-5, 0]] }), /batch 1: .* -5 rows/],
    ['more rows than values', () => longColumn({ rows: 3 }), /batch 1, column 'n': .* 2 values where 3 are due/],
    ['more values than rows', () => longColumn({ rows: 1 }), /column 'n': .* 2 values where 1 are due/],
    [
      'columns of two lengths',
      () =>
        one([bigint('a'), bigint('b')], {
          rows: 2,
          nodes: [
            [2, 0],
            [1, 0],
          ],
          buffers: [nothing, longs(1n, 2n), nothing, longs(3n)],
        }),
      /column 'b': .* 1 values where 2 are due/,
    ],
    ['two billion nulls', () => one([field('n', 1)], { rows: 2 ** 31, nodes: [[2 ** 31, 0]], buffers: [] }), /rows/],
    [
      'ten million nulls of no bytes',
      () => one([field('n', 1)], { rows: 1e7, nodes: [[1e7, 0]], buffers: [] }),
      /rows/,
    ],
    ['more nulls than values', () => longColumn({ nodes: [[2, 3]] }), /2 values and 3 nulls/],
    ['nulls without a bitmap', () => longColumn({ nodes: [[2, 1]] }), /column 'n': the bitmap of 2 values has 0 bytes/],
    [
      'a bitmap that is too short',
      () => longColumn({ rows: 20, nodes: [[20, 1]], buffers: [Buffer.from([255]), longs(...new Array(20).fill(1n))] }),
      /the bitmap of 20 values has 1 bytes/,
    ],
    [
      'a null that is not counted',
      () => longColumn({ buffers: [Buffer.from([1]), longs(1n, 2n)] }),
      /0 nulls .* 1 are/,
    ],
    ['a column without its node', () => longColumn({ nodes: [] }), /the batch ends before this column/],
    ['a column without its buffers', () => longColumn({ buffers: [nothing] }), /before the data of this column/],
    [
      'a buffer too many',
      () => longColumn({ buffers: [nothing, longs(1n, 2n), nothing] }),
      /batch 1: 1 nodes and 3 buf/,
    ],

    ['a buffer that is too short', () => longColumn({ buffers: [nothing, longs(1n)] }), /need 16 bytes and have 8/],
    ['a buffer beyond the body', () => longColumn({ places: [[0, 0], [8, 16]] }), /buffer 1 takes 16 bytes at 8/], // biome-ignore format: pairs
    ['a buffer before the body', () => longColumn({ places: [[0, 0], [-16, 16]] }), /buffer 1 takes 16 bytes at -16/], // biome-ignore format: pairs
    ['buffers that overlap', () => longColumn({ places: [[0, 8], [0, 16]] }), /buffer 1 takes 16 bytes at 0/], // biome-ignore format: pairs
    ['text from before its data', () => textColumn([-300, 2]), /batch 1, column 't': the offsets/],
    ['text beyond its data', () => textColumn([0, 4_000]), /column 't': the values end at 4000 of 4/],
    ['text that ends before it begins', () => textColumn([0, 3, 2]), /column 't': the offsets .* rise/],
    [
      'an array beyond its elements',
      () =>
        one([list], {
          rows: 1,
          nodes: [
            [1, 0],
            [1, 0],
          ],
          buffers: [nothing, ints(0, 2 ** 31 - 1), nothing, longs(1n)],
        }),
      /column 'l': the values end at 2147483647 of 1/,
    ],
    [
      'a map beyond its entries',
      () =>
        one([map], {
          rows: 1,
          nodes: new Array<readonly [number, number]>(4).fill([1, 0]),
          buffers: [nothing, ints(0, 2 ** 31 - 1), nothing, nothing, ints(0, 1), Buffer.from('k'), nothing, longs(1n)],
        }),
      /column 'm': the values end at 2147483647 of 1/,
    ],

    ['zstd that grows beyond its word', () => compressed(8n, zstdCompressSync(Buffer.alloc(1e8))), /than the 8 bytes/],
    ['zstd that declares gigabytes', () => compressed(2n ** 40n, zstdCompressSync(longs(1n, 2n))), /a batch may hold/],
    ['zstd of less than it says', () => compressed(16n, zstdCompressSync(longs(1n))), /of 8 bytes declares 16/],
    ['zstd that is none', () => compressed(16n, Buffer.from('no frame')), /batch 1, column 'n': /],
    [
      'LZ4',
      () => compressed(16n, longs(1n, 2n), 0),
      /column 'n': .*LZ4; set spark.sql.execution.arrow.compression.codec/,
    ],

    [
      'another type than Spark’s',
      () => textColumn([0, 2]),
      /'t': Arrow type Utf8 where BIGINT/,
      types.struct({ t: types.long }),
    ],
    [
      'another width than Spark’s',
      () =>
        one([field('n', 2, { 0: { int32: 32 }, 1: { int8: 1 } })], {
          rows: 0,
          nodes: [[0, 0]],
          buffers: [nothing, nothing],
        }),
      /column 'n': Arrow type Int32 where BIGINT is due/,
      types.struct({ n: types.long }),
    ],
    [
      'unsigned numbers',
      () => one([field('n', 2, { 0: { int32: 64 } })], { rows: 0, nodes: [[0, 0]], buffers: [nothing, nothing] }),
      /UInt64/,
    ],
    [
      'other names than Spark’s',
      () => longColumn({}),
      /the fields are n where the schema has m/,
      types.struct({ m: types.long }),
    ],
    [
      'fewer columns than Spark’s',
      () => longColumn({}),
      /where the schema has n, m/,
      types.struct({ n: types.long, m: types.long }),
    ],
    [
      'other fields in a struct',
      () => Buffer.concat([schema(field('s', 13, {}, [bigint('b')])), endOfStream]),
      /the fields are b where the schema has a/,
      types.struct({ s: types.struct({ a: types.long }) }),
    ],
  ]
  test.each(cases)('%s', (_, stream, wanted, ...[known]) => {
    const error = errorOf(stream(), known)
    expect(error.code).toBe('DATA_LOSS')
    expect(error.message).toMatch(wanted)
  })

  test('a whole one is not', () => {
    expect(valuesOf(longColumn({}))).toEqual([[1n], [2n]])
    expect(valuesOf(textColumn([0, 1, 1, 4]))).toEqual([['a'], [''], ['bcd']])
    expect(valuesOf(compressed(16n, zstdCompressSync(longs(1n, 2n))))).toEqual([[1n], [2n]])
    expect(valuesOf(nested(0, 1))).toEqual([])
  })

  test('errors count the batches of the whole result', () => {
    const [damaged] = decodeBatches(textColumn([0, 9]), undefined, undefined, 12)
    expect(() => damaged?.rows()).toThrow(/batch 12, column 't'/)
  })

  test('results of two schemas are not joined', () => {
    expect(() => joinStreams([longColumn({}), textColumn([0, 1])])).toThrow(/differ in schema/)
    const joined = joinStreams([longColumn({}), longColumn({})])
    expect(valuesOf(joined)).toEqual([[1n], [2n], [1n], [2n]])
  })
})

/** Mulberry32: the same damage in every run. */
const randomOf = (seed: number): (() => number) => {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

describe('whatever bits flip', () => {
  const known = types.struct({
    id: types.long,
    name: types.string,
    yes: types.boolean,
    list: types.array(types.string),
    map: types.map(types.string, types.integer),
    nested: types.struct({ a: types.long, b: types.array(types.array(types.double)) }),
    day: types.date,
    at: types.timestamp,
    price: types.decimal(20, 2),
    bytes: types.binary,
  })
  const rows = Array.from({ length: 50 }, (_, i) => ({
    id: BigInt(i),
    name: i % 5 ? `name ${i} é` : null,
    yes: i % 2 === 0,
    list: [`a${i}`, null],
    map: new Map([['k', i]]),
    nested: { a: null, b: [[i / 3], []] },
    day: new LocalDate(i),
    at: new Timestamp(BigInt(i)),
    price: new Decimal(BigInt(i), 2),
    bytes: new Uint8Array([i]),
  }))
  const stream = encodeRows(rows, known, { timeZone: 'UTC', useLargeVarTypes: false })
  const shown = (values: unknown): string =>
    JSON.stringify(values, (_, value) => {
      if (value === undefined) return '#undefined#'
      if (typeof value === 'bigint') return String(value)
      if (value instanceof Uint8Array) return Buffer.from(value).toString('latin1')
      return value instanceof Map ? [...value] : value
    })

  test.each([1, 2, 3, 4])('values of the message or an error, and soon (series %i)', (series) => {
    const random = randomOf(series * 7_919)
    const below = (limit: number): number => Math.floor(random() * limit)
    let refused = 0
    for (let round = 0; round < 1_000; round++) {
      const damaged = Buffer.from(stream)
      for (let flips = 1 + below(3); flips > 0; flips--) {
        const at = below(random() < 0.6 ? Math.min(2_000, damaged.length - 4) : damaged.length - 4)
        if (random() < 0.7) damaged[at]! ^= 1 << below(8)
        else damaged.writeInt32LE([0, -1, 2 ** 31 - 1, -(2 ** 31), 4096][below(5)]!, at)
      }
      const start = performance.now()
      try {
        const text = shown(valuesOf(damaged, random() < 0.5 ? known : undefined))
        expect(text).not.toMatch(/#undefined#|outside of the message/)
      } catch (error) {
        if (!(error instanceof SparkConnectError)) throw error
        expect(error.code).toBe('DATA_LOSS')
        refused += 1
      }
      expect(performance.now() - start).toBeLessThan(5_000)
    }
    expect(refused).toBeGreaterThan(300)
  })
})
