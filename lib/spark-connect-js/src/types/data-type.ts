import { printAs } from './printed.ts'
import type { Decimal, Geo, LocalTime } from './values.ts'

declare const value: unique symbol

/** Types that have no parameters, by the name that Spark's JSON schemas use. */
export type SimpleKind =
  | 'void'
  | 'boolean'
  | 'byte'
  | 'short'
  | 'integer'
  | 'long'
  | 'float'
  | 'double'
  | 'binary'
  | 'date'
  | 'timestamp'
  | 'timestamp_ntz'
  | 'interval'
  | 'variant'

/** Discriminates the type classes. */
export type TypeKind =
  | SimpleKind
  | 'string'
  | 'char'
  | 'varchar'
  | 'decimal'
  | 'time'
  | 'interval_ym'
  | 'interval_dt'
  | 'geometry'
  | 'geography'
  | 'array'
  | 'map'
  | 'struct'
  | 'udt'
  | 'unparsed'

const simpleSql: Readonly<Record<SimpleKind, string>> = {
  void: 'VOID',
  boolean: 'BOOLEAN',
  byte: 'TINYINT',
  short: 'SMALLINT',
  integer: 'INT',
  long: 'BIGINT',
  float: 'FLOAT',
  double: 'DOUBLE',
  binary: 'BINARY',
  date: 'DATE',
  timestamp: 'TIMESTAMP',
  timestamp_ntz: 'TIMESTAMP_NTZ',
  interval: 'INTERVAL',
  variant: 'VARIANT',
}

/**
 * The type of a column; `T` is what its values are in JavaScript.
 *
 * *Nulls:* `T` itself never holds null; whether a column may be null is said where the type is used
 * (field of a struct, element of an array): nullable, unless the type is marked by `notNull()`.
 */
export abstract class DataType<out T = unknown> {
  declare readonly [value]: T
  abstract readonly kind: TypeKind

  /** As SQL writes it: `ARRAY<STRUCT<a: INT NOT NULL>>`. */
  abstract sql(): string

  /** As Spark's JSON schemas write it. */
  abstract json(): unknown

  /** This type where null is not allowed: a required field, an element that is never null. */
  notNull(): NotNull<T> {
    return new NotNull(this)
  }

  /** As `DESCRIBE` and PySpark's `dtypes` write it: `array<struct<a:int>>`. */
  simpleString(): string {
    return this.sql().toLowerCase()
  }

  /** Whether both describe the same type, nullability and metadata included. */
  equals(other: DataType): boolean {
    return JSON.stringify(this.json()) === JSON.stringify(other.json())
  }

  toString(): string {
    return this.sql()
  }
}

/** A type marked as never null; only used to describe fields, elements and map values. */
export class NotNull<out T = unknown> {
  declare readonly [value]: T
  readonly type: DataType<T>

  constructor(type: DataType<T>) {
    this.type = type
  }

  toString(): string {
    return `${this.type} NOT NULL`
  }
}

/** What may stand for a field: a type (nullable) or a type that is never null. */
export type FieldSpec<T = unknown> = DataType<T> | NotNull<T>

/** The JavaScript type of the values of a field. */
export type ValueOf<F> = F extends NotNull<infer T> ? T : F extends DataType<infer T> ? T | null : never

/** A type without parameters: BOOLEAN, INT, DATE … */
export class SimpleType<out T = unknown> extends DataType<T> {
  readonly kind: SimpleKind

  constructor(kind: SimpleKind) {
    super()
    this.kind = kind
  }

  sql(): string {
    return simpleSql[this.kind]
  }

  json(): unknown {
    return this.kind
  }
}

/** STRING with its collation, CHAR(n) or VARCHAR(n). */
export class StringType extends DataType<string> {
  readonly kind = 'string'
  readonly collation: string

  /** `collation` is empty for Spark's default, which compares by bytes. */
  constructor(collation = '') {
    super()
    this.collation = collation === 'UTF8_BINARY' ? '' : collation
  }

  sql(): string {
    return this.collation ? `STRING COLLATE ${this.collation}` : 'STRING'
  }

  override simpleString(): string {
    return this.collation ? `string collate ${this.collation}` : 'string'
  }

  json(): unknown {
    return this.collation ? `string collate ${this.collation}` : 'string'
  }
}

/** CHAR(n) or VARCHAR(n): text with a length that Spark enforces when it writes tables. */
export class BoundedStringType extends DataType<string> {
  readonly kind: 'char' | 'varchar'
  readonly length: number

  constructor(kind: 'char' | 'varchar', length: number) {
    super()
    this.kind = kind
    this.length = length
  }

