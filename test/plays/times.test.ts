import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { isTime } from '../../lib/input/contents.ts'
import { monthNames, weekdayNames } from '../../lib/model/time-words.ts'
import { type LineDialect, type ParsedPlay, parseHere, parsePlays } from '../../lib/plays/index.ts'
import { spark, stopSpark } from './evaluate.ts'

afterAll(stopSpark)

const plain: LineDialect = { delimiter: '\t', columns: ['time', 'raw_artist', 'raw_song'], hasHeader: true }

/** What the texts are read as, in their order; null for those that are refused. */
async function moments(texts: readonly string[], timezone = 'UTC', dialect = plain): Promise<(string | null)[]> {
  const lines = texts.map((text, i) => ({ value: `a.tsv\u001f${i + 2}\u001f${text}\tZZ Top\tLegs` }))
  const frame = await (await spark()).createDataFrame<{ value: string }>(lines, 'value string')
  const options = { station: 'KGB', timezone }
  const rows = await frame.transform(parsePlays(dialect, options)).collect()
  // What --inspect shows is what Spark reads.
  rows.sort((a, b) => Number(a.source_line! - b.source_line!))
  expect(parseHere(dialect, options)(lines.map(({ value }) => value))).toEqual(rows)
  const byLine = new Map<bigint, ParsedPlay>(rows.map((row) => [row.source_line!, row]))
  return texts.map((_, i) => {
    const { time_unix, reason } = byLine.get(BigInt(i + 2))!
    expect(reason === null).toBe(time_unix !== null)
    return time_unix === null ? null : new Date(Number(time_unix) * 1000).toISOString().slice(0, 19)
  })
}

interface Form {
  readonly text: string
  /** UTC; null: refused. */
  readonly want: string | null
  readonly zone?: string
}
const form = (text: string, want: string | null, zone?: string): Form => ({ text, want, ...(zone ? { zone } : {}) })
const noon = '2014-06-16T11:59:00'

