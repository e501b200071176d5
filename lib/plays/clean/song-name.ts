import {
  array,
  array_append,
  type Column,
  coalesce,
  concat,
  filter,
  get,
  length,
  lit,
  nullif,
  regexp_extract_all,
  regexp_replace,
  size,
  slice,
  struct,
  transform,
  try_element_at,
  using,
  when,
} from 'spark-connect-js'
import { noTexts, unlessBlank, whereFound, withoutSpaces } from '../text.ts'
import {
  folded,
  hasLostLetters,
  readablePattern,
  signsKey,
  withLettersMarked,
  withoutArticles,
  withoutThousandsCommas,
  words,
} from './fold.ts'
import { numberedBracket, withPlainParts } from './parts.ts'
import { repaired } from './repair.ts'
import { bracketedVersion, dashedVersion, guestsOf, versionTags, withoutGuests } from './version.ts'

/** What a title is made of. */
export type CleanTitle = {
  /** Repaired, without guests and version words; attested otherwise. */
  display: string
  /** Guests that were taken off; null if none. */
  featured: string | null
  /** Tags of the version that was taken off; null if none. */
  version: string | null
  /** Words of the key, one space between them; empty for a title without letters or digits. */
  norm: string
  /** The norm without spaces; equal keys of one artist are one song; never empty unless the title is. */
  key: string
  /** The key of the whole title, brackets and dropped words included. */
  full: string
  /** A regular expression that matches `full` if letters of the title were lost, else null. */
  readable: string | null
  /** Other keys that may stand for it: the words in brackets alone ("Good Riddance (Time Of Your Life)"), and the title with them. */
  aliases: string[]
  /** Whether it names two titles, "A / B"; the version says `medley` then. */
  double: boolean
}

const bracket = '[(\\[{][^)\\]}]*(?:[)\\]}]|$)'

// "Day in the Life, A".
const articleBehind = '(?i),\\s*an?\\s*$'

/** All words of a title. The number of a part tells songs apart and is written one way. */
const allWords = (title: Column<string>): Column<string> =>
  using(whereFound(title, articleBehind, regexp_replace(title, articleBehind, '')), (ordered) =>
    using(withPlainParts(ordered), (plain) => words(folded(withoutThousandsCommas(plain)))),
  )

/** The words of a title's key, of all its words. */
const keyWords = (all: Column<string>): Column<string> =>
  using(withoutArticles(all, 'and|an?'), (kept) =>
    // Singin', singing; dots and apostrophes are gone by now.
    whereFound(kept, 'ing(?![a-z])', regexp_replace(kept, '(?<=[a-z]{3})ing(?![a-z])', 'in')),
  )

const hasBracket = '[(\\[{]'
// Two titles on one line: a slash with spaces around it, or one with a word of three letters on either side and a space on one
// at least. 24/7, Him/Her and AC/DC are one.
const spacedSlash =
  '[\\p{L}\\p{N}!?.)\'"]\\s+/{1,2}\\s*[\\p{L}\\p{N}(]|[\\p{L}\\p{N}!?.)\'"]\\s*/{1,2}\\s+[\\p{L}\\p{N}(]'
const medleyInFront = '(?i)^medley\\s*[:-]\\s+(?=.*/)'
const closeSlash = '[\\p{L}!?)]{3,}/[\\p{L}(]{2,}'

/** The title as `struct` of `CleanTitle`. */
export const songName = (raw: Column<string>): Column<CleanTitle> =>
  using(repaired(raw), (whole) =>
    using(withoutGuests(whole, 'titles'), (alone) =>
      using(whereFound(alone, hasBracket, regexp_replace(alone, bracketedVersion, ' ')), (unbracketed) => {
        const undashed = regexp_replace(regexp_replace(unbracketed, dashedVersion, ''), medleyInFront, '')
        return using(whereFound(unbracketed, '\\s[-/|]|(?i)^medley', undashed), (plain) => {
          const trimmed = regexp_replace(plain, '\\s*[/;,-]+\\s*$|^\\s*[/;,]+\\s*', '')
          return using(unlessBlank(whereFound(plain, '[/;,-]\\s*$|^\\s*[/;,]', trimmed), alone), (display) =>
            using(whereFound(display, '\\s\\s', regexp_replace(display, '\\s+', ' ')), (shown) =>
              partsOf({ raw, whole, alone, display: shown }),
            ),
          )
        })
      }),
    ),
  )

