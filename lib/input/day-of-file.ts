import { basename } from 'node:path'
import { monthNames } from '../model/time-words.ts'

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

/**
 * The day that a text names, as `2014-06-16`: the only one in it, and written so that day and month cannot be taken for each other.
 */
export function dayNamed(text: string): string | undefined {
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
  const byTitle = dayNamed(above.join('\n'))
  return byTitle === undefined ? undefined : { day: byTitle, by: 'title' }
}
