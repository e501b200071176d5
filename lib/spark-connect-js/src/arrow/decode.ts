import {
  type ArrayType,
  CalendarInterval,
  type DataType,
  DayTimeInterval,
  Decimal,
  type DecimalType,
  Geo,
  LocalDate,
  LocalDateTime,
  LocalTime,
  type MapType,
  mapOf,
  repeatedName,
  type StructType,
  Timestamp,
  type TypeKind,
  types,
  type UserDefinedType,
  Variant,
  YearMonthInterval,
} from '../types/index.ts'
import { Damage, inColumn, reading, Unreadable } from './damage.ts'
import { type ArrowField, readStream } from './ipc.ts'
import type { KnownTexts } from './known-texts.ts'
import { type ReadOptions, RecordBatch } from './record-batch.ts'
import { rowBuilder, tuplesOf } from './rows.ts'
import { checkSchema, sparkType, structOf } from './spark-type.ts'
import { decodeBinary, decodeStrings } from './strings.ts'
import { offsetsOf, type Vector, VectorReader, validityOf, view } from './vector.ts'

type Validity = Uint8Array | undefined

interface DecodeOptions extends ReadOptions {
  readonly texts: KnownTexts | undefined
}

type Decoder = (vector: Vector, validity: Validity, type: DataType, how: DecodeOptions) => ArrayLike<unknown>

const isNull = (validity: Validity, i: number): boolean =>
  validity !== undefined && ((validity[i >> 3]! >> (i & 7)) & 1) === 0

const mapped = <T>(length: number, validity: Validity, at: (i: number) => T): (T | null)[] => {
  const out: (T | null)[] = new Array(length)
  for (let i = 0; i < length; i++) out[i] = isNull(validity, i) ? null : at(i)
  return out
}

/** Numbers as they lie in memory; a plain array only where nulls must be shown. */
const numbers =
  <A extends ArrayLike<number | bigint>>(Type: Parameters<typeof view<A>>[0]): Decoder =>
  ({ buffers, length }, validity) => {
    const values = view(Type, buffers[0]!, length)
    return validity ? mapped(length, validity, (i) => values[i]) : values
  }

/** BIGINT as it lies in memory, or as numbers if they are asked for. *Errors:* RangeError beyond 2^53. */
const decodeLongs: Decoder = (vector, validity, type, how) => {
  if (how.bigint !== 'number') return asBigints(vector, validity, type, how)
  const values = view(BigInt64Array, vector.buffers[0]!, vector.length)
  return mapped(vector.length, validity, (i) => {
    const value = Number(values[i])
    if (Number.isSafeInteger(value)) return value
    throw new Unreadable(`column '${vector.field.name}': ${values[i]} is not exact as a number; read it as bigint`)
  })
}

const asBigints = numbers(BigInt64Array)

/** Values that are made of one 64-bit number of microseconds; `unitAt` is the default of the type's unit. */
const micros =
  (make: (micros: bigint) => unknown, defaultUnit: number): Decoder =>
  ({ field, buffers, length }, validity) => {
    const values = view(BigInt64Array, buffers[0]!, length)
    const unit = field.type?.int16(0, defaultUnit) ?? defaultUnit
    if (unit === 2) return mapped(length, validity, (i) => make(values[i]!))
    const factor = unit === 0 ? 1_000_000n : 1_000n
    return mapped(length, validity, (i) => make(values[i]! * factor))
  }

/** Values that are made of one 32-bit number. */
const integers =
  (make: (value: number) => unknown): Decoder =>
  ({ buffers, length }, validity) => {
    const values = view(Int32Array, buffers[0]!, length)
    return mapped(length, validity, (i) => make(values[i]!))
  }

const decodeText: Decoder = (vector, validity, _, how) => {
  const data = vector.buffers[1]!
  return decodeStrings(vector.length, validity, offsetsOf(vector, data.length), data, how.texts)
}

const decodeBytes: Decoder = (vector, validity) => {
  const data = vector.buffers[1]!
  return decodeBinary(vector.length, validity, offsetsOf(vector, data.length), data)
}

