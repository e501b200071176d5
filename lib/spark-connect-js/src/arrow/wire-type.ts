import {
  ArrayType,
  type CalendarInterval,
  type DataType,
  DayTimeIntervalType,
  MapType,
  SimpleType,
  StructField,
  StructType,
  types,
  YearMonthIntervalType,
} from '../types/index.ts'

/** INTERVAL that travels as text: Arrow counts its rest in nanoseconds, which end after 292 years, Spark's end later. */
export class IntervalTextType extends SimpleType<CalendarInterval> {
  constructor() {
    super('interval')
  }

  override json(): unknown {
    return 'string'
  }
}

/** An interval in words that the server casts back exactly; Spark reads 2^63 only in two parts. */
export const intervalText = ({ months, days, micros }: CalendarInterval): string => {
  const [first, second] = micros === -(2n ** 63n) ? [micros + 1n, -1n] : [micros, 0n]
  return `${months} months ${days} days ${first} microseconds ${second} microseconds`
}

/**
 * The type in which values of a type travel to the server, which then casts them; mostly the type itself.
 *
 * Arrow knows neither the fields of an interval (YEAR, DAY TO HOUR) nor intervals of all lengths. A cast from text may be
 * null for Spark, so an INTERVAL that is never null travels as Arrow has it.
 */
export const wireType = (type: DataType, isNullable: boolean): DataType => {
  if (type.kind === 'interval') return isNullable ? new IntervalTextType() : type
  if (type instanceof YearMonthIntervalType) return types.yearMonthInterval
  if (type instanceof DayTimeIntervalType) return types.dayTimeInterval
  if (type instanceof ArrayType) {
    const element = wireType(type.elementType, type.containsNull)
    return element === type.elementType ? type : new ArrayType(element, type.containsNull)
  }
  if (type instanceof MapType) {
    const [key, item] = [wireType(type.keyType, false), wireType(type.valueType, type.valueContainsNull)]
    return key === type.keyType && item === type.valueType ? type : new MapType(key, item, type.valueContainsNull)
  }
  return type instanceof StructType ? wireSchema(type) : type
}

/** The schema in which rows travel; the same object where nothing has to be cast. */
export const wireSchema = (schema: StructType): StructType => {
  const fields = schema.fields.map((field) => {
    const type = wireType(field.dataType, field.nullable)
    return type === field.dataType ? field : new StructField(field.name, type, field.nullable, field.metadata)
  })
  return fields.every((field, i) => field === schema.fields[i]) ? schema : new StructType(fields)
}
