import type { PlayLog, StationLog } from './play-log.ts'

export interface Neighbour {
  readonly callsign: string
  /** Cosine of the angle between the stations' spins by act, and by title: 1 is the same mix. */
  readonly acts: number
  readonly titles: number
}

/** An act that tells two stations apart. */
export interface Difference {
  readonly artist: string
  /** Spins here and there. */
  readonly here: number
  readonly there: number
  /** Log odds over their standard deviation: positive means typical of this station. */
  readonly score: number
}

/** Question 12: who sounds like us, and what sets us apart? */
export interface Likeness {
  /** Nearest first, by acts. */
  readonly nearest: readonly (Neighbour & { readonly differences: readonly Difference[] })[]
}

const neighbours = 3
const differencesShown = 12

/** Spins by number of act or title. */
interface Mix {
  readonly numbers: Int32Array
  readonly spins: Float64Array
  /** Length of the vector, and the sum of its parts. */
  readonly norm: number
  readonly sum: number
}

function mixOf(positions: Iterable<readonly [number, readonly number[]]>): Mix {
  const entries = [...positions]
  const spins = Float64Array.from(entries, ([, each]) => each.length)
  return {
    numbers: Int32Array.from(entries, ([number]) => number),
    spins,
    norm: Math.sqrt(spins.reduce((sum, each) => sum + each * each, 0)),
    sum: spins.reduce((sum, each) => sum + each, 0),
  }
}

/** What `likenessOf` needs of the whole log, made once: spins of each station by act and by title, without unknown acts. */
export function mixesOf({ stations, actOf, acts }: PlayLog) {
  const byTitle = stations.map(({ spinsOf }) => mixOf([...spinsOf].filter(([title]) => actOf[title]! >= 0)))
  const byAct = stations.map(({ spinsOfAct }) => mixOf(spinsOfAct))
  const all = new Float64Array(acts.length)
  for (const { numbers, spins } of byAct) {
    for (let i = 0; i < numbers.length; i++) all[numbers[i]!] = all[numbers[i]!]! + spins[i]!
  }
  return { byTitle, byAct, all }
}

/** Null: the log has one station only. */
export function likenessOf(log: PlayLog, station: StationLog, mixes: ReturnType<typeof mixesOf>): Likeness | null {
  if (log.stations.length < 2) return null
  const here = log.stations.indexOf(station)
  const byActs = cosinesTo(mixes.byAct, here, log.acts.length)
  const byTitles = cosinesTo(mixes.byTitle, here, log.titles.length)
  const nearest = log.stations
    .map(({ callsign }, there) => ({ there, callsign, acts: byActs[there]!, titles: byTitles[there]! }))
    .filter(({ there }) => there !== here)
    .sort((a, b) => b.acts - a.acts || (a.callsign < b.callsign ? -1 : 1))
    .slice(0, neighbours)
  return {
    nearest: nearest.map(({ there, ...neighbour }) => ({
      ...neighbour,
      differences: differences(log, mixes.byAct[here]!, mixes.byAct[there]!, mixes.all),
    })),
  }
}

function cosinesTo(mixes: readonly Mix[], here: number, size: number): number[] {
  const own = bySpins(mixes[here]!, size)
  return mixes.map(({ numbers, spins, norm }) => {
    let dot = 0
    for (let i = 0; i < numbers.length; i++) dot += spins[i]! * own[numbers[i]!]!
    const norms = norm * mixes[here]!.norm
    return norms === 0 ? 0 : dot / norms
  })
}

function bySpins({ numbers, spins }: Mix, size: number): Float64Array {
  const all = new Float64Array(size)
  for (let i = 0; i < numbers.length; i++) all[numbers[i]!] = spins[i]!
  return all
}

/**
 * Log odds with an informative Dirichlet prior, the spins of all stations (Monroe, Colaresi and Quinn 2008, "Fightin' Words",
 * equations 16, 20 and 22).
 */
function differences(log: PlayLog, here: Mix, there: Mix, prior: Float64Array): Difference[] {
  const [ofHere, ofThere] = [bySpins(here, log.acts.length), bySpins(there, log.acts.length)]
  const sumPrior = prior.reduce((sum, spins) => sum + spins, 0)
  return [...new Set([...here.numbers, ...there.numbers])]
    .map((act) => {
      const [a, b] = [ofHere[act]!, ofThere[act]!]
      const alpha = prior[act]!
      const odds = (spins: number, of: number) => Math.log((spins + alpha) / (of + sumPrior - spins - alpha))
      const score = (odds(a, here.sum) - odds(b, there.sum)) / Math.sqrt(1 / (a + alpha) + 1 / (b + alpha))
      return { artist: log.acts[act]!, here: a, there: b, score: Number.isFinite(score) ? score : 0 }
    })
    .sort((a, b) => Math.abs(b.score) - Math.abs(a.score) || (a.artist < b.artist ? -1 : 1))
    .slice(0, differencesShown)
}
