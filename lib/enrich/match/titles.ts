import { fold, memoized, normName, squash } from './names.ts'
import { jaroWinkler, sameDigits } from './similarity.ts'
/** What a title's version words say about the recording. */
export type TitleTag =
  | 'live'
  | 'demo'
  | 'remix'
  | 'karaoke'
  | 'acoustic'
  | 'instrumental'
  | 'edit'
  | 'remaster'
  | 'feat'

export interface Title {
  /** Comparison form without version words. */
  readonly base: string
  /** The title without version words, for a search. */
  readonly shown: string
  readonly tags: ReadonlySet<TitleTag>
  /** Comparison form without anything in brackets; null: too short, or no other than `base`. */
  readonly bare: string | null
}

const versionWords = new Map<string, TitleTag | null>([
  ['live', 'live'],
  ['unplugged', 'live'],
  ['concert', 'live'],
  ['demo', 'demo'],
  ['rehearsal', 'demo'],
  ['outtake', 'demo'],
  ['remix', 'remix'],
  ['remixed', 'remix'],
  ['dub', 'remix'],
  ['karaoke', 'karaoke'],
  ['acoustic', 'acoustic'],
  ['instrumental', 'instrumental'],
  ['remaster', 'remaster'],
  ['remastered', 'remaster'],
  ['edit', 'edit'],
  ['edited', 'edit'],
  ['radio', 'edit'],
  ['mix', null],
  ['extended', 'edit'],
  ['version', null],
  ['single', null],
  ['album', null],
  ['lp', null],
  ['mono', null],
  ['stereo', null],
  ['explicit', null],
  ['clean', null],
  ['bonus', null],
  ['track', null],
  ['studio', null],
  ['deluxe', null],
  ['edition', null],
  ['anniversary', null],
])
const versionFillers = new Set(
  'the original recorded digital digitally new full long short hq hd take session sessions and in at on from'.split(
    ' ',
  ),
)

// `live at Leeds`, `feat. Somebody`, `2011 remaster`, `radio edit`: the part is a version only if it starts as one does
// or holds nothing but version words.
function versionTags(part: string): TitleTag[] | null {
  const words = squash(fold(part)).split(' ').filter(Boolean)
  const first = words[0]
  if (first === undefined) return null
  if (/^(feat|ft|featuring)$/.test(first)) return ['feat']
  if (
    first === 'live' &&
    (words.length === 1 || /^(at|in|from|on|with|version|acoustic|edit|\d{4})$/.test(words[1] ?? ''))
  )
    return ['live']
  const tags: TitleTag[] = []
  let known = 0
  for (const word of words) {
    const tag = versionWords.get(word)
    if (tag !== undefined) {
      known++
      if (tag !== null) tags.push(tag)
    } else if (!versionFillers.has(word) && !/^(19|20)?\d{2}(st|nd|rd|th)?$/.test(word)) return null
  }
  return known > 0 ? tags : null
}

/**
 * A title taken apart: version words in brackets or after a dash become tags, everything else stays.
 *
 * `Hotel California (Live)` → base `hotel california`, tag `live`; `(I Can't Get No) Satisfaction` keeps its brackets'
 * words; `Live and Let Die` has no tag, because `live` stands outside of brackets.
 */
export const readTitle = memoized(titleParts)

function titleParts(title: string): Title {
  const tags = new Set<TitleTag>()
  let shown = title.normalize('NFC')
  const cut = (pattern: RegExp) => {
    shown = shown.replace(pattern, (whole, part: string) => {
      const found = versionTags(part)
      if (found === null) return whole
      for (const tag of found) tags.add(tag)
      return ' '
    })
  }
  cut(/\(([^()]*)\)/g)
  cut(/\[([^[\]]*)\]/g)
  cut(/\s[-–—]\s+([^-–—]+)$/g)
  cut(/\s((?:feat|ft|featuring)\b\.?\s.+)$/gi)
  shown = shown.replace(/\s+/g, ' ').trim()
  if (shown === '') shown = title.trim()
  const base = normName(shown)
  return { base, shown, tags, bare: bareTitle(shown, base) }
}

