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

const decimalKey = (value: Decimal): string =>
  value
    .toString()
    .replace(/(\.\d*?)0+$/, '$1')
    .replace(/\.$/, '')

/** A text that two values share exactly when they are equal by value: dates by day, decimals whatever their scale. */
export const valueKey = (value: unknown): string => {
  if (typeof value === 'string') return JSON.stringify(value)
  if (typeof value === 'number' || typeof value === 'bigint') return `n${value}`
  if (typeof value !== 'object' || value === null) return String(value)
  if (value instanceof Decimal) return `n${decimalKey(value)}`
  if (value instanceof LocalDate) return `d${value.days}`
  if (value instanceof Timestamp) return `t${value.micros}`
  if (value instanceof Date) return `t${value.getTime()}000`
  if (value instanceof LocalDateTime) return `l${value.micros}`
  if (value instanceof LocalTime) return `c${value.nanos}`
  if (value instanceof YearMonthInterval) return `m${value.months}`
  if (value instanceof DayTimeInterval) return `u${value.micros}`
  if (value instanceof CalendarInterval) return `i${value.months},${value.days},${value.micros}`
  if (value instanceof Geo) return `g${value.srid},${Buffer.from(value.wkb).toString('hex')}`
  if (value instanceof Uint8Array) return `b${Buffer.from(value).toString('hex')}`
  if (Array.isArray(value)) return `[${value.map(valueKey).join()}]`
  const fields = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${fields.map(([name, item]) => `${JSON.stringify(name)}:${valueKey(item)}`).join()}}`
}

/**
 * A Map whose keys are compared by value: `map.get(LocalDate.parse('2024-01-01'))` finds the entry of that day.
 *
 * Maps of rows are of this class where their keys are objects in JavaScript (DATE, DECIMAL, STRUCT, BINARY, …).
 * *Cost:* the first look-up writes the keys as text once.
 */
export class ValueMap<K, V> extends Map<K, V> {
  #index: Map<string, K> | undefined

  constructor(entries: Iterable<readonly [K, V]> = []) {
    super()
    for (const [key, value] of entries) this.set(key, value)
  }

  /** The key of the entry that is equal by value. */
  #own(key: K): K | undefined {
    this.#index ??= new Map([...super.keys()].map((own) => [valueKey(own), own]))
    return this.#index.get(valueKey(key))
  }

  override get(key: K): V | undefined {
    const own = this.#own(key)
    return own === undefined ? undefined : super.get(own)
  }
  override has(key: K): boolean {
    return this.#own(key) !== undefined
  }
  override set(key: K, value: V): this {
    const own = this.#own(key)
    if (own === undefined) this.#index?.set(valueKey(key), key)
    return super.set(own ?? key, value)
  }
  override delete(key: K): boolean {
    const own = this.#own(key)
    if (own === undefined) return false
    this.#index?.delete(valueKey(key))
    return super.delete(own)
  }
  override clear(): void {
    this.#index = undefined
    super.clear()
  }
}

/** A Map of keys and items from one place of two lists up to another. Keys that are objects are found by value. */
export const mapOf = (
  keys: ArrayLike<unknown>,
  items: ArrayLike<unknown>,
  from: number,
  to: number,
): Map<unknown, unknown> => {
  const isObject = from < to && typeof keys[from] === 'object'
  const map: Map<unknown, unknown> = isObject ? new ValueMap() : new Map()
  // Without the index: Spark's keys are different already.
  for (let j = from; j < to; j++) Map.prototype.set.call(map, keys[j], items[j])
  return map
}