interface Stages {
  readonly raw: Column<string>
  /** Repaired. */
  readonly whole: Column<string>
  /** Without guests. */
  readonly alone: Column<string>
  readonly display: Column<string>
}

function partsOf({ raw, whole, alone, display }: Stages): Column<CleanTitle> {
  // A bracket that only numbers a part is part of the title.
  return using(whereFound(display, hasBracket, regexp_replace(display, numberedBracket, ' $1 ')), (title) =>
    using(whereFound(title, hasBracket, regexp_replace(title, bracket, ' ')), (outside) =>
      using(transform(formsOf(title, outside), allWords), (spelled) => {
        const all = get(spelled, 0).$notNull()
        const core = when(outside.eq(title), all).otherwise(get(spelled, 1).$notNull())
        return using(keyWords(core), (norm) =>
          struct({
            display,
            featured: guestsOf(whole, 'titles'),
            version: versionOf({ whole, alone, display }),
            norm,
            key: coalesce(nullif(withoutSpaces(norm), lit('')), signsKey(raw)),
            full: withoutSpaces(all),
            readable: when(
              hasLostLetters(title),
              readablePattern(withoutSpaces(try_element_at(spelled, lit(-1)).$notNull())),
            ),
            aliases: when(outside.eq(title), noTexts).otherwise(aliasesOf(title, spelled)),
            double: isDouble(display),
          }),
        )
      }),
    ),
  )
}

/**
 * The title; if it has brackets, what is outside of them and what is in each; the title with its lost letters marked, if it has
 * some. One list, for the rules that make words of each stand in the plan once.
 */
const formsOf = (title: Column<string>, outside: Column<string>): Column<string[]> => {
  const core = when(outside.rlike('[\\p{L}\\p{N}]'), outside).otherwise(title)
  const inside = regexp_extract_all(title, lit('[(\\[{]([^)\\]}]*)'), 1)
  return concat(
    array(title),
    when(outside.eq(title), noTexts).otherwise(concat(array(core), inside)),
    when(hasLostLetters(title), array(withLettersMarked(title))).otherwise(noTexts),
  )
}

/** The keys of what is in brackets and of the whole, if they say enough. `spelled`: the words of `formsOf`. */
const aliasesOf = (title: Column<string>, spelled: Column<string[]>): Column<string[]> => {
  const others = when(hasLostLetters(title), 3).otherwise(2)
  const inside = slice(spelled, 3, size(spelled).minus(others))
  const keys = transform(array_append(inside, get(spelled, 0).$notNull()), (each) => withoutSpaces(keyWords(each)))
  return filter(keys, (key) => length(key).geq(5))
}

const isDouble = (display: Column<string>): Column<boolean> =>
  display.contains('/').and(display.rlike(spacedSlash).or(display.contains(' ').and(display.rlike(closeSlash))))

/** The tags of what was taken off between the repaired title and the shown one. */
const versionOf = ({ whole, alone, display }: Omit<Stages, 'raw'>): Column<string | null> => {
  const isMedley = isDouble(display).or(display.rlike('(?i)(?<!\\p{L})(?:medley|megamix|pot-?pourri)(?!\\p{L})'))
  const contents = concat(
    regexp_extract_all(alone, lit(bracketedVersion), 1),
    regexp_extract_all(alone, lit(dashedVersion), 0),
    when(isMedley, array(lit('medley'))).otherwise(noTexts),
  )
  return when(display.eq(whole).and(isMedley.not()), null).otherwise(versionTags(contents))
}
