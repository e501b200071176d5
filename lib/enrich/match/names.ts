/**
 * Matching of our names with the world's. Pure: no clock, no network, no state.
 *
 * A service's own score is never used: MusicBrainz gives 100 to the best hit of every answer, however wrong it is.
 */

// Letters that NFKD does not take apart.
const letters: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  ł: 'l',
  þ: 'th',
  ı: 'i',
}

// Accents, and the points of Hebrew and Arabic, which are written or not. Marks that make another letter stay: か and が,
// the vowels of Hindi and Thai.
const optionalMarks = /[\u0300-\u036f\u0591-\u05bd\u05bf-\u05c7\u064b-\u065f]|\u0670|[\ufe00-\ufe0f]/gu

export function fold(name: string): string {
  return name
    .normalize('NFKD')
    .replace(optionalMarks, '')
    .toLowerCase()
    .replace(/[ßæœøđðłþı]/g, (letter) => letters[letter] ?? letter)
}

export function squash(folded: string): string {
  return folded
    .replace(/(?<=\s)\+(?=\s)|&/g, ' and ')
    .replace(/[.'’‘`´"“”!¡?¿*,]/g, '')
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, ' ')
    .trim()
}

/**
 * The comparison form of a name: no marks, lower case, `&` as "and", no punctuation, no leading "the".
 *
 * `The Beatles` → `beatles`, `Beatles, The` → `beatles`, `R.E.M.` → `rem`, `AC/DC` → `ac dc`, `Blue Öyster Cult` →
 * `blue oyster cult`. A name of nothing but such parts keeps them: `The The` → `the`, `!!!` → `!!!`.
 */
export const normName = memoized(foldedName)

function foldedName(name: string): string {
  const folded = fold(name).replace(/^(.*\S),\s*the$/, 'the $1')
  const plain = squash(folded)
  const bare = plain.replace(/^the (?=\S)/, '')
  return bare !== '' ? bare : plain !== '' ? plain : folded.replace(/\s+/g, ' ').trim()
}

const maxMemoized = 8_192

// The same names and titles are compared again and again while packed answers are told apart; a run holds thousands of
// songs at once. Of two generations the older one is dropped, so that what is in use stays.
export function memoized<T>(read: (text: string) => T): (text: string) => T {
  let young = new Map<string, T>()
  let old = new Map<string, T>()
  return (text) => {
    const known = young.get(text)
    if (known !== undefined) return known
    const value = old.get(text) ?? read(text)
    if (young.size >= maxMemoized) {
      old = young
      young = new Map()
    }
    young.set(text, value)
    return value
  }
}

export const compact = (normalised: string) => normalised.replace(/ /g, '')
