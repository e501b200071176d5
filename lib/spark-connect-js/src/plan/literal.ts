import { create } from '@bufbuild/protobuf'
import { type Expression_Literal, Expression_LiteralSchema } from '../gen/spark/connect/expressions_pb.ts'
import { atCaller } from '../trace/error-stack.ts'
import {
  type ArrayType,
  CalendarInterval,
  type DataType,
  DayTimeInterval,
  Decimal,
  type DecimalType,
  isAbsent,
  LocalDate,
  LocalDateTime,
  LocalTime,
  type MapType,
  MisfitError,
  RecordShape,
  refuse,
  repeatedName,
  type StructType,
  stored,
  Timestamp,
  type TimeType,
  type TypeKind,
  types,
  typeToProto,
  valueKey,
  YearMonthInterval,
} from '../types/index.ts'
import { elementTypeOf, typeOfValue } from './literal-type.ts'

type LiteralType = Expression_Literal['literalType']

const literal = (literalType: LiteralType, dataType?: DataType): Expression_Literal =>
  create(Expression_LiteralSchema, { literalType, ...(dataType && { dataType: typeToProto(dataType) }) })

/**
 * A value as a literal of the given type, or of the type that `typeOfValue` finds.
 *
 * *Errors:* RangeError when the type cannot hold the value, TypeError when it is of another kind; nothing is rounded.
 * *Source:* message spark.connect.Expression.Literal.
 */
export const literalOf = (value: unknown, type: DataType = typeOfValue(value)): Expression_Literal =>
  refusing(() => literalWithin(value, type, false))

/** What `make` gives; values that do not fit are errors for the caller. */
export const refusing = <T>(make: () => T): T => {
  try {
    return make()
  } catch (error) {
    if (!(error instanceof MisfitError)) throw error
    const message = `this literal cannot be sent: ${error.message}`
    throw atCaller(error.isRange ? new RangeError(message) : new TypeError(message))
  }
}

/** Only the outermost literal carries the type of an array, map or struct; within it nulls have no type of their own. */
const literalWithin = (value: unknown, type: DataType, isNested: boolean): Expression_Literal => {
  const typeOfWhole = isNested ? undefined : type
  if (isAbsent(value)) return literal({ case: 'null', value: typeToProto(types.void) }, typeOfWhole)
  const nested = nestedTypes[type.kind]
  if (nested) return literal(nested(value, type), typeOfWhole)
  const scalar = scalars[type.kind]
  return scalar ? literal(scalar(value, type)) : refuse(value, type)
}

type ToLiteral = (value: unknown, type: DataType) => LiteralType

/**
 * Days that the Julian calendar skips, 5 to 14 October 1582, counted from 1970. Spark's server reads literals by way of
 * Java's old date classes, which make each of them 15 October.
 */
const calendarGap = { from: -141_437, to: -141_427 }

const misplaced = (value: unknown, type: DataType): MisfitError =>
  new MisfitError(
    `Spark moves the ${type} literal ${value} to 15 October 1582; send it by createDataFrame, or cast it from text`,
  )

