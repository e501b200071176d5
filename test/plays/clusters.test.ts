import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { AppError } from '../../lib/errors.ts'
import { type ClusterOptions, type Edge, type Member, NameGraph } from '../../lib/plays/names/clusters.ts'
import { refuseContradictions } from '../../lib/plays/names/overrides.ts'

const member = (key: string, plays: number, id: string | null = null): Member => ({ key, plays: BigInt(plays), id })
const edge = (a: string, z: string, score: number, rule = 'spelling', shared = 1): Edge => ({
  a,
  z,
  rule,
  score,
  shared,
})
const cluster = (members: readonly Member[], edges: readonly Edge[], options: ClusterOptions = {}) => {
  const graph = new NameGraph()
  for (const { key, plays, id } of members) graph.member(key, plays, id)
  for (const each of edges) graph.edge(each)
  return graph.cluster(options)
}
const labelsOf = ({ labels }: ReturnType<typeof cluster>) =>
  Object.fromEntries(
    labels.map(({ member: key, canonical, weakest }) => [key, `${canonical} by ${weakest.rule} ${weakest.score}`]),
  )

describe('clusters', () => {
  test('the most played spelling stands for the cluster, the weakest step explains', () => {
    const members = [member('bto', 15), member('bachmanturneroverdrive', 101), member('baghmanturneroverdrive', 6)]
    const result = cluster(members, [
      edge('bto', 'baghmanturneroverdrive', 0.92, 'initials'),
      edge('bachmanturneroverdrive', 'baghmanturneroverdrive', 0.97),
    ])
    expect(labelsOf(result)).toEqual({
      baghmanturneroverdrive: 'bachmanturneroverdrive by spelling 0.97',
      bto: 'bachmanturneroverdrive by initials 0.92',
    })
  })

  test('as many plays: the first in the alphabet', () => {
    expect(labelsOf(cluster([member('b', 2), member('a', 2)], [edge('b', 'a', 0.9)]))).toEqual({
      b: 'a by spelling 0.9',
    })
  })

  test('two ids are never one artist: the weakest edge of the chain between them is refused', () => {
    const members = [member('nirvana', 90, 'us'), member('nirvanna', 3), member('nirvanauk', 5, 'uk')]
    const result = cluster(members, [edge('nirvana', 'nirvanna', 0.95), edge('nirvanna', 'nirvanauk', 0.9)])
    expect(labelsOf(result)).toEqual({ nirvanna: 'nirvana by spelling 0.95' })
    expect(result.refused.map(({ why, edge: { z } }) => [why, z])).toEqual([['different ids', 'nirvanauk']])
  })

  test('names kept apart by hand stay apart, also through a third name', () => {
    const members = ['a', 'b', 'c', 'd'].map((key, i) => member(key, 10 - i))
    const edges = [edge('a', 'b', 0.99), edge('c', 'd', 0.98), edge('b', 'c', 0.97), edge('a', 'd', 0.96)]
    const result = cluster(members, edges, { different: [['a', 'd']] })
    expect(labelsOf(result)).toEqual({ b: 'a by spelling 0.99', d: 'c by spelling 0.98' })
    expect(result.refused.map(({ why }) => why)).toEqual(['kept apart by hand', 'kept apart by hand'])
  })

  test('a chain of more than 30 names is broken', () => {
    const keys = Array.from({ length: 40 }, (_, i) => `name${String(i).padStart(2, '0')}`)
    const edges = keys.slice(1).map((key, i) => edge(keys[i]!, key, 0.9))
    const result = cluster(
      keys.map((key) => member(key, 1)),
      edges,
    )
    expect(result.refused.map(({ why }) => why)).toEqual(['cluster too large'])
    expect(result.labels).toHaveLength(40 - 2)
  })

  test('what a person joined has several ids and any size, and nothing of another id comes to it', () => {
    const members = [
      member('prince', 9, '1'),
      member('symbol', 5, '2'),
      member('prinz', 2, '2'),
      member('printz', 1, '3'),
    ]
    const result = cluster(members, [
      edge('prince', 'symbol', 1, 'override'),
      edge('prince', 'prinz', 0.95),
      edge('prince', 'printz', 0.94),
    ])
    expect(labelsOf(result)).toEqual({ symbol: 'prince by override 1', prinz: 'prince by spelling 0.95' })
    const many = Array.from({ length: 40 }, (_, i) => edge('a', `b${i}`, 1, 'override'))
    expect(cluster([], many).refused).toEqual([])
  })

  test('two acts that a third name puts side by side are two, unless a person says otherwise', () => {
    const duet = (more: readonly Edge[]) => {
      const graph = new NameGraph()
      graph.sideBySide('dolly', 'kenny')
      for (const { key, plays } of [member('kenny', 9), member('dolly', 8), member('dollykenny', 2)])
        graph.member(key, plays)
      for (const each of [edge('dolly', 'dollykenny', 0.91), edge('kenny', 'dollykenny', 0.9), ...more])
        graph.edge(each)
      return graph.cluster()
    }
    expect(labelsOf(duet([]))).toEqual({ dollykenny: 'dolly by spelling 0.91' })
    expect(duet([]).refused.map(({ why, edge: { a } }) => [why, a])).toEqual([['named side by side', 'kenny']])
    expect(labelsOf(duet([edge('dolly', 'kenny', 1, 'override')]))).toEqual({
      dolly: 'kenny by override 1',
      dollykenny: 'kenny by spelling 0.91',
    })
  })

  test('a million names are grouped within seconds', () => {
    const graph = new NameGraph()
    for (let i = 0; i < 500_000; i++) {
      graph.member(`right ${i}`, 9n)
      graph.edge(edge(`right ${i}`, `wrong ${i}`, 0.9))
    }
    const started = performance.now()
    const { labels } = graph.cluster()
    expect(labels).toHaveLength(500_000)
    expect(labels.find(({ member: key }) => key === 'wrong 77')?.canonical).toBe('right 77')
    expect(performance.now() - started).toBeLessThan(60_000)
  })

  const key = fc.integer({ min: 0, max: 30 }).map((n) => `k${n}`)
  const graphs = fc.record({
    edges: fc.array(fc.tuple(key, key, fc.integer({ min: 80, max: 99 })), { maxLength: 60 }),
    different: fc.array(fc.tuple(key, key), { maxLength: 6 }),
    plays: fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 31, maxLength: 31 }),
  })
  const members = (plays: readonly number[]) => plays.map((n, i) => member(`k${i}`, n))
  const edgesOf = (list: readonly (readonly [string, string, number])[]) =>
    list.filter(([a, z]) => a !== z).map(([a, z, score]) => edge(a < z ? a : z, a < z ? z : a, score / 100))

  test('do not depend on the order of names and edges', () => {
    fc.assert(
      fc.property(graphs, fc.integer(), ({ edges, plays, different }, seed) => {
        const apart = different.filter(([a, z]) => a !== z)
        const list = edgesOf(edges)
        const shuffled = [...list]
          .sort((x, y) => (((x.a + x.z).length * seed) % 7) - (((y.a + y.z).length * seed) % 7))
          .reverse()
        const first = cluster(members(plays), list, { different: apart })
        const second = cluster(members(plays).reverse(), shuffled, { different: apart })
        expect(labelsOf(second)).toEqual(labelsOf(first))
      }),
    )
  })

  test('are connected components where nothing is refused, and every label is a member that stands for itself', () => {
    fc.assert(
      fc.property(graphs, ({ edges, plays }) => {
        const list = edgesOf(edges)
        const { labels } = cluster(members(plays), list, { maxSize: 1000 })
        // A second way of computing it: spread the smallest name until nothing changes.
        const component = new Map(plays.map((_, i) => [`k${i}`, `k${i}`]))
        for (let changed = true; changed; ) {
          changed = false
          for (const { a, z } of list) {
            const low = [component.get(a)!, component.get(z)!].sort()[0]!
            for (const end of [a, z]) {
              if (component.get(end) === low) continue
              component.set(end, low)
              changed = true
            }
          }
        }
        const canonicals = new Map(labels.map((label) => [label.member, label.canonical]))
        const canonical = (k: string) => canonicals.get(k) ?? k
        for (const [x, component1] of component) {
          expect(canonical(canonical(x))).toBe(canonical(x))
          for (const [y, component2] of component) expect(canonical(x) === canonical(y)).toBe(component1 === component2)
        }
      }),
      { numRuns: 50 },
    )
  })
})

describe('overrides', () => {
  const pair = (a: string, z: string, verdict: 'same' | 'different') => ({ a, z, verdict, keyA: a, keyZ: z })

  test('that contradict each other are refused with the chain', () => {
    const pairs = [
      pair('CCR', 'Creedence', 'same'),
      pair('Creedence', 'John Fogerty', 'same'),
      pair('John Fogerty', 'CCR', 'different'),
    ]
    expect(() => refuseContradictions(pairs)).toThrow(
      expect.objectContaining({
        kind: 'usage',
        message: 'the overrides contradict each other: John Fogerty ≠ CCR',
        place: 'John Fogerty = Creedence, Creedence = CCR',
      }),
    )
    expect(() => refuseContradictions(pairs)).toThrow(AppError)
  })

  test('that do not meet are fine', () => {
    expect(() =>
      refuseContradictions([pair('a', 'b', 'same'), pair('b', 'c', 'different'), pair('c', 'd', 'same')]),
    ).not.toThrow()
  })
})