const forms: readonly Form[] = [
  // Numbers
  form('1402919940', noon),
  form('1402919940.25', noon),
  form('1402919940000', noon),
  form('1402919940000000', noon),
  form('1402919940000000000', noon),
  form('41806.4993055556', noon),
  form('41806,5', '2014-06-16T12:00:00'),
  form('43476', '2019-01-11T00:00:00'),
  form('45123.251388', '2023-07-16T06:02:00'),
  form('41806.5', '2014-06-16T10:00:00', 'Europe/Amsterdam'),
  // Year, month, day
  form('2014-06-16', '2014-06-16T00:00:00'),
  form('2014-06-16 11:59', noon),
  form('2014-06-16T11:59:00.123456Z', noon),
  form('2014-06-16T13:59:00+02:00', noon),
  form('2014-06-16 13:59:00+02', noon),
  form('2014-06-16 07:59:00 -0400', noon),
  form('2014-06-16T13:59:00+02:00[Europe/Amsterdam]', noon),
  form('2014-06-16 13:59:00 Europe/Amsterdam', noon),
  form('2014/06/16 11.59', noon),
  form('2014.06.16 11:59:00', noon),
  form('2014-06-16_11-59-00', noon),
  form('2014-06-16-11.59.00.000000', noon),
  form('20140616', '2014-06-16T00:00:00'),
  form('20140616T115900Z', noon),
  form('20140616T1359+0200', noon),
  form('20140616 11:59', noon),
  form('20140616115900', noon),
  form('201406161159', noon),
  form('2014年6月16日 11時59分', noon),
  form('2014年6月16日 下午1:59', '2014-06-16T13:59:00'),
  // Behind a day, a dash and a time of day are no zone.
  form('2014-06-16-11:59', '2014-06-16T09:59:00', 'Europe/Amsterdam'),
  form('2014-06-16-17:30', '2014-06-16T17:30:00'),
  form('2014-06-16-18:30', '2014-06-16T18:30:00'),
  // Numbers with the year last
  form('06/16/2014 11:59:00 AM', noon),
  form('16/06/2014 11h59', noon),
  form('16.06.2014 11.59', noon),
  form('16. 6. 2014 11:59', noon),
  form('16-06-2014 11:59 Uhr', noon),
  form('16.6.14 11:59', noon),
  form('06/16/14 11:59', noon),
  form('2/22/23 9:02 PM', '2023-02-22T21:02:00'),
  form('12/31/99', '1999-12-31T00:00:00'),
  // Names of months
  form('16 Jun 2014 11:59', noon),
  form('16 JUNE 2014, 11:59', noon),
  form('16-Jun-2014 11:59:00', noon),
  form('16-Jun-14 11.59.00 AM', noon),
  form('16JUN2014:11:59:00', noon),
  form('Jun 16, 2014 11:59 AM', noon),
  form('June 16th, 2014 at 11:59 a.m.', noon),
  form('Monday, June 16, 2014 11:59', noon),
  form('2014-Jun-16 11:59', noon),
  form('Mon, 16 Jun 2014 11:59:00 GMT', noon),
  form('Mon, 16 Jun 2014 07:59:00 EDT', noon),
  form('16/Jun/2014:06:59:00 -0500', noon),
  form('Mon Jun 16 11:59:00 2014', noon),
  form('Mon Jun 16 13:59:00 CEST 2014', noon),
  form('Mon Jun 16 2014 13:59:00 GMT+0200 (Central European Summer Time)', noon),
  form('11:59, 16 June 2014 (UTC)', noon),
  form('Montag, 16. Juni 2014, 11:59 Uhr', noon),
  form('16. März 2014 11.59', '2014-03-16T11:59:00'),
  form('lundi 16 juin 2014 à 11h59', noon),
  form('mar. 5 août 2014 à 9h05', '2014-08-05T09:05:00'),
  form('16 de junio de 2014 11:59 a. m.', noon),
  form('16 giugno 2014 ore 11.59', noon),
  form('16 de março de 2014 às 11:59', '2014-03-16T11:59:00'),
  form('16 mrt. 2014 om 11:59', '2014-03-16T11:59:00'),
  form('16 maj 2014 kl. 11.59', '2014-05-16T11:59:00'),
  form('16. kesäkuuta 2014 klo 11.59', noon),
  form('16 czerwca 2014 11:59', noon),
  form('16 июня 2014 г. 11:59', noon),
  form('01 SEP 2026', '2026-09-01T00:00:00'),
  // Halves of the day
  form('1/16/2023, 2:10:22\u202fPM', '2023-01-16T14:10:22'),
  form('1/16/2023 2:10:22\u00a0p.\u00a0m.', '2023-01-16T14:10:22'),
  form('16/1/2023 2:10:22 P.M.', '2023-01-16T14:10:22'),
  form('1/16/2023 2 pm', '2023-01-16T14:00:00'),
  form('1/16/2023 12:10a', '2023-01-16T00:10:00'),
  // A broadcast day
  form('2014-06-16 24:00', '2014-06-17T00:00:00'),
  form('2014-06-30 25:10:05', '2014-07-01T01:10:05'),
  form('2014-10-25 27:10', '2014-10-26T02:10:00', 'Europe/Amsterdam'),
  form('31 Dec 2014 26:00', '2015-01-01T02:00:00'),
  // Zones by name
  form('2014-06-16 12:59 BST', noon, 'Europe/London'),
  form('2014-06-16 17:29 IST', noon, 'Asia/Kolkata'),
  form('2014-06-16 06:59 CST', '2014-06-16T12:59:00', 'America/Chicago'),
  // What could be something else, or is nothing, is refused.
  form('2014-06-16 12:59 BST', null),
  form('2014-06-16 12:59 IST', null, 'Europe/Paris'),
  form('2014-06-16 12:59 EST', null, 'Australia/Sydney'),
  form('14-06-16 11:59', null),
  form('16-06-14', null),
  form('12/11/10/09', null),
  form('2014-06-31', null),
  form('31 Jun 2014', null),
  form('2014-06-16 30:00', null),
  form('2014-06-16 11:60', null),
  form('June 2014', null),
  form('16 Jun', null),
  form('11:59', null),
  form('until 16 Jun 2014', null),
  form('16 Mayonnaise 2014', null),
  form('99999', null),
  form('12345', null),
  form('2014', null),
  form('140616', null),
  form('20141361', null),
]

describe('forms of times', () => {
  const key = ({ text, zone = 'UTC' }: Form) => `${text} in ${zone}`
  const read = new Map<string, string | null>()
  beforeAll(async () => {
    for (const zone of new Set(forms.map((each) => each.zone ?? 'UTC'))) {
      const ofZone = forms.filter((each) => (each.zone ?? 'UTC') === zone)
      const found = await moments(
        ofZone.map(({ text }) => text),
        zone,
      )
      ofZone.forEach((each, i) => {
        read.set(key(each), found[i]!)
      })
    }
  })
  test.each(forms.map((each) => [key(each), each.want] as const))('%s is %s', (name, want) => {
    expect(read.get(name)).toBe(want)
  })
})

test('day and time of day in columns of their own, each in a form that is rare', async () => {
  const dialect: LineDialect = { ...plain, columns: ['date', 'time', 'raw_artist', 'raw_song'] }
  const texts = [
    '16 Jun 2014\t11h59',
    '2014-06-16\t11.59 Uhr',
    '16.6.14\t11:59 a. m.',
    '16/06/2014\t24:30',
    '16.6.14\tABBA',
  ]
  expect(await moments(texts, 'UTC', dialect)).toEqual([noon, noon, noon, '2014-06-17T00:30:00', null])
})

