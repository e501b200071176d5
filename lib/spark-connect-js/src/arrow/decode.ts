import {
  ArrayType,
  CalendarInterval,
  type DataType,
  DayTimeInterval,
  Decimal,
  DecimalType,
  Geo,
  LocalDate,
  LocalDateTime,
  LocalTime,
  MapType,
  mapOf,
  repeatedName,
  StructField,
  StructType,
  Timestamp,
  TimeType,
  types,
  type UserDefinedType,
  Variant,
  YearMonthInterval,
} from '../types/index.ts'
import { type ArrowBatch, type ArrowField, arrowType, readStream } from './ipc.ts'
import type { KnownTexts } from './known-texts.ts'
import { type ReadOptions, RecordBatch } from './record-batch.ts'
import { rowBuilder, tuplesOf } from './rows.ts'
import { decodeBinary, decodeStrings } from './strings.ts'

/** The type of Spark that an Arrow column stands for, where the server did not send Spark's own schema. */
const sparkType = (field: ArrowField): DataType => {
  const { type, typeId, children } = field
  switch (typeId) {
    case arrowType.null:
      return types.void
    case arrowType.bool:
      return types.boolean
    case arrowType.int:
      return (
        { 8: types.byte, 16: types.short, 32: types.integer, 64: types.long }[type?.int32(0) ?? 0] ?? unknown(field)
      )
    case arrowType.floatingPoint:
      return { 1: types.float, 2: types.double }[type?.int16(0) ?? 0] ?? unknown(field)
    case arrowType.utf8:
    case arrowType.largeUtf8:
      return types.string
    case arrowType.binary:
    case arrowType.largeBinary:
      return types.binary
    case arrowType.decimal:
      return new DecimalType(type?.int32(0), type?.int32(1))
    case arrowType.date:
      return types.date
    case arrowType.time:
      return new TimeType()
    case arrowType.timestamp:
      return type?.has(1) ? types.timestamp : types.timestampNtz
    case arrowType.duration:
      return types.dayTimeInterval
    case arrowType.interval:
      return type?.int16(0) === 0 ? types.yearMonthInterval : types.calendarInterval
    case arrowType.list:
    case arrowType.largeList:
      return new ArrayType(sparkType(children[0]!), children[0]!.nullable)
    case arrowType.map: {
      const [key, item] = children[0]!.children
      return new MapType(sparkType(key!), sparkType(item!), item!.nullable)
    }
    case arrowType.struct:
      if (children.some((child) => child.metadata.get('variant') === 'true')) return types.variant
      return structOf(children)
    default:
      return unknown(field)
  }
}

const structOf = (fields: readonly ArrowField[]): StructType =>
  new StructType(fields.map((field) => new StructField(field.name, sparkType(field), field.nullable)))

const unknown = (field: ArrowField): never => {
  throw new TypeError(`column '${field.name}' has Arrow type ${field.typeId}, which Spark does not send`)
}

/** A column's buffers, taken from a batch in the depth-first order in which Arrow lists them. */
interface Vector {
  readonly field: ArrowField
  readonly length: number
  /** Absent when nothing is null. */
  readonly validity: Uint8Array | undefined
  readonly buffers: readonly Uint8Array[]
  readonly children: readonly Vector[]
}

const bufferCount = (typeId: number): number => {
  switch (typeId) {
    case arrowType.null:
      return 0
    case arrowType.struct:
      return 1
    case arrowType.utf8:
    case arrowType.largeUtf8:
    case arrowType.binary:
    case arrowType.largeBinary:
      return 3
    default:
      return 2
  }
}

class Cursor {
  readonly #batch: ArrowBatch
  #node = 0
  #buffer = 0

  constructor(batch: ArrowBatch) {
    this.#batch = batch
  }

  vector(field: ArrowField): Vector {
    const node = this.#batch.nodes[this.#node++]
    if (!node) throw new TypeError(`the Arrow batch ends before column '${field.name}'`)
    const [length, nullCount] = node
    const count = bufferCount(field.typeId)
    const buffers = this.#batch.buffers.slice(this.#buffer, this.#buffer + count)
    this.#buffer += count
    return {
      field,
      length,
      validity: nullCount > 0 && count > 0 ? buffers[0] : undefined,
      buffers: buffers.slice(1),
      children: field.children.map((child) => this.vector(child)),
    }
  }
}

const isNull = (validity: Uint8Array | undefined, i: number): boolean =>
  validity !== undefined && ((validity[i >> 3]! >> (i & 7)) & 1) === 0

type TypedArrayConstructor<A> = new (buffer: ArrayBufferLike, offset: number, length: number) => A

