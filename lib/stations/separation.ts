import type { PlayLog, StationLog } from './play-log.ts'
import { quantile } from './quantile.ts'
import type { Within } from './repeats.ts'

/** Question 4: do acts stand far enough apart? Minutes between an act's spins in a row, where no gap lies between them. */
export interface Separation {
  readonly pairs: number
  readonly pairsAcrossGaps: number
  readonly medianMinutes: number | null
  readonly minMinutes: number | null
  /** Within 30, 60 and 90 minutes. */
  readonly withinMinutes: readonly Within[]
  /** Shortest time first. */
  readonly list: readonly {
    readonly artist: string
    readonly songBefore: string
    readonly unixBefore: number
    readonly song: string
    readonly unix: number
  }[]
  /** All within the largest limit, of which the list shows the shortest. */
  readonly total: number
}

const limits = [30, 60, 90]
const listed = 50

/** @param guests whether an act that is a guest is on air as well */
export function separationOf(log: PlayLog, station: StationLog, { guests }: { readonly guests: boolean }): Separation {
  const { times, titles, coverage } = station
  const last = new Map<number, number>()
  const seconds: number[] = []
  const close: { act: number; a: number; b: number }[] = []
  const near = new Set<number>()
  let across = 0
  for (let b = 0; b < times.length; b++) {
    for (const act of actsOn(log, station, b, guests)) {
      const a = last.get(act)
      last.set(act, b)
      if (a === undefined) continue
      if (coverage.stretch[a] !== coverage.stretch[b]) {
        across++
        continue
      }
      const between = times[b]! - times[a]!
      seconds.push(between)
      if (between <= limits.at(-1)! * 60) close.push({ act, a, b })
    }
  }
  const between = ({ a, b }: { a: number; b: number }) => times[b]! - times[a]!
  close.sort((x, y) => between(x) - between(y) || x.b - y.b || x.act - y.act)
  const sorted = Float64Array.from(seconds).sort()
  const minutes = (value: number | null) => (value === null ? null : value / 60)
  const withinMinutes = limits.map((limit) => {
    near.clear()
    for (const each of close) if (between(each) <= limit * 60) near.add(each.b)
    return { limit, spins: near.size, share: near.size / times.length }
  })
  return {
    pairs: sorted.length,
    pairsAcrossGaps: across,
    medianMinutes: minutes(quantile(sorted, 0.5)),
    minMinutes: minutes(sorted[0] ?? null),
    withinMinutes,
    list: close.slice(0, listed).map(({ act, a, b }) => ({
      artist: log.acts[act]!,
      songBefore: log.titles[titles[a]!]!.song,
      unixBefore: times[a]!,
      song: log.titles[titles[b]!]!.song,
      unix: times[b]!,
    })),
    total: close.length,
  }
}

function actsOn(log: PlayLog, station: StationLog, position: number, withGuests: boolean): Iterable<number> {
  const act = log.actOf[station.titles[position]!]!
  const own = act < 0 ? [] : [act]
  const guests = withGuests ? station.guests(position) : undefined
  return guests ? new Set([...own, ...guests]) : own
}
