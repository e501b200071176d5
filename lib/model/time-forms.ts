import { monthNames, weekdayNames, zoneNames } from './time-words.ts'

/*
 * What written times look like, as regular expressions that Java and JavaScript read alike. Spark reads times by them, and the
 * inspection of a file recognises them.
 */

// An offset beyond ±18:00 makes Spark raise an error instead of a null, so it does not count as a time here.
const offset = '[+-](?:0\\d|1[0-7]):?(?:00|15|30|45)'
const clock = '\\d{1,2}:\\d{2}(?::\\d{2}(?:[.,]\\d{1,9})?)? ?(?:[AaPp]\\.?[Mm]\\.?)?'

/** Microseconds and nanoseconds since 1970. */
export const fineEpochPattern = '1\\d{15}|1\\d{18}'

/** Milliseconds of 1976 that are a day and a time of day to everybody: `201406161159`. */
export const compactMinute = '(?:19|20)\\d\\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\\d|3[01])(?:[01]\\d|2[0-3])[0-5]\\d(?!\\d)'

/** What a column with the day alone looks like. */
export const dayPattern = '(?:\\d{4}[-/.]\\d{1,2}[-/.]\\d{1,2}|\\d{1,2}[-/.]\\d{1,2}[-/.]\\d{4})'
/** What a column with the time of day alone looks like. */
export const clockPattern = `${clock} ?(?:Z|z|UTC|GMT|${offset})?`
/**
 * The usual forms of a whole time, without groups: `1402943314` (s), `1402943314000` (ms), `2023-01-01 12:30:45`,
 * `01/01/2023 12:30:45 PM`, `2023-01-01T12:30Z`, `01/01/2023`, `31.12.2023 8:05` … Behind a day alone, `-11:59` is a time of day.
 */
export const timePattern = `(?:\\d{9,10}(?:\\.\\d{1,9})?|\\d{13}|(?!${compactMinute})\\d{12}|${fineEpochPattern}|${dayPattern}(?:(?:[Tt]|,? +)${clockPattern}| ?(?:Z|z|UTC|GMT))?)`

/** Year, month or day, day or month, hour, minute, second, a/p, zone, separator, in one order for both ways to write a day. */
const tail = `(?:(?:[Tt]|,? +)(\\d{1,2}):(\\d{2})(?::(\\d{2}(?:[.,]\\d{1,9})?))? ?([AaPp])?(?:\\.?[Mm]\\.?)? ?(Z|z|UTC|GMT|${offset})?| ?(?:Z|z|UTC|GMT))?`
export const yearFirst = `^(\\d{4})[-/.](\\d{1,2})[-/.](\\d{1,2})${tail}$`
export const yearLast = `^(\\d{1,2})([-/.])(\\d{1,2})[-/.](\\d{4})${tail}$`

/** No written time is longer. */
export const maxTimeLength = 80

const oneOf = (words: Iterable<string>) =>
  [...new Set(words)]
    .sort((a, b) => b.length - a.length || (a < b ? -1 : 1))
    .map((word) => word.replace(/[.]/g, '\\.'))
    .join('|')

/** The last name of a month in a text: what is before it, and the name. A full stop behind it belongs to it. */
export const monthPattern = `^(.*)(?<!\\p{L})(${oneOf(monthNames.flat())})(?!\\p{L})\\.?`

/** Every kind of space, and marks of the writing direction. */
export const spacePattern = '[\\s\\u00a0\\u2000-\\u200f\\u202f\\u205f\\u3000]+'
/** The words for the halves of the day that stand before the time of day, and that time. */
export const halfBefore = {
  am: '(?:上午|午前|오전) ?([\\d:.時时点시分분 ]+)',
  pm: '(?:下午|午後|오후) ?([\\d:.時时点시分분 ]+)',
} as const

/** A form of time that is not among the usual ones, in the text that `tidied` makes, and its groups in the order of `timeParts`. */
export interface TimeForm {
  readonly pattern: string
  readonly template: string
}

/** Patterns of groups with names, which become numbers: Java's `$1` knows no names that repeat. */
class Groups {
  readonly #byPart = new Map<string, number[]>()
  #count = 0

  group(part: string, pattern: string): string {
    this.#count += 1
    this.#byPart.set(part, [...(this.#byPart.get(part) ?? []), this.#count])
    return `(${pattern})`
  }

  get last(): number {
    return this.#count
  }

