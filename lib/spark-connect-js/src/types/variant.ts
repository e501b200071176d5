import { type PrimitiveHint, printAs, textOnly } from './printed.ts'
import { Decimal, LocalDate, LocalDateTime, LocalTime, Timestamp } from './values.ts'
import { checkVariant } from './variant-check.ts'

/** What a variant can hold, in JavaScript: objects, arrays and the exact scalar classes of this package. */
export type VariantValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | Decimal
  | LocalDate
  | LocalDateTime
  | LocalTime
  | Timestamp
  | readonly VariantValue[]
  | { readonly [key: string]: VariantValue }

/**
 * A semi-structured value as Spark's VARIANT sends it: two byte strings.
 *
 * `get()` decodes it; integers up to 32 bits become numbers, wider ones bigints.
 * *Source:* the Parquet "Variant Binary Encoding" specification, version 1.
 */
export class Variant {
  readonly value: Uint8Array
  readonly metadata: Uint8Array
  #isChecked = false

  constructor(value: Uint8Array, metadata: Uint8Array) {
    this.value = value
    this.metadata = metadata
  }

  /** Makes sure that the bytes can be read, once. *Errors:* RangeError when they are not a whole variant of version 1. */
  check(): this {
    if (!this.#isChecked) checkVariant(this.value, this.metadata)
    this.#isChecked = true
    return this
  }

  /** The value as JavaScript. *Errors:* as {@link check}. */
  get(): VariantValue {
    this.check()
    return readValue(view(this.value), 0, readKeys(this.metadata), javaScript)
  }

  /** As JSON would print it; numbers that a double would change come as text. */
  toJSON(): unknown {
    return plain(this.get())
  }

  /** *Errors:* TypeError for `a < b`, which would put 10 before 9. */
  [Symbol.toPrimitive](hint: PrimitiveHint): string {
    return textOnly(hint, 'variant', this.toString(), 'compare what a.get() gives')
  }

  /** As Spark prints it: `{"a":1,"b":[1.5,"x"]}`, with moments in UTC. */
  toString(): string {
    this.check()
    return readValue(view(this.value), 0, readKeys(this.metadata), sparkText)
  }
}

const isMoment = (value: VariantValue) =>
  value instanceof LocalDate ||
  value instanceof LocalDateTime ||
  value instanceof LocalTime ||
  value instanceof Timestamp

const plain = (value: VariantValue): unknown => {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : value.toString()
  if (value instanceof Decimal)
    return String(value.toNumber()) === value.toString() ? value.toNumber() : value.toString()
  // JSON.stringify asks the value that toJSON gives for no toJSON of its own.
  if (isMoment(value)) return value.toJSON()
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64')
  if (Array.isArray(value)) return value.map(plain)
  if (value !== null && typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]))
  }
  return value
}

const view = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)

const unsigned = (data: DataView, offset: number, size: number): number => {
  let result = 0
  for (let i = size - 1; i >= 0; i--) result = result * 256 + data.getUint8(offset + i)
  return result
}

const utf8 = new TextDecoder()
const text = (data: DataView, offset: number, length: number): string =>
  utf8.decode(new Uint8Array(data.buffer, data.byteOffset + offset, length))

const readKeys = (metadata: Uint8Array): string[] => {
  const data = view(metadata)
  const width = (data.getUint8(0) >> 6) + 1
  const count = unsigned(data, 1, width)
  const bytesAt = 1 + width * (count + 2)
  return Array.from({ length: count }, (_, i) => {
    const start = unsigned(data, 1 + width * (i + 1), width)
    const end = unsigned(data, 1 + width * (i + 2), width)
    return text(data, bytesAt + start, end - start)
  })
}

/** What becomes of the parts of a variant. */
interface Reading<T> {
  primitive(data: DataView, at: number, type: number): T
  text(value: string): T
  list(items: T[]): T
  record(entries: [key: string, value: T][]): T
}

const readValue = <T>(data: DataView, at: number, keys: readonly string[], make: Reading<T>): T => {
  const header = data.getUint8(at)
  const kind = header & 3
  const info = header >> 2
  if (kind === 0) return make.primitive(data, at + 1, info)
  if (kind === 1) return make.text(text(data, at + 1, info))
  const offsetWidth = (info & 3) + 1
  const isObject = kind === 2
  const idWidth = isObject ? ((info >> 2) & 3) + 1 : 0
  const isLarge = isObject ? (info >> 4) & 1 : (info >> 2) & 1
  const countWidth = isLarge ? 4 : 1
  const count = unsigned(data, at + 1, countWidth)
  const idsAt = at + 1 + countWidth
  const offsetsAt = idsAt + idWidth * count
  const valuesAt = offsetsAt + offsetWidth * (count + 1)
  const item = (i: number): T =>
    readValue(data, valuesAt + unsigned(data, offsetsAt + i * offsetWidth, offsetWidth), keys, make)
  if (!isObject) return make.list(Array.from({ length: count }, (_, i) => item(i)))
  const key = (i: number): string => keys[unsigned(data, idsAt + i * idWidth, idWidth)]!
  return make.record(Array.from({ length: count }, (_, i) => [key(i), item(i)]))
}

