import {
  ArrayType,
  type DataType,
  DecimalType,
  MapType,
  StructField,
  StructType,
  TimeType,
  types,
  type UserDefinedType,
} from '../types/index.ts'
import { Damage, inColumn } from './damage.ts'
import { type ArrowField, arrowType } from './ipc.ts'

const units = ['s', 'ms', 'us', 'ns']
const intervals = ['year_month', 'day_time', 'month_day_nano']

/** The Arrow type of a field with its parameters, as `Timestamp(us, zone)`. Defaults are those of Arrow's Schema.fbs. */
const arrowName = ({ typeId, type }: ArrowField): string => {
  switch (typeId) {
    case arrowType.null:
      return 'Null'
    case arrowType.int:
      return `${type?.bool(1) ? 'Int' : 'UInt'}${type?.int32(0) ?? 0}`
    case arrowType.floatingPoint:
      return `Float${16 << (type?.int16(0) ?? 0)}`
    case arrowType.binary:
      return 'Binary'
    case arrowType.utf8:
      return 'Utf8'
    case arrowType.bool:
      return 'Bool'
    case arrowType.decimal:
      return `Decimal${type?.int32(2, 128) ?? 128}(${type?.int32(0) ?? 0},${type?.int32(1) ?? 0})`
    case arrowType.date:
      return `Date(${(type?.int16(0, 1) ?? 1) === 0 ? 'day' : 'ms'})`
    case arrowType.time:
      return `Time${type?.int32(1, 32) ?? 32}(${units[type?.int16(0, 1) ?? 1]})`
    case arrowType.timestamp:
      return `Timestamp(${units[type?.int16(0) ?? 0]}${type?.has(1) ? ', zone' : ''})`
    case arrowType.interval:
      return `Interval(${intervals[type?.int16(0) ?? 0]})`
    case arrowType.duration:
      return `Duration(${units[type?.int16(0, 1) ?? 1]})`
    case arrowType.list:
      return 'List'
    case arrowType.struct:
      return 'Struct'
    case arrowType.map:
      return 'Map'
    case arrowType.largeBinary:
      return 'LargeBinary'
    case arrowType.largeUtf8:
      return 'LargeUtf8'
    case arrowType.largeList:
      return 'LargeList'
    default:
      return `type ${typeId}`
  }
}

const text = ['Utf8', 'LargeUtf8']

/** The Arrow types that hold the values of a type of Spark; Spark sends times and intervals in the last unit. */
const holders: Readonly<Record<string, readonly string[]>> = {
  void: ['Null'],
  boolean: ['Bool'],
  byte: ['Int8'],
  short: ['Int16'],
  integer: ['Int32'],
  long: ['Int64'],
  float: ['Float32'],
  double: ['Float64'],
  string: text,
  char: text,
  varchar: text,
  binary: ['Binary', 'LargeBinary'],
  date: ['Date(day)'],
  time: ['Time64(us)', 'Time64(ns)'],
  timestamp: ['Timestamp(s, zone)', 'Timestamp(ms, zone)', 'Timestamp(us, zone)'],
  timestamp_ntz: ['Timestamp(s)', 'Timestamp(ms)', 'Timestamp(us)'],
  interval_ym: ['Interval(year_month)'],
  interval_dt: ['Duration(s)', 'Duration(ms)', 'Duration(us)'],
  interval: ['Interval(month_day_nano)'],
  array: ['List', 'LargeList'],
  map: ['Map'],
  struct: ['Struct'],
  variant: ['Struct'],
  geometry: ['Struct'],
  geography: ['Struct'],
}

/** Types without parameters, by the Arrow type that Spark sends them as. */
const simple: Readonly<Record<string, DataType>> = {
  Null: types.void,
  Bool: types.boolean,
  Int8: types.byte,
  Int16: types.short,
  Int32: types.integer,
  Int64: types.long,
  Float32: types.float,
  Float64: types.double,
  Utf8: types.string,
  LargeUtf8: types.string,
  Binary: types.binary,
  LargeBinary: types.binary,
  'Date(day)': types.date,
  'Time64(us)': new TimeType(),
  'Time64(ns)': new TimeType(),
  'Timestamp(s)': types.timestampNtz,
  'Timestamp(ms)': types.timestampNtz,
  'Timestamp(us)': types.timestampNtz,
  'Timestamp(s, zone)': types.timestamp,
  'Timestamp(ms, zone)': types.timestamp,
  'Timestamp(us, zone)': types.timestamp,
  'Duration(s)': types.dayTimeInterval,
  'Duration(ms)': types.dayTimeInterval,
  'Duration(us)': types.dayTimeInterval,
  'Interval(year_month)': types.yearMonthInterval,
  'Interval(month_day_nano)': types.calendarInterval,
}

