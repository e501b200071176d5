import {
  type ArrayType,
  type DataType,
  type DecimalType,
  isAbsent,
  type MapType,
  MisfitError,
  RecordShape,
  refuse,
  type StructType,
  stored,
  type TypeKind,
  type UserDefinedType,
  valueKey,
} from '../types/index.ts'
import type { EncodeOptions } from './encode-schema.ts'
import { IntervalTextType, intervalText } from './wire-type.ts'

/** Where a value is, for error messages. */
export interface Place {
  readonly column: string
  readonly row: (index: number) => number
}

/** A column as Arrow lists it: lengths and null counts of its vectors, and their buffers, depth first. */
export interface Encoded {
  readonly nodes: (readonly [number, number])[]
  readonly buffers: Uint8Array[]
}

/** The values of one column and what is to become of them. */
interface Cells {
  readonly values: readonly unknown[]
  readonly type: DataType
  readonly place: Place
  readonly options: EncodeOptions
  readonly nullCount: number
  readonly validity: Uint8Array
}

const noBytes = new Uint8Array(0)

const bitmap = (length: number, isSet: (i: number) => boolean): Uint8Array => {
  const bits = new Uint8Array((length + 7) >> 3)
  for (let i = 0; i < length; i++) if (isSet(i)) bits[i >> 3]! |= 1 << (i & 7)
  return bits
}

const bytesOf = (array: ArrayBufferView): Uint8Array => new Uint8Array(array.buffer, array.byteOffset, array.byteLength)

const placed = (error: unknown, place: Place, index: number): unknown =>
  error instanceof MisfitError
    ? new TypeError(`row ${place.row(index)}, column '${place.column}': ${error.message}`)
    : error

/** Visits the values that are there. One that does not fit is told with its row and column. */
const each = ({ values, place }: Cells, visit: (value: unknown, i: number) => void): void => {
  let i = 0
  try {
    for (; i < values.length; i++) if (!isAbsent(values[i])) visit(values[i], i)
  } catch (error) {
    throw placed(error, place, i)
  }
}

type NumberArray = Int8Array | Int16Array | Int32Array | Float32Array | Float64Array

/** A column of numbers; `of` gives what is stored for a value. */
const numbers =
  (Type: new (length: number) => NumberArray, of: (value: unknown, type: DataType) => number) =>
  (cells: Cells): Uint8Array[] => {
    const out = new Type(cells.values.length)
    each(cells, (value, i) => {
      out[i] = of(value, cells.type)
    })
    return [bytesOf(out)]
  }

const longs =
  (of: (value: unknown, type: DataType) => bigint) =>
  (cells: Cells): Uint8Array[] => {
    const out = new BigInt64Array(cells.values.length)
    each(cells, (value, i) => {
      out[i] = of(value, cells.type)
    })
    return [bytesOf(out)]
  }

const booleans = (cells: Cells): Uint8Array[] => {
  each(cells, (value) => stored.boolean(value, cells.type))
  return [bitmap(cells.values.length, (i) => cells.values[i] === true)]
}

const newOffsets = (length: number, useLarge: boolean): Int32Array | BigInt64Array =>
  useLarge ? new BigInt64Array(length + 1) : new Int32Array(length + 1)

const checkSize = (bytes: number, useLarge: boolean): void => {
  if (useLarge || bytes <= 2 ** 31 - 1) return
  throw new RangeError('a column of one batch holds more than 2 GB; give the rows in smaller parts')
}

/** Text written straight into one buffer: a buffer of its own for each value costs more than the text. */
const strings = (cells: Cells, textOf = stored.text): Uint8Array[] => {
  const { values, type, options } = cells
  let data = Buffer.allocUnsafe(Math.max(1024, values.length * 16))
  const ends = new Float64Array(values.length)
  let at = 0
  each(cells, (value, i) => {
    const text = textOf(value, type)
    // A UTF-16 unit takes at most three bytes of UTF-8.
    if (at + text.length * 3 > data.length) {
      const grown = Buffer.allocUnsafe(Math.max(data.length * 2, at + text.length * 3))
      data.copy(grown, 0, 0, at)
      data = grown
    }
    at += data.write(text, at, 'utf8')
    ends[i] = at
  })
  checkSize(at, options.useLargeVarTypes)
  const offsets = newOffsets(values.length, options.useLargeVarTypes)
  let end = 0
  for (let i = 0; i < values.length; i++) {
    if (!isAbsent(values[i])) end = ends[i]!
    offsets[i + 1] = options.useLargeVarTypes ? BigInt(end) : end
  }
  return [bytesOf(offsets), data.subarray(0, at)]
}

