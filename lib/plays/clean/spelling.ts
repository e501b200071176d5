import {
  aggregate,
  array_distinct,
  array_join,
  type Column,
  concat,
  initcap,
  left,
  length,
  lit,
  lower,
  regexp_extract_all,
  regexp_replace,
  replace,
  split,
  substr,
  substring,
  transform,
  upper,
  using,
  when,
} from 'spark-connect-js'

// Words inside a name that are not capitalised unless they begin it.
const smallWords = ['of', 'the', 'and', 'in', 'a', 'an', 'to', 'for', 'on', 'at', 'or', 'from', 'by', 'with', "n'"]
// Beginnings of Scottish surnames behind "Mac". Others are words: Machine, Macy, Mack.
const macNames =
  'arthur|askill|aulay|beth|callum|coll|cormack|donald|donell|dougall|dougal|dowell|duff|farlane|fadden|gillivray|gowan|gregor|innes|innis|intosh|intyre|isaac|kay|kenna|kenzie|kinnon|kintosh|lachlan|laine|laren|lean|lennan|leod|manus|master|millan|murray|nab|namara|naughton|neil|nicol|pherson|phee|quarrie|queen|rae|ritchie|taggart|vicar'

/** Whether every letter of a name is a capital although the name is long enough not to be an abbreviation (ABBA, INXS). */
export const isShouting = (name: Column<string>): Column<boolean> =>
  name
    .eq(upper(name))
    .and(name.neq(lower(name)))
    .and(length(regexp_replace(name, '[^\\p{Lu}]', '')).gt(when(name.contains(' '), 3).otherwise(5)))

/** Each part of a word with a capital: `Anti-Hero`, `(Live`. */
const capitalised = (word: Column<string>): Column<string> =>
  array_join(
    transform(split(word, '(?<=[-/(\\[{"])'), (part) => concat(upper(left(part, 1)), lower(substr(part, 2)))),
    '',
  )

/** A name in capitals as a person would write it; numerals, initials and words without a vowel stay. */
const withoutShouting = (name: Column<string>): Column<string> => {
  const isNumeral = (word: Column<string>) =>
    word.rlike('\\p{Lu}[.]\\p{Lu}').or(word.rlike('^(?:II|III|IV|VI|VII|VIII|IX|XI{0,3})$'))
  const isAbbreviation = (word: Column<string>) => word.rlike('^[B-DF-HJ-NP-TV-XZ]{1,4}$')
  const words = transform(split(name, ' '), (word, place) =>
    when(isNumeral(word).or(isAbbreviation(word)), word)
      .when(place.gt(0).and(lower(word).isin(...smallWords)), lower(word))
      .otherwise(capitalised(word)),
  )
  return array_join(words, ' ')
}

/** The surnames that `pattern` finds in group 1, with a capital behind their prefix. */
const withInnerCapital = (name: Column<string>, pattern: string, prefix: string): Column<string> => {
  const surnames = array_distinct(regexp_extract_all(name, lit(pattern), 1))
  const behind = prefix.length + 1
  return aggregate(surnames, name, (done, surname) =>
    replace(done, surname, concat(lit(prefix), upper(substring(surname, behind, 1)), substr(surname, behind + 1))),
  )
}

/**
 * A canonical name in the case that a person would write. Attested mixed case stays; `STEELY DAN` gives `Steely Dan`, `ZZ TOP`
 * `ZZ Top`, `dj shadow` `DJ Shadow`, `deadmau5` and `k.d. lang` stay, `Don Mclean` `Don McLean`, `PAUL MACCARTNEY` stays `Paul Maccartney`: not every Mac is one.
 * In a log that does not shout (`shouts` false) one word in capitals is meant so: `BADBADNOTGOOD`.
 */
export const inProperCase = (attested: Column<string>, shouts = true): Column<string> =>
  using(attested, (name) => {
    const isSmall = name
      .eq(lower(name))
      .and(name.neq(upper(name)))
      .and(name.rlike('^[\\p{Ll}\\d.]+$|^(?:\\p{Ll}\\.){2,} ').not())
    const isLoud = shouts ? isShouting(name) : isShouting(name).and(name.contains(' '))
    const cased = when(isLoud, withoutShouting(name)).when(isSmall, initcap(name)).otherwise(name)
    const withDj = regexp_replace(cased, '(?<![\\p{L}\\p{N}])[Dd][Jj](?= \\p{L})', 'DJ')
    return using(withDj, (dj) =>
      using(withInnerCapital(dj, '(?<![\\p{L}])(Mc\\p{Ll}{2,})', 'Mc'), (mc) =>
        withInnerCapital(mc, `(?<![\\p{L}])(Mac(?:${macNames}))(?![\\p{L}])`, 'Mac'),
      ),
    )
  })
