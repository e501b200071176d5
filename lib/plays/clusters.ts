/** Two names that may mean the same, and why. */
export interface Edge {
  readonly a: string
  readonly z: string
  readonly rule: string
  /** 0 to 1. */
  readonly score: number
  /** How many titles both are played with. */
  readonly shared: number
}

/** A name as clusters need it. */
export interface Member {
  readonly key: string
  readonly plays: bigint
  /** Members with different ids are never one; null is unknown. */
  readonly id?: string | null
}

export interface Label {
  /** The most played member of the cluster. */
  readonly canonical: string
  /** The rule of the weakest step from the member to the canonical one. */
  readonly method: string
  readonly score: number
}

export interface RefusedEdge {
  readonly edge: Edge
  readonly why: 'kept apart by hand' | 'different ids' | 'cluster too large'
}

export interface Clusters {
  /** Of members that are in a cluster with others; the canonical one is not listed. */
  readonly labels: ReadonlyMap<string, Label>
  readonly refused: readonly RefusedEdge[]
}

export interface ClusterOptions {
  /** Pairs that are never in one cluster, however they are connected. */
  readonly different?: readonly (readonly [string, string])[]
  /** Edges that would make a larger cluster are refused. Default: 30: no act has more spellings, a chain of errors has. */
  readonly maxSize?: number
}

/** Text order that is the same everywhere. */
const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

/**
 * Groups names by their edges, the surest first, as Kruskal builds a spanning forest.
 *
 * An edge that would join two names that are kept apart, or two different ids, or make a cluster too large, is refused: of a
 * chain between two such names, that is its weakest edge. The result does not depend on the order of `edges`.
 * *Cost:* O(n log n) in memory, milliseconds for 200,000 edges.
 */
export function cluster(members: readonly Member[], edges: readonly Edge[], options: ClusterOptions = {}): Clusters {
  const maxSize = options.maxSize ?? 30
  const member = new Map(members.map((m) => [m.key, m]))
  const parent = new Map<string, string>()
  const size = new Map<string, number>()
  const ids = new Map<string, string>()
  const apart = new Map<string, Set<string>>()
  const root = (key: string): string => {
    let top = key
    for (let next = parent.get(top); next !== undefined; next = parent.get(top)) top = next
    for (let at = key; at !== top; ) {
      const next = parent.get(at)!
      parent.set(at, top)
      at = next
    }
    return top
  }
  for (const { key, id } of members) if (id) ids.set(key, id)
  for (const [a, b] of options.different ?? []) {
    if (!apart.has(a)) apart.set(a, new Set())
    if (!apart.has(b)) apart.set(b, new Set())
    apart.get(a)!.add(b)
    apart.get(b)!.add(a)
  }

  const sorted = [...edges].sort(
    (x, y) =>
      y.score - x.score || y.shared - x.shared || compare(x.a, y.a) || compare(x.z, y.z) || compare(x.rule, y.rule),
  )
  const refused: RefusedEdge[] = []
  const tree = new Map<string, { to: string; edge: Edge }[]>()
  const connect = (from: string, to: string, edge: Edge) => {
    const list = tree.get(from)
    if (list) list.push({ to, edge })
    else tree.set(from, [{ to, edge }])
  }
  for (const edge of sorted) {
    const [a, z] = [root(edge.a), root(edge.z)]
    if (a === z) continue
    const idA = ids.get(a)
    const idZ = ids.get(z)
    const total = (size.get(a) ?? 1) + (size.get(z) ?? 1)
    // `apart` holds roots: it is moved along when clusters join.
    if (apart.get(a)?.has(z)) refused.push({ edge, why: 'kept apart by hand' })
    else if (idA !== undefined && idZ !== undefined && idA !== idZ) refused.push({ edge, why: 'different ids' })
    else if (total > maxSize) refused.push({ edge, why: 'cluster too large' })
    else {
      const [kept, gone] = (size.get(a) ?? 1) >= (size.get(z) ?? 1) ? [a, z] : [z, a]
      parent.set(gone, kept)
      size.set(kept, total)
      const id = idA ?? idZ
      if (id !== undefined) ids.set(kept, id)
      for (const other of apart.get(gone) ?? []) {
        apart.get(other)!.delete(gone)
        apart.get(other)!.add(kept)
        if (!apart.has(kept)) apart.set(kept, new Set())
        apart.get(kept)!.add(other)
      }
      connect(edge.a, edge.z, edge)
      connect(edge.z, edge.a, edge)
    }
  }
  return { labels: labelTrees(tree, member), refused }
}

/** Walks each tree from its most played member outwards; the weakest edge so far labels what is behind it. */
function labelTrees(
  tree: ReadonlyMap<string, readonly { readonly to: string; readonly edge: Edge }[]>,
  member: ReadonlyMap<string, Member>,
): Map<string, Label> {
  const labels = new Map<string, Label>()
  const seen = new Set<string>()
  const byPlays = [...tree.keys()].sort((x, y) => {
    const [a, b] = [member.get(x)?.plays ?? 0n, member.get(y)?.plays ?? 0n]
    return a === b ? compare(x, y) : a > b ? -1 : 1
  })
  for (const canonical of byPlays) {
    if (seen.has(canonical)) continue
    seen.add(canonical)
    const queue: { key: string; method: string; score: number }[] = [
      { key: canonical, method: '', score: Number.POSITIVE_INFINITY },
    ]
    for (let step = queue.shift(); step; step = queue.shift()) {
      for (const { to, edge } of tree.get(step.key) ?? []) {
        if (seen.has(to)) continue
        seen.add(to)
        const weakest = edge.score < step.score ? { method: edge.rule, score: edge.score } : step
        labels.set(to, { canonical, method: weakest.method, score: weakest.score })
        queue.push({ key: to, method: weakest.method, score: weakest.score })
      }
    }
  }
  return labels
}
