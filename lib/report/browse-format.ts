/*
 * How the plays stand in the page: written by `browse-data.ts`, read by the page's script, of which this file is a part.
 */

/** A song: its title, the number of its artist, and its plays packed, or how many there are where they do not fit. */
export type PackedSong = readonly [title: string, artist: number, plays: string | number]

/** What the script of the page answers from. It stands in the page as JSON, so its names are short and its times packed. */
export interface BrowseData {
  /** Local days since 1970. */
  readonly firstDay: number
  readonly lastDay: number
  /** Most plays first. */
  readonly stations: readonly string[]
  /**
   * Of each station, packed, what its log covers: minutes from the first day, or from the stretch before, to a stretch without a
   * gap, and how many it has.
   */
  readonly covered: readonly string[]
  readonly artists: readonly string[]
  /** Artists that are ranked nowhere: `Unknown` and the like. */
  readonly unranked: readonly number[]
  /** Most plays first. The first so many have the minute of each play, those after them the hour. */
  readonly songs: readonly PackedSong[]
  readonly withMinutes: number
  /** Songs with the fewest plays that the page does not name. */
  readonly left: { readonly songs: number; readonly plays: number }
}

// Printable ASCII that JSON and HTML leave as it is: without quote, backslash and less-than.
const digits = Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i))
  .filter((character) => !'"\\<'.includes(character))
  .join('')
const base = digits.length
const singles = 64
const doubles = 90

/**
 * A number in one to seven digits of 92: below 64 in one, below 2,456 in two, below 10,920 in three.
 */
export function packed(value: number): string {
  if (value < singles) return digits[value]!
  const above = value - singles
  if (above < (doubles - singles) * base) return digits[singles + Math.floor(above / base)]! + digits[above % base]!
  const rest = above - (doubles - singles) * base
  const width = rest < base * base ? 2 : 6
  let text = ''
  for (let i = 0, left = rest; i < width; i++, left = Math.floor(left / base)) text = digits[left % base]! + text
  return digits[width === 2 ? doubles : doubles + 1]! + text
}

const digitOf = Uint8Array.from({ length: 128 }, (_, code) => Math.max(0, digits.indexOf(String.fromCharCode(code))))

/** The numbers of a packed text, in order. */
export function unpacked(text: string): number[] {
  const numbers: number[] = []
  for (let i = 0; i < text.length; ) {
    const first = digitOf[text.charCodeAt(i++)]!
    if (first < singles) {
      numbers.push(first)
      continue
    }
    if (first < doubles) {
      numbers.push(singles + (first - singles) * base + digitOf[text.charCodeAt(i++)]!)
      continue
    }
    let rest = 0
    for (let width = first === doubles ? 2 : 6; width > 0; width--) rest = rest * base + digitOf[text.charCodeAt(i++)]!
    numbers.push(singles + (doubles - singles) * base + rest)
  }
  return numbers
}
