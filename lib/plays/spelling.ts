import { named, quoted, type Sql } from './sql.ts'

// Words inside a name that are not capitalised unless they begin it, and numerals that stay as they are.
const smallWords = "'of', 'the', 'and', 'in', 'a', 'an', 'to', 'for', 'on', 'at', 'or', 'from', 'by', 'with', 'n'''"
// Beginnings of Scottish surnames behind "Mac". Others are words: Machine, Macy, Mack.
const macNames =
  'arthur|askill|aulay|beth|callum|coll|cormack|donald|donell|dougall|dougal|dowell|duff|farlane|fadden|gillivray|gowan|gregor|innes|innis|intosh|intyre|isaac|kay|kenna|kenzie|kinnon|kintosh|lachlan|laine|laren|lean|lennan|leod|manus|master|millan|murray|nab|namara|naughton|neil|nicol|pherson|phee|quarrie|queen|rae|ritchie|taggart|vicar'

/** Whether every letter of a name is a capital although the name is long enough not to be an abbreviation (ABBA, INXS). */
export function isShouting(name: Sql): Sql {
  return `(${name} = upper(${name}) and ${name} <> lower(${name}) and length(regexp_replace(${name}, '[^\\\\p{Lu}]', '')) > if(contains(${name}, ' '), 3, 5))`
}

/**
 * A canonical name in the case that a person would write. Attested mixed case stays; `STEELY DAN` gives `Steely Dan`, `ZZ TOP`
 * `ZZ Top`, `dj shadow` `DJ Shadow`, `Don Mclean` `Don McLean`, `PAUL MACCARTNEY` stays `Paul Maccartney`: not every Mac is one.
 */
export function inProperCase(name: Sql): Sql {
  const capitalised = (word: Sql): Sql =>
    `array_join(transform(split(${word}, '(?<=[-/(\\\\[{"])'), u -> concat(upper(left(u, 1)), lower(substring(u, 2)))), '')`
  const word = `case
    when w rlike '\\\\p{Lu}[.]\\\\p{Lu}' or w rlike '^(?:II|III|IV|VI|VII|VIII|IX|XI{0,3})$' then w
    when length(w) <= 4 and w rlike '^\\\\p{Lu}+$' and not w rlike '[AEIOUYÄÖÜÉÈÀÁÍÓÚÅØÆŒ]' and w rlike '^[A-Z]+$' then w
    when i > 0 and lower(w) in (${smallWords}) then lower(w)
    else ${capitalised('w')} end`
  const words = `array_join(transform(split(n, ' '), (w, i) -> ${word}), ' ')`
  return named(`${name}`, 'n', () =>
    named(
      `if(${isShouting('n')}, ${words}, if(n = lower(n) and n <> upper(n) and not n rlike '^\\\\p{Ll}+$', initcap(n), n))`,
      'c',
      () => {
        const dj = `regexp_replace(c, '(?<![\\\\p{L}\\\\p{N}])[Dd][Jj](?= \\\\p{L})', 'DJ')`
        return named(dj, 'j', () =>
          named(
            `aggregate(array_distinct(regexp_extract_all(j, ${quoted('(?<![\\p{L}])(Mc\\p{Ll}{2,})')}, 1)), j,
            (s, m) -> replace(s, m, concat('Mc', upper(substring(m, 3, 1)), substring(m, 4))))`,
            'k',
            () => `aggregate(array_distinct(regexp_extract_all(k, ${quoted(`(?<![\\p{L}])(Mac(?:${macNames}))(?![\\p{L}])`)}, 1)), k,
            (s, m) -> replace(s, m, concat('Mac', upper(substring(m, 4, 1)), substring(m, 5))))`,
          ),
        )
      },
    ),
  )
}
