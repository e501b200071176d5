import {
  ArrayType,
  type DataType,
  type DecimalType,
  GeoType,
  MapType,
  StructType,
  type UserDefinedType,
} from '../types/index.ts'
import type { FieldValue, TableValue } from './flatbuffer.ts'
import { arrowType } from './ipc.ts'
import { IntervalTextType } from './wire-type.ts'

/** How the server's session wants its Arrow. */
export interface EncodeOptions {
  /** The session's zone, which Spark writes into the type of timestamps; the values are UTC all the same. */
  readonly timeZone: string
  /** 64-bit offsets for text and binary, for columns of more than 2 GB. */
  readonly useLargeVarTypes: boolean
}

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
      if (type instanceof IntervalTextType) return [large ? arrowType.largeUtf8 : arrowType.utf8, {}]
      return [arrowType.interval, { 0: int16(2) }]
    case 'array':
      return [arrowType.list, {}]
    case 'map':
      return [arrowType.map, { 0: int8(0) }]
    case 'struct':
    case 'variant':
    case 'geometry':
    case 'geography':
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
  if (type instanceof GeoType) {
    const binary = options.useLargeVarTypes ? arrowType.largeBinary : arrowType.binary
    const [integer, parameters] = intType(32)
    const marks = [
      { 0: { text: type.kind }, 1: { text: 'true' } },
      { 0: { text: 'srid' }, 1: { text: String(type.srid) } },
    ]
    return [
      { 0: { text: 'srid' }, 1: int8(0), 2: int8(integer), 3: table(parameters), 5: { tables: [] } },
      { 0: { text: 'wkb' }, 1: int8(0), 2: int8(binary), 3: table({}), 5: { tables: [] }, 6: { tables: marks } },
    ]
  }
  if (type.kind === 'udt') return children((type as UserDefinedType).sqlType, options)
  return []
}

/** The type of one column, as a table of Arrow's schema. */
export const fieldTable = (name: string, type: DataType, isNullable: boolean, options: EncodeOptions): TableValue => {
  const [typeId, parameters] = typeTable(type, options)
  return {
    0: { text: name },
    1: int8(isNullable ? 1 : 0),
    2: int8(typeId),
    3: table(parameters),
    5: { tables: children(type, options) },
  }
}
