/*
 * What the values of a column can be, judged by their form.
 */

import { isOtherTime } from './time-text.ts'

/** Whether the text is a moment or a day: Unix seconds and the like, three numbers of a date, or a date with words. */
export function isTime(text: string): boolean {
  const value = text.trim()
  const isEpoch = /^\d{9,10}(\.\d+)?$|^\d{12,13}$|^1(\d{15}|\d{18})$/.test(value)
  return isEpoch || /^\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}([T ,].*)?$/.test(value) || isOtherTime(value)
}

/** Whether the text is a time of day or a length: `04:26`, `8:05:00 pm`, `20.15`. */
export function isClock(text: string): boolean {
  return /^\d{1,3}[:.]\d{2}([:.]\d{2}([.,]\d+)?)?( ?[ap]\.?m\.?)?$/i.test(text.trim())
}

/** Whether the text can be some time, also one that is not understood yet: it has digits and is not a lone small number. */
export function canBeTime(text: string): boolean {
  const value = text.trim()
  return isTime(value) || isClock(value) || (/^[^/]*\d.*\d/.test(value) && /[-:/., ]/.test(value))
}

/** Whether the text can be a name: it has letters, and is not a time. (Titles that are numbers are rare in a column of titles.) */
export function canBeName(text: string): boolean {
  return /\p{L}/u.test(text) && !isTime(text)
}

/** Whether at least half of the values pass; false without values. */
export function mostly(values: readonly string[], test: (value: string) => boolean): boolean {
  return values.length > 0 && values.filter(test).length * 2 >= values.length
}

/** The values of a column that are not blank. */
export function valuesOf(column: number, data: readonly (readonly string[])[]): string[] {
  return data.map((record) => (record[column] ?? '').trim()).filter((value) => value !== '')
}

const versionTail =
  / [-–—] *((\d{4} )?(digital )?re-?master|live\b|radio\b|single\b|album\b|mono\b|stereo\b|acoustic|unplugged|instrumental|demo\b|bonus|extended|from\b|feat\b)|\b(re-?mix|mix|edit|version|remaster(ed)?)\W*(\d{4})?\W*$/i

/** Whether the text can be "Artist - Title"; what stands behind the only dash of "Heroes - 2017 Remaster" is a version. */
export function holdsBoth(text: string): boolean {
  const [artist, ...title] = text.split(/ [-–—] /)
  if (title.length === 0 || !/[\p{L}\p{N}]/u.test(artist ?? '') || title.join('').trim() === '') return false
  return title.length > 1 || !versionTail.test(text)
}
