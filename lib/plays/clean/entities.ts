import {
  aggregate,
  array_distinct,
  type Column,
  concat,
  conv,
  decode,
  lit,
  lpad,
  regexp_extract_all,
  replace,
  types,
  unhex,
  using,
  when,
} from 'spark-connect-js'
import { replaced } from '../text.ts'

// The named character references that turn up in titles: markup, punctuation and Latin-1 letters (HTML 4.01, section 24).
const markup: Readonly<Record<string, string>> = {
  quot: '"',
  apos: "'",
  lt: '<',
  gt: '>',
  nbsp: ' ',
  ndash: '-',
  mdash: '-',
  lsquo: "'",
  rsquo: "'",
  sbquo: "'",
  ldquo: '"',
  rdquo: '"',
  bdquo: '"',
  laquo: '"',
  raquo: '"',
  hellip: '...',
  bull: '•',
  middot: '·',
  copy: '©',
  reg: '®',
  trade: '™',
  deg: '°',
  iexcl: '¡',
  iquest: '¿',
  szlig: 'ß',
  AElig: 'Æ',
  aelig: 'æ',
  OElig: 'Œ',
  oelig: 'œ',
  Oslash: 'Ø',
  oslash: 'ø',
  ETH: 'Ð',
  eth: 'ð',
  THORN: 'Þ',
  thorn: 'þ',
  Scaron: 'Š',
  scaron: 'š',
  Yuml: 'Ÿ',
  pound: '£',
  euro: '€',
  yen: '¥',
  cent: '¢',
  sect: '§',
  frac12: '½',
  shy: '',
  zwj: '',
  zwnj: '',
}
const accents: Readonly<Record<string, readonly [mark: string, letters: string]>> = {
  grave: ['\u0300', 'AEIOUaeiou'],
  acute: ['\u0301', 'AEIOUYaeiouy'],
  circ: ['\u0302', 'AEIOUaeiou'],
  tilde: ['\u0303', 'ANOano'],
  uml: ['\u0308', 'AEIOUaeiouy'],
  ring: ['\u030a', 'Aa'],
  cedil: ['\u0327', 'Cc'],
}

const entities: readonly (readonly [string, string])[] = [
  ...Object.entries(markup).map(([name, character]) => [`&${name};`, character] as const),
  ...Object.entries(accents).flatMap(([accent, [mark, letters]]) =>
    [...letters].map((letter) => [`&${letter}${accent};`, `${letter}${mark}`.normalize('NFC')] as const),
  ),
]

const table = lit(
  entities.map((entity) => [...entity]),
  types.array(types.array(types.string)),
)

const withoutNamed = (text: Column<string>): Column<string> =>
  aggregate(table, text, (done, entity) => replace(done, entity.getItem(0).$notNull(), entity.getItem(1).$notNull()))

/** The character of a code point in hexadecimal digits; a space for code points beyond the last one and surrogates. */
const characterOf = (hex: Column<string>): Column<string> => {
  const code = conv(hex, 16, 10)
  const isCharacter = code.cast('bigint').between(32, 1_114_111).and(code.cast('bigint').between(55_296, 57_343).not())
  return when(isCharacter, decode(unhex(lpad(hex, 8, '0')).$notNull(), 'UTF-32')).otherwise(' ')
}

/** The references that `pattern` finds, with their digits in group 1, as characters. */
const withoutNumeric = (
  text: Column<string>,
  pattern: string,
  open: string,
  hexOf: (digits: Column<string>) => Column<string>,
): Column<string> =>
  aggregate(array_distinct(regexp_extract_all(text, lit(pattern), 1)), text, (done, digits) =>
    replace(done, concat(lit(open), digits, lit(';')), characterOf(hexOf(digits))),
  )

/**
 * HTML character references as the characters they stand for: named ones, decimal and hexadecimal ones, and those that were
 * escaped twice (`&amp;eacute;`). Anything that is not a reference stays (`Mumford &amp Sons;`, `AT&T`).
 */
export const withoutEntities = (text: Column<string>): Column<string> =>
  using(text, (whole) => {
    const unescaped = replaced(replaced(whole, '&amp;', '&'), '&amp;', '&')
    const decimal = (value: Column<string>) =>
      withoutNumeric(value, '&#(\\d{1,7});', '&#', (digits) => conv(digits, 10, 16))
    const hexadecimal = (value: Column<string>) =>
      withoutNumeric(value, '&#[xX]([0-9a-fA-F]{1,6});', '&#x', (digits) => digits)
    const plain = using(unescaped, (u) => using(withoutNamed(u), (n) => using(decimal(n), hexadecimal)))
    return when(whole.contains('&').not().or(whole.contains(';').not()), whole).otherwise(plain)
  })
