/** What the number format of a cell makes of its number: a day (with a clock or without), a time of day, or a length of time. */
export type NumberKind = 'date' | 'moment' | 'clock' | 'duration' | 'number'

const builtIn: Readonly<Record<number, NumberKind>> = {
  ...Object.fromEntries([14, 15, 16, 17, 27, 28, 29, 30, 31, 34, 35, 36].map((id) => [id, 'date'])),
  ...Object.fromEntries([50, 51, 52, 53, 54, 55, 56, 57, 58].map((id) => [id, 'date'])),
  ...Object.fromEntries([18, 19, 20, 21, 32, 33, 45, 47].map((id) => [id, 'clock'])),
  22: 'moment',
  46: 'duration',
}

/** The kind of a number format by its id, or by its code where the workbook defines it: `dd.mm.yyyy hh:mm`. */
export function numberKind(id: number, code: string | undefined): NumberKind {
  if (code === undefined) return builtIn[id] ?? 'number'
  const [first = ''] = code.replace(/"[^"]*"|\\.|_.|\*./g, '').split(';')
  if (/\[(h+|m+|s+)\]/i.test(first)) return 'duration'
  const letters = first.replace(/\[[^\]]*\]/g, '').replace(/am\/pm|a\/p/gi, 'h')
  // Digits stand behind seconds only: `0.00E+00` and `# ##0 DM` are numbers.
  if (/[0#?]/.test(letters.replace(/s\.0+/gi, 's')) || !/[dmyhs]/i.test(letters)) return 'number'
  const hasClock = /[hs]/i.test(letters)
  if (/[dy]/i.test(letters)) return hasClock ? 'moment' : 'date'
  return hasClock ? 'clock' : 'date'
}

const dayMs = 86_400_000
const daysTo1970 = 25_569
const days1904 = 1_462
// 31 December 9999.
const maxDay = 2_958_465

/** The number of a cell as text: as it stands, or as the time that it means. */
export function numberText(text: string, kind: NumberKind, is1904: boolean): string {
  const value = Number(text)
  if (kind === 'number' || !Number.isFinite(value) || value < 0 || value > maxDay) return plainNumber(text, value)
  if (kind === 'duration' || value < 1 || (kind === 'clock' && value < 2)) return clock(Math.round(value * dayMs))
  // Excel believes in a 29 February 1900.
  const day = is1904 ? value + days1904 : value < 60 ? value + 1 : value
  const [date, time] = new Date(Math.round((day - daysTo1970) * dayMs)).toISOString().slice(0, -1).split('T')
  const shortTime = time!.replace(/\.000$/, '')
  return kind === 'date' && shortTime === '00:00:00' ? date! : `${date} ${shortTime}`
}

function clock(ms: number): string {
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0')
  const rest = ms % 1000
  const fraction = rest === 0 ? '' : `.${String(rest).padStart(3, '0')}`
  return `${two(ms / 3_600_000)}:${two((ms / 60_000) % 60)}:${two((ms / 1000) % 60)}${fraction}`
}

/** Without exponents, and without the dust of binary fractions: `4.4000000000000004` is 4.4, `1.40327992E9` 1403279920. */
function plainNumber(text: string, value: number): string {
  if (/^-?\d+$/.test(text) || !Number.isFinite(value)) return text
  const short = String(Number(value.toPrecision(15)))
  return short.length <= 13 || /e/i.test(text) ? short : text
}
