import { create } from '@bufbuild/protobuf'
import { type Expression_Literal, Expression_LiteralSchema } from '../gen/spark/connect/expressions_pb.ts'
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
  type StructType,
  Timestamp,
  types,
  typeToProto,
  YearMonthInterval,
} from '../types/index.ts'

const literal = (literalType: Expression_Literal['literalType'], dataType?: DataType): Expression_Literal =>
  create(Expression_LiteralSchema, { literalType, ...(dataType && { dataType: typeToProto(dataType) }) })

/** Whether a number is a whole one that 32 bits hold; -0 is a double, for an int would lose its sign. */
const isInt32 = (value: number): boolean => Number.isInteger(value) && value === (value | 0) && !Object.is(value, -0)

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
  if (Array.isArray(value)) return new ArrayType(commonType(value), value.some(isAbsent))
  if (value instanceof Map) {
    const items = [...value.values()]
    return new MapType(commonType([...value.keys()]), commonType(items), items.some(isAbsent))
  }
  throw new TypeError(`${describe(value)} is no literal; give a type, or build it of columns with struct() or array()`)
}

const isAbsent = (value: unknown): boolean => value === null || value === undefined

const describe = (value: unknown): string =>
  typeof value === 'object' && value !== null ? `an object of ${value.constructor?.name ?? 'no class'}` : String(value)

/** The one type of several values: of the widest number among numbers. */
const commonType = (values: readonly unknown[]): DataType => {
  const order = [types.void, types.integer, types.long, types.double] as readonly DataType[]
  return values.map(typeOfValue).reduce((a, b) => {
    if (a.kind === 'void' || a.equals(b)) return b
    if (b.kind === 'void') return a
    const [i, j] = [order.indexOf(a), order.indexOf(b)]
    if (i > 0 && j > 0) return order[Math.max(i, j)]!
    throw new TypeError(`one literal cannot hold both ${a} and ${b}`)
  }, types.void as DataType)
}

const whole = (value: unknown, type: DataType, bits: number): bigint => {
  const big =
    typeof value === 'bigint' ? value : typeof value === 'number' && Number.isInteger(value) ? BigInt(value) : null
  if (big === null || BigInt.asIntN(bits, big) !== big) throw new RangeError(`${String(value)} does not fit ${type}`)
  return big
}

/**
 * A value as a literal of the given type, or of the type that `typeOfValue` finds.
 *
 * *Errors:* RangeError when the value does not fit the type, TypeError when it is of another kind.
 * *Source:* message spark.connect.Expression.Literal.
 */
export const literalOf = (value: unknown, type: DataType = typeOfValue(value)): Expression_Literal =>
  literalWithin(value, type, false)

