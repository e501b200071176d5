import {
  ArrayType,
  CalendarInterval,
  type DataType,
  DayTimeInterval,
  Decimal,
  type DecimalType,
  LocalDate,
  LocalDateTime,
  LocalTime,
  MapType,
  StructType,
  Timestamp,
  type UserDefinedType,
  Variant,
  YearMonthInterval,
} from '../types/index.ts'
import { type FieldValue, type TableValue, writeTable } from './flatbuffer.ts'
import { arrowType } from './ipc.ts'

/** How the server's session wants its Arrow. */
export interface EncodeOptions {
  /** The session's zone, which Spark writes into the type of timestamps; the values are UTC all the same. */
  readonly timeZone: string
  /** 64-bit offsets for text and binary, for columns of more than 2 GB. */
  readonly useLargeVarTypes: boolean
}

/** Where a value is, for error messages. */
interface Place {
  readonly column: string
  readonly row: (index: number) => number
}

interface Encoded {
  readonly nodes: (readonly [number, number])[]
  readonly buffers: Uint8Array[]
}

const isAbsent = (value: unknown): boolean => value === null || value === undefined

const describe = (value: unknown): string => {
  if (typeof value === 'string')
    return `the text ${JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value)}`
  if (typeof value === 'object' && value !== null) return `an object of ${value.constructor?.name ?? 'no class'}`
  return `the ${typeof value} ${String(value)}`
}

const refuse = (value: unknown, type: DataType, place: Place, index: number): never => {
  throw new TypeError(`row ${place.row(index)}, column '${place.column}': ${describe(value)} is no ${type}`)
}

const bitmap = (length: number, isSet: (i: number) => boolean): Uint8Array => {
  const bits = new Uint8Array((length + 7) >> 3)
  for (let i = 0; i < length; i++) if (isSet(i)) bits[i >> 3]! |= 1 << (i & 7)
  return bits
}

const bytesOf = (array: ArrayBufferView): Uint8Array => new Uint8Array(array.buffer, array.byteOffset, array.byteLength)

const integerRange: Readonly<Record<string, readonly [bigint, bigint]>> = {
  byte: [-(2n ** 7n), 2n ** 7n - 1n],
  short: [-(2n ** 15n), 2n ** 15n - 1n],
  integer: [-(2n ** 31n), 2n ** 31n - 1n],
  long: [-(2n ** 63n), 2n ** 63n - 1n],
}

const integerOf = (value: unknown, type: DataType, place: Place, i: number): bigint => {
  const big =
    typeof value === 'bigint'
      ? value
      : typeof value === 'number' && Number.isSafeInteger(value)
        ? BigInt(value)
        : undefined
  const [least, most] = integerRange[type.kind]!
  return big === undefined || big < least || big > most ? refuse(value, type, place, i) : big
}

const variableLength = (parts: readonly (Uint8Array | undefined)[], useLarge: boolean): Uint8Array[] => {
  const total = parts.reduce((sum, part) => sum + (part?.length ?? 0), 0)
  const data = new Uint8Array(total)
  const offsets = useLarge ? new BigInt64Array(parts.length + 1) : new Int32Array(parts.length + 1)
  if (!useLarge && total > 2 ** 31 - 1) {
    throw new RangeError('a column of one batch holds more than 2 GB; give the rows in smaller parts')
  }
  let at = 0
  parts.forEach((part, i) => {
    if (part) {
      data.set(part, at)
      at += part.length
    }
    offsets[i + 1] = useLarge ? BigInt(at) : at
  })
  return [bytesOf(offsets), data]
}

