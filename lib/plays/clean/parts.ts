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
const between = '(?: ?[-&+,/] ?| and | to )'
const numbers = `#?${numeral}(?:${between}${numeral}){0,5}`

// What comes in numbers, by the short form that keys have.
const series: readonly (readonly [short: string, words: string])[] = [
  ['pt', 'parts?|pts?'],
  ['vol', 'vol(?:ume)?s?'],
  ['ch', 'chapters?|ch(?=\\.)'],
  ['act', 'act'],
  ['book', 'book'],
  ['episode', 'episode'],
  ['mvt', 'movement|mvt'],
]
const kind = `(?:${series.map(([, words]) => words).join('|')}|nos?|nrs?|num(?:ber)?s?|op(?:us)?|suite|scene|take|side|kv?|bwv)`
const item = `${kind}[. ]*${numbers}`
const tempo =
  'allegr(?:o|etto)|andant(?:e|ino)|adagio|largh?(?:o|etto)|prest(?:o|issimo)|vivace|moderato|lento|scherzo|menuett?o?|minuet|rondo|finale|prelude|overture|fugue|interlude|reprise'
const ordinal = '(?:\\d{1,2}(?:st|nd|rd|th)|first|second|third|fourth|fifth|last)'
const rest = '[^()\\[\\]{}]*'
const inBracket = [
  // "Parts I-V", "Op. 27, No. 2", "Part 2: The Return".
  `${item}(?:[,.:; ]+${item}){0,3}`,
  // "1", "II. Andante", "b".
  `${numbers}(?=\\s*[)\\]}]|[.:] )`,
  '(?:parts? )?\\p{L}(?=\\s*[)\\]}])',
  // "Theme 2", "Variation IV".
  `\\p{L}{3,12}[. ]+#?(?:\\d{1,2}|x{0,2}(?:ix|iv|v?i{2,3}|vi?))(?=\\s*[)\\]}])`,
  `${ordinal} movement`,
  `(?:${tempo})(?!\\p{L})${rest}`,
].join('|')

/**
 * A bracket that says which of a series a title is, what says it in group 1: `(Parts I-V)`, `(No. 5)`, `(Op. 27 No. 2)`,
 * `(Part 2: The Return)`, `(b)`, `(2nd Movement)`, `(Adagio)`. It is neither an alias nor a version, for it tells songs apart.
 */
export const numberedBracket = `(?iu)[(\\[{]\\s*(${inBracket})(?:[^\\p{L}\\d()\\[\\]{}]${rest})?[)\\]}]`

const hasNumber = `(?i)(?:${series.map(([, words]) => words).join('|')})[. ]*[\\divxotfsen]|n(?:o|r|um)`

/**
 * The title with its numbers written one way: `Part III`, `Pt. 3` and `Part Three` give `pt 3`; `Volume 2` gives `vol 2`, and
 * `No. 5` and `Number 5` give `nr 5`. `No` alone is a word: it needs digits.
 */
export const withPlainParts = (title: Column<string>): Column<string> => {
  const short = series.reduce(
    (text, [form, words]) => regexp_replace(text, `(?i)(?<![\\p{L}\\d])(?:${words})[. ]*(?=${numeral})`, `${form} `),
    regexp_replace(title, '(?i)(?<![\\p{L}\\d])(?:no|nr|num(?:ber)?)[. ]*(?=\\d)', 'nr '),
  )
  const forms = series.map(([form]) => form).join('|')
  const plain = numerals.reduce(
    // The second number of a range is behind one in digits, for the numbers go up.
    (text, [digits, roman, word]) =>
      regexp_replace(
        text,
        `(?i)(?<=(?<![\\p{L}\\d])(?:${forms}) (?:\\d{1,3}${between})?)(?:${roman}|${word})(?![\\p{L}\\d])`,
        digits,
      ),
    short,
  )
  return whereFound(title, hasNumber, plain)
}
