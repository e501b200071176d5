// Hides how Spark's types are written: as values, as DDL text, as JSON, on the wire; and the exact value classes.
// Needs the generated messages for the wire form; nothing else.
// Never asks the server, and never lets a value lose digits.
export {
  ArrayType,
  BoundedStringType,
  DataType,
  DecimalType,
  type FieldSpec,
  GeoType,
  MapType,
  NotNull,
  type SimpleKind,
  SimpleType,
  StringType,
  TimeType,
  type TypeKind,
  UnparsedType,
  UserDefinedType,
  type ValueOf,
} from './data-type.ts'
export { parseColumns, parseType, typeFromJson } from './ddl.ts'
export { DayTimeIntervalType, YearMonthIntervalType } from './interval-types.ts'
export { typeFromProto, typeToProto } from './proto.ts'
export { RecordShape, repeatedName } from './shape.ts'
export { describeValue, isAbsent, MisfitError, refuse, stored } from './stored.ts'
export { quoteIdentifier, type RowType, StructField, StructType } from './struct-type.ts'
export { types } from './types.ts'
export { mapOf, ValueMap, valueKey } from './value-map.ts'
export {
  CalendarInterval,
  DayTimeInterval,
  Decimal,
  Geo,
  LocalDate,
  LocalDateTime,
  LocalTime,
  Timestamp,
  YearMonthInterval,
} from './values.ts'
export { Variant, type VariantValue } from './variant.ts'
