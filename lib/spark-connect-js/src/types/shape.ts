import { describeValue, isAbsent, MisfitError } from './stored.ts'
import type { StructField, StructType } from './struct-type.ts'
import {
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
import { Variant } from './variant.ts'

/** Objects that are one value, not a record of several: read by name they would be nothing but nulls. */
const singleValues = [
  Date,
  Map,
  Set,
  Promise,
  Number,
  String,
  Boolean,
  Decimal,
  LocalDate,
  LocalDateTime,
  LocalTime,
  Timestamp,
  YearMonthInterval,
  DayTimeInterval,
  CalendarInterval,
  Geo,
  Variant,
]

const listed = (names: readonly string[]): string =>
  names.length > 12 ? `${names.slice(0, 12).join(', ')} and ${names.length - 12} more` : names.join(', ')

/**
 * Reads records of a struct type: objects by field name, arrays by position.
 *
 * A record of another shape is refused: an array needs one value for each field, an object has no other names. A field that an object leaves out is null.
 */
export class RecordShape {
  readonly #fields: readonly StructField[]
  readonly #names: ReadonlySet<string>
  readonly #noun: string
  readonly #repeated: string | undefined

  /** `noun` is what the fields are called in messages. */
  constructor(type: StructType, noun: 'column' | 'field') {
    this.#fields = type.fields
    this.#names = new Set(type.names)
    this.#noun = noun
    this.#repeated = repeatedName(type.names)
  }

  /** *Errors:* MisfitError for another shape. */
  check(record: unknown): void {
    if (Array.isArray(record)) {
      if (record.length !== this.#fields.length) throw this.#wrongLength(record.length)
      return
    }
    if (!isRecord(record)) throw this.#notARecord(record)
    // `for in` reads V8's cached list of the keys: a tenth of a microsecond a row, where Object.keys makes an array.
    for (const name in record as object) if (!this.#names.has(name)) throw this.#unknownName(name)
    if (this.#repeated !== undefined) throw this.#ambiguous(this.#repeated)
  }

  /** The value of one field of a checked record. */
  read(record: unknown, index: number): unknown {
    if (Array.isArray(record)) return record[index]
    const { name } = this.#fields[index]!
    const value = (record as Record<string, unknown>)[name]
    // A column 'constructor' must not be read off the prototype.
    return typeof value === 'function' && !Object.hasOwn(record as object, name) ? undefined : value
  }

  #list(): string {
    return `the schema has ${this.#fields.length === 0 ? `no ${this.#noun}s` : listed([...this.#names])}`
  }
  #wrongLength(length: number): MisfitError {
    const count = this.#fields.length
    return new MisfitError(
      `${length} ${length === 1 ? 'value' : 'values'} for ${count} ${this.#noun}${count === 1 ? '' : 's'}; ${this.#list()}`,
    )
  }
  #notARecord(record: unknown): MisfitError {
    return new MisfitError(
      `${describeValue(record)} is not a ${this.#noun === 'column' ? 'row' : 'struct'}; ` +
        `give an object by ${this.#noun} name or an array by position`,
    )
  }
  #unknownName(name: string): MisfitError {
    return new MisfitError(`'${name}' is not a ${this.#noun}; ${this.#list()}`)
  }
  #ambiguous(name: string): MisfitError {
    return new MisfitError(`the schema has '${name}' more than once; give arrays by position`)
  }
}

const isRecord = (value: unknown): boolean => {
  if (typeof value !== 'object' || isAbsent(value)) return false
  if (Object.getPrototypeOf(value) === Object.prototype) return true
  return !ArrayBuffer.isView(value) && !singleValues.some((single) => value instanceof single)
}

/** The first name that is there twice, or undefined. */
export const repeatedName = (names: readonly string[]): string | undefined =>
  new Set(names).size === names.length ? undefined : names.find((name, i) => names.indexOf(name) !== i)
