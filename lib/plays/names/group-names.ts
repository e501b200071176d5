import type { DataFrame, SparkSession } from 'spark-connect-js'
import { type Edge, NameGraph } from './clusters.ts'
import type { ResolvedOverrides } from './overrides.ts'
import { keySeparator } from './song-edges.ts'
import type { NameEdge, NameLabel } from './types.ts'

/** Two names that were joined on thin evidence, or kept apart although much speaks for them: for a person to decide. */
export interface Doubt {
  readonly kind: 'artist' | 'song'
  /** Key of the artist whose titles these are; null between artists. */
  readonly artist: string | null
  /** Keys of the two names. */
  readonly a: string
  readonly z: string
  readonly rule: string
  readonly score: number
  /** Of both names. */
  readonly plays: bigint
  readonly verdict: 'same' | 'different'
  readonly why: string
}

export interface Groups {
  frame(): Promise<DataFrame<NameLabel>>
  readonly doubts: readonly Doubt[]
}

// So many of each kind of doubt, the most played ones, are kept: more than anybody looks at.
const maxDoubts = 500

/**
 * Groups names by the edges between them, which come here in batches; the labels go back to Spark.
 *
 * *Memory:* the names that have an edge, and 24 bytes an edge; never plays.
 */
export async function groupNames(
  spark: SparkSession,
  kind: Doubt['kind'],
  edges: DataFrame<NameEdge>,
  overrides: ResolvedOverrides,
  signal?: AbortSignal,
): Promise<Groups> {
  const graph = new NameGraph()
  for (const { key, plays, id } of overrides.members) graph.member(key, plays, id ?? null)
  for (const edge of overrides.edges) graph.edge(edge)
  const thin = new MostPlayed()
  const near = new MostPlayed()
  for await (const row of edges.toLocalIterator({ signal })) {
    const plays = row.a_plays + row.z_plays
    if (row.sides) graph.sideBySide(row.sides[0]!, row.sides[1]!, kind === 'song' ? 'both played well' : undefined)
    if (row.near) {
      const why = row.rule === 'both played well' ? row.rule : 'too little evidence'
      near.add({ edge: row, plays, verdict: 'different', why })
      continue
    }
    graph.member(row.a, row.a_plays, row.a_id)
    graph.member(row.z, row.z_plays, row.z_id)
    graph.edge(row)
    // Two names that are both played a lot and are alike in spelling alone: merged, and shown.
    if ((row.rule.startsWith('spelling') || row.score < 0.96) && row.a_plays >= 50n && row.z_plays >= 50n) {
      thin.add({ edge: row, plays, verdict: 'same', why: 'both played a lot' })
    }
  }
  const { labels, refused } = graph.cluster({ different: overrides.different })
  const broken = new MostPlayed()
  for (const { edge, why } of refused) {
    broken.add({ edge, plays: graph.playsOf(edge.a) + graph.playsOf(edge.z), verdict: 'different', why })
  }

  // A near miss may have been joined by way of a third name; then it is none.
  const group = new Map(near.list.length === 0 ? [] : labels.map(({ member, canonical }) => [member, canonical]))
  const apart = near.list.filter(({ edge: { a, z } }) => (group.get(a) ?? a) !== (group.get(z) ?? z))
  return {
    frame: () =>
      spark.createDataFrame(
        labelRows(kind, labels),
        'member string, canonical string, method string, score double, evidence string',
      ),
    doubts: onePerPair([...broken.list, ...thin.list, ...apart].map((found) => doubtOf(kind, found))),
  }
}

function* labelRows(kind: Doubt['kind'], labels: ReturnType<NameGraph['cluster']>['labels']): Generator<NameLabel> {
  for (const { member, canonical, weakest } of labels) {
    const { a, z, rule, score, shared } = weakest
    const titles = kind === 'song' || shared === 0 ? '' : `, ${shared} ${shared === 1 ? 'title' : 'titles'} in common`
    yield { member, canonical, method: rule, score, evidence: `${nameOf(a)} ~ ${nameOf(z)}${titles}` }
  }
}

/** A key without the key of its artist. */
function nameOf(member: string): string {
  return member.slice(member.indexOf(keySeparator) + 1)
}

type FoundDoubt = Pick<Doubt, 'plays' | 'verdict' | 'why'> & { readonly edge: Edge }

function doubtOf(kind: Doubt['kind'], { edge, plays, verdict, why }: FoundDoubt): Doubt {
  const { a, z, rule, score } = edge
  const artist = kind === 'song' ? a.slice(0, a.indexOf(keySeparator)) : null
  const [first, second] = a < z ? [a, z] : [z, a]
  return { kind, artist, a: nameOf(first), z: nameOf(second), rule, score, plays, verdict, why }
}

/** The first doubt of each pair: a pair may be in several, as when a person keeps apart what a rule joins. */
function onePerPair(doubts: readonly Doubt[]): readonly Doubt[] {
  const first = new Map<string, Doubt>()
  for (const doubt of doubts) {
    const pair = JSON.stringify([doubt.artist, doubt.a, doubt.z])
    if (!first.has(pair)) first.set(pair, doubt)
  }
  return [...first.values()]
}

/** The most played ones of however many are added. */
class MostPlayed {
  #list: FoundDoubt[] = []

  add(found: FoundDoubt): void {
    this.#list.push(found)
    if (this.#list.length >= 4 * maxDoubts) this.#list = this.list
  }

  get list(): FoundDoubt[] {
    const text = ({ edge }: FoundDoubt) => `${edge.a}\n${edge.z}`
    return this.#list.sort((x, y) => Number(y.plays - x.plays) || (text(x) < text(y) ? -1 : 1)).slice(0, maxDoubts)
  }
}