/** Text written straight into one buffer: a buffer of its own for each value costs more than the text. */
const encodeStrings = (values: readonly unknown[], type: DataType, place: Place, useLarge: boolean): Uint8Array[] => {
  let data = Buffer.allocUnsafe(Math.max(1024, values.length * 16))
  const offsets = useLarge ? new BigInt64Array(values.length + 1) : new Int32Array(values.length + 1)
  let at = 0
  for (let i = 0; i < values.length; i++) {
    const value = values[i]
    if (!isAbsent(value)) {
      if (typeof value !== 'string') return refuse(value, type, place, i)
      // A UTF-16 unit takes at most three bytes of UTF-8.
      if (at + value.length * 3 > data.length) {
        const grown = Buffer.allocUnsafe(Math.max(data.length * 2, at + value.length * 3))
        data.copy(grown, 0, 0, at)
        data = grown
      }
      at += data.write(value, at, 'utf8')
    }
    offsets[i + 1] = useLarge ? BigInt(at) : at
  }
  if (!useLarge && at > 2 ** 31 - 1) {
    throw new RangeError('a column of one batch holds more than 2 GB; give the rows in smaller parts')
  }
  return [bytesOf(offsets), data.subarray(0, at)]
}

const encodeColumn = (
  values: readonly unknown[],
  type: DataType,
  isNullable: boolean,
  place: Place,
  options: EncodeOptions,
): Encoded => {
  const { length } = values
  let nullCount = 0
  for (let i = 0; i < length; i++) {
    if (!isAbsent(values[i])) continue
    nullCount += 1
    if (!isNullable) {
      throw new TypeError(`row ${place.row(i)}, column '${place.column}': null where the schema does not allow it`)
    }
  }
  if (type.kind === 'void') return { nodes: [[length, length]], buffers: [] }
  const validity = nullCount === 0 ? new Uint8Array(0) : bitmap(length, (i) => !isAbsent(values[i]))
  const leaf = (...buffers: Uint8Array[]): Encoded => ({
    nodes: [[length, nullCount]],
    buffers: [validity, ...buffers],
  })
  const each = (visit: (value: NonNullable<unknown>, i: number) => void): void => {
    for (let i = 0; i < length; i++) if (!isAbsent(values[i])) visit(values[i] as NonNullable<unknown>, i)
  }
  const longs = (of: (value: NonNullable<unknown>, i: number) => bigint): Encoded => {
    const out = new BigInt64Array(length)
    each((value, i) => {
      out[i] = of(value, i)
    })
    return leaf(bytesOf(out))
  }
  switch (type.kind) {
    case 'boolean':
      each((value, i) => {
        if (typeof value !== 'boolean') refuse(value, type, place, i)
      })
      return leaf(bitmap(length, (i) => values[i] === true))
    case 'byte':
    case 'short':
    case 'integer': {
      const out = new { byte: Int8Array, short: Int16Array, integer: Int32Array }[type.kind](length)
      each((value, i) => {
        out[i] = Number(integerOf(value, type, place, i))
      })
      return leaf(bytesOf(out))
    }
    case 'long':
      return longs((value, i) => integerOf(value, type, place, i))
    case 'float':
    case 'double': {
      const out = type.kind === 'float' ? new Float32Array(length) : new Float64Array(length)
      each((value, i) => {
        out[i] = typeof value === 'number' ? value : refuse(value, type, place, i)
      })
      return leaf(bytesOf(out))
    }
    case 'string':
    case 'char':
    case 'varchar':
      return leaf(...encodeStrings(values, type, place, options.useLargeVarTypes))
    case 'binary': {
      const parts = values.map((value, i) =>
        isAbsent(value) ? undefined : value instanceof Uint8Array ? value : refuse(value, type, place, i),
      )
      return leaf(...variableLength(parts, options.useLargeVarTypes))
    }
    case 'decimal': {
      const { precision, scale } = type as DecimalType
      const out = new BigInt64Array(length * 2)
      const limit = 10n ** BigInt(precision)
      each((value, i) => {
        let decimal: Decimal
        try {
          decimal = (value instanceof Decimal ? value : Decimal.of(value as string | number | bigint)).rescale(scale)
        } catch {
          return refuse(value, type, place, i)
        }
        const { unscaled } = decimal
        if (unscaled >= limit || unscaled <= -limit) refuse(value, type, place, i)
        out[2 * i] = BigInt.asIntN(64, unscaled)
        out[2 * i + 1] = unscaled >> 64n
        return undefined
      })
      return leaf(bytesOf(out))
    }
    case 'date': {
      const out = new Int32Array(length)
      each((value, i) => {
        const date = value instanceof Date ? LocalDate.fromDate(value) : value
        out[i] = date instanceof LocalDate ? date.days : refuse(value, type, place, i)
      })
      return leaf(bytesOf(out))
    }
    case 'timestamp':
      return longs((value, i) => {
        const moment = value instanceof Date ? Timestamp.fromDate(value) : value
        return moment instanceof Timestamp ? moment.micros : refuse(value, type, place, i)
      })
    case 'timestamp_ntz':
      return longs((value, i) => (value instanceof LocalDateTime ? value.micros : refuse(value, type, place, i)))
    case 'time':
      return longs((value, i) => (value instanceof LocalTime ? value.nanos : refuse(value, type, place, i)))
    case 'interval_ym': {
      const out = new Int32Array(length)
      each((value, i) => {
        out[i] = value instanceof YearMonthInterval ? value.months : refuse(value, type, place, i)
      })
      return leaf(bytesOf(out))
    }
    case 'interval_dt':
      return longs((value, i) => (value instanceof DayTimeInterval ? value.micros : refuse(value, type, place, i)))
    case 'interval': {
      const out = new DataView(new ArrayBuffer(length * 16))
      each((value, i) => {
        if (!(value instanceof CalendarInterval)) return refuse(value, type, place, i)
        out.setInt32(16 * i, value.months, true)
        out.setInt32(16 * i + 4, value.days, true)
        out.setBigInt64(16 * i + 8, value.micros * 1000n, true)
        return undefined
      })
      return leaf(bytesOf(out))
    }
    case 'variant': {
      const part = (of: (value: Variant) => Uint8Array): Uint8Array[] =>
        variableLength(
          values.map((value, i) =>
            isAbsent(value) ? undefined : value instanceof Variant ? of(value) : refuse(value, type, place, i),
          ),
          options.useLargeVarTypes,
        )
      const none = new Uint8Array(0)
      return {
        nodes: [
          [length, nullCount],
          [length, 0],
          [length, 0],
        ],
        buffers: [validity, none, ...part((value) => value.value), none, ...part((value) => value.metadata)],
      }
    }
    case 'array': {
      const { elementType, containsNull } = type as ArrayType
      const offsets = new Int32Array(length + 1)
      const items: unknown[] = []
      const rowOf: number[] = []
      for (let i = 0; i < length; i++) {
        const value = values[i]
        if (!isAbsent(value)) {
          if (!Array.isArray(value) && !ArrayBuffer.isView(value)) refuse(value, type, place, i)
          for (const item of value as unknown[]) {
            items.push(item)
            rowOf.push(place.row(i))
          }
        }
        offsets[i + 1] = items.length
      }
      const inner = { column: `${place.column}.element`, row: (j: number) => rowOf[j]! }
      const child = encodeColumn(items, elementType, containsNull, inner, options)
      return {
        nodes: [[length, nullCount], ...child.nodes],
        buffers: [validity, bytesOf(offsets), ...child.buffers],
      }
    }
    case 'map': {
      const { keyType, valueType, valueContainsNull } = type as MapType
      const offsets = new Int32Array(length + 1)
      const keys: unknown[] = []
      const items: unknown[] = []
      const rowOf: number[] = []
      for (let i = 0; i < length; i++) {
        const value = values[i]
        if (!isAbsent(value)) {
          if (!(value instanceof Map)) refuse(value, type, place, i)
          for (const [key, item] of value as Map<unknown, unknown>) {
            keys.push(key)
            items.push(item)
            rowOf.push(place.row(i))
          }
        }
        offsets[i + 1] = keys.length
      }
      const row = (j: number): number => rowOf[j]!
      const key = encodeColumn(keys, keyType, false, { column: `${place.column}.key`, row }, options)
      const item = encodeColumn(items, valueType, valueContainsNull, { column: `${place.column}.value`, row }, options)
      return {
        nodes: [[length, nullCount], [keys.length, 0], ...key.nodes, ...item.nodes],
        buffers: [validity, bytesOf(offsets), new Uint8Array(0), ...key.buffers, ...item.buffers],
      }
    }
    case 'struct': {
      const { fields } = type as StructType
      each((value, i) => {
        if (typeof value !== 'object') refuse(value, type, place, i)
      })
      const children = fields.map((field, f) =>
        encodeColumn(
          values.map((value) => (isAbsent(value) ? null : cell(value, field.name, f))),
          field.dataType,
          // Where the struct itself is null, its fields are.
          field.nullable || nullCount > 0,
          { column: `${place.column}.${field.name}`, row: place.row },
          options,
        ),
      )
      return {
        nodes: [[length, nullCount], ...children.flatMap((child) => child.nodes)],
        buffers: [validity, ...children.flatMap((child) => child.buffers)],
      }
    }
    case 'udt':
      return encodeColumn(values, (type as UserDefinedType).sqlType, isNullable, place, options)
    default:
      throw new TypeError(`column '${place.column}': rows of type ${type} cannot be sent`)
  }
}