const decodeBooleans: Decoder = ({ buffers, length }, validity) => {
  const bits = buffers[0]!
  return mapped(length, validity, (i) => ((bits[i >> 3]! >> (i & 7)) & 1) === 1)
}

const decodeDecimals: Decoder = ({ buffers, length }, validity, type) => {
  const { scale } = type as DecimalType
  const words = view(BigInt64Array, buffers[0]!, length * 2)
  return mapped(length, validity, (i) => {
    const low = words[2 * i]!
    const high = words[2 * i + 1]!
    // Most decimals fit 64 bits; then the upper word only repeats the sign.
    const fits = high === (low < 0n ? -1n : 0n)
    return new Decimal(fits ? low : (high << 64n) | BigInt.asUintN(64, low), scale)
  })
}

const decodeTimes: Decoder = ({ field, buffers, length }, validity) => {
  const values = view(BigInt64Array, buffers[0]!, length)
  const factor = field.type?.int16(0, 1) === 3 ? 1n : 1_000n
  return mapped(length, validity, (i) => new LocalTime(values[i]! * factor))
}

const decodeIntervals: Decoder = ({ buffers, length }, validity) => {
  // MONTH_DAY_NANO: int32 months, int32 days, int64 nanoseconds.
  const parts = view(Int32Array, buffers[0]!, length * 4)
  const nanos = view(BigInt64Array, buffers[0]!, length * 2)
  return mapped(
    length,
    validity,
    (i) => new CalendarInterval(parts[4 * i]!, parts[4 * i + 1]!, nanos[2 * i + 1]! / 1_000n),
  )
}

const part = (vector: Vector, name: string, type: DataType, how: DecodeOptions): ArrayLike<unknown> => {
  const child = vector.children.find(({ field }) => field.name === name)
  if (!child) throw new Damage(`no part '${name}'`, vector.field.path)
  return decodeVector(child, type, how)
}

/** A null in a part of a value that is not null itself would be a value that no one can use. */
const whole = (vector: Vector, validity: Validity, ...parts: readonly ArrayLike<unknown>[]): void => {
  for (const values of parts) {
    for (let i = 0; i < vector.length; i++) {
      if (values[i] === null && !isNull(validity, i)) throw new Damage(`value ${i + 1} is not whole`, vector.field.path)
    }
  }
}

const decodeVariants: Decoder = (vector, validity, _, how) => {
  const [value, metadata] = ['value', 'metadata'].map((name) => part(vector, name, types.binary, how))
  whole(vector, validity, value!, metadata!)
  // Checked here: `get()` would fail in the middle of the caller's work, and could not say which column it was.
  return mapped(vector.length, validity, (i) =>
    new Variant(value![i] as Uint8Array, metadata![i] as Uint8Array).check(),
  )
}

const decodeGeo: Decoder = (vector, validity, _, how) => {
  const srid = part(vector, 'srid', types.integer, how)
  const wkb = part(vector, 'wkb', types.binary, how)
  whole(vector, validity, srid, wkb)
  return mapped(vector.length, validity, (i) => new Geo(srid[i] as number, wkb[i] as Uint8Array))
}

const decodeArrays: Decoder = (vector, validity, type, how) => {
  const child = vector.children[0]!
  const at = offsetsOf(vector, child.length)
  const items = decodeVector(child, (type as ArrayType).elementType, how)
  return mapped(vector.length, validity, (i) => slice(items, at[i]!, at[i + 1]!))
}

const slice = (items: ArrayLike<unknown>, from: number, to: number): unknown[] => {
  const out = new Array(to - from)
  for (let i = from; i < to; i++) out[i - from] = items[i]
  return out
}

const decodeMaps: Decoder = (vector, validity, type, how) => {
  const entries = vector.children[0]!
  const at = offsetsOf(vector, entries.length)
  const keys = decodeVector(entries.children[0]!, (type as MapType).keyType, how)
  const items = decodeVector(entries.children[1]!, (type as MapType).valueType, how)
  return mapped(vector.length, validity, (i) => mapOf(keys, items, at[i]!, at[i + 1]!))
}

