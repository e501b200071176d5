/** A number that nobody can know: its mean and its variance. */
export interface Guess {
  readonly mean: number
  readonly variance: number
}

/** Requests that nobody can know, and how many of them are as good as certain. */
export interface Requests extends Guess {
  readonly likely: number
}

export const sure = (count: number): Guess => ({ mean: count, variance: 0 })
/** So many of `count`, each with this chance. */
export const some = (count: number, chance: number): Guess => ({
  mean: count * chance,
  variance: count * chance * (1 - chance),
})
export const none: Requests = { ...sure(0), likely: 0 }
export const sum = (...guesses: readonly Guess[]): Guess => ({
  mean: guesses.reduce((all, one) => all + one.mean, 0),
  variance: guesses.reduce((all, one) => all + one.variance, 0),
})

/** Chance that a normal variable is above `z`. */
function above(z: number): number {
  // Logistic approximation of the normal distribution; off by 0.01 at most.
  return 1 / (1 + Math.exp(1.702 * z))
}

/** A request that is sent in so many of all cases is counted on. */
const asGoodAsCertain = 0.85

/** Requests for that much to ask, `size` of them in one. */
export function requestsFor({ mean, variance }: Guess, size: number): Requests {
  if (variance === 0) {
    const count = Math.ceil(mean / size - 1e-9)
    return { ...sure(count), likely: count }
  }
  const deviation = Math.sqrt(variance)
  const result = { mean: 0, variance: 0, likely: 0 }
  for (let full = 0; ; full += size) {
    // One request more if there are more to ask than these.
    const chance = above((full + 0.5 - mean) / deviation)
    if (chance < 1e-4) return result
    result.mean += chance
    result.variance += chance * (1 - chance)
    if (chance >= asGoodAsCertain) result.likely++
  }
}