const view = <A>(
  Type: TypedArrayConstructor<A> & { BYTES_PER_ELEMENT: number },
  bytes: Uint8Array | undefined,
  length: number,
): A => {
  // An empty column may come without buffers.
  if (!bytes || length === 0) return new Type(new ArrayBuffer(0), 0, 0)
  const { BYTES_PER_ELEMENT: size } = Type
  const at = bytes.byteOffset
  // A bytes field of a protobuf message lies anywhere, and typed arrays need an address that their size divides.
  return at % size === 0
    ? new Type(bytes.buffer, at, length)
    : new Type(bytes.buffer.slice(at, at + length * size), 0, length)
}

/** Numbers as they lie in memory; a plain array only where nulls must be shown. */
const numbers = (values: ArrayLike<number | bigint>, validity: Uint8Array | undefined): ArrayLike<unknown> =>
  validity ? mapped(values.length, validity, (i) => values[i]) : values

const mapped = <T>(length: number, validity: Uint8Array | undefined, at: (i: number) => T): (T | null)[] => {
  const out: (T | null)[] = new Array(length)
  for (let i = 0; i < length; i++) out[i] = isNull(validity, i) ? null : at(i)
  return out
}

const offsetsOf = (vector: Vector): Int32Array | BigInt64Array => {
  const { typeId } = vector.field
  const isLarge = typeId === arrowType.largeUtf8 || typeId === arrowType.largeBinary || typeId === arrowType.largeList
  // Arrow allows an empty offsets buffer for an empty column.
  if (vector.buffers[0]!.length === 0) return new Int32Array(1)
  return isLarge
    ? view(BigInt64Array, vector.buffers[0], vector.length + 1)
    : view(Int32Array, vector.buffers[0], vector.length + 1)
}

/** Multiplier of a time unit (SECOND 0, MILLISECOND 1, MICROSECOND 2, NANOSECOND 3) to microseconds. */
const toMicros = (values: BigInt64Array, unit: number): ((i: number) => bigint) => {
  if (unit === 2) return (i) => values[i]!
  if (unit === 3) throw new TypeError('timestamps in nanoseconds do not come from Spark')
  const factor = unit === 0 ? 1_000_000n : 1_000n
  return (i) => values[i]! * factor
}

interface DecodeOptions extends ReadOptions {
  readonly texts: KnownTexts | undefined
}

/** *Errors:* RangeError for a struct with two fields of one name: an object would lose one of the two values. */
const checkNames = (field: ArrowField, names: readonly string[]): void => {
  const twice = repeatedName(names)
  if (twice === undefined) return
  throw new RangeError(
    `column '${field.name}' is a struct with more than one field '${twice}', so it cannot be an object; ` +
      "rename a field, or read structs by position: collectTuples({ structs: 'tuples' })",
  )
}

/** BIGINT as it lies in memory, or as numbers if they are asked for. *Errors:* RangeError beyond 2^53. */
const longs = (
  values: BigInt64Array,
  validity: Uint8Array | undefined,
  field: ArrowField,
  { bigint }: ReadOptions,
): ArrayLike<number | bigint> => {
  if (bigint !== 'number') return values
  const out = new Array<number>(values.length)
  for (let i = 0; i < values.length; i++) {
    const value = Number(values[i])
    if (!Number.isSafeInteger(value) && !isNull(validity, i)) {
      throw new RangeError(`column '${field.name}': ${values[i]} is not exact as a number; read it as bigint`)
    }
    out[i] = value
  }
  return out
}

