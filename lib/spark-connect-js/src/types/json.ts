import { Decimal, describeValue, isAbsent, Variant } from './index.ts'

/** How {@link toJson} writes what JSON does not have. */
export interface JsonOptions {
  /**
   * BIGINT as text (`"9007199254740993"`, the default, exact for every reader), as a `number` (RangeError where JavaScript
   * would not read the same number back), or as `digits`: a number of any size, for readers that count exactly.
   */
  readonly bigint?: 'string' | 'number' | 'digits' | undefined
  /** Spaces of indentation; without it everything is on one line. */
  readonly indent?: number | undefined
}

// Not in TypeScript's library yet; Node has it since version 21.
const { rawJSON } = JSON as unknown as { rawJSON(text: string): unknown }

const bigintAs = (value: bigint, as: JsonOptions['bigint']): unknown => {
  if (as === 'digits') return rawJSON(value.toString())
  if (as !== 'number') return value.toString()
  const number = Number(value)
  if (Number.isSafeInteger(number)) return number
  throw new RangeError(`${value} is not exact as a number in JSON; write it with bigint: 'string' or 'digits'`)
}

const isKey = (key: unknown): boolean => {
  if (typeof key !== 'object' || key === null) return true
  return !(Array.isArray(key) || key instanceof Uint8Array || Object.getPrototypeOf(key) === Object.prototype)
}

const plain = (value: unknown, options: JsonOptions): unknown => {
  if (isAbsent(value)) return null
  if (typeof value === 'bigint') return bigintAs(value, options.bigint)
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value)
  if (typeof value !== 'object') return value
  if (value instanceof Variant) return plain(value.get(), options)
  if (value instanceof Decimal) return value.toString()
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64')
  if (Array.isArray(value)) return value.map((item) => plain(item, options))
  if (ArrayBuffer.isView(value))
    return Array.from(value as unknown as ArrayLike<unknown>, (item) => plain(item, options))
  if (value instanceof Map) {
    const entries = [...value]
    return entries.every(([key]) => isKey(key))
      ? Object.fromEntries(entries.map(([key, item]) => [String(key), plain(item, options)]))
      : entries.map(([key, item]) => ({ key: plain(key, options), value: plain(item, options) }))
  }
  if ('toJSON' in value && typeof value.toJSON === 'function') return value.toJSON()
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item, options)]))
}

/**
 * Rows, or any value of a row, as JSON text.
 *
 * | | in JSON |
 * |---|---|
 * | BIGINT | text, or a number: see {@link JsonOptions.bigint} |
 * | DECIMAL | text, exact: `"12.50"` |
 * | dates, times, timestamps, intervals | their text: `"2024-05-01T12:30:00Z"` |
 * | NaN, Infinity | text, as Spark's `to_json` writes them |
 * | BINARY | base64 |
 * | MAP | an object, or `[{ key, value }]` where keys are structs, arrays or binaries |
 * | VARIANT | what it holds |
 *
 * @example
 * toJson(await frame.collect(), { bigint: 'number', indent: 2 })
 */
export const toJson = (value: unknown, options: JsonOptions = {}): string => {
  const { bigint = 'string' } = options
  if (!['string', 'number', 'digits'].includes(bigint)) {
    throw new TypeError(`toJson: bigint is 'string', 'number' or 'digits', not ${describeValue(bigint)}`)
  }
  return JSON.stringify(plain(value, options), undefined, options.indent)
}
