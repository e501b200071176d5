import { coveredWithin } from './coverage.ts'
import type { PlayLog, StationLog, Title } from './play-log.ts'
import { byName } from './turnover.ts'

/** A title with its spins before and now. */
export interface Change extends Title {
  readonly before: number
  readonly now: number
}

/**
 * Question 10: what is new, what is gone? The last seven days of the log (or its second half, if shorter) against as long a
 * time before.
 */
export interface Changes {
  readonly beforeUnix: number
  readonly nowUnix: number
  readonly endUnix: number
  /** Three spins or more now and none before, most first; and the other way round. */
  readonly added: readonly Change[]
  readonly dropped: readonly Change[]
  /** Titles of both periods with the largest change of spins. */
  readonly changed: readonly Change[]
}

const day = 86_400
const longest = 7 * day
const enoughCovered = 4 * day
const enoughSpins = 3
const listed = 30

/** Null: there are not four covered days on each side. */
export function changesOf({ titles, actOf }: PlayLog, { times, coverage, spinsOf }: StationLog): Changes | null {
  const endUnix = times.at(-1)!
  const length = Math.min(longest, (endUnix - times[0]!) / 2)
  const nowUnix = endUnix - length
  const beforeUnix = nowUnix - length
  const covered = (from: number, to: number) => coveredWithin(times, coverage, from, to)
  if (covered(beforeUnix, nowUnix) < enoughCovered || covered(nowUnix, endUnix) < enoughCovered) return null
  const all: Change[] = []
  for (const [title, spins] of spinsOf) {
    if (actOf[title]! < 0) continue
    const now = spins.filter((spin) => times[spin]! > nowUnix).length
    const before = spins.filter((spin) => times[spin]! >= beforeUnix && times[spin]! <= nowUnix).length
    if (now + before > 0) all.push({ ...titles[title]!, before, now })
  }
  const size = ({ before, now }: Change) => Math.abs(now - before)
  all.sort((a, b) => size(b) - size(a) || byName(a, b))
  return {
    beforeUnix,
    nowUnix,
    endUnix,
    added: all.filter(({ before, now }) => before === 0 && now >= enoughSpins).slice(0, listed),
    dropped: all.filter(({ before, now }) => now === 0 && before >= enoughSpins).slice(0, listed),
    changed: all.filter((each) => each.before > 0 && each.now > 0 && size(each) > 0).slice(0, listed),
  }
}
