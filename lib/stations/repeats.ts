import type { PlayLog, StationLog, Title } from './play-log.ts'
import { byName } from './turnover.ts'

export interface Within {
  readonly limit: number
  readonly spins: number
  /** Of all spins of the station. */
  readonly share: number
}

/** Question 3: do we repeat ourselves? A spin counts from the title's spin before it, whatever lies between them. */
export interface Repeats {
  /** Within 1, 3 and 24 hours; the limits belong to them. */
  readonly withinHours: readonly Within[]
  /** Shortest time first: those within the smallest limit that has any, at most so many. */
  readonly list: readonly (Title & { readonly unixBefore: number; readonly unix: number })[]
  /** All within a day, of which the list shows the shortest. */
  readonly total: number
}

const limits = [1, 3, 24]
const listed = 50

export function repeatsOf({ titles, actOf }: PlayLog, { times, spinsOf }: StationLog): Repeats {
  const all: Repeats['list'][number][] = []
  for (const [title, spins] of spinsOf) {
    if (actOf[title]! < 0) continue
    for (let i = 1; i < spins.length; i++) {
      const [unixBefore, unix] = [times[spins[i - 1]!]!, times[spins[i]!]!]
      if (unix - unixBefore <= limits.at(-1)! * 3600) all.push({ ...titles[title]!, unixBefore, unix })
    }
  }
  all.sort((a, b) => a.unix - a.unixBefore - (b.unix - b.unixBefore) || a.unix - b.unix || byName(a, b))
  const withinHours = limits.map((limit) => {
    const spins = all.filter((each) => each.unix - each.unixBefore <= limit * 3600).length
    return { limit, spins, share: spins / times.length }
  })
  return { withinHours, list: all.slice(0, listed), total: all.length }
}
