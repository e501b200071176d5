import {
  abs,
  array_sort,
  type Column,
  floor,
  forall,
  greatest,
  least,
  left,
  length,
  levenshtein,
  lit,
  regexp_extract,
  regexp_extract_all,
  regexp_replace,
  size,
  split,
  using,
  when,
  zip_with,
} from 'spark-connect-js'
import { numberWords } from '../clean/word-forms.ts'

export interface EdgeOptions {
  /** Percent of likeness that a spelling needs, if the names have evidence in common; 50 to 100. */
  readonly fuzzyThreshold: number
}

/** Two names as typos are looked for. */
export interface NamePairColumns {
  /** Their keys. */
  readonly a: Column<string>
  readonly z: Column<string>
  /** Their words, one space between them. */
  readonly aWords: Column<string>
  readonly zWords: Column<string>
  readonly aPlays: Column<bigint>
  readonly zPlays: Column<bigint>
}

// Characters that hold as much as two or three letters; names of them are short.
export const dense = '[\\u3040-\\u30ff\\u3400-\\u9fff\\uac00-\\ud7af]'

const letters = (key: Column<string>): Column<string[]> => array_sort(split(key, ''))
const wordsOf = (words: Column<string>): Column<string[]> => split(words, ' ')
const longerOf = (a: Column<string>, z: Column<string>): Column<number> => greatest(length(a), length(z))
const shorterOf = (a: Column<string>, z: Column<string>): Column<number> => least(length(a), length(z))

/** How many letters of a number of letters may differ: twice what the threshold says, for evidence outweighs the other half. */
const shareOf = (size: Column<number>, { fuzzyThreshold }: EdgeOptions): Column<number> =>
  floor(size.multiply((2 * (100 - fuzzyThreshold)) / 100).plus(0.000001)).cast('int')

const shareOfWord = (size: Column<number>, share: number): Column<number> => floor(size.multiply(share)).cast('int')

/**
 * How many typos lie between two keys: 0 for equal ones, -1 for names that are not alike.
 *
 * Two swapped letters are one typo. Evidence outweighs half of the difference, so at a threshold of 90 a fifth of the longer
 * key may differ; keys of fewer than five letters have to be equal.
 *
 * A typo is inside a word: of two names with as many words, each word has to be like its counterpart (`Lorworth Band` and
 * `Lorford Band` are two bands), and where a word is missing, one typo is all. A misspelling is rare beside what it misspells:
 * of two names that are played about as much, words have to begin alike (`Danholwick` is not `Yarholwick`). Titles of one artist
 * may differ more: in short forms of a word (`Nite`, `Thru`, `Ya`), which begin with the same letter and have fewer, and in
 * small words (`Get Off (Of) My Cloud`).
 */
export function typos(names: NamePairColumns, of: 'artists' | 'titles', options: EdgeOptions): Column<number> {
  const { a, z, aWords, zWords } = names
  const [longer, shorter] = [longerOf(a, z), shorterOf(a, z)]
  const minLength = when(a.rlike(dense), 4).otherwise(5)
  const allowed = when(longer.lt(6), options.fuzzyThreshold > 95 ? 0 : 1).otherwise(shareOf(longer, options))
  const isSwapped = length(a)
    .eq(length(z))
    .and(letters(a).eq(letters(z)))
  const isAlike = of === 'artists' ? artistWordsAlike(names) : titleWordsAlike
  const pairs = zip_with(wordsOf(aWords), wordsOf(zWords), (x, y) => isAlike(x.$notNull(), y.$notNull()))
  return when(shorter.lt(minLength).or(longer.minus(shorter).gt(allowed)), -1).otherwise(
    using(levenshtein(a, z, allowed.plus(1)), (distance) => {
      const sameCount = size(wordsOf(aWords)).eq(size(wordsOf(zWords)))
      const wordsAlike = when(
        sameCount,
        forall(pairs, (alike) => alike),
      ).otherwise(of === 'titles' ? lit(true) : distance.leq(1))
      // One word says too little: two letters may differ only if one of the titles is rare.
      const saysEnough = of === 'titles' ? distance.lt(2).or(aWords.contains(' ')).or(isRare(names, 5)) : lit(true)
      return when(distance.lt(0), -1)
        .when(distance.eq(2).and(allowed.geq(1)).and(isSwapped), 1)
        .when(distance.gt(allowed), -1)
        .when(wordsAlike.and(saysEnough), distance)
        .otherwise(-1)
    }),
  )
}

/** Whether one of two names is played so many times as often as the other. */
const isRare = ({ aPlays, zPlays }: Pick<NamePairColumns, 'aPlays' | 'zPlays'>, times: number): Column<boolean> =>
  greatest(aPlays, zPlays).geq(least(aPlays, zPlays).multiply(times))

type WordsAlike = (x: Column<string>, y: Column<string>) => Column<boolean>

