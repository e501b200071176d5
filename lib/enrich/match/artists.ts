import { specialPurposeMbids } from '../../model/lookups.ts'
import { isNoAct } from '../../model/no-act.ts'
import { compact, normName } from './names.ts'
import { jaroWinkler, sameDigits } from './similarity.ts'
export interface ArtistNames {
  readonly name: string
  readonly sortName?: string | null
  readonly aliases?: readonly string[]
}

/**
 * How well a candidate carries our name: 1 its name, 0.97 an alias, 0.95 its sort name, 0.90 a near spelling
 * (Jaro–Winkler ≥ 0.94 and at least six letters), else 0. 0.95 and more is taken, 0.90 only with a title that agrees.
 */
export function artistScore(ours: string, candidate: ArtistNames): number {
  const key = normName(ours)
  const same = (other: string) => {
    const theirs = normName(other)
    return theirs === key || (compact(theirs) === compact(key) && compact(key).length >= 3)
  }
  if (same(candidate.name)) return 1
  if (candidate.aliases?.some(same)) return 0.97
  const turned = firstNameFirst(ours)
  if (
    turned !== null &&
    [candidate.name, ...(candidate.aliases ?? [])].some((name) => normName(name) === normName(turned))
  )
    return 0.95
  const { sortName } = candidate
  if (sortName && (same(sortName) || same(firstNameFirst(sortName) ?? sortName))) return 0.95
  const near = (other: string) => {
    const theirs = normName(other)
    return Math.min(theirs.length, key.length) >= 6 && sameDigits(theirs, key) && jaroWinkler(theirs, key) >= 0.94
  }
  return near(candidate.name) || candidate.aliases?.some(near) ? 0.9 : 0
}

/** "Joel, Billy" as "Billy Joel"; null for a name with another number of commas than one. */
export function firstNameFirst(name: string): string | null {
  const [, last, first] = /^([^,]+),\s*([^,]+)$/.exec(name) ?? []
  return last === undefined || first === undefined ? null : `${first} ${last}`
}

// What logs write where they name no act. `normName` has taken points away: "V.A." is "va".
const nobody =
  /^(various( artists?)?|v a|va|unknown( artists?)?|no artist|none|n a|untitled|anonymous|anon|traditional|trad|(original )?(motion picture |movie |film |tv )?(soundtrack|ost)|original (broadway |london |film )?cast( recording)?)$/

/** Names that stand for nobody, and no name at all: no service is asked about them. */
export function isSpecialArtist(name: string): boolean {
  return name.trim() === '' || isNoAct(name) || /^\[.*\]$/.test(name.trim()) || nobody.test(normName(name))
}

/** True for an act of MusicBrainz that stands for nobody: by its id, or by its name, which stands in square brackets. */
export function isSpecialPurpose(act: { readonly mbid: string; readonly name?: string | null }): boolean {
  return specialPurposeMbids.has(act.mbid) || /^\[.*\]$/.test(act.name?.trim() ?? '')
}

/**
 * The name's first act when it names several (`feat.`, `f/`, `with`, `vs.`), else null. `&`, `and` and `+` do not count:
 * "Hall & Oates" is one act; nor does a middle initial. The whole name is always tried first.
 */
export function firstAct(name: string): string | null {
  const head = /^(.+?)\s*[([]?\s*(?:\b(?:feat|ft|featuring|with|vs|versus)\b[./]?\s+|\b[fw]\/\s*)\S/i
    .exec(name)?.[1]
    ?.trim()
  return head && head !== name && normName(head) !== normName(name) && normName(head).length >= 2 ? head : null
}

/** Spellings under which a label of Wikidata may stand, which compares exactly: as is, title case, with and without "The". */
export function labelVariants(name: string): string[] {
  const forms = spokenForms(name).flatMap((form) => {
    const bare = form.replace(/^the\s+/i, '')
    const titled = bare
      .toLowerCase()
      .replace(/(^|[\s/(&.-])(\p{L})/gu, (_, before: string, first: string) => before + first.toUpperCase())
    return [form, bare, titled, `The ${bare}`, `The ${titled}`]
  })
  return [...new Set(forms.map((form) => form.trim()).filter(Boolean))]
}

/** The name, and "First Last" where it may be written as "Last, First". */
export function spokenForms(name: string): string[] {
  const turned = firstNameFirst(name)
  return turned === null ? [name] : [name, turned]
}

/**
 * True if a service that was asked about `ours` answers about the same act: the name, a near spelling, a part of it, or its
 * initials (BTO). Last.fm sometimes answers with somebody else's data.
 */
export function isEcho(ours: string, theirs: string): boolean {
  if (artistScore(ours, { name: theirs }) > 0) return true
  const [a, b] = [normName(ours), normName(theirs)]
  const initials = (name: string) =>
    name
      .split(' ')
      .map((word) => word.charAt(0))
      .join('')
  const short = a.length < b.length ? a : b
  const long = a.length < b.length ? b : a
  return (
    jaroWinkler(a, b) >= 0.85 ||
    ` ${long} `.includes(` ${short} `) ||
    initials(long).replace(/ /g, '') === short.replace(/ /g, '')
  )
}