  /** A group that did not take part is empty, so the one that did is what they hold together. */
  template(parts: readonly string[]): string {
    return parts.map((part) => (this.#byPart.get(part) ?? []).map((number) => `$${number}`).join('')).join('|')
  }
}

/** The parts of a time, as `TimeForm` gives them, with `|` between them. */
export const timeParts = ['year', 'first', 'second', 'hour', 'minute', 'seconds', 'half', 'zone', 'separator'] as const

const ordinal = '(?:st|nd|rd|th|er|re|[.ºª°])?'
const of = "(?:de |del |of |d['’])?"
const weekday = `(?:(?:${oneOf(weekdayNames)})\\.?,? ?)?`
const at = '(?:(?:at|à|um|om|ore|alle ore|alle|a las|a la|às|as|kl|kl\\.|klo|o|в) )?'
const seconds = '\\d{2}(?:[.,]\\d{1,9})?'

function numericDay(g: Groups): string {
  const yearFirst = `${g.group('year', '\\d{4}')}[-/. 年년]{1,2}~?${g.group('first', '\\d{1,2}')}[-/. 月월]{1,2}${g.group('second', '\\d{1,2}')}[日일]?`
  const first = g.group('first', '\\d{1,2}')
  const separator = g.group('separator', '[-/.]')
  // Of two numbers before and after a dash the year could be either.
  const yearLast = `${first}${separator} ?${g.group('second', '\\d{1,2}')}\\${g.last - 1} ?${g.group('year', '\\d{4}|(?<!-|- )\\d{2}')}`
  return `${yearFirst}|${yearLast}`
}

/** The day, where `~04` stands for a month by name. */
function dayOf(g: Groups): string {
  const dayMonth = `${g.group('second', '\\d{1,2}')}${ordinal}[-/ ]{0,2}${of}~${g.group('first', '\\d{2}')}[-/., ]{0,2}${of}'?${g.group('year', '\\d{4}|\\d{2}')}(?: ?г\\.?| года)?`
  const monthDay = `~${g.group('first', '\\d{2}')}[-/ ]?${g.group('second', '\\d{1,2}')}${ordinal}[-/, ]{1,2}${g.group('year', '\\d{4}')}`
  return `(?:le |den |am |el |il |on )?(?:${dayMonth}|${monthDay}|${numericDay(g)})`
}

function clockOf(g: Groups): string {
  const half = () => `(?:${g.group('half', '[ap]')}(?:\\.? ?m\\.?)?)?`
  const minutes = `${g.group('hour', '\\d{1,2}')}(?: ?[:.h時时点시] ?| uhr )${g.group('minute', '\\d{2}')}(?:(?:[:.m]|分|분 ?)(?:${g.group('seconds', seconds)})?[s秒초]?)?`
  const whole = `${minutes} ?(?:uhr|hrs?|h)?\\.? ?${half()}`
  const dashed = `${g.group('hour', '\\d{2}')}-${g.group('minute', '\\d{2}')}-${g.group('seconds', '\\d{2}')}`
  const hourAlone = `${g.group('hour', '\\d{1,2}')} ?(?:${g.group('half', '[ap]')}\\.? ?m\\.?|uhr|h|[時时点]|시)`
  return `(?:${whole}|${dashed}|${hourAlone})`
}

function zoneOf(g: Groups): string {
  const offsetOf = `(?:utc|gmt)?${g.group('zone', '[+-](?:0\\d|1[0-7])(?::?(?:00|15|30|45))?')}|(?:utc|gmt)${g.group('zone', '[+-]\\d(?!\\d)')}`
  return `(?: ?[(]?(?:${offsetOf}|${g.group('zone', names)})[)]?(?: ?[(][^)]*[)]| ?\\[[^\\]]*\\])?)?`
}

const names = oneOf(zoneNames)

function formsOf(): readonly TimeForm[] {
  const form = (build: (g: Groups) => string): TimeForm => {
    const groups = new Groups()
    return { pattern: `^${weekday}${build(groups)}$`, template: groups.template(timeParts) }
  }
  const year = '(?:19|20)\\d{2}'
  return [
    // 5 April 2010, 11:59 · 20/Feb/2018:12:07:37 -0500 · Apr 5, 2010 11:59 am · 21.2.23 21h02 · 2014-06-16-11:59
    form((g) => `${dayOf(g)}(?:(?:[ ,t:_@–-]+${at}|(?<=[日일]))${clockOf(g)}${zoneOf(g)}| ?(?:z|utc|gmt))?`),
    // 20140616 · 20140616T115900Z · 201406161159
    form((g) => {
      const day = `${g.group('year', year)}${g.group('first', '\\d{2}')}${g.group('second', '\\d{2}')}`
      const compact = `[t _-]?${g.group('hour', '\\d{2}')}${g.group('minute', '\\d{2}')}(?:${g.group('seconds', seconds)})?`
      return `${day}(?:(?:${compact}|[t ,_-]+${clockOf(g)})${zoneOf(g)})?`
    }),
    // 11:59, 5 April 2010 (UTC)
    form((g) => `${clockOf(g)}(?:[ ,–-]+)${weekday}${dayOf(g)}${zoneOf(g)}`),
    // Mon Jun 16 11:59:00 CEST 2014
    form(
      (g) =>
        `~${g.group('first', '\\d{2}')} ${g.group('second', '\\d{1,2}')} ${clockOf(g)}${zoneOf(g)} ${g.group('year', '\\d{4}')}`,
    ),
  ]
}

/** The forms of times besides the usual ones. A text has at most one of them. */
export const otherTimeForms = formsOf()

/** The number of days since 1899-12-30 that a spreadsheet keeps for a moment of the years 1954 to 2064. */
export const serialPattern = '[2-5]\\d{4}(?:[.,]\\d{1,12})?'
