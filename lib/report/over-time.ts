import type { ZoneClock } from '../stations/index.ts'
import type { ReportData } from './data.ts'

/** Plays by hour, day or week, whichever gives a chart that can be read. */
export class OverTime {
  readonly #unit: 'hour' | 'day' | 'week'
  readonly #seconds: number
  readonly #counts = new Map<number, number>()
  readonly #first: number | null
  readonly #last: number | null

  constructor(clock: ZoneClock, firstUnix: number | null, lastUnix: number | null) {
    this.#first = firstUnix === null ? null : clock(firstUnix)
    this.#last = lastUnix === null ? null : clock(lastUnix)
    const days = ((this.#last ?? 0) - (this.#first ?? 0)) / 86_400
    this.#unit = days < 4 ? 'hour' : days <= 370 ? 'day' : 'week'
    this.#seconds = { hour: 3600, day: 86_400, week: 604_800 }[this.#unit]
  }

  add(local: number, plays: number): void {
    const slot = this.#slot(local)
    this.#counts.set(slot, (this.#counts.get(slot) ?? 0) + plays)
  }

  // Weeks begin on Mondays; day 0 of the epoch was a Thursday.
  #slot(local: number): number {
    return Math.floor((this.#unit === 'week' ? local + 3 * 86_400 : local) / this.#seconds)
  }

  points(): ReportData['overTime'] {
    const slots = [...this.#counts.keys()]
    const points: { label: string; plays: number }[] = []
    if (slots.length > 0) {
      let first = Infinity
      let last = -Infinity
      for (const slot of slots) {
        first = Math.min(first, slot)
        last = Math.max(last, slot)
      }
      // A play in a wrong century must not make a million empty columns.
      for (let slot = Math.max(first, last - 2000); slot <= last; slot++) {
        const start = slot * this.#seconds - (this.#unit === 'week' ? 3 * 86_400 : 0)
        const iso = new Date(start * 1000).toISOString()
        points.push({
          label: this.#unit === 'hour' ? `${iso.slice(5, 10)} ${iso.slice(11, 13)}h` : iso.slice(0, 10),
          plays: this.#counts.get(slot) ?? 0,
        })
      }
    }
    return { unit: this.#unit, points, partial: this.#unit === 'hour' ? [] : this.#partial(points) }
  }

  /** A log that begins at six in the morning makes a first day that looks quiet. */
  #partial(points: ReportData['overTime']['points']): string[] {
    const [first, last] = [points[0], points.at(-1)]
    if (!first || !last || this.#first === null || this.#last === null) return []
    const begin = ({ label }: { label: string }) => Date.parse(label) / 1000
    const isLate = this.#first - begin(first) >= 3600
    const isEarly = begin(last) + this.#seconds - this.#last > 3600
    return [...new Set([...(isLate ? [first.label] : []), ...(isEarly ? [last.label] : [])])]
  }
}