function bareTitle(shown: string, base: string): string | null {
  if (!/[([]/.test(shown)) return null
  const rest = normName(shown.replace(/\([^()]*\)|\[[^[\]]*\]/g, ' '))
  return rest.length >= 4 && rest !== base ? rest : null
}

// Spellings of one word, as logs and record covers mix them.
const spellings = new Map(
  (
    'nite:night tonite:tonight lite:light thru:through pt:part vol:volume o:of bout:about cuz:because coz:because cause:because ' +
    'cos:because till:til until:til em:them ya:you luv:love mister:mr doctor:dr saint:st sergeant:sgt rd:road gray:grey ' +
    'hi:high two:2 three:3 four:4 five:5 six:6 seven:7 eight:8 nine:9 ten:10 eleven:11 twelve:12'
  )
    .split(' ')
    .map((pair) => pair.split(':') as [string, string]),
)

// Words that a digit or a letter stands for. In a search they would be taken for what they are not.
const shorthands = new Map([
  ['to', '2'],
  ['too', '2'],
  ['for', '4'],
  ['u', 'you'],
])

const numerals = new Map(
  ['i', 'ii', 'iii', 'iv', 'v', 'vi', 'vii', 'viii', 'ix', 'x'].map((one, at) => [one, `${at + 1}`]),
)

/** True for a word that titles write in several ways, so that no search should hang on it. */
export const isVariable = (word: string): boolean => variable.has(word)
const variable = new Set([...spellings].flat())

/** The title in small letters with each of these words in its usual spelling: `25 Or 6 To Four` → `25 or 6 to 4`. */
export const inUsualSpelling = (title: string): string =>
  normName(title)
    .split(' ')
    .map((word) => spellings.get(word) ?? word)
    .join(' ')

// "goin'" and "going", "rock 'n' roll" and "rock and roll", "Pt. II" and "Part 2", "Mister" and "Mr." are one title.
const loosen = memoized((base: string) => {
  const words = base
    .split(' ')
    .filter((word) => word !== 'and' && word !== 'n')
    .map((word) => (shorthands.get(word) ?? spellings.get(word) ?? word).replace(/^(\p{L}{2,}in)g$/u, '$1'))
  const isPart = (word: string | undefined) => word === 'part' || word === 'volume' || word === 'chapter'
  return words.map((word, at) => (isPart(words[at - 1]) ? (numerals.get(word) ?? word) : word)).join('')
})

/**
 * How well two titles agree, version words aside: 1 equal, 0.95 equal but for blanks, "and", "-in'", 0.92 equal when one
 * side's bracketed part is left out, 0.90 a near spelling of at least eight letters, else 0. From 0.90 on it is a match.
 */
export function titleScore(ours: Title, theirs: Title): number {
  if (ours.base === theirs.base) return 1
  const looseOurs = loosen(ours.base)
  const looseTheirs = loosen(theirs.base)
  if (looseOurs !== '' && looseOurs === looseTheirs) return 0.95
  if (ours.bare === theirs.base || theirs.bare === ours.base) return 0.92
  const shorter = Math.min(ours.base.length, theirs.base.length)
  return shorter >= 8 && sameDigits(ours.base, theirs.base) && jaroWinkler(ours.base, theirs.base) >= 0.96 ? 0.9 : 0
}

/** The titles of a medley: `One/Two` → `One`, `Two`; one for a title that is none. */
export function medleyParts(title: string): string[] {
  const { shown } = readTitle(title)
  const parts = shown
    .replace(/^medley:\s*|\s*[([]medley[)\]]$/i, '')
    .split(/\s*[/;]\s*|\s+(?:\+|-|>)\s+/)
    .map((part) => part.trim())
    .filter((part) => normName(part).length >= 3)
  return parts.length >= 2 && parts.length <= 4 ? parts : [title]
}
