import { printAs } from './printed.ts'
import type {
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
import type { Variant } from './variant.ts'

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

/** The row type that a schema describes: `RowType<typeof schema>`. */
export type RowType<S> = S extends StructType<infer R> ? R : never

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

const yearMonthFields = ['year', 'month'] as const
const dayTimeFields = ['day', 'hour', 'minute', 'second'] as const

const spanName = (fields: readonly string[], start: number, end: number): string =>
  start === end ? `interval ${fields[start]}` : `interval ${fields[start]} to ${fields[end]}`

/** INTERVAL YEAR TO MONTH; the bounds count from 0 = year to 1 = month. */
export class YearMonthIntervalType extends DataType<YearMonthInterval> {
  readonly kind = 'interval_ym'
  readonly start: number
  readonly end: number

  constructor(start = 0, end = 1) {
    super()
    this.start = start
    this.end = end
  }

  sql(): string {
    return spanName(yearMonthFields, this.start, this.end).toUpperCase()
  }

  json(): unknown {
    return spanName(yearMonthFields, this.start, this.end)
  }
}

/** INTERVAL DAY TO SECOND; the bounds count from 0 = day to 3 = second. */
export class DayTimeIntervalType extends DataType<DayTimeInterval> {
  readonly kind = 'interval_dt'
  readonly start: number
  readonly end: number

  constructor(start = 0, end = 3) {
    super()
    this.start = start
    this.end = end
  }

  sql(): string {
    return spanName(dayTimeFields, this.start, this.end).toUpperCase()
  }

  json(): unknown {
    return spanName(dayTimeFields, this.start, this.end)
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

/** One column of a schema. */
export class StructField {
  readonly name: string
  readonly dataType: DataType
  readonly nullable: boolean
  readonly metadata: Readonly<Record<string, unknown>>

  constructor(name: string, dataType: DataType, nullable = true, metadata: Readonly<Record<string, unknown>> = {}) {
    this.name = name
    this.dataType = dataType
    this.nullable = nullable
    this.metadata = metadata
  }

  /** Spark's JSON keeps collations beside the type, in the field's metadata; the type itself is then `string`. */
  json(): unknown {
    const collations = collationsOf(this.dataType, this.name)
    const hasSome = Object.keys(collations).length > 0
    const metadata = hasSome ? { ...this.metadata, [collationsKey]: collations } : this.metadata
    return {
      name: this.name,
      type: hasSome ? withoutCollation(this.dataType.json()) : this.dataType.json(),
      nullable: this.nullable,
      metadata,
    }
  }
}

/** Where the metadata of a field lists the collations within its type. */
export const collationsKey = '__COLLATIONS'

/** The collated strings of a type by their place: `a`, `a.element`, `a.key`. Structs list those of their own fields. */
const collationsOf = (type: DataType, path: string): Record<string, string> => {
  if (type instanceof StringType) {
    if (!type.collation) return {}
    return { [path]: `${type.collation.startsWith('UTF8_') ? 'spark' : 'icu'}.${type.collation}` }
  }
  if (type instanceof ArrayType) return collationsOf(type.elementType, `${path}.element`)
  if (type instanceof MapType) {
    return { ...collationsOf(type.keyType, `${path}.key`), ...collationsOf(type.valueType, `${path}.value`) }
  }
  return {}
}

const withoutCollation = (json: unknown): unknown => {
  if (typeof json === 'string') return json.startsWith('string collate ') ? 'string' : json
  const node = json as Record<string, unknown>
  if (node.type === 'array') return { ...node, elementType: withoutCollation(node.elementType) }
  if (node.type !== 'map') return json
  return { ...node, keyType: withoutCollation(node.keyType), valueType: withoutCollation(node.valueType) }
}

/** A name as SQL reads it back: in backquotes unless it is a plain identifier. */
export const quoteIdentifier = (name: string): string =>
  /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) ? name : `\`${name.replaceAll('`', '``')}\``

const fieldSql = (field: StructField, separator: string): string => {
  const comment = field.metadata.comment
  return [
    `${quoteIdentifier(field.name)}${separator} ${field.dataType.sql()}`,
    field.nullable ? '' : ' NOT NULL',
    typeof comment === 'string' ? ` COMMENT '${comment.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'` : '',
  ].join('')
}

/**
 * A schema, or the type of a column that holds a record. `R` is its row type, inferred where the schema is written:
 *
 * ```ts
 * const plays = types.struct({ artist: types.string.notNull(), playedAt: types.timestamp })
 * type Play = RowType<typeof plays> // { artist: string; playedAt: Timestamp | null }
 * ```
 */
export class StructType<out R = unknown> extends DataType<R> {
  readonly kind = 'struct'
  readonly fields: readonly StructField[]

  constructor(fields: readonly StructField[] = []) {
    super()
    this.fields = Object.freeze([...fields])
  }

  get names(): string[] {
    return this.fields.map((field) => field.name)
  }

  /** The first field of that name, or undefined. */
  field(name: string): StructField | undefined {
    return this.fields.find((field) => field.name === name)
  }

  /** A longer schema; this one stays as it is. */
  add<N extends string, F extends FieldSpec>(
    name: N,
    spec: F,
    metadata: Readonly<Record<string, unknown>> = {},
  ): StructType<R & Record<N, ValueOf<F>>> {
    return new StructType([...this.fields, fieldOf(name, spec, metadata)])
  }

  sql(): string {
    return `STRUCT<${this.fields.map((field) => fieldSql(field, ':')).join(', ')}>`
  }

  override simpleString(): string {
    return `struct<${this.fields.map((field) => `${field.name}:${field.dataType.simpleString()}`).join(',')}>`
  }

  /** The fields as a table definition lists them: `artist STRING NOT NULL, played_at TIMESTAMP`. */
  ddl(): string {
    return this.fields.map((field) => fieldSql(field, '')).join(', ')
  }

  json(): unknown {
    return { type: 'struct', fields: this.fields.map((field) => field.json()) }
  }

  /** The outline that PySpark's `printSchema` prints, so many levels deep. */
  treeString(level = Number.POSITIVE_INFINITY): string {
    const lines: string[] = ['root']
    const visit = (type: DataType, prefix: string): void => {
      // A level is indented by a bar and three blanks.
      if (prefix.length / 5 >= level) return
      if (type instanceof StructType) {
        for (const field of type.fields) line(field.name, field.dataType, `nullable = ${field.nullable}`, prefix)
      } else if (type instanceof ArrayType) {
        line('element', type.elementType, `containsNull = ${type.containsNull}`, prefix)
      } else if (type instanceof MapType) {
        line('key', type.keyType, '', prefix)
        line('value', type.valueType, `valueContainsNull = ${type.valueContainsNull}`, prefix)
      }
    }
    const line = (name: string, type: DataType, note: string, prefix: string): void => {
      const json = type.json()
      const title = type instanceof GeoType ? type.simpleString() : typeof json === 'string' ? json : type.kind
      lines.push(`${prefix} |-- ${name}: ${title}${note && ` (${note})`}`)
      visit(type, `${prefix} |   `)
    }
    visit(this, '')
    return `${lines.join('\n')}\n`
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

/** The type itself. *Errors:* TypeError for what is none, such as a misspelled name of `types`. */
const bare = (spec: FieldSpec, place: string): DataType => {
  const type = spec instanceof NotNull ? spec.type : spec
  if (type instanceof DataType) return type
  throw new TypeError(`${place} is a type, such as types.string, not ${type === undefined ? 'undefined' : typeof type}`)
}

const fieldOf = (name: string, spec: FieldSpec, metadata: Readonly<Record<string, unknown>> = {}): StructField =>
  new StructField(name, bare(spec, `types.struct: '${name}'`), !(spec instanceof NotNull), metadata)

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

printAs('special', DataType, NotNull)