/** Only the outermost literal carries the type of an array, map or struct; within it nulls have no type of their own. */
const literalWithin = (value: unknown, type: DataType, isNested: boolean): Expression_Literal => {
  const typeOfWhole = isNested ? undefined : type
  if (isAbsent(value)) return literal({ case: 'null', value: typeToProto(types.void) }, typeOfWhole)
  const refuse = (): never => {
    throw new TypeError(`${describe(value)} is not a value of type ${type}`)
  }
  switch (type.kind) {
    case 'boolean':
      return typeof value === 'boolean' ? literal({ case: 'boolean', value }) : refuse()
    case 'byte':
      return literal({ case: 'byte', value: Number(whole(value, type, 8)) })
    case 'short':
      return literal({ case: 'short', value: Number(whole(value, type, 16)) })
    case 'integer':
      return literal({ case: 'integer', value: Number(whole(value, type, 32)) })
    case 'long':
      return literal({ case: 'long', value: whole(value, type, 64) })
    case 'float':
    case 'double':
      return typeof value === 'number' ? literal({ case: type.kind, value }) : refuse()
    case 'string':
    case 'char':
    case 'varchar':
      return typeof value === 'string' ? literal({ case: 'string', value }) : refuse()
    case 'binary':
      return value instanceof Uint8Array ? literal({ case: 'binary', value }) : refuse()
    case 'decimal': {
      const { precision, scale } = type as DecimalType
      const decimal = (value instanceof Decimal ? value : Decimal.of(value as string)).rescale(scale)
      if (decimal.precision > precision) throw new RangeError(`${decimal} does not fit ${type}`)
      return literal({
        case: 'decimal',
        value: { $typeName: 'spark.connect.Expression.Literal.Decimal', value: decimal.toString(), precision, scale },
      })
    }
    case 'date':
      if (value instanceof Date) return literal({ case: 'date', value: LocalDate.fromDate(value).days })
      return value instanceof LocalDate ? literal({ case: 'date', value: value.days }) : refuse()
    case 'timestamp':
      if (value instanceof Date) return literal({ case: 'timestamp', value: Timestamp.fromDate(value).micros })
      return value instanceof Timestamp ? literal({ case: 'timestamp', value: value.micros }) : refuse()
    case 'timestamp_ntz':
      return value instanceof LocalDateTime ? literal({ case: 'timestampNtz', value: value.micros }) : refuse()
    case 'time':
      if (!(value instanceof LocalTime)) return refuse()
      return literal({
        case: 'time',
        value: { $typeName: 'spark.connect.Expression.Literal.Time', nano: value.nanos, precision: 6 },
      })
    case 'interval_ym':
      return value instanceof YearMonthInterval ? literal({ case: 'yearMonthInterval', value: value.months }) : refuse()
    case 'interval_dt':
      return value instanceof DayTimeInterval ? literal({ case: 'dayTimeInterval', value: value.micros }) : refuse()
    case 'interval':
      if (!(value instanceof CalendarInterval)) return refuse()
      return literal({
        case: 'calendarInterval',
        value: {
          $typeName: 'spark.connect.Expression.Literal.CalendarInterval',
          months: value.months,
          days: value.days,
          microseconds: value.micros,
        },
      })
    case 'array': {
      if (!Array.isArray(value)) return refuse()
      const { elementType } = type as ArrayType
      return literal(
        {
          case: 'array',
          value: {
            $typeName: 'spark.connect.Expression.Literal.Array',
            elements: value.map((item) => literalWithin(item, elementType, true)),
          },
        } as Expression_Literal['literalType'],
        typeOfWhole,
      )
    }
    case 'map': {
      if (!(value instanceof Map)) return refuse()
      const { keyType, valueType } = type as MapType
      return literal(
        {
          case: 'map',
          value: {
            $typeName: 'spark.connect.Expression.Literal.Map',
            keys: [...value.keys()].map((item) => literalWithin(item, keyType, true)),
            values: [...value.values()].map((item) => literalWithin(item, valueType, true)),
          },
        } as Expression_Literal['literalType'],
        typeOfWhole,
      )
    }
    case 'struct': {
      if (typeof value !== 'object' || value === null) return refuse()
      const { fields } = type as StructType
      return literal(
        {
          case: 'struct',
          value: {
            $typeName: 'spark.connect.Expression.Literal.Struct',
            elements: fields.map((field) =>
              literalWithin((value as Record<string, unknown>)[field.name], field.dataType, true),
            ),
          },
        } as Expression_Literal['literalType'],
        typeOfWhole,
      )
    }
    default:
      return refuse()
  }
}

/** The JavaScript value of a literal that the server sends (observed metrics). *Errors:* TypeError for kinds it cannot have. */
export const valueOfLiteral = (message: Expression_Literal): unknown => {
  const { literalType } = message
  switch (literalType.case) {
    case 'null':
      return null
    case 'boolean':
    case 'byte':
    case 'short':
    case 'integer':
    case 'long':
    case 'float':
    case 'double':
    case 'string':
    case 'binary':
      return literalType.value
    case 'decimal':
      return Decimal.of(literalType.value.value)
    case 'date':
      return new LocalDate(literalType.value)
    case 'timestamp':
      return new Timestamp(literalType.value)
    case 'timestampNtz':
      return new LocalDateTime(literalType.value)
    case 'time':
      return new LocalTime(literalType.value.nano)
    case 'yearMonthInterval':
      return new YearMonthInterval(literalType.value)
    case 'dayTimeInterval':
      return new DayTimeInterval(literalType.value)
    case 'calendarInterval': {
      const { months, days, microseconds } = literalType.value
      return new CalendarInterval(months, days, microseconds)
    }
    case 'array':
      return literalType.value.elements.map(valueOfLiteral)
    case 'map': {
      const { keys, values } = literalType.value
      return new Map(keys.map((key, i) => [valueOfLiteral(key), valueOfLiteral(values[i]!)]))
    }
    case 'struct': {
      const kind = (message.dataType ?? literalType.value.structType)?.kind
      const names = kind?.case === 'struct' ? kind.value.fields.map((field) => field.name) : []
      return Object.fromEntries(
        literalType.value.elements.map((element, i) => [names[i] ?? `col${i + 1}`, valueOfLiteral(element)]),
      )
    }
    default:
      throw new TypeError(`a literal of kind '${literalType.case}' is not known`)
  }
}
