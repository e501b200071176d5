export interface Length {
  readonly ms: number
  readonly source: string
  readonly studio: boolean
  /** From MusicBrainz' data, which other sources are judged by. */
  readonly isReference: boolean
}

export interface AgreedLength {
  readonly ms: number
  /** The sources that agree, `+` between them. */
  readonly source: string
  /** Longest minus shortest of all plausible lengths: a wide one says that versions differ. */
  readonly spreadMs: number
  /** False when a source outside MusicBrainz's data says something more than 10 s apart. */
  readonly agreed: boolean
}

/**
 * One length out of several: those within ±3 s form a group, the group with most sources wins (then most studio
 * recordings, then most lengths, then the shorter), its median is the answer. Only 20 s to 90 min count.
 *
 * When the winner has no MusicBrainz data and differs from MusicBrainz's by more than 10 s, MusicBrainz's is kept.
 */
export function agreeOnLength(lengths: readonly Length[]): AgreedLength | null {
  const sane = lengths.filter((one) => one.ms >= 20_000 && one.ms <= 5_400_000).sort((a, b) => a.ms - b.ms)
  const shortest = sane[0]
  const longest = sane[sane.length - 1]
  if (!shortest || !longest) return null
  const groups = sane.map((centre) => sane.filter((one) => Math.abs(one.ms - centre.ms) <= 3_000))
  const rank = (group: readonly Length[]) => [
    new Set(group.map((one) => one.source)).size,
    group.filter((one) => one.studio).length,
    group.length,
    -(group[0]?.ms ?? 0),
  ]
  const best = (choices: readonly Length[][]) =>
    choices.reduce((winner, group) => (compareRanks(rank(group), rank(winner)) > 0 ? group : winner))
  let winner = best(groups)
  const trusted = groups.filter((group) => group.some((one) => one.isReference))
  if (!winner.some((one) => one.isReference) && trusted.length > 0) {
    const ours = best(trusted)
    if (Math.abs(median(ours) - median(winner)) > 10_000) winner = ours
  }
  const ms = median(winner)
  const agreed = !sane.some((one) => !one.isReference && Math.abs(one.ms - ms) > 10_000)
  const source = [...new Set(winner.map((one) => one.source))].sort().join('+')
  return { ms, source, spreadMs: Math.round(longest.ms - shortest.ms), agreed }
}

function compareRanks(a: readonly number[], b: readonly number[]): number {
  for (let at = 0; at < a.length; at++) {
    const difference = (a[at] ?? 0) - (b[at] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}

function median(sorted: readonly Length[]): number {
  const half = (sorted.length - 1) / 2
  return Math.round(((sorted[Math.floor(half)]?.ms ?? 0) + (sorted[Math.ceil(half)]?.ms ?? 0)) / 2)
}
