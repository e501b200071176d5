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
  readonly member: string
  /** The most played member of the cluster. */
  readonly canonical: string
  /** The weakest step from the member to the canonical one. */
  readonly weakest: Edge
}

export interface RefusedEdge {
  readonly edge: Edge
  readonly why: WhyApart | 'different ids' | 'cluster too large'
}

export interface Clusters {
  /** Of members that are in a cluster with others; the canonical one is not listed. */
  readonly labels: readonly Label[]
  readonly refused: readonly RefusedEdge[]
}

export interface ClusterOptions {
  /** Pairs that are never in one cluster, however they are connected. */
  readonly different?: readonly (readonly [string, string])[]
  /** Edges that would make a larger cluster are refused. Default: 30: no act has more spellings, a chain of errors has. */
  readonly maxSize?: number
}

/** The rule of edges that a person drew: only another word of a person stands above them. */
export const byHand = 'override'

/** Text order that is the same everywhere. */
const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

const shareOne = (a: ReadonlySet<string>, z: ReadonlySet<string>) => [...a].some((id) => z.has(id))

/** Names and the edges between them. *Memory:* 24 bytes an edge beside the names, so that a million names fit here. */
export class NameGraph {
  readonly #index = new Map<string, number>()
  readonly #keys: string[] = []
  readonly #plays: bigint[] = []
  readonly #ids = new Map<number, string>()
  readonly #sides: (readonly [number, number, WhyApart])[] = []
  readonly #rules: string[] = []
  #edges = 0
  #a = new Uint32Array(1024)
  #z = new Uint32Array(1024)
  #rule = new Uint8Array(1024)
  #score = new Float64Array(1024)
  #shared = new Uint32Array(1024)

  /** Adds a name, or says again what is known of it. */
  member(key: string, plays: bigint, id?: string | null): number {
    const known = this.#index.get(key)
    if (known !== undefined) {
      if (plays > this.#plays[known]!) this.#plays[known] = plays
      if (id) this.#ids.set(known, id)
      return known
    }
    const at = this.#keys.push(key) - 1
    this.#index.set(key, at)
    this.#plays.push(plays)
    if (id) this.#ids.set(at, id)
    return at
  }

  /** Adds an edge between two names; a name that was not added before counts as not played. */
  edge({ a, z, rule, score, shared }: Edge): void {
    const at = this.#edges++
    if (at === this.#a.length) this.#grow()
    this.#a[at] = this.member(a, 0n)
    this.#z[at] = this.member(z, 0n)
    let known = this.#rules.indexOf(rule)
    if (known < 0) known = this.#rules.push(rule) - 1
    this.#rule[at] = known
    this.#score[at] = score
    this.#shared[at] = shared
  }

  /** Says that two names are two, as when a third puts them side by side. What a person says stands above it. */
  sideBySide(a: string, z: string, why: WhyApart = 'named side by side'): void {
    this.#sides.push([this.member(a, 0n), this.member(z, 0n), why])
  }

  playsOf(key: string): bigint {
    const at = this.#index.get(key)
    return at === undefined ? 0n : this.#plays[at]!
  }

  #grow(): void {
    const larger = <T extends Uint32Array | Uint8Array | Float64Array>(old: T, make: new (n: number) => T): T => {
      const array = new make(old.length * 2)
      array.set(old)
      return array
    }
    this.#a = larger(this.#a, Uint32Array)
    this.#z = larger(this.#z, Uint32Array)
    this.#rule = larger(this.#rule, Uint8Array)
    this.#score = larger(this.#score, Float64Array)
    this.#shared = larger(this.#shared, Uint32Array)
  }

  #edgeAt(at: number): Edge {
    return {
      a: this.#keys[this.#a[at]!]!,
      z: this.#keys[this.#z[at]!]!,
      rule: this.#rules[this.#rule[at]!]!,
      score: this.#score[at]!,
      shared: this.#shared[at]!,
    }
  }

