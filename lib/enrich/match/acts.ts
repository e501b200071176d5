import { normName } from './names.ts'

// What stands between the acts of a joint name. `and`, `&` and `,` also stand within the names of single acts: what is split
// here is only ever compared as a whole set, after the name itself.
const joiner =
  /\s*(?:[/&;+|·]|,(?!\s*(?:jr|sr)\b))\s*|\s+(?:-|and|(?:(?:a |in )?duet )?with|feat\.?|ft\.?|featuring|vs\.?|versus|x|meets|presents|introducing|y|con|et|avec|und|mit|met)\s+|\s*\b[fw]\/\s*/i

/** The acts that a joint name names, in its order: `Queen / David Bowie` → two; one for a name that joins none. */
export function actsIn(name: string): string[] {
  const acts = name
    .replace(/[([](?=\s*(?:feat|ft|featuring|with)\b)/gi, ' ')
    .split(joiner)
    .map((act) => act.replace(/[)\]]+$/, '').trim())
    .filter((act) => normName(act) !== '')
  return acts.length > 0 ? acts : [name]
}

// How bands are called after their leader.
const bandStart = /^(?:and|with) (?:the|his|her|their|los|die|les) /
const bandEnd =
  / (?:band|experience|group|trio|quartet|quintet|sextet|orchestra|project|ensemble|crew|gang|explosion|express|combo|system|family|all stars|allstars|five|four|three|big band|blues band)$/

/** True if a band's name begins with ours, as bands are called after who leads them: `Tom Petty` of the Heartbreakers. */
export function leads(ours: string, band: string): boolean {
  const [leader, whole] = [normName(ours), normName(band)]
  // One word and "band" is another name, not a leader's.
  const isFullName = leader.includes(' ')
  // "Manfred Mann's Earth Band".
  if (isFullName && whole.startsWith(`${leader}s `)) return bandEnd.test(whole)
  if (leader === '' || !whole.startsWith(`${leader} `)) return false
  const rest = whole.slice(leader.length + 1)
  // Two people are credited one by one; who is one act with somebody's full name in front is that person's band.
  return bandStart.test(`${rest} `) || (isFullName && (bandEnd.test(` ${rest}`) || rest.startsWith('and ')))
}
