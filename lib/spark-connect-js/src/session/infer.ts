import { elementTypeOf, typeOfValue } from '../plan/literal-type.ts'
import {
  ArrayType,
  type DataType,
  Decimal,
  describeValue,
  isAbsent,
  MapType,
  StructField,
  StructType,
  types,
} from '../types/index.ts'
import type { LocalRow } from '../types/row-input.ts'

/** Where a value is, for error messages. */
interface Place {
  readonly row: number
  readonly path: string
}

/** A type as far as the values so far tell it; `seen` is a value that made it so. */
interface Guess {
  readonly type: DataType
  readonly place: Place
}

/**
 * The schema that rows have where nobody says one: a column for each name, in the order in which they appear.
 *
 * A column of numbers is INT while all are whole and fit 32 bits, else DOUBLE, so that its rows hold numbers again;
 * bigints make BIGINT, decimals DECIMAL(38, 18), objects STRUCT. Every column may be null.
 * *Errors:* TypeError naming row and column for values of two kinds in one column, and for columns of nulls only.
 */
export function inferSchema(rows: readonly LocalRow[], names?: readonly string[]): StructType {
  if (rows.length === 0) {
    throw new TypeError("createDataFrame: cannot infer a schema without rows; give one: 'artist string, plays int'")
  }
  const guesses = new Map<string, Guess | null>((names ?? []).map((name) => [name, null]))
  const width = names?.length ?? (Array.isArray(rows[0]) ? rows[0].length : undefined)
  for (const [row, record] of rows.entries()) {
    for (const [name, value] of cellsOf(record, { row, names, width })) {
      if (names && !guesses.has(name))
        throw new TypeError(`createDataFrame: row ${row} has a value '${name}', which is not a name of a column`)
      guesses.set(name, merged(guesses.get(name) ?? null, guessOf(value, { row, path: name })))
    }
  }
  return structOf(guesses, '')
}

interface RowPlace {
  readonly row: number
  readonly names: readonly string[] | undefined
  /** How many values an array has; undefined where the first row is an object. */
  readonly width: number | undefined
}

function cellsOf(record: LocalRow, { row, names, width }: RowPlace): [string, unknown][] {
  const isRecord = typeof record === 'object' && record !== null
  if (!isRecord)
    throw new TypeError(`createDataFrame: row ${row} is ${describeValue(record)}, not an object or an array`)
  if (!Array.isArray(record)) {
    if (width !== undefined && !names)
      throw new TypeError(`createDataFrame: row ${row} is an object where row 0 is an array`)
    return Object.entries(record)
  }
  if (width === undefined) throw new TypeError(`createDataFrame: row ${row} is an array where row 0 is an object`)
  if (record.length !== width) {
    throw new TypeError(
      `createDataFrame: row ${row} has ${record.length} values for ${width === 1 ? '1 column' : `${width} columns`}`,
    )
  }
  return record.map((value, i) => [names?.[i] ?? `_${i + 1}`, value])
}

const structOf = (guesses: ReadonlyMap<string, Guess | null>, path: string): StructType =>
  new StructType(
    [...guesses].map(([name, guess]) => {
      const type = guess && settled(guess.type, `${path}${name}`)
      if (!type || type.kind === 'void') throw unknownType(`${path}${name}`)
      return new StructField(name, type)
    }),
  )

const unknownType = (path: string): TypeError =>
  new TypeError(
    `createDataFrame: column '${path}' holds nothing that tells its type; give a schema: 'a string, b int' ` +
      'or types.struct({ a: types.string, b: types.int })',
  )

/** Refuses what is still unknown within a type: an array that was always empty, say. */
const settled = (type: DataType, path: string): DataType => {
  const inner =
    type instanceof ArrayType
      ? [type.elementType]
      : type instanceof MapType
        ? [type.keyType, type.valueType]
        : type instanceof StructType
          ? type.fields.map(({ dataType }) => dataType)
          : []
  for (const each of inner) {
    if (each.kind === 'void') throw unknownType(path)
    settled(each, path)
  }
  return type
}

/** Spark's own default for decimals of unknown size, which PySpark takes as well. */
const anyDecimal = types.decimal(38, 18)

const guessOf = (value: unknown, place: Place): Guess => ({ type: typeIn(value, place), place })

const typeIn = (value: unknown, place: Place): DataType => {
  if (isAbsent(value)) return types.void
  if (typeof value === 'number') return typeOfValue(value) === types.integer ? types.integer : types.double
  if (value instanceof Decimal) return anyDecimal
  const element = elementTypeOf(value)
  if (element) return new ArrayType(element)
  if (Array.isArray(value)) return new ArrayType(common(value, { ...place, path: `${place.path}.element` }))
  if (value instanceof Map) {
    const key = common([...value.keys()], { ...place, path: `${place.path}.key` })
    return new MapType(key, common([...value.values()], { ...place, path: `${place.path}.value` }))
  }
  if (isPlainObject(value)) {
    const fields = Object.entries(value).map(
      ([name, item]) => new StructField(name, typeIn(item, { ...place, path: `${place.path}.${name}` })),
    )
    return new StructType(fields)
  }
  try {
    return typeOfValue(value)
  } catch {
    throw new TypeError(
      `createDataFrame: row ${place.row}, column '${place.path}': the type of ${describeValue(value)} is not known; give a schema`,
    )
  }
}

const isPlainObject = (value: unknown): value is Readonly<Record<string, unknown>> => {
  if (typeof value !== 'object' || value === null) return false
  const prototype = Object.getPrototypeOf(value)
  return prototype === null || prototype === Object.prototype
}

const common = (values: readonly unknown[], place: Place): DataType =>
  values.map((value) => guessOf(value, place)).reduce(merged, { type: types.void, place }).type

/** The type that holds the values of both. *Errors:* TypeError where there is none. */
function merged(known: Guess | null, next: Guess): Guess {
  if (known === null || known.type.kind === 'void') return next
  const type = widened(known.type, next.type)
  if (type) return { type, place: known.place }
  const { row, path } = next.place
  throw new TypeError(
    `createDataFrame: row ${row}, column '${path}' is ${next.type} where row ${known.place.row} has ${known.type}; ` +
      'give a schema, or values of one kind',
  )
}

const widened = (a: DataType, b: DataType): DataType | undefined => {
  if (a.kind === 'void' || a.equals(b)) return b
  if (b.kind === 'void') return a
  const isNumber = (type: DataType) => type.kind === 'integer' || type.kind === 'double'
  if (isNumber(a) && isNumber(b)) return types.double
  if (a instanceof ArrayType && b instanceof ArrayType) {
    const element = widened(a.elementType, b.elementType)
    return element && new ArrayType(element)
  }
  if (a instanceof MapType && b instanceof MapType) {
    const [key, item] = [widened(a.keyType, b.keyType), widened(a.valueType, b.valueType)]
    return key && item && new MapType(key, item)
  }
  return a instanceof StructType && b instanceof StructType ? widenedStruct(a, b) : undefined
}

/** The fields of both, in the order in which they appear. */
const widenedStruct = (a: StructType, b: StructType): StructType | undefined => {
  const fields = new Map<string, DataType>(a.fields.map(({ name, dataType }) => [name, dataType]))
  for (const { name, dataType } of b.fields) {
    const type = widened(fields.get(name) ?? types.void, dataType)
    if (!type) return undefined
    fields.set(name, type)
  }
  return new StructType([...fields].map(([name, type]) => new StructField(name, type)))
}