const scalars: Partial<Record<TypeKind, ToLiteral>> = {
  boolean: (v, type) => ({ case: 'boolean', value: stored.boolean(v, type) }),
  byte: (v, type) => ({ case: 'byte', value: stored.int(v, type) }),
  short: (v, type) => ({ case: 'short', value: stored.int(v, type) }),
  integer: (v, type) => ({ case: 'integer', value: stored.int(v, type) }),
  long: (v, type) => ({ case: 'long', value: stored.long(v, type) }),
  float: (v, type) => ({ case: 'float', value: stored.float(v, type) }),
  double: (v, type) => ({ case: 'double', value: stored.double(v, type) }),
  string: (v, type) => ({ case: 'string', value: stored.text(v, type) }),
  char: (v, type) => ({ case: 'string', value: stored.text(v, type) }),
  varchar: (v, type) => ({ case: 'string', value: stored.text(v, type) }),
  binary: (v, type) => ({ case: 'binary', value: stored.binary(v, type) }),
  decimal: (v, type) => {
    const { precision, scale } = type as DecimalType
    const value = stored.decimal(v, type).toString()
    return {
      case: 'decimal',
      value: { $typeName: 'spark.connect.Expression.Literal.Decimal', value, precision, scale },
    }
  },
  date: (v, type) => {
    const days = stored.date(v, type)
    if (days >= calendarGap.from && days < calendarGap.to) throw misplaced(v, type)
    return { case: 'date', value: days }
  },
  timestamp: (v, type) => {
    const micros = stored.timestamp(v, type)
    // The day is that of the server's zone, which is at most 14 hours ahead of UTC and 12 behind.
    const hours = Number(micros / 3_600_000_000n)
    if (hours >= calendarGap.from * 24 - 14 && hours < calendarGap.to * 24 + 12) throw misplaced(v, type)
    return { case: 'timestamp', value: micros }
  },
  timestamp_ntz: (v, type) => ({ case: 'timestampNtz', value: stored.timestampNtz(v, type) }),
  time: (v, type) => {
    const { precision } = type as TimeType
    const nano = stored.time(v, type)
    return { case: 'time', value: { $typeName: 'spark.connect.Expression.Literal.Time', nano, precision } }
  },
  interval_ym: (v, type) => ({ case: 'yearMonthInterval', value: stored.months(v, type) }),
  interval_dt: (v, type) => ({ case: 'dayTimeInterval', value: stored.micros(v, type) }),
  interval: (v, type) => {
    const { months, days, micros: microseconds } = stored.interval(v, type)
    const $typeName = 'spark.connect.Expression.Literal.CalendarInterval'
    return { case: 'calendarInterval', value: { $typeName, months, days, microseconds } }
  },
}

/** An element, item or field; null only where the type allows it. */
const part = (value: unknown, type: DataType, isNullable: boolean, place: string): Expression_Literal => {
  if (isAbsent(value) && !isNullable) throw new MisfitError(`${place} is null where the type does not allow it`)
  try {
    return literalWithin(value, type, true)
  } catch (error) {
    throw error instanceof MisfitError ? new MisfitError(`${place}: ${error.message}`, error.isRange) : error
  }
}

const arrayLiteral: ToLiteral = (value, type) => {
  if (!Array.isArray(value) && !elementTypeOf(value)) refuse(value, type)
  const { elementType, containsNull } = type as ArrayType
  const elements = Array.from(value as ArrayLike<unknown>, (item, i) =>
    part(item, elementType, containsNull, `element ${i}`),
  )
  return { case: 'array', value: { $typeName: 'spark.connect.Expression.Literal.Array', elements } } as LiteralType
}

const mapLiteral: ToLiteral = (value, type) => {
  if (!(value instanceof Map)) return refuse(value, type, 'give a Map', false)
  const { keyType, valueType, valueContainsNull } = type as MapType
  const keys = [...value.keys()]
  if (new Set(keys.map(valueKey)).size < keys.length) refuse(value, type, 'two of its keys are equal', false)
  return {
    case: 'map',
    value: {
      $typeName: 'spark.connect.Expression.Literal.Map',
      keys: keys.map((key) => part(key, keyType, false, 'a key')),
      values: [...value.values()].map((item) => part(item, valueType, valueContainsNull, 'a value')),
    },
  } as LiteralType
}

const structLiteral: ToLiteral = (value, type) => {
  const struct = type as StructType
  const shape = new RecordShape(struct, 'field')
  shape.check(value)
  const elements = struct.fields.map((field, i) =>
    part(shape.read(value, i), field.dataType, field.nullable, `field '${field.name}'`),
  )
  return { case: 'struct', value: { $typeName: 'spark.connect.Expression.Literal.Struct', elements } } as LiteralType
}

const nestedTypes: Partial<Record<TypeKind, ToLiteral>> = {
  array: arrayLiteral,
  map: mapLiteral,
  struct: structLiteral,
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
      const twice = repeatedName(names)
      if (twice !== undefined) throw new RangeError(`a struct has more than one field '${twice}'; rename one of them`)
      return Object.fromEntries(
        literalType.value.elements.map((element, i) => [names[i] ?? `col${i + 1}`, valueOfLiteral(element)]),
      )
    }
    default:
      throw new TypeError(`a literal of kind '${literalType.case}' is not known`)
  }
}
