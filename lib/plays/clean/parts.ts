import { type Column, regexp_replace } from 'spark-connect-js'
import { whereFound } from '../text.ts'

// Numerals up to ten, as they are written: 1 is `I` and `One`.
const numerals: readonly (readonly [digits: string, roman: string, word: string])[] = [
  ['1', 'i', 'one'],
  ['2', 'ii', 'two'],
  ['3', 'iii', 'three'],
  ['4', 'iv', 'four'],
  ['5', 'v', 'five'],
  ['6', 'vi', 'six'],
  ['7', 'vii', 'seven'],
  ['8', 'viii', 'eight'],
  ['9', 'ix', 'nine'],
  ['10', 'x', 'ten'],
]
const numeral = `(?:\\d{1,3}|${numerals.flatMap(([, roman, word]) => [roman, word]).join('|')})(?![\\p{L}\\d])`
const between = '(?: ?[-&+,/] ?| and )'
const kinds = 'parts?|pts?|nos?|nr|num(?:ber)?|vol(?:ume)?s?|book|chapter|act|movement|mvt|op(?:us)?|episode|suite|take'

/**
 * A bracket that says which of a series a title is, its content in group 1: `(Parts I-V)`, `(No. 5)`, `(Vol. 2)`, `(1)`, `(b)`,
 * `(2nd Movement)`, `(Part B)`. It is no alias and no version, for it tells songs apart.
 */
export const numberedBracket = `(?iu)[(\\[{]\\s*((?:parts?|pts?)[. ]*[\\p{L}\\d]+|(?:(?:${kinds})[. ]*)?#?(?:${numeral}(?:${between}${numeral})*|\\p{L}(?!\\p{L}))|\\d{1,2}(?:st|nd|rd|th) movement)\\s*[)\\]}]`

const hasPart = '(?i)p(?:ar)?ts?[. ]|vol(?:ume)?s?[. ]'

/** The title with the numbers of parts written one way: `Part III`, `Pt. 3` and `Part Three` give `pt 3`; `Volume 2` gives `vol 2`. */
export const withPlainParts = (title: Column<string>): Column<string> => {
  const parts = regexp_replace(title, `(?i)(?<![\\p{L}\\d])(?:parts?|pts?)[. ]*(?=${numeral})`, 'pt ')
  const volumes = regexp_replace(parts, '(?i)(?<![\\p{L}\\d])(?:vol(?:ume)?s?)[. ]*(?=\\d)', 'vol ')
  const plain = numerals.reduce(
    // The second number of a range is behind one in digits, for the numbers go up.
    (text, [digits, roman, word]) =>
      regexp_replace(text, `(?i)(?<=pt (?:\\d{1,3}${between})?)(?:${roman}|${word})(?![\\p{L}\\d])`, digits),
    volumes,
  )
  return whereFound(title, hasPart, plain)
}
