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
  const kinds: DamageKind[] = []
  const before = { song, artist }
  let version: string | null = null
  let featured: string | null = null
  const either = (change: (text: string) => string) => {
    if (from.chance(0.5)) artist = change(artist)
    else song = change(song)
  }
  const damaged = (kind: DamageKind, change: () => void) => {
    if (!from.chance(damage[kind])) return
    const was = `${song}\u0000${artist}`
    change()
    if (`${song}\u0000${artist}` !== was) kinds.push(kind)
  }
  damaged('last_first', () => {
    const [first, ...rest] = artist.split(' ')
    if (person && rest.length > 0) artist = `${rest.join(' ')}, ${first}`
  })
  damaged('article', () => {
    if (/^The /.test(artist)) artist = from.chance(0.7) ? artist.slice(4) : `${artist.slice(4)}, The`
    else if (!person && /^[A-Z][a-z]/.test(artist)) artist = `The ${artist}`
  })
  damaged('typo', () => either((text) => typo(text, from)))
  damaged('accents', () => {
    artist = withoutAccents(artist)
    song = withoutAccents(song)
  })
  damaged('punctuation', () => {
    const change = (text: string) => {
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
    artist = change(artist)
    song = change(song)
  })
  damaged('featured', () => {
    featured = guest
    const join = from.pick(featuring)
    const added = `${join}${guest}${join.includes('(') ? ')' : ''}`
    if (from.chance(0.6)) artist += added
    else song += added
  })
  damaged('version', () => {
    const [tag, suffix] = from.pick(versions)
    version = tag
    song += suffix
  })
  damaged('case', () => {
    const change = from.chance(0.7) ? (text: string) => text.toUpperCase() : (text: string) => text.toLowerCase()
    artist = change(artist)
    if (from.chance(0.7)) song = change(song)
  })
  damaged('quotes', () => {
    song = from.chance(0.5) ? `"${song}"` : song.replace(/^(\S+)/, '"$1"')
  })
  damaged('entities', () => {
    const change = (text: string) => text.replaceAll('&', '&amp;').replaceAll("'", '&#39;').replaceAll('"', '&quot;')
    artist = change(artist)
    song = change(song)
  })
  damaged('question', () => {
    const change = (text: string) => text.replace(/\P{ASCII}/gu, '?')
    // In other scripts nothing but question marks would be left.
    if (/^[\p{ASCII}\p{Script=Latin}]*$/u.test(artist + song)) {
      artist = change(artist)
      song = change(song)
    }
  })
  damaged('decomposed', () => {
    artist = artist.normalize('NFD')
    song = song.normalize('NFD')
  })
  damaged('mojibake', () => {
    const rounds = from.chance(0.5) ? 2 : 1
    artist = mojibake(artist, rounds)
    song = mojibake(song, rounds)
  })
  damaged('cut_name', () => {
    // Old automation systems have fields of 20 or 25 characters.
    if (song.length > 20) song = song.slice(0, from.chance(0.5) ? 20 : 25).replace(/[\ud800-\udbff]$/, '')
  })
  // A name that lost all its letters means nobody.
  if (!/[\p{L}\p{N}]/u.test(artist)) artist = before.artist
  if (!/[\p{L}\p{N}]/u.test(song)) song = before.song
  return { song, artist, version, featured, kinds }
}