/** *Errors:* RangeError for a struct with two fields of one name: an object would lose one of the two values. */
const checkNames = (field: ArrowField, names: readonly string[]): void => {
  const twice = repeatedName(names)
  if (twice === undefined) return
  throw new Unreadable(
    `column '${field.path}' is a struct with more than one field '${twice}', so it cannot be an object; ` +
      "rename a field, or read structs by position: collectTuples({ structs: 'tuples' })",
  )
}

const decodeStructs: Decoder = (vector, validity, type, how) => {
  const { fields, names } = type as StructType
  const columns = vector.children.map((child, c) => decodeVector(child, fields[c]!.dataType, how))
  const isByPosition = how.structs === 'tuples'
  if (!isByPosition) checkNames(vector.field, names)
  const rows = isByPosition ? tuplesOf(columns, vector.length) : rowBuilder(names)(columns, 0, vector.length)
  return validity ? mapped(vector.length, validity, (i) => rows[i]) : rows
}

const decoders: Readonly<Record<TypeKind, Decoder>> = {
  void: ({ length }) => new Array(length).fill(null),
  boolean: decodeBooleans,
  byte: numbers(Int8Array),
  short: numbers(Int16Array),
  integer: numbers(Int32Array),
  long: decodeLongs,
  float: numbers(Float32Array),
  double: numbers(Float64Array),
  string: decodeText,
  char: decodeText,
  varchar: decodeText,
  binary: decodeBytes,
  decimal: decodeDecimals,
  date: integers((days) => new LocalDate(days)),
  timestamp: micros((value) => new Timestamp(value), 0),
  timestamp_ntz: micros((value) => new LocalDateTime(value), 0),
  time: decodeTimes,
  interval_ym: integers((months) => new YearMonthInterval(months)),
  interval_dt: micros((value) => new DayTimeInterval(value), 1),
  interval: decodeIntervals,
  variant: decodeVariants,
  geometry: decodeGeo,
  geography: decodeGeo,
  array: decodeArrays,
  map: decodeMaps,
  struct: decodeStructs,
  udt: (vector, _, type, how) => decodeVector(vector, (type as UserDefinedType).sqlType, how),
  unparsed: (vector, _, __, how) => decodeVector(vector, sparkType(vector.field), how),
}

const decodeVector = (vector: Vector, type: DataType, how: DecodeOptions): ArrayLike<unknown> =>
  inColumn(vector.field.path, () => decoders[type.kind](vector, validityOf(vector), type, how))

/**
 * The record batches of one Arrow IPC stream, columns not yet decoded.
 *
 * `schema` is Spark's own, which says more than Arrow's (intervals, char and varchar, user-defined types); without it
 * the types are taken from the stream. `texts` are those of the streams before it; `firstBatch` is the number that
 * errors give to the first batch.
 * *Errors:* SparkConnectError with code DATA_LOSS for damaged or foreign streams, which names column and batch: here for
 * what lengths, nodes, buffers and types tell, and where a column is first asked for for what its offsets and bitmaps tell.
 */
export const decodeBatches = (
  stream: Uint8Array,
  schema?: StructType,
  texts?: KnownTexts,
  firstBatch = 1,
): RecordBatch<never>[] => {
  const { fields, batches } = readStream(stream, firstBatch)
  const known = reading({}, () => {
    const known = schema ?? structOf(fields)
    checkSchema(fields, known)
    return known
  })
  return batches.map((batch, i) => {
    const place = { batch: firstBatch + i }
    const vectors = reading(place, () => {
      const reader = new VectorReader(batch)
      const read = fields.map((field) => reader.read(field, batch.numRows))
      reader.end()
      return read
    })
    return new RecordBatch<never>(known, batch.numRows, (column, options) =>
      reading(place, () => decodeVector(vectors[column]!, known.fields[column]!.dataType, { ...options, texts })),
    )
  })
}
