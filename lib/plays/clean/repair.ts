import {
  aggregate,
  array_distinct,
  array_sort,
  ascii,
  type Column,
  decode,
  encode,
  hex,
  length,
  lit,
  lpad,
  make_valid_utf8,
  regexp_extract_all,
  regexp_replace,
  replace,
  substring,
  translate,
  trim,
  unhex,
  using,
  when,
} from 'spark-connect-js'
import { unlessBlank, whereFound } from '../text.ts'
import { withoutEntities } from './entities.ts'

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
export const withoutMojibake = (text: Column<string>): Column<string> => {
  const decodedOnce = (value: Column<string>): Column<string> =>
    using(translate(regexp_replace(value, '\\ufffd+$', ''), windows1252, c1Controls), (bytes) => {
      const decoded = make_valid_utf8(encode(bytes, 'ISO-8859-1').cast('string'))
      const whole = regexp_replace(decoded, '\\ufffd+$', '')
      const isMojibake = bytes.rlike(mojibake).and(bytes.rlike('[^\\u0000-\\u00ff]').not())
      return when(isMojibake, when(whole.contains('\ufffd'), value).otherwise(whole)).otherwise(value)
    })
  // A loop: the rule three times within itself is three times as much for Spark to plan.
  const decoded = aggregate(lit([1, 2, 3]), text, decodedOnce)
  const repaired = using(decoded, (done) =>
    when(done.eq(text), done).otherwise(regexp_replace(done, '[\\u00c2\\u00c3\\ufffd]+$', '')),
  )
  return whereFound(text, '[\\u00c2-\\u00f4]', repaired)
}

// Kana of half the width, their voicing marks among them, and those of full width.
const halfKana = Array.from({ length: 0xff9f - 0xff66 + 1 }, (_, i) => String.fromCharCode(0xff66 + i)).join('')
const fullKana = halfKana.normalize('NFKC')

const characterOf = (code: Column<number>): Column<string> =>
  decode(unhex(lpad(hex(code), 8, '0')).$notNull(), 'UTF-32')

/** Korean syllables that were taken apart, as one character each. */
const withSyllables = (text: Column<string>): Column<string> => {
  const parts = array_distinct(regexp_extract_all(text, lit('[\\u1100-\\u1112][\\u1161-\\u1175][\\u11a8-\\u11c2]?'), 0))
  // Unicode 3.12: S = 0xAC00 + ((L - 0x1100) * 21 + V - 0x1161) * 28 + T - 0x11A7, all of them code points.
  const syllable = (jamo: Column<string>): Column<string> => {
    const place = (at: number, first: number) => ascii(substring(jamo, at, 1)).minus(first)
    const final = when(length(jamo).eq(3), place(3, 0x11a7)).otherwise(0)
    return characterOf(place(1, 0x1100).multiply(21).plus(place(2, 0x1161)).multiply(28).plus(final).plus(0xac00))
  }
  const longestFirst = array_sort(parts, (x, y) => length(y).minus(length(x)))
  return aggregate(longestFirst, text, (done, jamo) => replace(done, jamo, syllable(jamo)))
}

/** Kana whose voicing mark stands apart, as one character each: the voiced kana follows its plain one, the half-voiced one that. */
const withVoicedKana = (text: Column<string>): Column<string> => {
  const parts = array_distinct(regexp_extract_all(text, lit('[\\u304b-\\u30d8][\\u3099\\u309a]'), 0))
  const voiced = (pair: Column<string>) => ascii(pair).plus(when(pair.endsWith('\u3099'), 1).otherwise(2))
  return aggregate(parts, text, (done, pair) => replace(done, pair, characterOf(voiced(pair))))
}

/**
 * Korean syllables and Japanese kana that were taken apart (Unicode's NFD) as one character each again, and kana of half the
 * width as those of full width. Latin, Greek and Cyrillic letters do not need it: their accents are not part of a key.
 */
const recomposed = (text: Column<string>): Column<string> =>
  using(translate(text, halfKana, fullKana), (wide) =>
    using(whereFound(wide, '[\\u1100-\\u11ff]', withSyllables(wide)), (whole) =>
      whereFound(whole, '[\\u3099\\u309a]', withVoicedKana(whole)),
    ),
  )

/** Without invisible characters, and one plain space for spaces and controls of any kind. */
const visible = (text: Column<string>): Column<string> =>
  regexp_replace(regexp_replace(text, '[\\p{Cf}&&[^\\u200c\\u200d]]', ''), '[\\p{Cc}\\p{Z}]+', ' ')

const withPlainMarks = (text: Column<string>): Column<string> =>
  translate(text, '‘’‚‛′`´ʼ“”„‟″‐‑‒–—―−（）［］｛｝【】', `''''''''"""""-------()[]{}[]`)

/** Without balanced quotes around the whole, or one whose partner was cut away; 12" is a record. */
const withoutOuterQuotes = (text: Column<string>): Column<string> =>
  trim(regexp_replace(regexp_replace(trim(text), '^"+([^"]*)"*$', '$1'), '^([^"]*[^"\\d])"+$', '$1'))

// Nothing to repair: printable ASCII without quotes, references and doubled spaces.
const clean = "^[!#-%'-_a-~]+(?: [!#-%'-_a-~]+)*$"

/**
 * The text with its encoding repaired, references resolved, invisible characters gone, and plain quotes, dashes and spaces.
 *
 * Joiners between letters stay: Persian and Indic words need them. Quotes around the whole text go.
 */
export const repaired = (text: Column<string>): Column<string> => {
  const whole = using(withoutMojibake(text), (decoded) =>
    using(withPlainMarks(visible(withoutEntities(recomposed(decoded)))), (plain) =>
      unlessBlank(withoutOuterQuotes(plain), trim(text)),
    ),
  )
  return when(text.rlike(clean), text).otherwise(whole)
}
