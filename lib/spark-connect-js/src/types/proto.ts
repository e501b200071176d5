import { create } from '@bufbuild/protobuf'
import { type DataType as DataTypeMessage, DataTypeSchema } from '../gen/spark/connect/types_pb.ts'
import {
  ArrayType,
  BoundedStringType,
  type DataType,
  DecimalType,
  GeoType,
  MapType,
  type SimpleKind,
  SimpleType,
  StringType,
  TimeType,
  UnparsedType,
  UserDefinedType,
} from './data-type.ts'
import { DayTimeIntervalType, YearMonthIntervalType } from './interval-types.ts'
import { StructField, StructType } from './struct-type.ts'
import { types } from './types.ts'

const simpleCases = {
  void: 'null',
  boolean: 'boolean',
  byte: 'byte',
  short: 'short',
  integer: 'integer',
  long: 'long',
  float: 'float',
  double: 'double',
  binary: 'binary',
  date: 'date',
  timestamp: 'timestamp',
  timestamp_ntz: 'timestampNtz',
  interval: 'calendarInterval',
  variant: 'variant',
} as const satisfies Record<SimpleKind, NonNullable<DataTypeMessage['kind']['case']>>

const message = (kind: { case: string; value: object }): DataTypeMessage =>
  create(DataTypeSchema, { kind: kind as never })

/** The wire form of a type. *Source:* message spark.connect.DataType. */
export const typeToProto = (type: DataType): DataTypeMessage => {
  if (type instanceof SimpleType) return message({ case: simpleCases[type.kind], value: {} })
  if (type instanceof StringType)
    return message({ case: 'string', value: { collation: type.collation || 'UTF8_BINARY' } })
  if (type instanceof BoundedStringType) {
    return message({ case: type.kind === 'char' ? 'char' : 'varChar', value: { length: type.length } })
  }
  if (type instanceof DecimalType) {
    return message({ case: 'decimal', value: { precision: type.precision, scale: type.scale } })
  }
  if (type instanceof TimeType) return message({ case: 'time', value: { precision: type.precision } })
  if (type instanceof YearMonthIntervalType) {
    return message({ case: 'yearMonthInterval', value: { startField: type.start, endField: type.end } })
  }
  if (type instanceof DayTimeIntervalType) {
    return message({ case: 'dayTimeInterval', value: { startField: type.start, endField: type.end } })
  }
  if (type instanceof GeoType) return message({ case: type.kind, value: { srid: type.srid } })
  if (type instanceof ArrayType) {
    const value = { elementType: typeToProto(type.elementType), containsNull: type.containsNull }
    return message({ case: 'array', value })
  }
  if (type instanceof MapType) {
    const [keyType, valueType] = [typeToProto(type.keyType), typeToProto(type.valueType)]
    return message({ case: 'map', value: { keyType, valueType, valueContainsNull: type.valueContainsNull } })
  }
  if (type instanceof StructType) {
    const fields = type.fields.map((field) => ({
      name: field.name,
      dataType: typeToProto(field.dataType),
      nullable: field.nullable,
      ...(Object.keys(field.metadata).length > 0 && { metadata: JSON.stringify(field.metadata) }),
    }))
    return message({ case: 'struct', value: { fields } })
  }
  if (type instanceof UserDefinedType) {
    return message({
      case: 'udt',
      value: { type: 'udt', jvmClass: type.className, sqlType: typeToProto(type.sqlType) },
    })
  }
  return message({ case: 'unparsed', value: { dataTypeString: type.sql() } })
}

const simpleByCase = new Map<string, DataType>(
  Object.values(types).flatMap((type): [string, DataType][] =>
    type instanceof SimpleType ? [[simpleCases[type.kind], type]] : [],
  ),
)

/**
 * The type that a message describes. A kind that this client does not know becomes an UnparsedType.
 * *Source:* message spark.connect.DataType.
 */
export const typeFromProto = (type: DataTypeMessage | undefined): DataType => {
  const kind = type?.kind
  switch (kind?.case) {
    case 'string':
      return new StringType(kind.value.collation)
    case 'char':
      return new BoundedStringType('char', kind.value.length)
    case 'varChar':
      return new BoundedStringType('varchar', kind.value.length)
    case 'decimal':
      return new DecimalType(kind.value.precision, kind.value.scale)
    case 'time':
      return new TimeType(kind.value.precision)
    case 'yearMonthInterval':
      return new YearMonthIntervalType(kind.value.startField, kind.value.endField)
    case 'dayTimeInterval':
      return new DayTimeIntervalType(kind.value.startField, kind.value.endField)
    case 'geometry':
    case 'geography':
      return new GeoType(kind.case, kind.value.srid)
    case 'array':
      return new ArrayType(typeFromProto(kind.value.elementType), kind.value.containsNull)
    case 'map':
      return new MapType(
        typeFromProto(kind.value.keyType),
        typeFromProto(kind.value.valueType),
        kind.value.valueContainsNull,
      )
    case 'struct':
      return new StructType(
        kind.value.fields.map(
          (field) =>
            new StructField(
              field.name,
              typeFromProto(field.dataType),
              field.nullable,
              field.metadata ? JSON.parse(field.metadata) : {},
            ),
        ),
      )
    case 'udt':
      return new UserDefinedType(kind.value.jvmClass ?? '', typeFromProto(kind.value.sqlType))
    case 'unparsed':
      return new UnparsedType(kind.value.dataTypeString)
    default:
      return simpleByCase.get(kind?.case ?? '') ?? new UnparsedType(kind?.case ?? '')
  }
}
