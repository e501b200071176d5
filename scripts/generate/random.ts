/** A stream of numbers that depends on its seed alone: the same on every machine and version. */
export interface Random {
  /** From 0 (included) to 1 (not). */
  next(): number
  /** A whole number from 0 (included) to `below` (not). */
  below(below: number): number
  chance(probability: number): boolean
  pick<T>(items: readonly T[]): T
}

/** 32 bits from a text and numbers (FNV-1a with a final mix), to seed streams that do not depend on each other. */
export function hash(...parts: readonly (string | number)[]): number {
  let h = 0x811c9dc5
  for (const part of parts) {
    const text = typeof part === 'number' ? `#${part}` : part
    for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193)
    h = Math.imul(h ^ 0x1f, 0x01000193)
  }
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}

/** The sfc32 generator of PractRand (Doty-Humphrey), in 32-bit integers. */
export function random(seed: number): Random {
  let a = 0
  let b = seed | 0
  let c = (seed ^ 0x9e3779b9) | 0
  let counter = 1
  const next32 = () => {
    const t = (a + b + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (c << 21) | (c >>> 11)
    c = (c + t) | 0
    return t >>> 0
  }
  for (let i = 0; i < 12; i++) next32()
  const stream: Random = {
    next: () => next32() / 4294967296,
    below: (below) => Math.floor((next32() / 4294967296) * below),
    chance: (probability) => next32() / 4294967296 < probability,
    pick: (items) => items[stream.below(items.length)]!,
  }
  return stream
}

/** Draws indices in proportion to their weights, in constant time (Walker's alias method). */
export function weighted(weights: Float64Array): (from: Random) => number {
  const n = weights.length
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const share = weights.map((weight) => (weight / total) * n)
  const alias = new Uint32Array(n)
  const small: number[] = []
  const large: number[] = []
  for (let i = 0; i < n; i++) (share[i]! < 1 ? small : large).push(i)
  while (small.length > 0 && large.length > 0) {
    const less = small.pop()!
    const more = large.at(-1)!
    alias[less] = more
    share[more]! -= 1 - share[less]!
    if (share[more]! < 1) small.push(large.pop()!)
  }
  // What is left differs from 1 by rounding only.
  for (const i of [...small, ...large]) share[i] = 1
  return (from) => {
    const at = from.next() * n
    const i = Math.floor(at)
    return at - i < share[i]! ? i : alias[i]!
  }
}