  /** The surest edges first; what is equally sure in the order of the text. */
  #inOrder(): Uint32Array {
    const byText = Uint32Array.from(this.#keys.keys()).sort((x, y) => compare(this.#keys[x]!, this.#keys[y]!))
    const place = new Uint32Array(byText.length)
    for (const [i, at] of byText.entries()) place[at] = i
    const [a, z, score, shared] = [this.#a, this.#z, this.#score, this.#shared]
    return Uint32Array.from({ length: this.#edges }, (_, i) => i).sort(
      (x, y) =>
        score[y]! - score[x]! ||
        shared[y]! - shared[x]! ||
        place[a[x]!]! - place[a[y]!]! ||
        place[z[x]!]! - place[z[y]!]! ||
        compare(this.#rules[this.#rule[x]!]!, this.#rules[this.#rule[y]!]!),
    )
  }

  /**
   * Groups the names by their edges, the surest first, as Kruskal builds a spanning forest.
   *
   * An edge that would join two names that are kept apart, or two different ids, or make a cluster too large, is refused: of
   * a chain between two such names, that is its weakest edge. What a person joined has several ids and any size. The result
   * does not depend on the order in which names and edges were added.
   * *Cost:* O(n log n) in memory: milliseconds for 200,000 edges, seconds for millions.
   */
  cluster(options: ClusterOptions = {}): Clusters {
    const maxSize = options.maxSize ?? 30
    const names = this.#keys.length
    const roots = new Roots(names)
    const size = new Uint32Array(names).fill(1)
    const ids = new Map<number, ReadonlySet<string>>()
    for (const [at, id] of this.#ids) ids.set(at, new Set([id]))
    const apart = this.#keptApart(options)

    const refused: RefusedEdge[] = []
    const tree = new Forest(names)
    for (const at of this.#inOrder()) {
      const [a, z] = [roots.of(this.#a[at]!), roots.of(this.#z[at]!)]
      if (a === z) continue
      const [idsA, idsZ] = [ids.get(a), ids.get(z)]
      const total = size[a]! + size[z]!
      const ofPerson = this.#rules[this.#rule[at]!] === byHand
      const aside = apart.between(a, z)
      if (aside && !(ofPerson && aside !== 'kept apart by hand')) refused.push({ edge: this.#edgeAt(at), why: aside })
      else if (!ofPerson && idsA && idsZ && !shareOne(idsA, idsZ))
        refused.push({ edge: this.#edgeAt(at), why: 'different ids' })
      else if (!ofPerson && total > maxSize) refused.push({ edge: this.#edgeAt(at), why: 'cluster too large' })
      else {
        const [kept, gone] = size[a]! >= size[z]! ? [a, z] : [z, a]
        roots.join(kept, gone)
        size[kept] = total
        const all = idsA && idsZ ? new Set([...idsA, ...idsZ]) : (idsA ?? idsZ)
        if (all) ids.set(kept, all)
        apart.move(gone, kept)
        tree.connect(this.#a[at]!, this.#z[at]!, at)
      }
    }
    return { labels: this.#label(tree), refused }
  }

  #keptApart({ different = [] }: ClusterOptions): Apart {
    const apart = new Apart()
    for (const [a, z, why] of this.#sides) if (a !== z) apart.keep(a, z, why)
    for (const [a, z] of different) {
      const [atA, atZ] = [this.#index.get(a), this.#index.get(z)]
      if (atA !== undefined && atZ !== undefined) apart.keep(atA, atZ, 'kept apart by hand')
    }
    return apart
  }

  /** Walks each tree from its most played member outwards; the weakest edge so far labels what is behind it. */
  #label(tree: Forest): Label[] {
    const labels: Label[] = []
    const seen = new Uint8Array(this.#keys.length)
    const plays = this.#plays
    const byPlays = Uint32Array.from(tree.nodes()).sort((x, y) =>
      plays[x] === plays[y] ? compare(this.#keys[x]!, this.#keys[y]!) : plays[x]! > plays[y]! ? -1 : 1,
    )
    for (const canonical of byPlays) {
      if (seen[canonical]) continue
      seen[canonical] = 1
      const queue: { at: number; weakest: number }[] = [{ at: canonical, weakest: -1 }]
      for (let step = queue.pop(); step; step = queue.pop()) {
        for (const [to, edge] of tree.from(step.at)) {
          if (seen[to]) continue
          seen[to] = 1
          const weakest = step.weakest < 0 || this.#score[edge]! <= this.#score[step.weakest]! ? edge : step.weakest
          labels.push({
            member: this.#keys[to]!,
            canonical: this.#keys[canonical]!,
            weakest: this.#edgeAt(weakest),
          })
          queue.push({ at: to, weakest })
        }
      }
    }
    return labels
  }
}

/** The cluster of each node, by one node that stands for it. */
class Roots {
  readonly #parent: Uint32Array

  constructor(nodes: number) {
    this.#parent = Uint32Array.from({ length: nodes }, (_, i) => i)
  }

  of(node: number): number {
    const parent = this.#parent
    let top = node
    while (parent[top] !== top) top = parent[top]!
    for (let at = node; at !== top; ) {
      const next = parent[at]!
      parent[at] = top
      at = next
    }
    return top
  }

  join(kept: number, gone: number): void {
    this.#parent[gone] = kept
  }
}

type WhyApart = 'kept apart by hand' | 'named side by side' | 'both played well'

/** Clusters that must not become one, by their roots. */
class Apart {
  readonly #others = new Map<number, Map<number, WhyApart>>()

  keep(a: number, z: number, why: WhyApart): void {
    for (const [one, other] of [
      [a, z],
      [z, a],
    ] as const) {
      if (!this.#others.has(one)) this.#others.set(one, new Map())
      // The word of a person is not lost in the other one.
      if (this.#others.get(one)!.get(other) !== 'kept apart by hand') this.#others.get(one)!.set(other, why)
    }
  }

  between(a: number, z: number): WhyApart | undefined {
    return this.#others.get(a)?.get(z)
  }

  /** Moves what is kept apart from a cluster to the one that it has joined. */
  move(gone: number, kept: number): void {
    for (const [other, why] of this.#others.get(gone) ?? []) {
      this.#others.get(other)!.delete(gone)
      // What a person joined against it is one now.
      if (other !== kept) this.keep(kept, other, why)
    }
    this.#others.delete(gone)
  }
}

/** The edges that were followed: of each node the last one, of each edge's end the one before. */
class Forest {
  readonly #last: Int32Array
  readonly #to: number[] = []
  readonly #edge: number[] = []
  readonly #before: number[] = []

  constructor(nodes: number) {
    this.#last = new Int32Array(nodes).fill(-1)
  }

  connect(a: number, z: number, edge: number): void {
    for (const [from, to] of [
      [a, z],
      [z, a],
    ] as const) {
      this.#before.push(this.#last[from]!)
      this.#last[from] = this.#to.push(to) - 1
      this.#edge.push(edge)
    }
  }

  *nodes(): Generator<number> {
    for (const [node, last] of this.#last.entries()) if (last >= 0) yield node
  }

  *from(node: number): Generator<readonly [to: number, edge: number]> {
    for (let at = this.#last[node]!; at >= 0; at = this.#before[at]!) yield [this.#to[at]!, this.#edge[at]!]
  }
}
