import type { PlayLog, StationLog, Title } from './play-log.ts'
import { quantile } from './quantile.ts'
import { byName } from './turnover.ts'
import { dayOf, hourOf } from './zone-clock.ts'

/** Question 5: does a title walk through the day? */
export interface Rotation {
  /** Titles with at least eight spins, most spins first; share: hours of the day in which it was heard before one came again, of 24. */
  readonly exposure: readonly (Title & { readonly spins: number; readonly hours: number; readonly share: number })[]
  /** The median of the shares; null where no title has eight spins. */
  readonly medianShare: number | null
  /** Spins of a title that was also heard in the same hour of the day before. */
  readonly vertical: { readonly spins: number; readonly share: number }
}

const enoughSpins = 8

export function rotationOf({ titles, actOf }: PlayLog, { local, times, spinsOf }: StationLog): Rotation {
  const exposure: Rotation['exposure'][number][] = []
  let vertical = 0
  for (const [title, spins] of spinsOf) {
    if (actOf[title]! < 0) continue
    const heard = new Set<number>()
    for (const spin of spins) {
      const hour = dayOf(local[spin]!) * 24 + hourOf(local[spin]!)
      if (heard.has(hour - 24)) vertical++
      heard.add(hour)
    }
    if (spins.length < enoughSpins) continue
    const hours = hoursBeforeRepeat(spins.map((spin) => hourOf(local[spin]!)))
    exposure.push({ ...titles[title]!, spins: spins.length, hours, share: hours / 24 })
  }
  exposure.sort((a, b) => b.spins - a.spins || byName(a, b))
  const shares = exposure.map(({ share }) => share).sort((a, b) => a - b)
  return { exposure, medianShare: quantile(shares, 0.5), vertical: { spins: vertical, share: vertical / times.length } }
}

function hoursBeforeRepeat(hours: readonly number[]): number {
  const heard = new Set<number>()
  for (const hour of hours) {
    if (heard.has(hour)) break
    heard.add(hour)
  }
  return heard.size
}
