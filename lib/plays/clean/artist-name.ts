import {
  array,
  type Column,
  coalesce,
  concat,
  get,
  length,
  lit,
  nullif,
  regexp_replace,
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
import { repaired } from './repair.ts'
import { tribute } from './tribute.ts'
import { bracketedVersion, guestsOf, withoutGuests } from './version.ts'

/** What an artist's name is made of. */
export type CleanArtist = {
  /** Repaired, without guests and version words; attested spelling. */
  display: string
  /** Guests, null if none. */
  featured: string | null
  /** Words of the key, one space between them; empty for a name without letters or digits (`!!!`). */
  norm: string
  /**
   * The norm without spaces; of a name without letters the name itself behind `=`, so that no key is empty unless the name is.
   * Equal keys are one artist.
   */
  key: string
  /** The key with the words that it drops, for typos in those ("Teh Beatles"). */
  full: string
  /** As `norm` without possessive s, for the rule that finds `Manfred Mann` in `Manfred Mann's Earth Band`. */
  loose: string
  /** A regular expression that matches the key if letters of the name were lost (`M?tley Cr?e`), else null. */
  readable: string | null
  /** Whether the end of the name was lost with its encoding. */
  cut: boolean
  /** All words, those that the key drops included. */
  words: string
  /** Whether it was written `Last, First`. */
  inverted: boolean
}

// What joins two names in other languages; with one of them, a comma separates names and not a surname.
const listWords = /* regular expression */ '&|\\+|/|;|(?i: and | und | y | e | et | och | og | en | и |feat)'

/** All words of a repaired name, the dropped ones included. */
const allWords = (name: Column<string>): Column<string> =>
  using(whereFound(name, '[wW]/', regexp_replace(name, '(?i)(?<![\\p{L}\\p{N}])w/', '& ')), (joined) =>
    words(folded(withoutThousandsCommas(joined))),
  )

/** The words of an artist's key, of all its words. */
const keyWords = (all: Column<string>): Column<string> =>
  using(withoutArticles(all, 'and'), (kept) => {
    // "Tom Petty & Tom Petty & The Heartbreakers": a repeated run of two or more words. One word may repeat: Duran Duran.
    const once = regexp_replace(kept, '(?<![^ ])(\\S+(?: \\S+)+) \\1(?![^ ])', '$1')
    return whereFound(kept, '^\\S+ \\S+ \\S+ \\S+', when(length(kept).lt(200), once).otherwise(kept))
  })

/** The name as `struct` of `CleanArtist`. */
export const artistName = (raw: Column<string>): Column<CleanArtist> =>
  using(repaired(raw), (whole) =>
    using(withoutGuests(whole, 'artists'), (alone) =>
      using(withoutVersions(alone), (plain) => {
        const trimmed = regexp_replace(plain, '(?:[\\s/;,]|\\s-)+$', '')
        const display = unlessBlank(whereFound(plain, '[\\s/;,-]$', trimmed), alone)
        return using(display, (shown) => partsOf(raw, whole, shown))
      }),
    ),
  )

/** Without brackets that say which recording it is, but for those that name another act: `ABBA (Karaoke)` is not ABBA. */
const withoutVersions = (name: Column<string>): Column<string> =>
  when(
    name.rlike('[(\\[{]').and(name.rlike(`(?i)${tribute}`).not()),
    regexp_replace(name, bracketedVersion, ''),
  ).otherwise(name)

/**
 * The key of a name in one word that has initials or begins with a sign: these stay, for without them it would be another
 * name (`will.i.am` and `William`, `@peace` and `Peace`). Titles in common make them one again, see artist-rules.ts.
 */
const keyOf = (ordered: Column<string>, norm: Column<string>): Column<string> => {
  const letters = withoutSpaces(norm)
  const isSigned = norm.contains(' ').not().and(ordered.rlike('(?<!\\p{L})\\p{L}\\.\\p{L}|^[@*+#]+[\\p{L}\\p{N}]'))
  const signed = regexp_replace(folded(ordered), '[^\\p{L}\\p{M}\\p{N}.@*+#]|\\.+$', '')
  return when(isSigned, signed).otherwise(letters)
}

/**
 * The name, without possessive s where it has an apostrophe, and with its lost letters marked where it has some. One list, for
 * the rules that make words of each stand in the plan once.
 */
const formsOf = (ordered: Column<string>): Column<string[]> => {
  const possessive = regexp_replace(ordered, "(?<=\\p{L})'[sS](?!\\p{L})", '')
  return concat(
    array(ordered),
    when(ordered.contains("'"), array(possessive)).otherwise(noTexts),
    when(hasLostLetters(ordered), array(withLettersMarked(ordered))).otherwise(noTexts),
  )
}

function partsOf(raw: Column<string>, whole: Column<string>, display: Column<string>): Column<CleanArtist> {
  // "Sammy Davis, Jr." is in order.
  const lastFirst = '^([^,]+),(?! ?(?i:jr|sr|ii|iii|iv)\\.?$) ?([^,]+)$'
  // A list of names, or a number with thousands.
  const notInverted = `${listWords}|\\d,\\d{3}`
  const inverted = display.contains(',').and(display.rlike(lastFirst)).and(display.rlike(notInverted).not())
  return using(when(inverted, regexp_replace(display, lastFirst, '$2 $1')).otherwise(display), (ordered) =>
    using(transform(formsOf(ordered), allWords), (spelled) =>
      using(transform(spelled, keyWords), (kept) => {
        const norm = get(kept, 0).$notNull()
        const all = get(spelled, 0).$notNull()
        const cutOff = '[\\u00c2-\\u00f4][\\u0080-\\u00bf\\u20ac-\\u2122]|\\ufffd$'
        return struct({
          display,
          featured: guestsOf(whole, 'artists'),
          norm,
          key: coalesce(nullif(keyOf(ordered, norm), lit('')), signsKey(raw)),
          full: withoutSpaces(all),
          words: all,
          loose: when(ordered.contains("'"), get(kept, 1).$notNull()).otherwise(norm),
          readable: when(
            hasLostLetters(ordered),
            readablePattern(withoutSpaces(try_element_at(kept, lit(-1)).$notNull())),
          ),
          cut: whole.neq(raw).and(raw.rlike(cutOff)),
          inverted,
        })
      }),
    ),
  )
}
