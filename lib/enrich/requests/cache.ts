/** Between the parts of a key: no name holds it. */
const separator = '\u001f'

/** The key under which a song's answers are cached. */
export const pairKey = (artist: string, title: string): string => `${artist}${separator}${title}`

/** How long an answer of a kind counts. */
export type Term = 'identity' | 'image' | 'track'

const dayMs = 86_400_000
const foundDays: Readonly<Record<Term, number>> = { identity: 180, image: 90, track: 365 }
const absentDays = [7, 30, 90] as const

/** When a found answer expires: identity 180 d, image 90 d (files are renamed and deleted), track 365 d, ±10 %. */
export function foundUntil(term: Term, now: number, random: number): number {
  return Math.round(now + foundDays[term] * dayMs * (0.9 + random * 0.2))
}

/** When "not found" expires: 7, then 30, then 90 days by attempts, ±10 %. */
export function absentUntil(attempts: number, now: number, random: number): number {
  const days = absentDays[Math.min(Math.max(attempts, 1), absentDays.length) - 1] ?? 90
  return Math.round(now + days * dayMs * (0.9 + random * 0.2))
}

/** When to ask again after a failure: 15 min · 4ⁿ, ±40 %, at most 12 h. */
export function retryAt(attempts: number, now: number, random: number): number {
  const wait = Math.min(12 * 3_600_000, 15 * 60_000 * 4 ** Math.max(0, attempts - 1))
  return Math.round(now + wait * (0.6 + random * 0.8))
}