const childOf = (field: ArrowField): ArrowField => {
  const [child, ...more] = field.children
  if (!child || more.length > 0)
    throw new Damage(`a ${arrowName(field)} of ${field.children.length} fields`, field.path)
  return child
}

const entriesOf = (field: ArrowField): readonly [key: ArrowField, item: ArrowField] => {
  const entries = childOf(field)
  const [key, item, ...more] = entries.children
  if (entries.typeId !== arrowType.struct || !key || !item || more.length > 0) {
    throw new Damage('the entries of a Map are not pairs of key and value', field.path)
  }
  return [key, item]
}

/** The type of Spark that an Arrow column stands for, where the server did not send Spark's own schema. */
export const sparkType = (field: ArrowField): DataType => {
  const { type, typeId, children } = field
  const name = arrowName(field)
  const found = simple[name]
  if (found) return found
  switch (typeId) {
    case arrowType.decimal:
      return inColumn(field.path, () => new DecimalType(type?.int32(0), type?.int32(1)))
    case arrowType.list:
    case arrowType.largeList: {
      const child = childOf(field)
      return new ArrayType(sparkType(child), child.nullable)
    }
    case arrowType.map: {
      const [key, item] = entriesOf(field)
      return new MapType(sparkType(key), sparkType(item), item.nullable)
    }
    case arrowType.struct:
      if (children.some((child) => child.metadata.get('variant') === 'true')) return types.variant
      return structOf(children)
    default:
      throw new Damage(`Arrow type ${name}, which Spark does not send`, field.path)
  }
}

/** The schema that Arrow's fields stand for. */
export const structOf = (fields: readonly ArrowField[]): StructType =>
  new StructType(fields.map((field) => new StructField(field.name, sparkType(field), field.nullable)))

/** The names that Spark gives nested fields in Arrow: those that repeat are numbered. */
const arrowNames = (names: readonly string[]): readonly string[] => {
  if (new Set(names).size === names.length) return names
  const seen = new Map<string, number>()
  return names.map((name) => {
    if (names.indexOf(name) === names.lastIndexOf(name)) return name
    const n = seen.get(name) ?? 0
    seen.set(name, n + 1)
    return `${name}_${n}`
  })
}

const checkFields = (fields: readonly ArrowField[], names: readonly string[], wanted: readonly DataType[]): void => {
  const list = (all: readonly string[]): string => `${all.slice(0, 20).join(', ')}${all.length > 20 ? ', …' : ''}`
  if (fields.length !== names.length || fields.some((field, i) => field.name !== names[i])) {
    throw new Damage(`the fields are ${list(fields.map(({ name }) => name))} where the schema has ${list(names)}`)
  }
  for (const [i, field] of fields.entries()) checkType(field, wanted[i]!)
}

const parts: Readonly<Record<string, Readonly<Record<string, DataType>>>> = {
  variant: { value: types.binary, metadata: types.binary },
  geometry: { srid: types.integer, wkb: types.binary },
  geography: { srid: types.integer, wkb: types.binary },
}

/** The type that the values of a field are sent as. */
const storedType = (field: ArrowField, type: DataType): DataType => {
  if (type.kind === 'udt') return storedType(field, (type as UserDefinedType).sqlType)
  return type.kind === 'unparsed' ? sparkType(field) : type
}

/** Checks that an Arrow field holds values of a type of Spark. *Errors:* Damage that names the column. */
const checkType = (field: ArrowField, declared: DataType): void => {
  const type = storedType(field, declared)
  const { kind } = type
  const found = arrowName(field)
  const isHolder =
    type instanceof DecimalType
      ? found === `Decimal128(${type.precision},${type.scale})`
      : holders[kind]?.includes(found) === true
  if (!isHolder) throw new Damage(`Arrow type ${found} where ${type} is due`, field.path)
  if (type instanceof ArrayType) checkType(childOf(field), type.elementType)
  else if (type instanceof MapType) {
    const [key, item] = entriesOf(field)
    checkType(key, type.keyType)
    checkType(item, type.valueType)
  } else if (type instanceof StructType) {
    checkFields(
      field.children,
      arrowNames(type.names),
      type.fields.map(({ dataType }) => dataType),
    )
  } else if (parts[kind]) {
    for (const [name, wanted] of Object.entries(parts[kind])) {
      const child = field.children.find((candidate) => candidate.name === name)
      if (!child) throw new Damage(`${type} has no part '${name}'`, field.path)
      checkType(child, wanted)
    }
  } else if (field.children.length > 0) {
    throw new Damage(`${found} with fields of its own`, field.path)
  }
}

/** Checks that Arrow's fields are those of Spark's schema: number, names and types. *Errors:* Damage. */
export const checkSchema = (fields: readonly ArrowField[], schema: StructType): void =>
  checkFields(
    fields,
    schema.names,
    schema.fields.map(({ dataType }) => dataType),
  )
