import type { PlayField } from '../model/dialect.ts'
import { normalName } from './column-names.ts'
import { holdsBoth, isTime } from './contents.ts'

/** What the columns of a file without names hold. Whatever is not clear stays null. */
export function guessColumns(records: readonly (readonly string[])[]): (PlayField | null)[] {
  const width = records[0]?.length ?? 0
  const columns: (PlayField | null)[] = Array.from({ length: width }, () => null)
  const values = columns.map((_, i) =>
    records.map((record) => (record[i] ?? '').trim()).filter((value) => value !== ''),
  )
  const mostly = (i: number, test: (value: string) => boolean, share = 0.8) =>
    values[i]!.length > 0 && values[i]!.filter(test).length >= share * values[i]!.length
  const distinct = (i: number) => new Set(values[i]).size
  const take = (field: PlayField, test: (i: number) => boolean) => {
    const i = columns.findIndex((taken, index) => taken === null && test(index))
    if (i >= 0) columns[i] = field
    return i
  }
  take('time', (i) => mostly(i, isTime))
  const clock = columns.findIndex((taken, i) => taken === null && mostly(i, (value) => /^\d{1,2}[:.]\d{2}/.test(value)))
  if (clock >= 0 && columns.includes('time')) {
    columns[columns.indexOf('time')] = 'date'
    columns[clock] = 'time'
  }
  take('combined', (i) => mostly(i, (value) => / by /i.test(value)))
  take('unique_id', (i) =>
    records.length >= 2
      ? distinct(i) === records.length && mostly(i, (value) => /^[^\s]*\d[^\s]*$/.test(value), 0.95)
      : false,
  )
  // Most plays are not a first one: a column of ones alone is a number of listeners.
  take('first_play', (i) => mostly(i, (value) => /^[01]$/.test(value), 0.95) && values[i]!.includes('0'))
  take(
    'callsign',
    (i) =>
      mostly(i, (value) => /^[A-Z0-9][A-Z0-9.-]{1,9}$/.test(value)) &&
      distinct(i) * 2 <= Math.max(values[i]!.length, 4),
  )
  const texts = columns.flatMap((taken, i) =>
    taken === null && mostly(i, (value) => /\p{L}/u.test(value), 0.5) ? [i] : [],
  )
  const both = texts.filter((i) => mostly(i, holdsBoth))
  if (both.length === 1) {
    columns[both[0]!] = 'artist_title'
    return columns
  }
  const [a, b] = texts
  if (a === undefined || b === undefined || texts.length !== 2) return columns
  const songFirst = orderOfNames(records, a, b, columns, distinct)
  if (songFirst !== undefined) {
    columns[a] = songFirst ? 'raw_song' : 'raw_artist'
    columns[b] = songFirst ? 'raw_artist' : 'raw_song'
  }
  return columns
}

/** Which of two text columns is the song: by `song by artist` beside them, by the publisher's order, or by repetition (acts repeat more). */
function orderOfNames(
  records: readonly (readonly string[])[],
  a: number,
  b: number,
  columns: readonly (PlayField | null)[],
  distinct: (i: number) => number,
): boolean | undefined {
  const combined = columns.indexOf('combined')
  if (combined >= 0) {
    const same = (first: string, second: string, record: readonly string[]) =>
      normalName(`${first} by ${second}`) === normalName(record[combined] ?? '')
    const forward = records.filter((record) => same(record[a] ?? '', record[b] ?? '', record)).length
    const backward = records.filter((record) => same(record[b] ?? '', record[a] ?? '', record)).length
    if (forward !== backward) return forward > backward
  }
  if (a === 0 && b === 1 && columns[2] === 'callsign' && (columns[3] === 'time' || columns[3] === 'date')) return true
  if (records.length < 50) return undefined
  if (distinct(b) < 0.7 * distinct(a)) return true
  if (distinct(a) < 0.7 * distinct(b)) return false
  return undefined
}
