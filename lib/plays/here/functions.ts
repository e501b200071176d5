import { createHash } from 'node:crypto'
import { midnightOf, utcOf } from './moments.ts'
import { expanded, patternOf } from './patterns.ts'

/** A value of a row: text, number, flag, list or struct. Moments are seconds since 1970, days are days since 1970. */
export type Value = string | number | bigint | boolean | null | readonly Value[] | { readonly [name: string]: Value }

type Function = (...values: readonly Value[]) => Value

const text = (value: Value | undefined) => value as string
const number = (value: Value | undefined) => Number(value)
const list = (value: Value | undefined) => value as readonly Value[]

/** A number of one kind for both sides: Spark makes an int beside a bigint a bigint. */
const arithmetic =
  (ofBig: (a: bigint, b: bigint) => bigint, ofNumbers: (a: number, b: number) => number): Function =>
  (a, b) => {
    const isWhole = [a, b].every((each) => typeof each === 'bigint' || Number.isInteger(each))
    return isWhole && [a, b].some((each) => typeof each === 'bigint')
      ? ofBig(BigInt(a as bigint), BigInt(b as bigint))
      : ofNumbers(number(a), number(b))
  }

// `==` compares a bigint with a number by value.
const isEqual: Function = (a, b) => (typeof a === typeof b ? a === b : number(a) === number(b))
const codePoints = (value: Value | undefined) => [...text(value)]

function splitAt(whole: string, pattern: string, limit: number): string[] {
  const parts: string[] = []
  let from = 0
  for (const match of whole.matchAll(patternOf(pattern, 'g'))) {
    if (limit > 0 && parts.length === limit - 1) break
    parts.push(whole.slice(from, match.index))
    from = match.index + match[0].length
  }
  return [...parts, whole.slice(from)]
}

function beforeNth(whole: string, mark: string, nth: number): string {
  const parts = whole.split(mark)
  return nth > 0 ? parts.slice(0, nth).join(mark) : parts.slice(nth).join(mark)
}

function makeTimestamp(...values: readonly Value[]): Value {
  const [year, month, day, hour, minute, second] = values.slice(0, 6).map(number)
  const midnight = midnightOf(year!, month!, day!)
  if (midnight === null || hour! > 23 || minute! > 59 || second! > 60) return null
  return utcOf(midnight + hour! * 3600 + minute! * 60 + second!, text(values[6]))
}

const dateOf = (days: Value | undefined) => new Date(number(days) * 86_400_000)

/** Functions of Spark that are null as soon as one argument is. */
export const strictFunctions: Readonly<Record<string, Function>> = {
  '=': isEqual,
  '<': (a, b) => (a as number) < (b as number),
  '<=': (a, b) => (a as number) <= (b as number),
  '>': (a, b) => (a as number) > (b as number),
  '>=': (a, b) => (a as number) >= (b as number),
  '!': (a) => a !== true,
  '+': arithmetic(
    (a, b) => a + b,
    (a, b) => a + b,
  ),
  '-': arithmetic(
    (a, b) => a - b,
    (a, b) => a - b,
  ),
  '*': arithmetic(
    (a, b) => a * b,
    (a, b) => a * b,
  ),
  div: arithmetic(
    (a, b) => a / b,
    (a, b) => Math.trunc(a / b),
  ),
  pmod: arithmetic(
    (a, b) => ((a % b) + b) % b,
    (a, b) => ((a % b) + b) % b,
  ),
  round: (a) => Math.round(number(a)),
  array_join: (all, mark) =>
    list(all)
      .filter((each) => each !== null)
      .join(text(mark)),
  concat: (...all) => all.join(''),
  contains: (whole, part) => text(whole).includes(text(part)),
  startswith: (whole, part) => text(whole).startsWith(text(part)),
  endswith: (whole, part) => text(whole).endsWith(text(part)),
  date_from_unix_date: (days) => days!,
  year: (days) => dateOf(days).getUTCFullYear(),
  month: (days) => dateOf(days).getUTCMonth() + 1,
  day: (days) => dateOf(days).getUTCDate(),
  get: (all, at) => list(all)[number(at)] ?? null,
  element_at: (all, at) => list(all)[number(at) - 1] ?? null,
  left: (whole, count) => codePoints(whole).slice(0, number(count)).join(''),
  length: (whole) => codePoints(whole).length,
  octet_length: (whole) => Buffer.byteLength(text(whole)),
  lower: (whole) => text(whole).toLowerCase(),
  upper: (whole) => text(whole).toUpperCase(),
  trim: (whole) => text(whole).replace(/^ +| +$/g, ''),
  regexp_extract: (whole, pattern, group) => text(whole).match(patternOf(text(pattern)))?.[number(group)] ?? '',
  regexp_replace: (whole, pattern, by) =>
    text(whole).replace(patternOf(text(pattern), 'g'), (...match) => expanded(text(by), match as string[])),
  rlike: (whole, pattern) => patternOf(text(pattern)).test(text(whole)),
  replace: (whole, from, to) => text(whole).replaceAll(text(from), () => text(to)),
  sha2: (whole, bits) =>
    createHash(`sha${number(bits)}`)
      .update(text(whole))
      .digest('hex'),
  size: (all) => list(all).length,
  slice: (all, from, count) => list(all).slice(number(from) - 1, number(from) - 1 + number(count)),
  split: (whole, pattern, limit) => splitAt(text(whole), text(pattern), number(limit)),
  split_part: (whole, mark, nth) => text(whole).split(text(mark))[number(nth) - 1] ?? '',
  substring_index: (whole, mark, nth) => beforeNth(text(whole), text(mark), number(nth)),
  timestamp_seconds: (seconds) => number(seconds),
  to_utc_timestamp: (moment, zone) => utcOf(number(moment), text(zone)),
  try_make_timestamp: makeTimestamp,
  unix_seconds: (moment) => BigInt(Math.floor(number(moment))),
}

const isPresent = (value: Value) => value !== null

/** Functions of Spark that know what to do with nulls. */
export const nullFunctions: Readonly<Record<string, Function>> = {
  array: (...all) => all,
  concat_ws: (mark, ...all) => all.flat().filter(isPresent).join(text(mark)),
  in: (value, ...all) => {
    if (value === null) return null
    return all.some((each) => isPresent(each) && isEqual(value!, each)) || (all.every(isPresent) ? false : null)
  },
  isNull: (value) => value === null,
  isNotNull: (value) => value !== null,
  nullif: (value, other) => (isPresent(value!) && isPresent(other!) && isEqual(value!, other!) ? null : value!),
}

/** What Spark's casts make of a value. */
export const casts: Readonly<Record<string, (value: Value) => Value>> = {
  bigint: (value) => (value === null ? null : typeof value === 'string' ? wholeOf(value, 63n) : BigInt(number(value))),
  int: (value) => {
    const whole = typeof value === 'string' ? wholeOf(value, 31n) : value
    return whole === null ? null : number(whole)
  },
  double: (value) => {
    const read = typeof value === 'string' && value.trim() === '' ? Number.NaN : number(value)
    return value === null || Number.isNaN(read) ? null : read
  },
  'decimal(8, 6)': (value) => (value === null ? null : Math.round(number(value) * 1e6) / 1e6),
  string: (value) => (value === null ? null : String(value)),
  'array<string>': (value) => value,
}

function wholeOf(written: string, bits: bigint): bigint | null {
  const plain = written.trim()
  if (!/^[+-]?\d+$/.test(plain)) return null
  const whole = BigInt(plain.replace('+', ''))
  return whole < 2n ** bits && whole >= -(2n ** bits) ? whole : null
}