const wide = (data: DataView, at: number, bytes: number): bigint => {
  let result = 0n
  for (let i = bytes - 1; i >= 0; i--) result = (result << 8n) | BigInt(data.getUint8(at + i))
  return BigInt.asIntN(bytes * 8, result)
}

const readPrimitive = (data: DataView, at: number, type: number): VariantValue => {
  switch (type) {
    case 0:
      return null
    case 1:
      return true
    case 2:
      return false
    case 3:
      return data.getInt8(at)
    case 4:
      return data.getInt16(at, true)
    case 5:
      return data.getInt32(at, true)
    case 6:
      return data.getBigInt64(at, true)
    case 7:
      return data.getFloat64(at, true)
    case 8:
    case 9:
    case 10:
      return new Decimal(wide(data, at + 1, type === 8 ? 4 : type === 9 ? 8 : 16), data.getUint8(at))
    case 11:
      return new LocalDate(data.getInt32(at, true))
    case 12:
      return new Timestamp(data.getBigInt64(at, true))
    case 13:
      return new LocalDateTime(data.getBigInt64(at, true))
    case 14:
      return data.getFloat32(at, true)
    case 15: {
      const length = data.getUint32(at, true)
      return new Uint8Array(data.buffer, data.byteOffset + at + 4, length).slice()
    }
    case 16:
      return text(data, at + 4, data.getUint32(at, true))
    case 17:
      return new LocalTime(data.getBigInt64(at, true) * 1000n)
    case 20:
      return hex(data, at)
    default:
      throw new RangeError(`variant type ${type} is not known`)
  }
}

const javaScript: Reading<VariantValue> = {
  primitive: readPrimitive,
  text: (value) => value,
  list: (items) => items,
  record: (entries) => Object.fromEntries(entries),
}

/** A number as Java prints a double: `1.0`, `1.0E10`. `digits` are the shortest that read back as the same number. */
const javaNumber = (value: number, digits: string): string => {
  if (!Number.isFinite(value)) return `"${value}"`
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0'
  const size = Math.abs(value)
  if (size >= 1e-3 && size < 1e7) {
    const plainText = String(Number(digits))
    return plainText.includes('.') ? plainText : `${plainText}.0`
  }
  const [mantissa = '', exponent] = Number(digits).toExponential().split('e')
  return `${mantissa.includes('.') ? mantissa : `${mantissa}.0`}E${Number(exponent)}`
}

const shortestFloat = (value: number): string => {
  for (let precision = 1; precision < 9; precision++) {
    if (Math.fround(Number(value.toPrecision(precision))) === value) return value.toPrecision(precision)
  }
  return value.toPrecision(9)
}

/** Spark's own text of a variant, `to_json(v)`. */
const sparkText: Reading<string> = {
  primitive: (data, at, type) => {
    const value = readPrimitive(data, at, type)
    if (type === 7) return javaNumber(value as number, String(value))
    if (type === 14) return javaNumber(value as number, shortestFloat(value as number))
    if (value instanceof Decimal) return value.scale === 0 ? `${value}` : `${value}`.replace(/\.?0+$/, '')
    if (value instanceof Timestamp) return `"${String(value).replace('T', ' ').replace('Z', '+00:00')}"`
    if (value instanceof LocalDateTime) return `"${String(value).replace('T', ' ')}"`
    if (typeof value === 'bigint') return value.toString()
    return JSON.stringify(plain(value))
  },
  text: (value) => JSON.stringify(value),
  list: (items) => `[${items.join(',')}]`,
  record: (entries) => `{${entries.map(([key, value]) => `${JSON.stringify(key)}:${value}`).join(',')}}`,
}

/** A UUID (type 20 of the specification), as text. */
const hex = (data: DataView, at: number): string => {
  const digits = Array.from({ length: 16 }, (_, i) =>
    data
      .getUint8(at + i)
      .toString(16)
      .padStart(2, '0'),
  ).join('')
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}

printAs('date', Variant)