/** Byte strings, one for each value; `of` gives the bytes of a value. */
const byteStrings = (cells: Cells, of: (value: unknown, type: DataType) => Uint8Array): Uint8Array[] => {
  const { values, type, options } = cells
  const parts = new Array<Uint8Array | undefined>(values.length)
  let total = 0
  each(cells, (value, i) => {
    const part = of(value, type)
    parts[i] = part
    total += part.length
  })
  checkSize(total, options.useLargeVarTypes)
  const data = new Uint8Array(total)
  const offsets = newOffsets(values.length, options.useLargeVarTypes)
  let at = 0
  for (let i = 0; i < values.length; i++) {
    const part = parts[i]
    if (part) {
      data.set(part, at)
      at += part.length
    }
    offsets[i + 1] = options.useLargeVarTypes ? BigInt(at) : at
  }
  return [bytesOf(offsets), data]
}

const decimals = (cells: Cells): Uint8Array[] => {
  const out = new BigInt64Array(cells.values.length * 2)
  each(cells, (value, i) => {
    const { unscaled } = stored.decimal(value, cells.type as DecimalType)
    out[2 * i] = BigInt.asIntN(64, unscaled)
    out[2 * i + 1] = unscaled >> 64n
  })
  return [bytesOf(out)]
}

/** Arrow counts nanoseconds here, so what is longer than 292 years has no place; see wire-type.ts. */
const intervals = (cells: Cells): Uint8Array[] => {
  if (cells.type instanceof IntervalTextType) {
    return strings(cells, (value, type) => intervalText(stored.interval(value, type)))
  }
  const out = new DataView(new ArrayBuffer(cells.values.length * 16))
  each(cells, (value, i) => {
    const { months, days, micros } = stored.interval(value, cells.type)
    if (BigInt.asIntN(64, micros * 1000n) !== micros * 1000n) {
      refuse(value, cells.type, `Arrow cannot carry ${micros} microseconds; use a nullable column of INTERVAL`)
    }
    out.setInt32(16 * i, months, true)
    out.setInt32(16 * i + 4, days, true)
    out.setBigInt64(16 * i + 8, micros * 1000n, true)
  })
  return [bytesOf(out)]
}

/** Types whose values are one vector: what follows its validity. */
const leaves: Partial<Record<TypeKind, (cells: Cells) => Uint8Array[]>> = {
  boolean: booleans,
  byte: numbers(Int8Array, stored.int),
  short: numbers(Int16Array, stored.int),
  integer: numbers(Int32Array, stored.int),
  long: longs(stored.long),
  float: numbers(Float32Array, stored.float),
  double: numbers(Float64Array, stored.double),
  string: (cells) => strings(cells),
  char: (cells) => strings(cells),
  varchar: (cells) => strings(cells),
  binary: (cells) => byteStrings(cells, stored.binary),
  decimal: decimals,
  date: numbers(Int32Array, stored.date),
  timestamp: longs(stored.timestamp),
  timestamp_ntz: longs(stored.timestampNtz),
  time: longs(stored.time),
  interval_ym: numbers(Int32Array, stored.months),
  interval_dt: longs(stored.micros),
  interval: intervals,
}

// ── nested types ──

/** Nothing but nulls. A value would be lost, so it is refused. */
const voids = (cells: Cells): Encoded => {
  each(cells, (value) => refuse(value, cells.type, 'it holds nothing but null', false))
  return { nodes: [[cells.values.length, cells.values.length]], buffers: [] }
}

const parent = (
  { values, nullCount, validity }: Cells,
  buffers: readonly Uint8Array[],
  children: Encoded[],
): Encoded => ({
  nodes: [[values.length, nullCount], ...children.flatMap((child) => child.nodes)],
  buffers: [validity, ...buffers, ...children.flatMap((child) => child.buffers)],
})

const vector = (length: number, buffers: Uint8Array[]): Encoded => ({
  nodes: [[length, 0]],
  buffers: [noBytes, ...buffers],
})

const variants = (cells: Cells): Encoded => {
  const { length } = cells.values
  return parent(
    cells,
    [],
    [
      vector(
        length,
        byteStrings(cells, (value, type) => stored.variant(value, type).value),
      ),
      vector(
        length,
        byteStrings(cells, (value, type) => stored.variant(value, type).metadata),
      ),
    ],
  )
}

const geos = (cells: Cells): Encoded => {
  const { length } = cells.values
  return parent(
    cells,
    [],
    [
      vector(length, numbers(Int32Array, (value, type) => stored.geo(value, type).srid)(cells)),
      vector(
        length,
        byteStrings(cells, (value, type) => stored.geo(value, type).wkb),
      ),
    ],
  )
}

const isItems = (value: unknown): value is ArrayLike<unknown> =>
  Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView))

const arrays = (cells: Cells): Encoded => {
  const { elementType, containsNull } = cells.type as ArrayType
  const { values, place } = cells
  const offsets = new Int32Array(values.length + 1)
  const items: unknown[] = []
  const rowOf: number[] = []
  each(cells, (value, i) => {
    if (!isItems(value)) return refuse(value, cells.type)
    for (let j = 0; j < value.length; j++) {
      items.push(value[j])
      rowOf.push(place.row(i))
    }
    offsets[i + 1] = items.length
  })
  const inner = { column: `${place.column}.element`, row: (j: number) => rowOf[j]! }
  const child = encodeColumn(items, elementType, containsNull, inner, cells.options)
  return parent(cells, [bytesOf(filled(offsets))], [child])
}

