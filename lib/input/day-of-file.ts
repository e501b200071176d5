import { basename } from 'node:path'
import { monthNames } from '../model/time-words.ts'
import { normalName } from './column-names.ts'

const digits = (from: string) => `(?<!\\d)${from}(?!\\d)`
const year = '((?:19|20)\\d{2})'
const [two, month] = ['(0[1-9]|[12]\\d|3[01])', '(0[1-9]|1[0-2])']

const monthByName = new Map(monthNames.flatMap((names, i) => names.map((name) => [name, i + 1] as const)))
const forms: readonly { readonly form: RegExp; readonly order: 'ymd' | 'dmy' }[] = [
  { form: new RegExp(digits(`${year}([-_. ]?)${month}\\2${two}`), 'g'), order: 'ymd' },
  { form: new RegExp(digits(`${two}(\\.)${month}\\.${year}`), 'g'), order: 'dmy' },
]
const named =
  /(?<!\d)(\d{1,2})\.? (?:de )?(\p{L}{3,})\.? (?:de )?((?:19|20)\d{2})(?!\d)|(?<!\p{L})(\p{L}{3,})\.? (\d{1,2}),? ((?:19|20)\d{2})(?!\d)/gu

// Words beside a day on which the plays of a file need not have been, as `normalName` makes them.
const otherDays =
  /(?<!\p{L})(weeks?|weekly|until|till|through|thru|since|export(ed|iert)?|print(ed)?|generated|created|updated|downloaded|woche|wochen|kw|bis|seit|stand|gedruckt|erstellt|semaine|jusqu|depuis|imprime|exporte|semana|hasta|desde|exportado|settimana|fino|dal|stampato|tot|vanaf|vecka|uge|uke|tydzien)(?!\p{L})/u

/** `2014-06-16_17`, `16-17.06.2014`, `15. to 17 June 2014`: the other day of a range has no year of its own. */
function namesRange(text: string): boolean {
  const behind = new RegExp(`${year}[-_. ]?${month}[-_. ]?${two}(?: ?[-–_+&] ?|_?to_?| to )${two}(?!\\d)`, 'g')
  const before =
    /(?<!\d)(\d{1,2})(?:\.? ?[–+&] ?|\. ?- ?|-| to | and | und )(\d{1,2})(?:\.(?:0\d|1[0-2])\.|\.? (?:de )?\p{L}{3,}\.? (?:de )?)(?:19|20)\d{2}/gu
  return (
    [...text.matchAll(behind)].some(([, , , from, to]) => Number(from) < Number(to)) ||
    [...text.matchAll(before)].some(([, from, to]) => Number(from) < Number(to))
  )
}

/**
 * The day that a text names, as `2014-06-16`: the only one in it, and written so that day and month cannot be taken for each other.
 * None where the text says that it is another day than that of the plays, or one of several.
 */
export function dayNamed(text: string): string | undefined {
  if (otherDays.test(normalName(text)) || namesRange(text)) return undefined
  const days = new Set<string>()
  for (const { form, order } of forms) {
    for (const [, a, , b, c] of text.matchAll(form)) days.add(order === 'ymd' ? `${a}-${b}-${c}` : `${c}-${b}-${a}`)
  }
  const two = (value: number | string) => String(value).padStart(2, '0')
  for (const [, day, name, y, otherName, otherDay, otherYear] of text.matchAll(named)) {
    const number = monthByName.get((name ?? otherName)!.toLowerCase())
    if (number !== undefined) days.add(`${y ?? otherYear}-${two(number)}-${two((day ?? otherDay)!)}`)
  }
  const [only, ...others] = [...days].filter((day) => !Number.isNaN(Date.parse(day)))
  return others.length === 0 ? only : undefined
}

/** The day of all plays of a file: by its name, or else by the lines above its names of columns. */
export function dayOfFile(
  label: string,
  above: readonly string[],
): { readonly day: string; readonly by: 'name' | 'title' } | undefined {
  const byName = dayNamed(basename(label))
  if (byName !== undefined) return { day: byName, by: 'name' }
  const byTitle = dayNamed(above.filter((line) => !otherDays.test(normalName(line))).join('\n'))
  return byTitle === undefined ? undefined : { day: byTitle, by: 'title' }
}
