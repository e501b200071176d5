import { type Html, html } from '../report/index.ts'
import type { ZoneClock } from '../stations/index.ts'
import type { PlaysOverTime } from '../store/index.ts'
import { count, plural } from '../terminal.ts'

const day = 86_400
const width = 760
const height = 120
const bottom = 100
/** More bars than these are too thin to see; then a bar is a week, a month or a year. */
const maxBars = 120

/** Plays of a day, week, month or year of the zone, with the empty ones between. */
export interface Period {
  readonly label: string
  readonly plays: number
}

/** Plays by day, or by as many days as make at most 120 bars: a week, a month, a year. */
export function periodsOf(plays: readonly PlaysOverTime[], clock: ZoneClock): readonly Period[] {
  if (plays.length === 0) return []
  const byDay = new Map<number, number>()
  for (const { unix, plays: some } of plays) {
    const number = Math.floor(clock(Number(unix)) / day)
    byDay.set(number, (byDay.get(number) ?? 0) + Number(some))
  }
  const days = [...byDay.keys()]
  const [first, last] = [Math.min(...days), Math.max(...days)]
  const span = last - first + 1
  const dateOf = (number: number) => new Date(number * day * 1000).toISOString()
  const label =
    span <= maxBars
      ? (number: number) => dateOf(number).slice(0, 10)
      : span <= 7 * maxBars
        ? // Day 0 was a Thursday; weeks begin on Monday.
          (number: number) => `week of ${dateOf(number - ((((number + 3) % 7) + 7) % 7)).slice(0, 10)}`
        : span <= 30 * maxBars
          ? (number: number) => dateOf(number).slice(0, 7)
          : (number: number) => dateOf(number).slice(0, 4)
  const periods = new Map<string, number>()
  for (let number = first; number <= last; number++) {
    const name = label(number)
    periods.set(name, (periods.get(name) ?? 0) + (byDay.get(number) ?? 0))
  }
  return [...periods].map(([name, some]) => ({ label: name, plays: some }))
}

/** Bars over time. */
export function timeline(periods: readonly Period[]): Html {
  const max = Math.max(...periods.map(({ plays }) => plays), 1)
  const step = width / Math.max(periods.length, 1)
  const bars = periods.map(({ label, plays }, i) => {
    const tall = (plays / max) * (bottom - 16)
    return html`<rect x="${(i * step).toFixed(1)}" y="${(bottom - tall).toFixed(1)}" width="${Math.max(step - 1, 0.5).toFixed(1)}" height="${tall.toFixed(1)}"><title>${label}: ${plural(plays, 'play')}</title></rect>`
  })
  const [first, last] = [periods[0]?.label ?? '', periods.at(-1)?.label ?? '']
  return html`<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="Plays over time, at most ${count(max)} in a bar"><text x="0" y="12">${count(max)}</text>${bars}<text x="0" y="${height - 4}">${first}</text>${last !== first && html`<text x="${width}" y="${height - 4}" text-anchor="end">${last}</text>`}</svg>`
}
