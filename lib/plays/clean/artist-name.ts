import { type Column, coalesce, length, lit, nullif, regexp_replace, struct, using, when } from 'spark-connect-js'
import { unlessBlank, whereFound, withoutSpaces } from '../text.ts'
import { folded, readablePattern, signsKey, withoutWords, words } from './fold.ts'
import { repaired } from './repair.ts'
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
  /** Whether it was written `Last, First`. */
  inverted: boolean
}

const droppedWords = 'the|and|n'
// What joins two names in other languages; with one of them, a comma separates names and not a surname.
const listWords = /* regular expression */ '&|\\+|/|;|(?i: and | und | y | e | et | och | og | en | и |feat)'

/** All words of a repaired name, the dropped ones included. */
const allWords = (name: Column<string>): Column<string> =>
  words(folded(whereFound(name, '[wW]/', regexp_replace(name, '(?i)(?<![\\p{L}\\p{N}])w/', '& '))))

/** The words of an artist's key, of all its words. */
const keyWords = (all: Column<string>): Column<string> =>
  using(withoutWords(all, droppedWords), (kept) => {
    // "Tom Petty & Tom Petty & The Heartbreakers": a repeated run of two or more words. One word may repeat: Duran Duran.
    const once = regexp_replace(kept, '(?<![^ ])(\\S+(?: \\S+)+) \\1(?![^ ])', '$1')
    return whereFound(kept, '^\\S+ \\S+ \\S+ \\S+', when(length(kept).lt(200), once).otherwise(kept))
  })

/** The name as `struct` of `CleanArtist`. */
export const artistName = (raw: Column<string>): Column<CleanArtist> =>
  using(repaired(raw), (whole) =>
    using(withoutGuests(whole, 'artists'), (alone) =>
      using(whereFound(alone, '[(\\[{]', regexp_replace(alone, bracketedVersion, '')), (plain) => {
        const trimmed = regexp_replace(plain, '(?:[\\s/;,]|\\s-)+$', '')
        const display = unlessBlank(whereFound(plain, '[\\s/;,-]$', trimmed), alone)
        return using(display, (shown) => partsOf(raw, whole, shown))
      }),
    ),
  )

function partsOf(raw: Column<string>, whole: Column<string>, display: Column<string>): Column<CleanArtist> {
  // "Sammy Davis, Jr." is in order.
  const lastFirst = '^([^,]+),(?! ?(?i:jr|sr|ii|iii|iv)\\.?$) ?([^,]+)$'
  const inverted = display.contains(',').and(display.rlike(lastFirst)).and(display.rlike(listWords).not())
  return using(when(inverted, regexp_replace(display, lastFirst, '$2 $1')).otherwise(display), (ordered) =>
    using(allWords(ordered), (all) =>
      using(keyWords(all), (norm) => {
        const possessive = regexp_replace(ordered, "(?<=\\p{L})'[sS](?!\\p{L})", '')
        const cutOff = '[\\u00c2-\\u00f4][\\u0080-\\u00bf\\u20ac-\\u2122]|\\ufffd$'
        return struct({
          display,
          featured: guestsOf(whole, 'artists'),
          norm,
          key: coalesce(nullif(withoutSpaces(norm), lit('')), signsKey(raw)),
          full: withoutSpaces(all),
          loose: when(ordered.contains("'"), keyWords(allWords(possessive))).otherwise(norm),
          readable: readablePattern(ordered, (text) => withoutSpaces(keyWords(allWords(text)))),
          cut: whole.neq(raw).and(raw.rlike(cutOff)),
          inverted,
        })
      }),
    ),
  )
}
