import { withoutEntities } from './entities.ts'
import { matches, named, quoted, replaced, type Sql, translated, unlessBlank } from './sql.ts'

// The characters that Windows-1252 has in the place of the C1 controls, and those controls (Unicode's CP1252.TXT): UTF-8
// read as Windows-1252 shows them, and Spark's encoders know ISO 8859-1 only.
const windows1252 = '€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ'
const c1Controls = [
  ...'\x80\x82\x83\x84\x85\x86\x87\x88\x89\x8a\x8b\x8c\x8e\x91\x92\x93\x94\x95\x96\x97\x98\x99\x9a\x9b\x9c\x9e\x9f',
].join('')

// A lead byte of UTF-8 with a continuation byte behind it, each read as a character of its own.
const mojibake = '[\\u00c2-\\u00f4][\\u0080-\\u00bf]'

/**
 * Text whose UTF-8 was read as ISO 8859-1 or Windows-1252, up to three times over, as it was meant.
 *
 * `Blue Ã\x83Â\x96yste` gives `Blue Öyste` in two rounds (64 rows of the real file). A character that was cut in two at the end
 * of the text is dropped (`QueensrÃ\x83�` gives `Queensr`). The guard matters: Spark's `encode` raises an error for
 * a character that the encoding lacks.
 */
export function withoutMojibake(text: Sql): Sql {
  const round = (value: Sql, name: string): Sql =>
    named(`${translated(replaced(value, '\\ufffd+$'), windows1252, c1Controls)}`, name, (b) => {
      const decoded = `make_valid_utf8(cast(encode(${b}, 'ISO-8859-1') as string))`
      const whole = replaced(decoded, '\\ufffd+$')
      return `if(${b} rlike ${quoted(mojibake)} and not ${b} rlike '[^\\\\u0000-\\\\u00ff]',
        if(contains(${whole}, '\\ufffd'), ${value}, ${whole}), ${value})`
    })
  const rounds = (value: Sql): Sql =>
    named(round(value, 'b1'), 'm1', (m1) =>
      named(round(m1, 'b2'), 'm2', (m2) => named(round(m2, 'b3'), 'm3', (m3) => m3)),
    )
  const mended = named(
    rounds(text),
    'm',
    (m) => `if(${m} = ${text}, ${m}, regexp_replace(${m}, '[\\\\u00c2\\\\u00c3\\\\ufffd]+$', ''))`,
  )
  return `if(${text} rlike '[\\\\u00c2-\\\\u00f4]', ${mended}, ${text})`
}

// Kana of half the width, their voicing marks among them, and those of full width.
const halfKana = Array.from({ length: 0xff9f - 0xff66 + 1 }, (_, i) => String.fromCharCode(0xff66 + i)).join('')
const fullKana = halfKana.normalize('NFKC')

/**
 * Korean syllables and Japanese kana that were taken apart (Unicode's NFD) as one character each again, and kana of half the
 * width as those of full width. Latin, Greek and
 * Cyrillic letters need it not: their accents are no part of a key.
 */
function recomposed(text: Sql): Sql {
  const character = (code: Sql): Sql => `decode(unhex(lpad(hex(${code}), 8, '0')), 'UTF-32')`
  // Unicode 3.12: S = 0xAC00 + ((L - 0x1100) * 21 + V - 0x1161) * 28 + T - 0x11A7, all of them code points.
  const final = 'if(length(d) = 3, ascii(substring(d, 3, 1)) - 4519, 0)'
  const syllable = character(`44032 + ((ascii(d) - 4352) * 21 + ascii(substring(d, 2, 1)) - 4449) * 28 + ${final}`)
  const hangul = `aggregate(array_sort(array_distinct(regexp_extract_all(u, '[\\u1100-\\u1112][\\u1161-\\u1175][\\u11a8-\\u11c2]?', 0)), (x, y) -> length(y) - length(x)),
    u, (s, d) -> replace(s, d, ${syllable}))`
  // The voiced kana follows its plain one, the half-voiced one that.
  const kana = `aggregate(array_distinct(regexp_extract_all(v, '[\\u304b-\\u30d8][\\u3099\\u309a]', 0)), v,
    (s, d) -> replace(s, d, ${character("ascii(d) + if(endswith(d, '\u3099'), 1, 2)")}))`
  return named(translated(text, halfKana, fullKana), 'u', () =>
    named(`if(u rlike '[\\u1100-\\u11ff]', ${hangul}, u)`, 'v', () => `if(v rlike '[\\u3099\\u309a]', ${kana}, v)`),
  )
}

/**
 * The text with its encoding mended, references resolved, invisible characters gone, and plain quotes, dashes and spaces.
 *
 * Joiners between letters stay: Persian and Indic words need them. Quotes around the whole text go.
 */
export function mended(text: Sql): Sql {
  const visible = (value: Sql): Sql =>
    replaced(replaced(value, '[\\p{Cf}&&[^\\u200c\\u200d]]'), '[\\p{Cc}\\p{Z}]+', ' ')
  const plain = (value: Sql): Sql =>
    translated(value, '‘’‚‛′`´ʼ“”„‟″‐‑‒–—―−（）［］｛｝【】', `''''''''"""""-------()[]{}[]`)
  // Balanced quotes, or one whose partner was cut away; 12" is a record.
  const trimmed = (value: Sql): Sql =>
    `trim(${replaced(replaced(`trim(${value})`, '^"+([^"]*)"*$', '$1'), '^([^"]*[^"\\d])"+$', '$1')})`
  // Nothing to mend: printable ASCII without quotes, references and doubled spaces.
  const clean = "^[!#-%'-_a-~]+(?: [!#-%'-_a-~]+)*$"
  const whole = named(withoutMojibake(text), 'w', (w) =>
    named(plain(visible(withoutEntities(recomposed(w)))), 'y', (y) => unlessBlank(trimmed(y), `trim(${text})`)),
  )
  return `if(${matches(text, clean)}, ${text}, ${whole})`
}