const decodeVector = (vector: Vector, type: DataType, how: DecodeOptions): ArrayLike<unknown> => {
  const { length, validity, buffers } = vector
  const { typeId, type: params } = vector.field
  if (typeId === arrowType.null) return new Array(length).fill(null)
  switch (type.kind) {
    case 'boolean': {
      const bits = buffers[0]!
      return mapped(length, validity, (i) => ((bits[i >> 3]! >> (i & 7)) & 1) === 1)
    }
    case 'byte':
      return numbers(view(Int8Array, buffers[0], length), validity)
    case 'short':
      return numbers(view(Int16Array, buffers[0], length), validity)
    case 'integer':
      return numbers(view(Int32Array, buffers[0], length), validity)
    case 'long':
      return numbers(longs(view(BigInt64Array, buffers[0], length), validity, vector.field, how), validity)
    case 'float':
      return numbers(view(Float32Array, buffers[0], length), validity)
    case 'double':
      return numbers(view(Float64Array, buffers[0], length), validity)
    case 'string':
    case 'char':
    case 'varchar':
      return decodeStrings(length, validity, offsetsOf(vector), buffers[1]!, how.texts)
    case 'binary':
      return decodeBinary(length, validity, offsetsOf(vector), buffers[1]!)
    case 'decimal': {
      const { scale } = type as DecimalType
      const words = view(BigInt64Array, buffers[0], length * 2)
      return mapped(length, validity, (i) => {
        const low = words[2 * i]!
        const high = words[2 * i + 1]!
        // Most decimals fit 64 bits; then the upper word only repeats the sign.
        const fits = high === (low < 0n ? -1n : 0n)
        return new Decimal(fits ? low : (high << 64n) | BigInt.asUintN(64, low), scale)
      })
    }
    case 'date': {
      const days = view(Int32Array, buffers[0], length)
      return mapped(length, validity, (i) => new LocalDate(days[i]!))
    }
    case 'timestamp': {
      const micros = toMicros(view(BigInt64Array, buffers[0], length), params?.int16(0) ?? 0)
      return mapped(length, validity, (i) => new Timestamp(micros(i)))
    }
    case 'timestamp_ntz': {
      const micros = toMicros(view(BigInt64Array, buffers[0], length), params?.int16(0) ?? 0)
      return mapped(length, validity, (i) => new LocalDateTime(micros(i)))
    }
    case 'time': {
      const values = view(BigInt64Array, buffers[0], length)
      const factor = params?.int16(0, 1) === 3 ? 1n : 1_000n
      return mapped(length, validity, (i) => new LocalTime(values[i]! * factor))
    }
    case 'interval_ym': {
      const months = view(Int32Array, buffers[0], length)
      return mapped(length, validity, (i) => new YearMonthInterval(months[i]!))
    }
    case 'interval_dt': {
      const micros = toMicros(view(BigInt64Array, buffers[0], length), params?.int16(0, 1) ?? 1)
      return mapped(length, validity, (i) => new DayTimeInterval(micros(i)))
    }
    case 'interval': {
      // MONTH_DAY_NANO: int32 months, int32 days, int64 nanoseconds.
      const parts = view(Int32Array, buffers[0], length * 4)
      const nanos = view(BigInt64Array, buffers[0], length * 2)
      return mapped(
        length,
        validity,
        (i) => new CalendarInterval(parts[4 * i]!, parts[4 * i + 1]!, nanos[2 * i + 1]! / 1_000n),
      )
    }
    case 'variant': {
      const part = (name: string): ArrayLike<unknown> => {
        const child = vector.children.find((candidate) => candidate.field.name === name)
        if (!child) throw new TypeError(`the variant column '${vector.field.name}' has no part '${name}'`)
        return decodeVector(child, types.binary, how)
      }
      const [value, metadata] = [part('value'), part('metadata')]
      return mapped(length, validity, (i) => new Variant(value[i] as Uint8Array, metadata[i] as Uint8Array))
    }
    case 'geometry':
    case 'geography': {
      const [srid, wkb] = vector.children.map((child) => decodeVector(child, sparkType(child.field), how))
      return mapped(length, validity, (i) => new Geo(srid![i] as number, wkb![i] as Uint8Array))
    }
    case 'array': {
      const items = decodeVector(vector.children[0]!, (type as ArrayType).elementType, how)
      const at = offsetsOf(vector)
      return mapped(length, validity, (i) => slice(items, Number(at[i]), Number(at[i + 1])))
    }
    case 'map': {
      const entries = vector.children[0]!
      const keys = decodeVector(entries.children[0]!, (type as MapType).keyType, how)
      const items = decodeVector(entries.children[1]!, (type as MapType).valueType, how)
      const at = offsetsOf(vector)
      return mapped(length, validity, (i) => mapOf(keys, items, Number(at[i]), Number(at[i + 1])))
    }
    case 'struct': {
      const { fields, names } = type as StructType
      const columns = vector.children.map((child, c) => decodeVector(child, fields[c]!.dataType, how))
      const isByPosition = how.structs === 'tuples'
      if (!isByPosition) checkNames(vector.field, names)
      const rows = isByPosition ? tuplesOf(columns, length) : rowBuilder(names)(columns, 0, length)
      return validity ? mapped(length, validity, (i) => rows[i]) : rows
    }
    case 'udt':
      return decodeVector(vector, (type as UserDefinedType).sqlType, how)
    default:
      return decodeVector(vector, sparkType(vector.field), how)
  }
}

const slice = (items: ArrayLike<unknown>, from: number, to: number): unknown[] => {
  const out = new Array(to - from)
  for (let i = from; i < to; i++) out[i - from] = items[i]
  return out
}

/**
 * The record batches of one Arrow IPC stream, columns not yet decoded.
 *
 * `schema` is Spark's own, which says more than Arrow's (intervals, char and varchar, user-defined types); without it
 * the types are taken from the stream. `texts` are those of the streams before it.
 * *Errors:* TypeError for damaged or foreign streams.
 */
export const decodeBatches = (stream: Uint8Array, schema?: StructType, texts?: KnownTexts): RecordBatch<never>[] => {
  const { fields, batches } = readStream(stream)
  const known = schema && schema.fields.length === fields.length ? schema : structOf(fields)
  return batches.map((batch) => {
    const cursor = new Cursor(batch)
    const vectors = fields.map((field) => cursor.vector(field))
    return new RecordBatch<never>(known, batch.numRows, (column, options) =>
      decodeVector(vectors[column]!, known.fields[column]!.dataType, { ...options, texts }),
    )
  })
}
