import { folded, lostLetter, withoutWords, words } from './fold.ts'
import { mended } from './mend.ts'
import { named, quoted, replaced, type Sql } from './sql.ts'
import { bracketedVersion, dashedVersion, guest, guestsOf, versionTags } from './version.ts'

/**
 * What a title is made of:
 * - `display`: mended, without guests and version words; attested otherwise.
 * - `featured`, `version`: what was taken off, null if nothing.
 * - `norm`: words of the key, one space between them; empty for a title without letters or digits.
 * - `key`: the norm without spaces; equal keys of one artist are one song; never empty unless the title is.
 * - `full`: the key of the whole title, brackets and dropped words included.
 * - `readable`: a regular expression that matches `full` if letters of the title were lost, else null.
 * - `aliases`: other keys that may stand for it: the words in brackets alone ("Good Riddance (Time Of Your Life)"), and the
 *   title with them.
 * - `double`: whether it names two titles, "A / B".
 */
export const songFields = [
  'display',
  'featured',
  'version',
  'norm',
  'key',
  'full',
  'readable',
  'aliases',
  'double',
] as const

const droppedWords = 'the|and|n|a|an'
const bracket = '[(\\[{][^)\\]}]*(?:[)\\]}]|$)'

function songWords(title: Sql): Sql {
  // The number of a part tells songs apart and is kept, however it is written.
  const parts = replaced(
    replaced(title, '(?i)(?<!\\p{L})(?:parts?|pt)[. ]*(?=(?:\\d|i{1,3}v?|one|two|three)(?![\\p{L}\\d]))', 'pt '),
    '(?i)(?<=pt )(?:ii|two)(?!\\p{L})',
    '2',
  )
  const bare = withoutWords(words(folded(parts)), droppedWords)
  // Singin', singing; dots and apostrophes are gone by now.
  return replaced(bare, '(?<=[a-z]{3})ing(?![a-z])', 'in')
}

const fullKey = (title: Sql): Sql => `replace(${words(folded(title))}, ' ', '')`
const keyOf = (title: Sql): Sql => `replace(${songWords(title)}, ' ', '')`

/** The title as `struct` of `songFields`. */
export function songName(raw: Sql): Sql {
  return named(mended(raw), 'a', (a) =>
    named(`coalesce(nullif(trim(${replaced(a, guest)}), ''), ${a})`, 'h', (h) =>
      named(
        `coalesce(nullif(trim(${replaced(replaced(replaced(h, bracketedVersion, ' '), dashedVersion), '\\s*[/;,-]+\\s*$|^\\s*[/;,]+\\s*')}), ''), ${h})`,
        'c',
        (c) =>
          named(replaced(c, '\\s+', ' '), 'd', (d) => {
            // A bracket that only numbers a part is part of the title.
            const numbered = replaced(d, '(?i)[(\\[{]\\s*((?:parts?|pt)[. ]*[\\p{L}\\d]+)\\s*[)\\]}]', '$1')
            return named(numbered, 'p', (p) =>
              named(replaced(p, bracket, ' '), 'q', (q) => {
                const core = `if(${q} rlike '[\\\\p{L}\\\\p{N}]', ${q}, ${p})`
                const inner = `transform(regexp_extract_all(${p}, ${quoted('[(\\[{]([^)\\]}]*)')}, 1), b -> ${keyOf('b')})`
                const fallback = `if(trim(${raw}) = '', '', concat('=', lower(trim(${raw}))))`
                return named(
                  songWords(core),
                  'n',
                  (n) => `named_struct(
                  'display', ${d},
                  'featured', ${guestsOf(a)},
                  'version', if(d = a, null, ${versionTags(
                    `concat(regexp_extract_all(${h}, ${quoted(bracketedVersion)}, 1), regexp_extract_all(${h}, ${quoted(dashedVersion)}, 0))`,
                  )}),
                  'norm', ${n},
                  'key', coalesce(nullif(replace(${n}, ' ', ''), ''), ${fallback}),
                  'full', ${fullKey(p)},
                  'readable', if(p rlike ${quoted(lostLetter)}, concat('^', replace(${fullKey(replaced('p', lostLetter, '\ua64f'))}, '\ua64f', '.{1,2}'), '$'), null),
                  'aliases', if(p rlike '[(\\\\[{]', filter(array_append(${inner}, ${keyOf(p)}), k -> length(k) >= 5), array()),
                  'double', d rlike '[\\\\p{L}\\\\p{N}!?)]\\\\s*/\\\\s*[\\\\p{L}\\\\p{N}(]')`,
                )
              }),
            )
          }),
      ),
    ),
  )
}