  sql(): string {
    return `${this.kind.toUpperCase()}(${this.length})`
  }

  json(): unknown {
    return `${this.kind}(${this.length})`
  }
}

/** DECIMAL(precision, scale). */
export class DecimalType extends DataType<Decimal> {
  readonly kind = 'decimal'
  readonly precision: number
  readonly scale: number

  constructor(precision = 10, scale = 0) {
    super()
    if (precision < 1 || precision > 38 || scale < 0 || scale > precision) {
      throw new RangeError(`DECIMAL(${precision},${scale}): precision is 1 to 38 and scale 0 to precision`)
    }
    this.precision = precision
    this.scale = scale
  }

  sql(): string {
    return `DECIMAL(${this.precision},${this.scale})`
  }

  json(): unknown {
    return `decimal(${this.precision},${this.scale})`
  }
}

/** TIME(precision), Spark 4.1. */
export class TimeType extends DataType<LocalTime> {
  readonly kind = 'time'
  readonly precision: number

  constructor(precision = 6) {
    super()
    this.precision = precision
  }

  sql(): string {
    return `TIME(${this.precision})`
  }

  json(): unknown {
    return `time(${this.precision})`
  }
}

/** GEOMETRY or GEOGRAPHY (Spark 4.1); `srid` -1 stands for ANY. */
export class GeoType extends DataType<Geo> {
  readonly kind: 'geometry' | 'geography'
  readonly srid: number

  constructor(kind: 'geometry' | 'geography', srid = -1) {
    super()
    this.kind = kind
    this.srid = srid
  }

  sql(): string {
    return `${this.kind.toUpperCase()}(${this.srid === -1 ? 'ANY' : this.srid})`
  }

  json(): unknown {
    const crs = crsOf(this.srid)
    return this.kind === 'geometry' ? `geometry(${crs})` : `geography(${crs}, SPHERICAL)`
  }
}

/** The name of a reference system as Spark's JSON and Parquet write it. */
const crsOf = (srid: number): string => {
  if (srid === -1) return 'SRID:ANY'
  return srid === 0 ? 'SRID:0' : srid === 4326 ? 'OGC:CRS84' : `EPSG:${srid}`
}

/** ARRAY of an element type. */
export class ArrayType<out E = unknown> extends DataType<E[]> {
  readonly kind = 'array'
  readonly elementType: DataType
  readonly containsNull: boolean

  constructor(elementType: DataType, containsNull = true) {
    super()
    this.elementType = elementType
    this.containsNull = containsNull
  }

  sql(): string {
    return `ARRAY<${this.elementType.sql()}>`
  }

  override simpleString(): string {
    return `array<${this.elementType.simpleString()}>`
  }

  json(): unknown {
    return { type: 'array', elementType: this.elementType.json(), containsNull: this.containsNull }
  }
}

/** MAP of a key and a value type. */
export class MapType<K = unknown, out V = unknown> extends DataType<Map<K, V>> {
  readonly kind = 'map'
  readonly keyType: DataType
  readonly valueType: DataType
  readonly valueContainsNull: boolean

  constructor(keyType: DataType, valueType: DataType, valueContainsNull = true) {
    super()
    this.keyType = keyType
    this.valueType = valueType
    this.valueContainsNull = valueContainsNull
  }

  sql(): string {
    return `MAP<${this.keyType.sql()}, ${this.valueType.sql()}>`
  }

  override simpleString(): string {
    return `map<${this.keyType.simpleString()},${this.valueType.simpleString()}>`
  }

  json(): unknown {
    return {
      type: 'map',
      keyType: this.keyType.json(),
      valueType: this.valueType.json(),
      valueContainsNull: this.valueContainsNull,
    }
  }
}

/** A user-defined type of the JVM; its values come as those of `sqlType`. */
export class UserDefinedType extends DataType<unknown> {
  readonly kind = 'udt'
  readonly className: string
  readonly sqlType: DataType

  constructor(className: string, sqlType: DataType) {
    super()
    this.className = className
    this.sqlType = sqlType
  }

  sql(): string {
    return this.sqlType.sql()
  }

  override simpleString(): string {
    return this.sqlType.simpleString()
  }

  json(): unknown {
    return { type: 'udt', class: this.className, sqlType: this.sqlType.json() }
  }
}

/** A type that only the server can read, as text. */
export class UnparsedType extends DataType<unknown> {
  readonly kind = 'unparsed'
  readonly text: string

  constructor(text: string) {
    super()
    this.text = text
  }

  sql(): string {
    return this.text
  }

  json(): unknown {
    return this.text
  }
}

printAs('special', DataType, NotNull)
