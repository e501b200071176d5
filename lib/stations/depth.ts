import type { PlayLog, StationLog } from './play-log.ts'

/** Question 8: how deep is the library on air? */
export interface Depth {
  /** Share of all spins of the 10, 50, 100 and 500 titles with the most. */
  readonly top: readonly { readonly titles: number; readonly share: number }[]
  /** How many titles played equally often would be as varied: the exponential of the entropy. */
  readonly effectiveTitles: number
  readonly effectiveActs: number
}

const tops = [10, 50, 100, 500]

export function depthOf({ actOf }: PlayLog, { times, spinsOf, spinsOfAct }: StationLog): Depth {
  const ranked = [...spinsOf].filter(([title]) => actOf[title]! >= 0)
  const titles = ranked.map(([, { length }]) => length).sort((a, b) => b - a)
  return {
    top: tops.map((size) => ({
      titles: size,
      share: titles.slice(0, size).reduce((sum, spins) => sum + spins, 0) / times.length,
    })),
    effectiveTitles: effectiveNumber(titles),
    effectiveActs: effectiveNumber([...spinsOfAct.values()].map(({ length }) => length)),
  }
}

function effectiveNumber(counts: readonly number[]): number {
  const sum = counts.reduce((a, b) => a + b, 0)
  if (sum === 0) return 0
  return Math.exp(-counts.reduce((entropy, each) => entropy + (each / sum) * Math.log(each / sum), 0))
}
