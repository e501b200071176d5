export interface ArtistCandidate {
  readonly mbid: string
  /** From `artistScore`. */
  readonly score: number
  /** How many of our titles this artist has recorded. */
  readonly titles: number
  /** How well known: site links or listens; breaks ties only. */
  readonly weight: number
}

export interface ChosenArtist {
  readonly mbid: string
  readonly score: number
  /** True when several acts carry the name and our titles do not tell them apart. */
  readonly ambiguous: boolean
  readonly method: 'name' | 'name+titles' | 'weight'
}

/**
 * Which of several acts of one name is ours, or null.
 *
 * One that carries the name (≥ 0.95) alone is taken; a near spelling (0.90) needs a title of ours. Of several the one with
 * most of our titles wins if it has at least three or twice as many as the next; else the best known, marked ambiguous.
 */
export function chooseArtist(candidates: readonly ArtistCandidate[]): ChosenArtist | null {
  const strong = candidates.filter((one) => one.score >= 0.95)
  const fitting = strong.length > 0 ? strong : candidates.filter((one) => one.score >= 0.9 && one.titles > 0)
  const sorted = [...fitting].sort(
    (a, b) => b.titles - a.titles || b.weight - a.weight || b.score - a.score || (a.mbid < b.mbid ? -1 : 1),
  )
  const [first, second] = sorted
  if (!first) return null
  if (!second)
    return { mbid: first.mbid, score: first.score, ambiguous: false, method: first.titles > 0 ? 'name+titles' : 'name' }
  const decided = first.titles > second.titles && (first.titles >= 3 || first.titles >= 2 * second.titles)
  if (decided) return { mbid: first.mbid, score: first.score, ambiguous: false, method: 'name+titles' }
  const known =
    [...fitting].sort((a, b) => b.weight - a.weight || b.titles - a.titles || (a.mbid < b.mbid ? -1 : 1))[0] ?? first
  return { mbid: known.mbid, score: known.score, ambiguous: true, method: 'weight' }
}