const cell = (row: unknown, name: string, index: number): unknown =>
  Array.isArray(row) ? row[index] : (row as Record<string, unknown>)[name]

// ── schema ──

const int8 = (value: number): FieldValue => ({ int8: value })
const int16 = (value: number): FieldValue => ({ int16: value })
const int32 = (value: number): FieldValue => ({ int32: value })
const table = (value: TableValue): FieldValue => ({ table: value })

const intType = (bits: number): readonly [number, TableValue] => [arrowType.int, { 0: int32(bits), 1: int8(1) }]

const typeTable = (type: DataType, options: EncodeOptions): readonly [number, TableValue] => {
  const { useLargeVarTypes: large } = options
  switch (type.kind) {
    case 'void':
      return [arrowType.null, {}]
    case 'boolean':
      return [arrowType.bool, {}]
    case 'byte':
      return intType(8)
    case 'short':
      return intType(16)
    case 'integer':
      return intType(32)
    case 'long':
      return intType(64)
    case 'float':
      return [arrowType.floatingPoint, { 0: int16(1) }]
    case 'double':
      return [arrowType.floatingPoint, { 0: int16(2) }]
    case 'string':
    case 'char':
    case 'varchar':
      return [large ? arrowType.largeUtf8 : arrowType.utf8, {}]
    case 'binary':
      return [large ? arrowType.largeBinary : arrowType.binary, {}]
    case 'decimal': {
      const { precision, scale } = type as DecimalType
      return [arrowType.decimal, { 0: int32(precision), 1: int32(scale), 2: int32(128) }]
    }
    case 'date':
      return [arrowType.date, { 0: int16(0) }]
    case 'timestamp':
      return [arrowType.timestamp, { 0: int16(2), 1: { text: options.timeZone } }]
    case 'timestamp_ntz':
      return [arrowType.timestamp, { 0: int16(2) }]
    case 'time':
      return [arrowType.time, { 0: int16(3), 1: int32(64) }]
    case 'interval_ym':
      return [arrowType.interval, { 0: int16(0) }]
    case 'interval_dt':
      return [arrowType.duration, { 0: int16(2) }]
    case 'interval':
      return [arrowType.interval, { 0: int16(2) }]
    case 'array':
      return [arrowType.list, {}]
    case 'map':
      return [arrowType.map, { 0: int8(0) }]
    case 'struct':
    case 'variant':
      return [arrowType.struct, {}]
    case 'udt':
      return typeTable((type as UserDefinedType).sqlType, options)
    default:
      throw new TypeError(`rows of type ${type} cannot be sent`)
  }
}

