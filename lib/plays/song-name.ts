import { folded, lostLetter, signsKey, withoutWords, words } from './fold.ts'
import { mended } from './mend.ts'
import { matches, named, quoted, replaced, type Sql, unlessBlank, whereFound } from './sql.ts'
import { bracketedVersion, dashedVersion, guestsOf, versionTags, withoutGuests } from './version.ts'

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
 * - `double`: whether it names two titles, "A / B"; the version says `medley` then.
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

/** All words of a title. The number of a part tells songs apart and is written one way. */
function allWords(title: Sql): Sql {
  const numbered = replaced(
    replaced(title, '(?i)(?<!\\p{L})(?:parts?|pt)[. ]*(?=(?:\\d|i{1,3}v?|one|two|three)(?![\\p{L}\\d]))', 'pt '),
    '(?i)(?<=pt )(?:ii|two)(?!\\p{L})',
    '2',
  )
  return words(folded(whereFound(title, '(?i)p(?:ar)?t', numbered)))
}

/** The words of a title's key, of all its words. */
function keyWords(all: Sql): Sql {
  // Singin', singing; dots and apostrophes are gone by now.
  return named(withoutWords(all, droppedWords), 'kw', (kept) =>
    whereFound(kept, 'ing(?![a-z])', replaced(kept, '(?<=[a-z]{3})ing(?![a-z])', 'in')),
  )
}

const keyOf = (title: Sql): Sql => `replace(${keyWords(allWords(title))}, ' ', '')`
const hasBracket = '[(\\[{]'
// Two titles on one line: a slash with spaces around it, or one with a word of three letters on either side and a space on one
// at least. 24/7, Him/Her and AC/DC are one.
const spacedSlash =
  '[\\p{L}\\p{N}!?.)\'"]\\s+/{1,2}\\s*[\\p{L}\\p{N}(]|[\\p{L}\\p{N}!?.)\'"]\\s*/{1,2}\\s+[\\p{L}\\p{N}(]'
const medleyInFront = '(?i)^medley\\s*[:-]\\s+(?=.*/)'
const closeSlash = '[\\p{L}!?)]{3,}/[\\p{L}(]{2,}'

/** The title as `struct` of `songFields`. */
export function songName(raw: Sql): Sql {
  return named(mended(raw), 'a', (a) =>
    named(withoutGuests(a, 'titles'), 'h', (h) =>
      named(whereFound(h, hasBracket, replaced(h, bracketedVersion, ' ')), 'hb', (hb) =>
        named(
          whereFound(hb, '\\s[-/|]|(?i)^medley', replaced(replaced(hb, dashedVersion), medleyInFront)),
          'hd',
          (hd) => {
            const loose = replaced(hd, '\\s*[/;,-]+\\s*$|^\\s*[/;,]+\\s*')
            return named(unlessBlank(whereFound(hd, '[/;,-]\\s*$|^\\s*[/;,]', loose), h), 'c', (c) =>
              named(whereFound(c, '\\s\\s', replaced(c, '\\s+', ' ')), 'd', (d) => titleParts(raw, a, h, d)),
            )
          },
        ),
      ),
    ),
  )
}

function titleParts(raw: Sql, a: Sql, h: Sql, d: Sql): Sql {
  // A bracket that only numbers a part is part of the title.
  const numbered = replaced(d, '(?i)[(\\[{]\\s*((?:parts?|pt)[. ]*[\\p{L}\\d]+)\\s*[)\\]}]', '$1')
  return named(whereFound(d, hasBracket, numbered), 'p', (p) =>
    named(whereFound(p, hasBracket, replaced(p, bracket, ' ')), 'q', (q) =>
      named(allWords(p), 'v', (v) => {
        const core = `if(${q} = ${p}, ${v}, ${allWords(`if(${matches(q, '[\\p{L}\\p{N}]')}, ${q}, ${p})`)})`
        const inner = `transform(regexp_extract_all(${p}, ${quoted('[(\\[{]([^)\\]}]*)')}, 1), b -> ${keyOf('b')})`
        const whole = `replace(${keyWords(v)}, ' ', '')`
        const lost = `replace(${allWords(replaced(p, lostLetter, '\ua64f'))}, ' ', '')`
        const isDouble = `(contains(${d}, '/') and (${matches(d, spacedSlash)} or contains(${d}, ' ') and ${matches(d, closeSlash)}))`
        const isMedley = `(${isDouble} or ${matches(d, '(?i)(?<!\\p{L})(?:medley|megamix|pot-?pourri)(?!\\p{L})')})`
        const contents = `concat(regexp_extract_all(${h}, ${quoted(bracketedVersion)}, 1), regexp_extract_all(${h}, ${quoted(dashedVersion)}, 0))`
        return named(
          keyWords(core),
          'n',
          (n) => `named_struct(
            'display', ${d},
            'featured', ${guestsOf(a, 'titles')},
            'version', if(${d} = ${a} and not ${isMedley}, null, ${versionTags(`concat(${contents}, if(${isMedley}, array('medley'), array()))`)}),
            'norm', ${n},
            'key', coalesce(nullif(replace(${n}, ' ', ''), ''), ${signsKey(raw)}),
            'full', replace(${v}, ' ', ''),
            'readable', if(${matches(p, lostLetter)}, concat('^', replace(${lost}, '\ua64f', '.{1,2}'), '$'), null),
            'aliases', if(${q} = ${p}, array(), filter(array_append(${inner}, ${whole}), k -> length(k) >= 5)),
            'double', ${isDouble})`,
        )
      }),
    ),
  )
}