const maps = (cells: Cells): Encoded => {
  const { keyType, valueType, valueContainsNull } = cells.type as MapType
  const { values, place, options } = cells
  const offsets = new Int32Array(values.length + 1)
  const keys: unknown[] = []
  const items: unknown[] = []
  const rowOf: number[] = []
  each(cells, (value, i) => {
    if (!(value instanceof Map)) return refuse(value, cells.type, 'give a Map', false)
    const seen = new Set<string>()
    for (const [key, item] of value as Map<unknown, unknown>) {
      keys.push(key)
      items.push(item)
      rowOf.push(place.row(i))
      seen.add(valueKey(key))
    }
    if (seen.size < value.size) refuse(value, cells.type, 'two of its keys are equal', false)
    offsets[i + 1] = keys.length
  })
  const row = (j: number): number => rowOf[j]!
  const key = encodeColumn(keys, keyType, false, { column: `${place.column}.key`, row }, options)
  const item = encodeColumn(items, valueType, valueContainsNull, { column: `${place.column}.value`, row }, options)
  const entries = { nodes: [[keys.length, 0] as const], buffers: [noBytes] }
  return parent(cells, [bytesOf(filled(offsets))], [entries, key, item])
}

/** Offsets where those of nulls are still missing: a null begins and ends where the value before it ends. */
const filled = (offsets: Int32Array): Int32Array => {
  for (let i = 1; i < offsets.length; i++) if (offsets[i]! < offsets[i - 1]!) offsets[i] = offsets[i - 1]!
  return offsets
}

const structs = (cells: Cells): Encoded => {
  const { fields } = cells.type as StructType
  const { values, place, options } = cells
  const shape = new RecordShape(cells.type as StructType, 'field')
  each(cells, (value) => shape.check(value))
  const children = fields.map((field, f) =>
    encodeColumn(
      values.map((value) => (isAbsent(value) ? outside : shape.read(value, f))),
      field.dataType,
      field.nullable,
      { column: `${place.column}.${field.name}`, row: place.row },
      options,
    ),
  )
  return parent(cells, [], children)
}

const nested: Partial<Record<TypeKind, (cells: Cells) => Encoded>> = {
  void: voids,
  variant: variants,
  geometry: geos,
  geography: geos,
  array: arrays,
  map: maps,
  struct: structs,
}

/** Stands for a field of a struct that is null itself: null, whatever the field allows. */
const outside = Symbol('outside')

/**
 * One column of values as Arrow's buffers.
 *
 * *Errors:* TypeError naming row and column for a value that the type cannot hold as it is.
 */
export const encodeColumn = (
  given: readonly unknown[],
  type: DataType,
  isNullable: boolean,
  place: Place,
  options: EncodeOptions,
): Encoded => {
  if (type.kind === 'udt') return encodeColumn(given, (type as UserDefinedType).sqlType, isNullable, place, options)
  const { length } = given
  let nullCount = 0
  let isOutside = false
  for (let i = 0; i < length; i++) {
    const value = given[i]
    if (value === outside) isOutside = true
    else if (!isAbsent(value)) continue
    else if (!isNullable) {
      throw new TypeError(`row ${place.row(i)}, column '${place.column}': null where the schema does not allow it`)
    }
    nullCount += 1
  }
  const values = isOutside ? given.map((value) => (value === outside ? null : value)) : given
  const validity = nullCount === 0 ? noBytes : bitmap(length, (i) => !isAbsent(values[i]))
  const cells: Cells = { values, type, place, options, nullCount, validity }
  const leaf = leaves[type.kind]
  if (leaf) return { nodes: [[length, nullCount]], buffers: [validity, ...leaf(cells)] }
  const encode = nested[type.kind]
  if (!encode) throw new TypeError(`column '${place.column}': rows of type ${type} cannot be sent`)
  return encode(cells)
}

/** The columns of rows. *Errors:* TypeError as for one column, and for rows of another shape than the schema. */
export const encodeColumns = (rows: readonly unknown[], schema: StructType, options: EncodeOptions): Encoded[] => {
  const shape = new RecordShape(schema, 'column')
  rows.forEach((row, i) => {
    try {
      shape.check(row)
    } catch (error) {
      throw error instanceof MisfitError ? new TypeError(`row ${i}: ${error.message}`) : error
    }
  })
  return schema.fields.map((field, f) =>
    encodeColumn(
      rows.map((row) => shape.read(row, f)),
      field.dataType,
      field.nullable,
      { column: field.name, row: (i) => i },
      options,
    ),
  )
}
