import {
  ArrayType,
  CalendarInterval,
  type DataType,
  DayTimeInterval,
  Decimal,
  DecimalType,
  describeValue,
  isAbsent,
  LocalDate,
  LocalDateTime,
  LocalTime,
  MapType,
  Timestamp,
  types,
  YearMonthInterval,
} from '../types/index.ts'

/** Whether a number is a whole one that 32 bits hold; -0 is a double, for an int would lose its sign. */
const isInt32 = (value: number): boolean => Number.isInteger(value) && value === (value | 0) && !Object.is(value, -0)

/** The element types of typed arrays. A Uint8Array is BINARY. */
const typedArrays = [
  [Int8Array, types.byte],
  [Int16Array, types.short],
  [Int32Array, types.integer],
  [BigInt64Array, types.long],
  [Float32Array, types.float],
  [Float64Array, types.double],
] as const

/** The element type of a typed array, or undefined for anything else. */
export const elementTypeOf = (value: unknown): DataType | undefined =>
  ArrayBuffer.isView(value) ? typedArrays.find(([Type]) => value instanceof Type)?.[1] : undefined

/**
 * The type that a bare value has as a literal.
 *
 * Whole numbers are INT while 32 bits hold them, else BIGINT while JavaScript counts exactly, else DOUBLE, as PySpark
 * does with Python's numbers; a bigint is always BIGINT. *Errors:* TypeError for what no literal can hold.
 */
export const typeOfValue = (value: unknown): DataType => {
  switch (typeof value) {
    case 'boolean':
      return types.boolean
    case 'string':
      return types.string
    case 'bigint':
      return types.long
    case 'number':
      return isInt32(value) ? types.integer : Number.isSafeInteger(value) && value !== 0 ? types.long : types.double
    case 'undefined':
      return types.void
  }
  if (value === null) return types.void
  if (value instanceof Uint8Array) return types.binary
  if (value instanceof Date || value instanceof Timestamp) return types.timestamp
  if (value instanceof LocalDate) return types.date
  if (value instanceof LocalDateTime) return types.timestampNtz
  if (value instanceof LocalTime) return types.time()
  if (value instanceof Decimal) return types.decimal(value.precision, value.scale)
  if (value instanceof YearMonthInterval) return types.yearMonthInterval
  if (value instanceof DayTimeInterval) return types.dayTimeInterval
  if (value instanceof CalendarInterval) return types.calendarInterval
  const element = elementTypeOf(value)
  if (element) return new ArrayType(element, false)
  if (Array.isArray(value)) return new ArrayType(commonType(value), value.some(isAbsent))
  if (value instanceof Map) {
    const items = [...value.values()]
    return new MapType(commonType([...value.keys()]), commonType(items), items.some(isAbsent))
  }
  throw new TypeError(
    `${describeValue(value)} cannot be a literal by itself; give its type, lit(value, type), ` +
      'or build it of columns with struct(), array() or create_map()',
  )
}

const commonType = (values: readonly unknown[]): DataType =>
  values.map(typeOfValue).reduce(widened, types.void as DataType)

const numbersByWidth: readonly DataType[] = [types.integer, types.long, types.double]

/** The type that holds the values of both. *Errors:* TypeError where there is none. */
const widened = (a: DataType, b: DataType): DataType => {
  if (a.kind === 'void' || a.equals(b)) return b
  if (b.kind === 'void') return a
  const [i, j] = [numbersByWidth.indexOf(a), numbersByWidth.indexOf(b)]
  if (i >= 0 && j >= 0) return numbersByWidth[Math.max(i, j)]!
  if (a instanceof DecimalType && b instanceof DecimalType) {
    const scale = Math.max(a.scale, b.scale)
    const precision = Math.max(a.precision - a.scale, b.precision - b.scale) + scale
    if (precision <= 38) return types.decimal(precision, scale)
  }
  if (a instanceof ArrayType && b instanceof ArrayType) {
    return new ArrayType(widened(a.elementType, b.elementType), a.containsNull || b.containsNull)
  }
  if (a instanceof MapType && b instanceof MapType) {
    const [key, item] = [widened(a.keyType, b.keyType), widened(a.valueType, b.valueType)]
    return new MapType(key, item, a.valueContainsNull || b.valueContainsNull)
  }
  throw new TypeError(`one literal cannot hold both ${a} and ${b}`)
}
