/** What a person said of two names, by what they are compared by. */
export interface KeyedPair {
  readonly a: string
  readonly z: string
  readonly verdict: 'same' | 'different'
  readonly keyA: string
  readonly keyZ: string
}

/** A pair that is called different, and the pairs that make it one name. */
export interface Contradiction<P> {
  readonly pair: P
  /** `A = B`, `B = C`; empty if both names have one key. */
  readonly chain: readonly string[]
}

/** The first pair that is called different although a way of "same" pairs leads from one name to the other. */
export function contradictionIn<P extends KeyedPair>(pairs: readonly P[]): Contradiction<P> | undefined {
  const same = new Map<string, { readonly key: string; readonly step: string }[]>()
  for (const { a, z, verdict, keyA, keyZ } of pairs) {
    if (verdict !== 'same') continue
    same.set(keyA, [...(same.get(keyA) ?? []), { key: keyZ, step: `${a} = ${z}` }])
    same.set(keyZ, [...(same.get(keyZ) ?? []), { key: keyA, step: `${z} = ${a}` }])
  }
  for (const pair of pairs) {
    if (pair.verdict !== 'different') continue
    const from = new Map<string, { key: string; step: string } | null>([[pair.keyA, null]])
    const queue = [pair.keyA]
    for (let key = queue.shift(); key !== undefined; key = queue.shift()) {
      for (const next of same.get(key) ?? []) {
        if (from.has(next.key)) continue
        from.set(next.key, { key, step: next.step })
        queue.push(next.key)
      }
    }
    if (!from.has(pair.keyZ)) continue
    const chain: string[] = []
    for (let at = from.get(pair.keyZ); at; at = from.get(at.key)) chain.unshift(at.step)
    return { pair, chain }
  }
  return undefined
}
