import { folded, lostLetter, signsKey, withoutWords, words } from './fold.ts'
import { mended } from './mend.ts'
import { matches, named, replaced, type Sql, unlessBlank, whereFound } from './sql.ts'
import { bracketedVersion, guestsOf, withoutGuests } from './version.ts'

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

/** All words of a mended name, the dropped ones included. */
function allWords(mendedName: Sql): Sql {
  return words(folded(whereFound(mendedName, '[wW]/', replaced(mendedName, '(?i)(?<![\\p{L}\\p{N}])w/', '& '))))
}

/** The words of an artist's key, of all its words. */
function keyWords(all: Sql): Sql {
  return named(withoutWords(all, droppedWords), 'kw', (kept) =>
    // "Tom Petty & Tom Petty & The Heartbreakers": a repeated run of two or more words. One word may repeat: Duran Duran.
    whereFound(
      kept,
      '^\\S+ \\S+ \\S+ \\S+',
      `if(length(${kept}) < 200, ${replaced(kept, '(?<![^ ])(\\S+(?: \\S+)+) \\1(?![^ ])', '$1')}, ${kept})`,
    ),
  )
}

/** The name as `struct` of `artistFields`. */
export function artistName(raw: Sql): Sql {
  return named(mended(raw), 'a', (a) =>
    named(withoutGuests(a, 'artists'), 'h', (h) =>
      named(whereFound(h, '[(\\[{]', replaced(h, bracketedVersion)), 'hb', (hb) =>
        named(unlessBlank(whereFound(hb, '[\\s/;,-]$', replaced(hb, '(?:[\\s/;,]|\\s-)+$')), h), 'd', (d) =>
          nameParts(raw, a, d),
        ),
      ),
    ),
  )
}

function nameParts(raw: Sql, a: Sql, d: Sql): Sql {
  // "Sammy Davis, Jr." is in order.
  const lastFirst = '^([^,]+),(?! ?(?i:jr|sr|ii|iii|iv)\\.?$) ?([^,]+)$'
  const isInverted = `(contains(${d}, ',') and ${matches(d, lastFirst)} and not ${matches(d, listWords)})`
  return named(`if(${isInverted}, ${replaced(d, lastFirst, '$2 $1')}, ${d})`, 'o', (o) =>
    named(allWords(o), 'v', (v) =>
      named(keyWords(v), 'n', (n) => {
        const possessive = replaced(o, "(?<=\\p{L})'[sS](?!\\p{L})")
        // A letter that no name has stands for each lost one while the key is built.
        const lost = keyWords(allWords(replaced(o, lostLetter, '\ua64f')))
        return `named_struct(
          'display', ${d},
          'featured', ${guestsOf(a, 'artists')},
          'norm', ${n},
          'key', coalesce(nullif(replace(${n}, ' ', ''), ''), ${signsKey(raw)}),
          'full', replace(${v}, ' ', ''),
          'loose', if(contains(${o}, ''''), ${keyWords(allWords(possessive))}, ${n}),
          'readable', if(${matches(o, lostLetter)}, concat('^', replace(replace(${lost}, ' ', ''), '\ua64f', '.{1,2}'), '$'), null),
          'cut', ${a} <> ${raw} and ${matches(raw, '[\\u00c2-\\u00f4][\\u0080-\\u00bf\\u20ac-\\u2122]|\\ufffd$')},
          'inverted', ${isInverted})`
      }),
    ),
  )
}
