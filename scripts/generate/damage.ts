import type { Random } from './random.ts'

/** Every kind of damage, and the share of plays that has it unless another is asked for. */
export const defaultDamage = {
  // To names, as a station has them in its library: the same spelling at each of its plays.
  case: 0.06,
  article: 0.04,
  punctuation: 0.05,
  accents: 0.03,
  typo: 0.012,
  version: 0.05,
  featured: 0.02,
  cut_name: 0.008,
  mojibake: 0.012,
  entities: 0.008,
  question: 0.003,
  quotes: 0.003,
  last_first: 0.004,
  decomposed: 0.003,
  // To rows.
  shifted: 0.022,
  cut_row: 0.0004,
  bytes: 0.0006,
  bad_time: 0.001,
  missing: 0.001,
  duplicate: 0.0016,
  conflict: 0.0006,
} as const

export type DamageKind = keyof typeof defaultDamage
export type Damage = Readonly<Record<DamageKind, number>>

/** The bytes of the text taken for Latin-1, as old programs did when they were handed UTF-8. */
export function mojibake(text: string, rounds: number): string {
  let result = text
  for (let i = 0; i < rounds; i++) result = Buffer.from(result).toString('latin1')
  return result
}

const versions = [
  ['live', ' (live)'],
  ['live', ' - Live'],
  ['live', ' (Live at the Harbor Hall)'],
  ['radio edit', ' (Radio Edit)'],
  ['radio edit', ' - Radio Edit'],
  ['remaster', ' (2009 Remaster)'],
  ['remaster', ' - Remastered 2011'],
  ['acoustic', ' (acoustic)'],
  ['acoustic', ' [Acoustic]'],
  ['remix', ' (Remix)'],
  ['album version', ' [Album Version]'],
  ['single version', ' (Single Version)'],
  ['explicit', ' (Explicit)'],
  ['edit', ' (edit)'],
] as const

const featuring = [' feat. ', ' ft. ', ' featuring ', ' f/ ', ' Feat ', ' (feat. ', ' w/ ']

function withoutAccents(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{M}+/gu, '')
    .normalize('NFC')
}

/** One edit of a letter: left out, doubled, swapped with the next or replaced. */
export function typo(text: string, from: Random): string {
  const letters = [...text]
  const places = letters.flatMap((letter, i) => (/\p{L}/u.test(letter) && i > 0 ? [i] : []))
  if (places.length < 4) return text
  const at = from.pick(places)
  switch (from.below(4)) {
    case 0:
      letters.splice(at, 1)
      break
    case 1:
      letters.splice(at, 0, letters[at]!)
      break
    case 2: {
      const next = letters[at + 1]
      if (next === undefined || next === letters[at]) letters.splice(at, 1)
      else letters.splice(at, 2, next, letters[at]!)
      break
    }
    default:
      letters[at] = from.pick(
        [...text.toLowerCase()].filter((letter) => /\p{L}/u.test(letter) && letter !== letters[at]),
      )
  }
  return letters.join('')
}

/** What a station makes of a song's names. */
export interface Spelling {
  readonly song: string
  readonly artist: string
  readonly version: string | null
  readonly featured: string | null
  readonly kinds: readonly DamageKind[]
}

/**
 * One way to spell a song and its artist: each kind of damage by its chance, one after the other, as they pile up in real
 * libraries. `guest` is who may be featured; `person` allows "Last, First".
 */
export function misspell(
  song: string,
  artist: string,
  person: boolean,
  guest: string,
  damage: Damage,
  from: Random,
): Spelling {
  const names: Names = { song, artist, version: null, featured: null, person, guest }
  const kinds: DamageKind[] = []
  for (const [kind, change] of changes) {
    if (!from.chance(damage[kind])) continue
    const before = { ...names }
    change(names, from)
    if (names.song !== before.song || names.artist !== before.artist) kinds.push(kind)
  }
  // A name that lost all its letters means nobody.
  if (!/[\p{L}\p{N}]/u.test(names.artist)) names.artist = artist
  if (!/[\p{L}\p{N}]/u.test(names.song)) names.song = song
  return { song: names.song, artist: names.artist, version: names.version, featured: names.featured, kinds }
}

