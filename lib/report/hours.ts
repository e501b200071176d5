const hour = 3600
const silentHours = 24

/**
 * Plays per hour of the day, of one station: the mean over the hours that its log covers.
 *
 * A log covers the hours from its first play to its last. A day or more without a play is a gap in the log, and what comes
 * after it begins anew; a shorter silence counts as such. So a first or last day of a few hours does not make the others
 * look quiet. An hour of the day that is never covered is null.
 */
export class HoursOfDay {
  readonly #plays = new Map<number, number>()

  /** Takes the plays of the hour that begins at this second. */
  add(hourUnix: number, plays: number): void {
    this.#plays.set(hourUnix, (this.#plays.get(hourUnix) ?? 0) + plays)
  }

  /** `clock` gives the local second of a second of UTC. */
  perHour(clock: (unix: number) => number): (number | null)[] {
    const plays = Array<number>(24).fill(0)
    const covered = Array<number>(24).fill(0)
    let next: number | undefined
    for (const [begin, count] of [...this.#plays].sort(([a], [b]) => a - b)) {
      const isGap = next === undefined || begin - next >= silentHours * hour
      for (let at = isGap ? begin : next!; at <= begin; at += hour) covered[hourOfDay(clock(at))]! += 1
      plays[hourOfDay(clock(begin))]! += count
      next = begin + hour
    }
    return plays.map((count, i) => (covered[i] === 0 ? null : count / covered[i]!))
  }
}

function hourOfDay(local: number): number {
  return Math.floor((((local % 86_400) + 86_400) % 86_400) / hour)
}
