/** One group of plays: the cluster it was put in, the label it should have, and how many they are. */
export interface Labelled {
  /** Null for plays that got no name: they count as recall 0. */
  readonly cluster: string | null
  readonly label: string
  readonly plays: number
}

/** Precision, recall and F1 of a clustering. */
export interface BCubed {
  readonly precision: number
  readonly recall: number
  readonly f1: number
}

/** A label that was split, or a cluster that was merged, with its cost. */
export interface Impurity {
  /** The label that was split, or the cluster that was merged. */
  readonly name: string
  /** Play units that this costs: what recall (of a split) or precision (of a merge) loses, times all plays. */
  readonly cost: number
  /** What it was split into, or merged from, the most played first. */
  readonly parts: readonly { readonly name: string; readonly plays: number }[]
}

/**
 * Row-weighted B-cubed (Bagga and Baldwin 1998): for each play, precision is the share of its cluster that has its label,
 * recall the share of its label that is in its cluster; both are averaged over plays, F1 is of the means.
 */
export function bCubed(groups: readonly Labelled[]): BCubed {
  const { cells, byCluster, byLabel, plays } = tabulate(groups)
  let precision = 0
  let recall = 0
  for (const { cluster, label, plays: n } of cells) {
    precision += n * (cluster === null ? 1 : n / byCluster.get(cluster)!)
    if (cluster !== null) recall += n * (n / byLabel.get(label)!)
  }
  precision = plays === 0 ? 1 : precision / plays
  recall = plays === 0 ? 1 : recall / plays
  return { precision, recall, f1: precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall) }
}

/** The labels whose splitting costs most recall, at most `most`. */
export function worstSplits(groups: readonly Labelled[], most: number): Impurity[] {
  const { cells, byLabel } = tabulate(groups)
  return worst(
    cells,
    byLabel,
    (cell) => cell.label,
    (cell) => cell.cluster ?? '(no name)',
    most,
  )
}

/** The clusters whose merging costs most precision, at most `most`. */
export function worstMerges(groups: readonly Labelled[], most: number): Impurity[] {
  const { cells, byCluster } = tabulate(groups)
  const named = cells.filter((cell) => cell.cluster !== null)
  return worst(
    named,
    byCluster,
    (cell) => cell.cluster!,
    (cell) => cell.label,
    most,
  )
}

function tabulate(groups: readonly Labelled[]) {
  const cells = new Map<string, { cluster: string | null; label: string; plays: number }>()
  const byCluster = new Map<string, number>()
  const byLabel = new Map<string, number>()
  let plays = 0
  for (const group of groups) {
    const place = JSON.stringify([group.cluster, group.label])
    const cell = cells.get(place)
    if (cell) cell.plays += group.plays
    else cells.set(place, { ...group })
    if (group.cluster !== null) byCluster.set(group.cluster, (byCluster.get(group.cluster) ?? 0) + group.plays)
    byLabel.set(group.label, (byLabel.get(group.label) ?? 0) + group.plays)
    plays += group.plays
  }
  return { cells: [...cells.values()], byCluster, byLabel, plays }
}

function worst(
  cells: readonly Labelled[],
  totals: ReadonlyMap<string, number>,
  nameOf: (cell: Labelled) => string,
  partOf: (cell: Labelled) => string,
  most: number,
): Impurity[] {
  const parts = new Map<string, { name: string; plays: number }[]>()
  for (const cell of cells) {
    const name = nameOf(cell)
    const part = { name: partOf(cell), plays: cell.plays }
    if (parts.has(name)) parts.get(name)!.push(part)
    else parts.set(name, [part])
  }
  return [...parts]
    .map(([name, list]) => {
      const total = totals.get(name)!
      const kept = list.reduce((sum, part) => sum + (part.plays * part.plays) / total, 0)
      return { name, cost: total - kept, parts: list.sort((a, b) => b.plays - a.plays || (a.name < b.name ? -1 : 1)) }
    })
    .filter(({ cost }) => cost > 1e-9)
    .sort((a, b) => b.cost - a.cost || (a.name < b.name ? -1 : 1))
    .slice(0, most)
}

/** A name without case, accents, punctuation, brackets and a leading "the": what "names right" compares. */
export function bareName(name: string): string {
  return name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{M}+/gu, '')
    .replace(/^the\s+/, '')
    .replace(/[^\p{L}\p{N}]+/gu, '')
}