const children = (type: DataType, options: EncodeOptions): TableValue[] => {
  if (type instanceof ArrayType) return [fieldTable('element', type.elementType, type.containsNull, options)]
  if (type instanceof MapType) {
    const pair = [
      fieldTable('key', type.keyType, false, options),
      fieldTable('value', type.valueType, type.valueContainsNull, options),
    ]
    return [{ 0: { text: 'entries' }, 1: int8(0), 2: int8(arrowType.struct), 3: table({}), 5: { tables: pair } }]
  }
  if (type instanceof StructType) {
    return type.fields.map((field) => fieldTable(field.name, field.dataType, field.nullable, options))
  }
  if (type.kind === 'variant') {
    const binary = options.useLargeVarTypes ? arrowType.largeBinary : arrowType.binary
    const mark = { tables: [{ 0: { text: 'variant' }, 1: { text: 'true' } }] }
    return [
      { 0: { text: 'value' }, 1: int8(0), 2: int8(binary), 3: table({}), 5: { tables: [] } },
      { 0: { text: 'metadata' }, 1: int8(0), 2: int8(binary), 3: table({}), 5: { tables: [] }, 6: mark },
    ]
  }
  if (type.kind === 'udt') return children((type as UserDefinedType).sqlType, options)
  return []
}

const fieldTable = (name: string, type: DataType, isNullable: boolean, options: EncodeOptions): TableValue => {
  const [typeId, parameters] = typeTable(type, options)
  return {
    0: { text: name },
    1: int8(isNullable ? 1 : 0),
    2: int8(typeId),
    3: table(parameters),
    5: { tables: children(type, options) },
  }
}

