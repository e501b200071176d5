import { named, quoted, type Sql } from './sql.ts'

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

/**
 * HTML character references as the characters they stand for: named ones, decimal and hexadecimal ones, and those that were
 * escaped twice (`&amp;eacute;`). What is no reference stays (`Mumford &amp Sons;`, `AT&T`).
 */
export function withoutEntities(text: Sql): Sql {
  const table = entities.map(([reference, character]) => `struct(${quoted(reference)} as r, ${quoted(character)} as c)`)
  const plain = (value: Sql): Sql => `aggregate(array(${table.join(', ')}), ${value}, (s, e) -> replace(s, e.r, e.c))`
  // Code points beyond the last one and of surrogates are no characters.
  const character = (hex: Sql): Sql =>
    `if(conv(${hex}, 16, 10) between 32 and 1114111 and not conv(${hex}, 16, 10) between 55296 and 57343,
      decode(unhex(lpad(${hex}, 8, '0')), 'UTF-32'), ' ')`
  const numeric = (value: Sql, pattern: string, open: string, hexOf: (digits: Sql) => Sql): Sql =>
    `aggregate(array_distinct(regexp_extract_all(${value}, ${quoted(pattern)}, 1)), ${value},
      (s, d) -> replace(s, concat(${quoted(open)}, d, ';'), ${character(hexOf('d'))}))`
  return named(
    text,
    't0',
    () => `if(not contains(t0, '&') or not contains(t0, ';'), t0,
    ${named("replace(replace(t0, '&amp;', '&'), '&amp;', '&')", 't1', (t1) =>
      named(plain(t1), 't2', (t2) =>
        named(
          numeric(t2, '&#(\\d{1,7});', '&#', (d) => `conv(${d}, 10, 16)`),
          't3',
          (t3) => numeric(t3, '&#[xX]([0-9a-fA-F]{1,6});', '&#x', (d) => d),
        ),
      ),
    )})`,
  )
}
