import { folded, lostLetter, withoutWords, words } from './fold.ts'
import { mended } from './mend.ts'
import { named, quoted, replaced, type Sql } from './sql.ts'
import { bracketedVersion, guest, guestsOf } from './version.ts'

/**
 * What an artist's name is made of:
 * - `display`: mended, without guests and version words; attested spelling.
 * - `featured`: guests, null if none.
 * - `norm`: words of the key, one space between them; empty for a name without letters or digits (`!!!`).
 * - `key`: the norm without spaces; of a name without letters the name itself behind `=`, so that no key is empty unless
 *   the name is. Equal keys are one artist.
 * - `full`: the key with the words that it drops, for typos in those ("Teh Beatles").
 * - `loose`: as `norm` without possessive s, for the rule that finds `Manfred Mann` in `Manfred Mann's Earth Band`.
 * - `readable`: a regular expression that matches the key if letters of the name were lost (`M?tley Cr?e`), else null.
 * - `cut`: whether the end of the name was lost with its encoding.
 * - `inverted`: whether it was written `Last, First`.
 */
export const artistFields = [
  'display',
  'featured',
  'norm',
  'key',
  'full',
  'loose',
  'readable',
  'cut',
  'inverted',
] as const

const droppedWords = 'the|and|n'
// What joins two names in other languages; with one of them, a comma separates names and not a surname.
const listWords = /* regular expression */ '&|\\+|/|;|(?i: and | und | y | e | et | och | og | en | и |feat)'

/** The words of an artist's key: see `artistFields`. Also what a search for an artist is compared with. */
export function artistWords(mendedName: Sql): Sql {
  const readable = replaced(mendedName, '(?i)(?<![\\p{L}\\p{N}])w/', '& ')
  const dropped = withoutWords(words(folded(readable)), droppedWords)
  // "Tom Petty & Tom Petty & The Heartbreakers": a repeated run of two or more words. One word may repeat: Duran Duran.
  return replaced(dropped, '(?<![^ ])(\\S+(?: \\S+)+) \\1(?![^ ])', '$1')
}

/** The name as `struct` of `artistFields`. */
export function artistName(raw: Sql): Sql {
  return named(mended(raw), 'a', (a) =>
    named(`coalesce(nullif(trim(${replaced(a, guest)}), ''), ${a})`, 'h', (h) =>
      named(`coalesce(nullif(trim(${replaced(replaced(h, bracketedVersion), '[\\s/;,]+$')}), ''), ${h})`, 'd', (d) => {
        const lastFirst = '^([^,]+), ?([^,]+)$'
        const isInverted = `${d} rlike ${quoted(lastFirst)} and not ${d} rlike ${quoted(listWords)}`
        return named(`if(${isInverted}, ${replaced(d, lastFirst, '$2 $1')}, ${d})`, 'o', (o) =>
          named(artistWords(o), 'n', (n) => {
            const key = `coalesce(nullif(replace(${n}, ' ', ''), ''), if(trim(${raw}) = '', '', concat('=', lower(trim(${raw})))))`
            // A letter that no name has stands for each lost one while the key is built.
            const lost = replaced('o', lostLetter, '\ua64f')
            return `named_struct(
                'display', ${d},
                'featured', ${guestsOf(a)},
                'norm', ${n},
                'key', ${key},
                'full', replace(${words(folded('o'))}, ' ', ''),
                'loose', if(contains(o, ''''), ${artistWords(replaced('o', "(?<=\\p{L})'[sS](?!\\p{L})"))}, n),
                'readable', if(o rlike ${quoted(lostLetter)},
                  concat('^', replace(replace(${artistWords(lost)}, ' ', ''), '\\ua64f', '.{1,2}'), '$'), null),
                'cut', a <> ${raw} and ${raw} rlike '[\\\\u00c2-\\\\u00f4][\\\\u0080-\\\\u00bf\\\\u20ac-\\\\u2122]|\\\\ufffd$',
                'inverted', ${isInverted})`
          }),
        )
      }),
    ),
  )
}
