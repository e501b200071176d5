import {
  ArrayType,
  CalendarInterval,
  type DataType,
  DayTimeInterval,
  Decimal,
  Geo,
  LocalDate,
  LocalDateTime,
  LocalTime,
  MapType,
  StructType,
  Timestamp,
  Variant,
  YearMonthInterval,
} from '../../src/index.ts'

const samples: Readonly<Partial<Record<DataType['kind'], unknown>>> = {
  void: null,
  boolean: true,
  byte: 1,
  short: 1,
  integer: 1,
  long: 1n,
  float: 1.5,
  double: 1.5,
  binary: new Uint8Array(),
  date: new LocalDate(0),
  timestamp: new Timestamp(0n),
  timestamp_ntz: new LocalDateTime(0n),
  interval: new CalendarInterval(0, 0, 0n),
  variant: new Variant(new Uint8Array([0]), new Uint8Array([1, 0, 0])),
  string: '',
  char: '',
  varchar: '',
  decimal: new Decimal(0n, 0),
  time: new LocalTime(0n),
  interval_ym: new YearMonthInterval(0),
  interval_dt: new DayTimeInterval(0n),
  geometry: new Geo(0, new Uint8Array()),
  geography: new Geo(0, new Uint8Array()),
}

/** A value of a type, for columns whose rows are all null. */
export const sampleOf = (type: DataType): unknown => {
  if (type instanceof ArrayType) return [sampleOf(type.elementType)]
  if (type instanceof MapType) return new Map([[sampleOf(type.keyType), sampleOf(type.valueType)]])
  if (type instanceof StructType)
    return Object.fromEntries(type.fields.map((field) => [field.name, sampleOf(field.dataType)]))
  return samples[type.kind]
}
