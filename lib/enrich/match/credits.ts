import { actsIn, leads } from './acts.ts'
import { artistScore } from './artists.ts'
import { normName } from './names.ts'

/** One act as a recording credits it. */
export interface Credit {
  readonly mbid: string
  readonly name: string
  /** The name on the record, where it is another one. */
  readonly credited?: string
  readonly aliases?: readonly string[]
  /** What stands between this act and the next: " & ", " feat. ". */
  readonly join?: string
}

export interface WantedActs {
  readonly artist: string
  /** Acceptable artists by id; empty: the credit must carry `artist`. */
  readonly artistMbids: readonly string[]
  /** Credits that carry our name are accepted beside the ids: a band behind its leader, the acts of a joint name. */
  readonly byName?: boolean
}

export interface CreditMatch {
  readonly credit: Credit
  readonly score: number
  /** `homonym`: another act of exactly our name than the one whose id we know. */
  readonly how: 'id' | 'name' | 'homonym'
}

/** The credits of a recording as they are printed: `Queen & David Bowie`. */
export const joinedName = (credits: readonly Credit[]): string =>
  credits
    .map((credit, at) => (credit.credited ?? credit.name) + (at < credits.length - 1 ? (credit.join ?? ' & ') : ''))
    .join('')

/** How a recording's credits carry our artist; null: they do not. */
export function matchCredits(wanted: WantedActs, credits: readonly Credit[]): CreditMatch | null {
  const byId = credits.find((credit) => wanted.artistMbids.includes(credit.mbid))
  if (byId) return { credit: byId, score: 1, how: 'id' }
  if (wanted.artistMbids.length > 0 && !wanted.byName) return null
  const single = bestCredit(wanted.artist, credits)
  const joint = jointCredit(wanted.artist, credits)
  const best = joint && joint.score > (single?.score ?? 0) ? joint : single
  if (best) {
    const isHomonym = wanted.artistMbids.length > 0 && best.score === 1 && best.credit.name === best.by
    return { credit: best.credit, score: best.score, how: isHomonym ? 'homonym' : 'name' }
  }
  const led = wanted.byName ? credits.find((credit) => leads(wanted.artist, credit.name)) : undefined
  return led ? { credit: led, score: 0.93, how: 'name' } : null
}

interface Scored {
  readonly credit: Credit
  readonly score: number
  /** The name that agreed. */
  readonly by: string
}

function bestCredit(artist: string, credits: readonly Credit[]): Scored | null {
  let best: Scored | null = null
  for (const credit of credits) {
    const { name, credited = name, aliases = [] } = credit
    const score = Math.max(
      artistScore(artist, { name, aliases }),
      Math.min(0.97, artistScore(artist, { name: credited })),
    )
    if (score > 0 && score > (best?.score ?? 0)) best = { credit, score, by: name }
  }
  return best
}

/** Our joint name against the whole credit: as it is printed, or the same acts in another order or with another word between. */
function jointCredit(artist: string, credits: readonly Credit[]): Scored | null {
  const [first] = credits
  if (first === undefined) return null
  const joined = joinedName(credits)
  if (credits.length > 1) {
    const score = artistScore(artist, { name: joined })
    if (score >= 0.9) return { credit: first, score: Math.min(score, 0.99), by: joined }
  }
  const ours = actsIn(artist)
  if (ours.length < 2) return null
  if (credits.length === 1) return sameActs(artist, joined) ? { credit: first, score: 0.95, by: joined } : null
  const found = ours.map((act) => credits.find((credit) => (bestCredit(act, [credit])?.score ?? 0) >= 0.95))
  const [lead] = found
  const all = found.every((credit) => credit !== undefined) && new Set(found).size === ours.length
  return lead && all ? { credit: lead, score: 0.95, by: joined } : null
}

/** True if two names name the same acts, in whatever order and with whatever between them. */
export function sameActs(one: string, other: string): boolean {
  const key = (name: string) => actsIn(name).map(normName).sort().join('\u001f')
  return key(one) === key(other)
}
