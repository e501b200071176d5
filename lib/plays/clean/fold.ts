import {
  type Column,
  coalesce,
  concat,
  lit,
  lower,
  ltrim,
  nullif,
  regexp_replace,
  translate,
  trim,
  using,
  when,
} from 'spark-connect-js'
import { replaced, unlessBlank, whereFound } from '../text.ts'

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
const recomposedLetters = (text: Column<string>): Column<string> => {
  const small = [...ownLetters].filter((letter) => letter === letter.toLowerCase())
  return small.reduce((value, own) => replaced(value, own.normalize('NFD'), own), text)
}

/** Lower case without accents: `MÖTLEY CRÜE` gives `motley crue`, `Мумий Тролль` gives `мумий тролль`. */
export const folded = (text: Column<string>): Column<string> =>
  using(lower(text), (small) => {
    const letters = wide.reduce(
      (value, [from, to]) => replaced(value, from, to),
      translate(recomposedLetters(small), marked, unmarked),
    )
    return whereFound(small, '[^ -~]', regexp_replace(letters, marks, ''))
  })

/**
 * A letter that was replaced by a question mark: one beside letters; at the end of a word only beside another lost one, or behind
 * one in the same text.
 */
const lostLetter =
  '[?\\ufffd](?=\\p{L}|[?\\ufffd]\\p{L})|(?<=\\p{L})\\ufffd|(?<=\\p{L})[?](?=\\p{L}|[?])|(?<=[?]\\p{L}[^?]{0,40}\\p{L})[?](?= \\p{L})'

// A letter that no name has stands for each lost one while a key is built.
const letterMark = '\ua64f'

/** Whether letters of a text were lost. */
export const hasLostLetters = (text: Column<string>): Column<boolean> => text.rlike(lostLetter)

/** The text with a mark for each lost letter, for `readablePattern`. */
export const withLettersMarked = (text: Column<string>): Column<string> => regexp_replace(text, lostLetter, letterMark)

/** A regular expression that matches the keys that a text may have of which letters were lost, from the key of the marked text. */
export const readablePattern = (markedKey: Column<string>): Column<string> =>
  concat(lit('^'), replaced(markedKey, letterMark, '.{1,2}'), lit('$'))

/** A key without the letters that have accents in the languages of Europe: where an encoding loses the accent, it loses the letter. */
export const skeletonOf = (key: Column<string>): Column<string> => regexp_replace(key, '[aceilnosuyz]', '')

/** Whether letters of a text were lost, or may be: it has others than English. */
export const mayLoseLetters = (text: Column<string>): Column<boolean> => text.rlike(`[^ -~]|${lostLetter}`)

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
export const words = (foldedText: Column<string>): Column<string> =>
  using(foldedText, (text) => {
    const lettered = leet.reduce((value, [pattern, by]) => regexp_replace(value, pattern, by), text)
    const closed = regexp_replace(whereFound(text, '[$!@]', lettered), "[.'?\\ufffd]", '')
    // What makes a sign an emoji is a mark to Unicode.
    const separators = '[\\p{Me}\\ufe00-\\ufe0f[^\\p{L}\\p{M}\\p{N}]]+'
    const apart = trim(regexp_replace(regexp_replace(closed, '[&+]', ' and '), separators, ' '))
    return when(text.rlike('^[a-z0-9]+(?: [a-z0-9]+)*$'), text).when(text.rlike('[\\p{L}\\p{N}]'), apart).otherwise('')
  })

/** The key of a name without words: the name itself behind `=`; empty only if the name is. */
export const signsKey = (raw: Column<string>): Column<string> => {
  const text = translate(lower(trim(raw)), '\ufe0e\ufe0f', '')
  const signs = coalesce(nullif(trim(text, lit('"= ')), lit('')), ltrim(text, lit('=')))
  return when(trim(raw).eq(''), '').otherwise(concat(lit('='), signs))
}

const voicedKana =
  'がぎぐげござじずぜぞだぢづでどばびぶべぼぱぴぷぺぽガギグゲゴザジズゼゾダヂヅデドバビブベボパピプペポヴ'
const plainKana =
  'かきくけこさしすせそたちつてとはひふへほはひふへほカキクケコサシスセソタチツテトハヒフヘホハヒフヘホウ'

/** A key as it is left by software that takes every mark off, also those that are not accents: `ガーゴ` gives `カーコ`. */
export const withoutVoicing = (key: Column<string>): Column<string> => translate(key, voicedKana, plainKana)

/**
 * The words without "the", without those in `articles` before a word (`Plan A` is not `Plan`), and without the n between two
 * words (`Guns n Roses`, but `N Sync`, `Marie N`), unless nothing would be left: "The The".
 */
export const withoutArticles = (value: Column<string>, articles: string): Column<string> =>
  using(value, (all) => {
    const dropped = `(?<![^ ])(?:the(?: |$)|(?:${articles}) (?=\\S))|(?<=\\S )n (?=\\S)`
    return unlessBlank(regexp_replace(all, dropped, ''), all)
  })

/** The text with numbers as one word: `10,000 Maniacs` gives `10000 Maniacs`. */
export const withoutThousandsCommas = (text: Column<string>): Column<string> =>
  whereFound(text, thousandsComma, regexp_replace(text, thousandsComma, ''))

const thousandsComma = '(?<=\\d),(?=\\d{3}(?!\\d))'