const beginAlike: WordsAlike = (x, y) => x.neq('').and(left(x, 1).eq(left(y, 1)))

/** Whether a word of an artist's name is like its counterpart. */
function artistWordsAlike({ aPlays, zPlays }: NamePairColumns): WordsAlike {
  const oneIsRare = isRare({ aPlays, zPlays }, 20)
  return (x, y) => {
    const length_ = greatest(length(x), length(y))
    const distance = levenshtein(x, y)
    return x.eq(y).or(
      length_.geq(3).and(
        distance
          .leq(1)
          .and(beginAlike(x, y).or(oneIsRare))
          .or(letters(x).eq(letters(y)))
          .or(distance.leq(shareOfWord(length_, 0.34)).and(oneIsRare))
          .or(distance.leq(shareOfWord(length_, 0.25)).and(beginAlike(x, y))),
      ),
    )
  }
}

/** Whether a word of a title is like its counterpart in a title of the same artist. */
const titleWordsAlike: WordsAlike = (x, y) => {
  const length_ = greatest(length(x), length(y))
  const allowed = when(beginAlike(x, y), greatest(lit(1), shareOfWord(length_, 0.34))).otherwise(1)
  const isShortForm = beginAlike(x, y).and(length(x).neq(length(y)))
  return x
    .eq(y)
    .or(isShortForm)
    .or(
      length_.geq(3).and(
        levenshtein(x, y)
          .leq(allowed)
          .or(letters(x).eq(letters(y))),
      ),
    )
}

/** Whether two keys differ by so little that `typos` or `oneTypo` may find them alike; cheap, and never wrongly false. */
export function mayBeTypos(a: Column<string>, z: Column<string>, options: EdgeOptions): Column<boolean> {
  const allowed = greatest(lit(1), shareOf(longerOf(a, z), options))
  return abs(length(a).minus(length(z)))
    .leq(allowed)
    .and(levenshtein(a, z, allowed.plus(1)).geq(0))
}

// Words that tell people and pieces of one name apart as numbers do: numerals, generations, modes.
const tellingWords =
  '(?<![^ ])(?:[ivx]{2,}|[ivx](?= *$)|jr|sr|junior|senior|major|minor|dur|moll|majeur|mineur|maggiore|minore|mayor|menor)(?![^ ])'

// The last word of a name, if it is a number.
const lastNumber = `(?<![^ ])(?:${numberWords})$`
const anyNumber = `(?<![^ ])(?:${numberWords})(?![^ ])`

/** Whether numbers in words tell two names apart: both have others, or one ends in one. */
const differInNumberWords = (aWords: Column<string>, zWords: Column<string>): Column<boolean> => {
  const [a, z] = [aWords, zWords].map((words) => regexp_extract_all(words, lit(anyNumber), 0))
  const last = (words: Column<string>) => regexp_extract(words, lastNumber, 0)
  return size(a!)
    .gt(0)
    .and(size(z!).gt(0))
    .and(a!.neq(z!))
    .or(last(aWords).neq(last(zWords)))
}

/** Whether letters that stand alone tell two names apart: `in D Minor`, `in E Minor`. What is left out or added says nothing. */
const differInLoneLetters = (aWords: Column<string>, zWords: Column<string>): Column<boolean> => {
  const [a, z] = [aWords, zWords].map((words) => regexp_extract_all(words, lit('(?<![^ ])\\p{L}(?![^ ])'), 0))
  return size(a!).eq(size(z!)).and(a!.neq(z!))
}

/**
 * Whether two names have the same numbers in the same order, and the same words that tell apart as numbers do. A letter at the
 * end tells apart as well, if nothing else does: `Plan A` is not `Plan`, but `Do You Feel Like We D` may be cut off.
 */
export function sameNumbers({ a, z, aWords, zWords }: Omit<NamePairColumns, 'aPlays' | 'zPlays'>): Column<boolean> {
  const digits = (key: Column<string>) => regexp_replace(key, '\\P{N}', '')
  const telling = (words: Column<string>) => regexp_extract_all(words, lit(tellingWords), 0)
  const stem = (words: Column<string>) => regexp_replace(words, '(?<=\\S) \\p{L}$', '')
  const differInLetter = stem(aWords).eq(stem(zWords)).and(aWords.neq(zWords))
  return digits(a)
    .eq(digits(z))
    .and(telling(aWords).eq(telling(zWords)))
    .and(differInLetter.not())
    .and(differInNumberWords(aWords, zWords).not())
    .and(differInLoneLetters(aWords, zWords).not())
}

/** Whether two long keys are equal but for one letter, or two swapped ones. */
export const oneTypo = (a: Column<string>, z: Column<string>): Column<boolean> =>
  shorterOf(a, z)
    .geq(8)
    .and(
      levenshtein(a, z, 1)
        .geq(0)
        .or(
          levenshtein(a, z, 2)
            .eq(2)
            .and(letters(a).eq(letters(z))),
        ),
    )
