import type { ReportData } from './data.ts'

/** Local seconds (as if the zone were UTC) of a UTC second; the offset is asked once an hour. */
export function zoneClock(timezone: string): (unix: number) => number {
  if (timezone === 'UTC') return (unix) => unix
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: timezone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  const offsets = new Map<number, number>()
  return (unix) => {
    const hour = Math.floor(unix / 3600)
    let offset = offsets.get(hour)
    if (offset === undefined) {
      const parts = Object.fromEntries(
        format.formatToParts(hour * 3_600_000).map((part) => [part.type, Number(part.value)]),
      )
      offset =
        Date.UTC(parts.year!, parts.month! - 1, parts.day, parts.hour, parts.minute, parts.second) / 1000 - hour * 3600
      offsets.set(hour, offset)
    }
    return unix + offset
  }
}

/** Plays by hour, day or week, whichever gives a chart that can be read. */
export class OverTime {
  readonly #unit: 'hour' | 'day' | 'week'
  readonly #seconds: number
  readonly #counts = new Map<number, number>()

  constructor(clock: (unix: number) => number, firstUnix: number | null, lastUnix: number | null) {
    const days = firstUnix === null || lastUnix === null ? 0 : (clock(lastUnix) - clock(firstUnix)) / 86_400
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
    return { unit: this.#unit, points }
  }
}