interface Names {
  song: string
  artist: string
  version: string | null
  featured: string | null
  readonly person: boolean
  readonly guest: string
}

const both = (names: Names, change: (text: string) => string) => {
  names.artist = change(names.artist)
  names.song = change(names.song)
}

/** What each kind of damage does to names, in the order in which it happens. */
const changes: readonly (readonly [DamageKind, (names: Names, from: Random) => void])[] = [
  [
    'last_first',
    (names) => {
      const [first, ...rest] = names.artist.split(' ')
      if (names.person && rest.length > 0) names.artist = `${rest.join(' ')}, ${first}`
    },
  ],
  [
    'article',
    (names, from) => {
      const { artist } = names
      if (/^The /.test(artist)) names.artist = from.chance(0.7) ? artist.slice(4) : `${artist.slice(4)}, The`
      else if (!names.person && /^[A-Z][a-z]/.test(artist)) names.artist = `The ${artist}`
    },
  ],
  [
    'typo',
    (names, from) => {
      if (from.chance(0.5)) names.artist = typo(names.artist, from)
      else names.song = typo(names.song, from)
    },
  ],
  ['accents', (names) => both(names, withoutAccents)],
  ['punctuation', (names, from) => both(names, (text) => otherPunctuation(text, from))],
  [
    'featured',
    (names, from) => {
      names.featured = names.guest
      const join = from.pick(featuring)
      const added = `${join}${names.guest}${join.includes('(') ? ')' : ''}`
      if (from.chance(0.6)) names.artist += added
      else names.song += added
    },
  ],
  [
    'version',
    (names, from) => {
      const [tag, suffix] = from.pick(versions)
      names.version = tag
      names.song += suffix
    },
  ],
  [
    'case',
    (names, from) => {
      const change = from.chance(0.7) ? (text: string) => text.toUpperCase() : (text: string) => text.toLowerCase()
      names.artist = change(names.artist)
      if (from.chance(0.7)) names.song = change(names.song)
    },
  ],
  [
    'quotes',
    (names, from) => {
      names.song = from.chance(0.5) ? `"${names.song}"` : names.song.replace(/^(\S+)/, '"$1"')
    },
  ],
  [
    'entities',
    (names) => both(names, (text) => text.replaceAll('&', '&amp;').replaceAll("'", '&#39;').replaceAll('"', '&quot;')),
  ],
  [
    'question',
    (names) => {
      // In other scripts nothing but question marks would be left.
      if (!/^[\p{ASCII}\p{Script=Latin}]*$/u.test(names.artist + names.song)) return
      both(names, (text) => text.replace(/\P{ASCII}/gu, '?'))
    },
  ],
  ['decomposed', (names) => both(names, (text) => text.normalize('NFD'))],
  [
    'mojibake',
    (names, from) => {
      const rounds = from.chance(0.5) ? 2 : 1
      both(names, (text) => mojibake(text, rounds))
    },
  ],
  [
    'cut_name',
    (names, from) => {
      // Old automation systems have fields of 20 or 25 characters.
      if (names.song.length <= 20) return
      names.song = names.song.slice(0, from.chance(0.5) ? 20 : 25).replace(/[\ud800-\udbff]$/, '')
    },
  ],
]

function otherPunctuation(text: string, from: Random): string {
  switch (from.below(4)) {
    case 0:
      return text.replace(/['.?]/g, '')
    case 1:
      return text.includes(' & ') ? text.replaceAll(' & ', ' And ') : text.replaceAll(' and ', ' & ')
    case 2:
      return text.replaceAll("'", '’').replaceAll(' - ', ' – ')
    default:
      return text.replace(/[/]/g, '-').replace(/[()]/g, '')
  }
}
