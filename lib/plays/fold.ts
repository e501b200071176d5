import { matches, named, quoted, replaced, type Sql, translated, unlessBlank, whereFound } from './sql.ts'

// Letters with marks and the letter without, and full-width forms: Latin, Greek, Cyrillic. Й and Ї are letters of their own.
const ranges: readonly (readonly [number, number])[] = [
  [0xc0, 0x24f],
  [0x370, 0x52f],
  [0x1e00, 0x1fff],
  [0xff01, 0xff5e],
]
const ownLetters = new Set(['й', 'ї', 'ў', 'Й', 'Ї', 'Ў'])

function plainLetters(): readonly [from: string, to: string] {
  let from = ''
  let to = ''
  for (const [first, last] of ranges) {
    for (let code = first; code <= last; code++) {
      const letter = String.fromCharCode(code)
      const plain = letter
        .normalize('NFKD')
        .replace(/[\u0300-\u036f]/g, '')
        .toLowerCase()
      if (ownLetters.has(letter) || plain.length !== 1 || plain === letter || letter !== letter.toLowerCase()) continue
      from += letter
      to += plain
    }
  }
  // Sigma at the end of a word, and the i without a dot; Arabic letters with hamza, and those that Persian keyboards have.
  return [`${from}ςıأإآٱؤئىةیک`, `${to}σiااااوييهيك`]
}

const [marked, unmarked] = plainLetters()
const wide: readonly (readonly [string, string])[] = [
  ['ß', 'ss'],
  ['æ', 'ae'],
  ['œ', 'oe'],
  ['ø', 'o'],
  ['đ', 'd'],
  ['ð', 'd'],
  ['ł', 'l'],
  ['þ', 'th'],
]
// Marks that spelling leaves out: combining accents, Hebrew points, Arabic vowels and tatweel. Vowel signs of Indic scripts
// and Thai are marks as well, but words without them are other words, so they stay.
const marks = '[\\u0300-\\u036f\\u0591-\\u05c7\\u0610-\\u061a\\u0640\\u064b-\\u065f\\u0670]+'

/** The letters of their own whose mark stands apart. */
function recomposedLetters(text: Sql): Sql {
  const lowerOnes = [...ownLetters].filter((letter) => letter === letter.toLowerCase())
  return lowerOnes.reduce((value, own) => `replace(${value}, ${quoted(own.normalize('NFD'))}, ${quoted(own)})`, text)
}

/** Lower case without accents: `MÖTLEY CRÜE` gives `motley crue`, `Мумий Тролль` gives `мумий тролль`. */
export function folded(text: Sql): Sql {
  return named(`lower(${text})`, 'fl', (lower) => {
    const letters = wide.reduce(
      (value, [from, to]) => `replace(${value}, ${quoted(from)}, ${quoted(to)})`,
      translated(recomposedLetters(lower), marked, unmarked),
    )
    return whereFound(lower, '[^ -~]', replaced(letters, marks))
  })
}

/** A letter that was replaced by a question mark: one beside letters, at the end of a word only beside another lost one. */
export const lostLetter = '[?\\ufffd](?=\\p{L}|[?\\ufffd]\\p{L})|(?<=\\p{L})\\ufffd|(?<=\\p{L})[?](?=\\p{L}|[?])'

// Signs that stand for letters inside words: Ke$ha, A$AP, P!nk, N@sty.
const leet: readonly (readonly [string, string])[] = [
  ['(?<=\\p{L})\\$|\\$(?=\\p{L})', 's'],
  ['(?<=\\p{L})!(?=\\p{L})', 'i'],
  ['(?<=\\p{L})@(?=\\p{L})', 'a'],
]

/**
 * Words of a folded text, one space between them: letters, marks and digits of every script stay, `&` and `+` become the word
 * that the caller drops, everything else separates. Dots, apostrophes and unreadable letters (`?`, U+FFFD) close up: `R.E.M.`
 * gives `rem`, `m?tley cr?e` gives `mtley cre`. A text without a letter or digit (`+`, `❤️`) has no words.
 */
export function words(foldedText: Sql): Sql {
  return named(foldedText, 'fw', (text) => {
    const lettered = leet.reduce((value, [pattern, by]) => replaced(value, pattern, by), text)
    const closed = replaced(whereFound(text, '[$!@]', lettered), "[.'?\\ufffd]")
    // What makes a sign an emoji is a mark to Unicode.
    const apart = `trim(${replaced(replaced(closed, '[&+]', ' and '), '[\\p{Me}\\ufe00-\\ufe0f[^\\p{L}\\p{M}\\p{N}]]+', ' ')})`
    return `case when ${matches(text, '^[a-z0-9]+(?: [a-z0-9]+)*$')} then ${text}
      when ${matches(text, '[\\p{L}\\p{N}]')} then ${apart} else '' end`
  })
}

/** The key of a name without words: the name itself behind `=`; empty only if the name is. */
export function signsKey(raw: Sql): Sql {
  const text = translated(`lower(trim(${raw}))`, '\ufe0e\ufe0f', '')
  return `if(trim(${raw}) = '', '', concat('=', coalesce(nullif(trim(BOTH '"= ' FROM ${text}), ''), trim(LEADING '=' FROM ${text}))))`
}

const voicedKana =
  'がぎぐげござじずぜぞだぢづでどばびぶべぼぱぴぷぺぽガギグゲゴザジズゼゾダヂヅデドバビブベボパピプペポヴ'
const plainKana =
  'かきくけこさしすせそたちつてとはひふへほはひふへほカキクケコサシスセソタチツテトハヒフヘホハヒフヘホウ'

/** A key as it is left by software that takes every mark off, also those that are no accents: `ガーゴ` gives `カーコ`. */
export function withoutVoicing(key: Sql): Sql {
  return translated(key, voicedKana, plainKana)
}

/** The words without those in `dropped` (a regular expression), unless nothing would be left: "The The", "And One". */
export function withoutWords(value: Sql, dropped: string): Sql {
  return named(value, 'ws', (all) => unlessBlank(replaced(all, `(?<![^ ])(?:${dropped})(?: |$)`), all))
}
