import {
  ArrayType,
  BoundedStringType,
  type DataType,
  DecimalType,
  type FieldSpec,
  GeoType,
  MapType,
  NotNull,
  SimpleType,
  StringType,
  TimeType,
  type ValueOf,
} from './data-type.ts'
import { DayTimeIntervalType, YearMonthIntervalType } from './interval-types.ts'
import { bare, fieldOf, StructType } from './struct-type.ts'
import type { CalendarInterval, LocalDate, LocalDateTime, Timestamp } from './values.ts'
import type { Variant } from './variant.ts'

const wholeNumbers = {
  byte: new SimpleType<number>('byte'),
  short: new SimpleType<number>('short'),
  integer: new SimpleType<number>('integer'),
  long: new SimpleType<bigint>('long'),
}

/**
 * The types as values.
 *
 * | here | SQL | in JavaScript |
 * |---|---|---|
 * | byte (tinyint), short (smallint), integer (int), float, double | TINYINT, SMALLINT, INT, FLOAT, DOUBLE | number |
 * | long (bigint) | BIGINT | bigint |
 * | decimal(p, s) | DECIMAL | Decimal, exact |
 * | string, char(n), varchar(n) | STRING, … | string |
 * | binary | BINARY | Uint8Array |
 * | date, timestamp, timestampNtz, time | DATE, … | LocalDate, Timestamp, LocalDateTime, LocalTime |
 * | yearMonthInterval, dayTimeInterval, calendarInterval | INTERVAL … | classes of the same names |
 * | array(e), map(k, v), struct({…}) | ARRAY, MAP, STRUCT | array, Map, object |
 * | variant | VARIANT | Variant |
 * | geometry(srid), geography(srid) | GEOMETRY, GEOGRAPHY | Geo |
 */
export const types = Object.freeze({
  void: new SimpleType<null>('void'),
  boolean: new SimpleType<boolean>('boolean'),
  ...wholeNumbers,
  // The same by their names in SQL.
  tinyint: wholeNumbers.byte,
  smallint: wholeNumbers.short,
  int: wholeNumbers.integer,
  bigint: wholeNumbers.long,
  float: new SimpleType<number>('float'),
  double: new SimpleType<number>('double'),
  string: new StringType(),
  binary: new SimpleType<Uint8Array>('binary'),
  date: new SimpleType<LocalDate>('date'),
  timestamp: new SimpleType<Timestamp>('timestamp'),
  timestampNtz: new SimpleType<LocalDateTime>('timestamp_ntz'),
  calendarInterval: new SimpleType<CalendarInterval>('interval'),
  yearMonthInterval: new YearMonthIntervalType(),
  dayTimeInterval: new DayTimeIntervalType(),
  variant: new SimpleType<Variant>('variant'),
  time: (precision?: number): TimeType => new TimeType(precision),
  decimal: (precision?: number, scale?: number): DecimalType => new DecimalType(precision, scale),
  char: (length: number): BoundedStringType => new BoundedStringType('char', length),
  varchar: (length: number): BoundedStringType => new BoundedStringType('varchar', length),
  collated: (collation: string): StringType => new StringType(collation),
  geometry: (srid?: number): GeoType => new GeoType('geometry', srid),
  geography: (srid?: number): GeoType => new GeoType('geography', srid),
  array: <F extends FieldSpec>(element: F): ArrayType<ValueOf<F>> =>
    new ArrayType(bare(element, 'types.array: the element'), !(element instanceof NotNull)),
  map: <K, F extends FieldSpec>(key: DataType<K>, item: F): MapType<K, ValueOf<F>> =>
    new MapType(
      bare(key, 'types.map: the key') as DataType<K>,
      bare(item, 'types.map: the value'),
      !(item instanceof NotNull),
    ),
  struct: <S extends Readonly<Record<string, FieldSpec>>>(
    spec: S,
  ): StructType<{ -readonly [N in keyof S]: ValueOf<S[N]> }> =>
    new StructType(Object.entries(spec).map(([name, field]) => fieldOf(name, field))),
})