test('a word is a name of one month only, and no weekday is a month but mar', () => {
  const names = monthNames.flat()
  expect(new Set(names).size).toBe(names.length)
  expect(weekdayNames.filter((name) => names.includes(name))).toEqual(['mar'])
})

// Each writes a moment in one form; what is written must be read as the moment again.
const two = (n: number) => String(n).padStart(2, '0')
interface Parts {
  readonly y: number
  readonly m: number
  readonly d: number
  readonly h: number
  readonly min: number
  readonly s: number
  readonly name: string
  readonly weekday: string
}
const half = (h: number) => (h < 12 ? 'AM' : 'PM')
const writers: readonly ((parts: Parts) => string)[] = [
  ({ y, m, d, h, min, s }) => `${y}-${two(m)}-${two(d)} ${two(h)}:${two(min)}:${two(s)}`,
  ({ y, m, d, h, min, s }) => `${y}${two(m)}${two(d)}T${two(h)}${two(min)}${two(s)}`,
  ({ y, m, d, h, min, s }) => `${y}.${m}.${d} ${h}.${two(min)}.${two(s)}`,
  ({ y, m, d, h, min, s }) => `${d}.${m}.${y} ${h}h${two(min)}m${two(s)}s`,
  ({ y, m, d, h, min, s }) => `${d}.${m}.${two(y % 100)} ${h}:${two(min)}:${two(s)} Uhr`,
  ({ y, d, h, min, s, name }) => `${d} ${name} ${y} ${h}:${two(min)}:${two(s)}`,
  ({ y, d, h, min, s, name }) => `${name} ${d}, ${y} ${h % 12 || 12}:${two(min)}:${two(s)} ${half(h)}`,
  ({ y, d, h, min, s, name, weekday }) => `${weekday}, ${two(d)} ${name} ${y} ${two(h)}:${two(min)}:${two(s)} GMT`,
  ({ y, d, h, min, s, name }) => `${two(d)}/${name}/${y}:${two(h)}:${two(min)}:${two(s)} +0000`,
  ({ y, d, h, min, s, name, weekday }) => `${weekday} ${name} ${d} ${two(h)}:${two(min)}:${two(s)} UTC ${y}`,
  ({ y, d, h, min, s, name }) => `${two(d)}${name}${y}:${two(h)}:${two(min)}:${two(s)}`,
  ({ y, d, h, min, s, name }) => `${h}:${two(min)}:${two(s)}, ${d} ${name} ${y}`,
  ({ y, m, d, h, min, s }) => String(Date.UTC(y, m - 1, d, h, min, s) / 86_400_000 + 25_569),
  ({ y, m, d, h, min, s }) => `${Date.UTC(y, m - 1, d, h, min, s)}000`,
]

test('a moment that is written in any of these forms is read as that moment', async () => {
  const seed = Number(process.env.TEST_SEED ?? Math.floor(Math.random() * 2 ** 31))
  process.stderr.write(`times: TEST_SEED=${seed}\n`)
  const parts = fc
    .record({
      unix: fc.integer({ min: Date.UTC(2002, 0, 1) / 1000, max: Date.UTC(2033, 0, 1) / 1000 }),
      word: fc.nat(),
      weekday: fc.constantFrom(...weekdayNames.filter((name) => name !== 'mar')),
      writer: fc.nat(writers.length - 1),
      shout: fc.boolean(),
    })
    .map(({ unix, word, weekday, writer, shout }) => {
      const at = new Date(unix * 1000)
      const m = at.getUTCMonth() + 1
      const names = monthNames[m - 1]!
      const name = names[word % names.length]!
      const text = writers[writer]!({
        y: at.getUTCFullYear(),
        m,
        d: at.getUTCDate(),
        h: at.getUTCHours(),
        min: at.getUTCMinutes(),
        s: at.getUTCSeconds(),
        name: shout ? name.toUpperCase() : name,
        weekday,
      })
      return { text, want: at.toISOString().slice(0, 19) }
    })
  const cases = fc.sample(parts, { numRuns: 3_000, seed })
  const found = await moments(cases.map(({ text }) => text))
  expect(cases.flatMap(({ text, want }, i) => (found[i] === want ? [] : [`${text}: ${found[i]}`]))).toEqual([])
})

test('the inspection of a file recognises what is read', () => {
  // Day numbers of spreadsheets are numbers to it: the name of their column says what they are.
  const recognised = forms.filter(({ want, text }) => want !== null && !/^[2-5]\d{4}([.,]\d+)?$/.test(text))
  expect(recognised.filter(({ text }) => !isTime(text)).map(({ text }) => text)).toEqual([])
  for (const text of ['16 Mayonnaise 2014', 'until 16 Jun 2014', 'May', '99 Luftballons', '11:59'])
    expect(isTime(text)).toBe(false)
})