// ── stream ──

/** Version 5 of Arrow's metadata. */
const metadataVersion = 4

const frame = (headerType: number, header: TableValue, bodyLength: number): Uint8Array => {
  const metadata = writeTable({
    0: int16(metadataVersion),
    1: int8(headerType),
    2: table(header),
    3: { int64: BigInt(bodyLength) },
  })
  const prefix = Buffer.alloc(8)
  prefix.writeUInt32LE(0xffffffff, 0)
  prefix.writeInt32LE(metadata.length, 4)
  return Buffer.concat([prefix, metadata])
}

const padded = (length: number): number => Math.ceil(length / 8) * 8

/**
 * Rows as one Arrow IPC stream: schema, one record batch, end.
 *
 * Rows are objects by column name or arrays by position. A `number` that is whole fits the integer types, a bigint
 * too; dates and timestamps may be `Date`; decimals may be text, numbers or bigints.
 * *Nulls:* null and undefined. *Errors:* TypeError naming row (from 0) and column where a value does not fit its type.
 */
export const encodeRows = (
  rows: readonly (Readonly<Record<string, unknown>> | readonly unknown[])[],
  schema: StructType,
  options: EncodeOptions,
): Uint8Array => {
  const columns = schema.fields.map((field, f) =>
    encodeColumn(
      rows.map((row) => cell(row, field.name, f)),
      field.dataType,
      field.nullable,
      { column: field.name, row: (i) => i },
      options,
    ),
  )
  const buffers = columns.flatMap((column) => column.buffers)
  const places: [number, number][] = []
  let bodyLength = 0
  for (const buffer of buffers) {
    places.push([bodyLength, buffer.length])
    bodyLength += padded(buffer.length)
  }
  const schemaFrame = frame(
    1,
    {
      0: int16(0),
      1: { tables: schema.fields.map((field) => fieldTable(field.name, field.dataType, field.nullable, options)) },
    },
    0,
  )
  const nodes = columns.flatMap((column) => column.nodes)
  const batchFrame = frame(
    3,
    { 0: { int64: BigInt(rows.length) }, 1: { pairs: nodes }, 2: { pairs: places } },
    bodyLength,
  )
  const end = Buffer.from([0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0])
  const stream = Buffer.alloc(schemaFrame.length + batchFrame.length + bodyLength + end.length)
  stream.set(schemaFrame, 0)
  stream.set(batchFrame, schemaFrame.length)
  const bodyAt = schemaFrame.length + batchFrame.length
  buffers.forEach((buffer, i) => {
    stream.set(buffer, bodyAt + places[i]![0])
  })
  stream.set(end, bodyAt + bodyLength)
  return stream
}
