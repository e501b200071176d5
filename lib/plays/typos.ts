import { quoted, type Sql } from './sql.ts'

export interface EdgeOptions {
  /** Percent of likeness that a spelling needs, if the names have evidence in common; 50 to 100. */
  readonly fuzzyThreshold: number
}

/** How much of the longer of two names may differ. */
const shareOf = (fuzzyThreshold: number): Sql => ((2 * (100 - fuzzyThreshold)) / 100).toFixed(6)

// Characters that hold as much as two or three letters; names of them are short.
export const dense = "'[\\\\u3040-\\\\u30ff\\\\u3400-\\\\u9fff\\\\uac00-\\\\ud7af]'"

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
export function typos(
  names: {
    readonly a: Sql
    readonly z: Sql
    readonly aWords: Sql
    readonly zWords: Sql
    readonly aPlays: Sql
    readonly zPlays: Sql
  },
  of: 'artists' | 'titles',
  { fuzzyThreshold }: EdgeOptions,
): Sql {
  const { a, z, aWords, zWords } = names
  const longer = `greatest(length(${a}), length(${z}))`
  const shorter = `least(length(${a}), length(${z}))`
  const least = `if(${a} rlike ${dense}, 4, 5)`
  const allowed = `if(${longer} < 6, ${fuzzyThreshold > 95 ? 0 : 1}, cast(floor(${longer} * ${shareOf(fuzzyThreshold)} + 0.000001) as int))`
  const letters = (key: Sql): Sql => `array_sort(split(${key}, ''))`
  const swapped = `(length(${a}) = length(${z}) and ${letters(a)} = ${letters(z)})`
  const split = (words: Sql): Sql => `split(${words}, ' ')`
  const oneIsRare = `greatest(${names.aPlays}, ${names.zPlays}) >= 20 * least(${names.aPlays}, ${names.zPlays})`
  const begin = "x <> '' and left(x, 1) = left(y, 1)"
  const length = 'greatest(length(x), length(y))'
  const wordAlike = {
    artists: `x = y or ${length} >= 3 and (levenshtein(x, y) <= 1 and (${begin} or ${oneIsRare}) or ${letters('x')} = ${letters('y')}
      or levenshtein(x, y) <= floor(${length} * 0.34) and (${oneIsRare})
      or levenshtein(x, y) <= floor(${length} * 0.25) and ${begin})`,
    titles: `x = y or ${begin} and length(x) <> length(y) or ${length} >= 3 and (levenshtein(x, y) <= if(${begin}, greatest(1, floor(${length} * 0.34)), 1) or ${letters('x')} = ${letters('y')})`,
  }[of]
  const wordsAlike = `if(size(${split(aWords)}) = size(${split(zWords)}),
    forall(zip_with(${split(aWords)}, ${split(zWords)}, (x, y) -> ${wordAlike}), w -> w), ${of === 'titles' ? 'true' : 'lev <= 1'})`
  return `if(${shorter} < ${least} or ${longer} - ${shorter} > ${allowed}, -1,
    element_at(transform(array(levenshtein(${a}, ${z}, ${allowed} + 1)), lev ->
      case when lev < 0 then -1
        when lev = 2 and ${allowed} >= 1 and ${swapped} then 1
        when lev > ${allowed} then -1
        when ${wordsAlike} then lev else -1 end), 1))`
}

/** Whether two keys differ by so little that `typos` or `oneTypo` may find them alike; cheap, and never wrongly false. */
export function mayBeTypos(a: Sql, z: Sql, { fuzzyThreshold }: EdgeOptions): Sql {
  const allowed = `cast(greatest(1, floor(greatest(length(${a}), length(${z})) * ${shareOf(fuzzyThreshold)} + 0.000001)) as int)`
  return `(abs(length(${a}) - length(${z})) <= ${allowed} and levenshtein(${a}, ${z}, ${allowed} + 1) >= 0)`
}

// Words that tell people and pieces of one name apart as numbers do: numerals, generations, modes.
const tellingWords =
  '(?<![^ ])(?:[ivx]{2,}|[ivx](?= *$)|jr|sr|junior|senior|major|minor|dur|moll|majeur|mineur|maggiore|minore|mayor|menor)(?![^ ])'

/** Whether two names have the same numbers in the same order, and the same words that tell apart as numbers do. */
export function sameNumbers(names: {
  readonly a: Sql
  readonly z: Sql
  readonly aWords: Sql
  readonly zWords: Sql
}): Sql {
  const digits = (key: Sql): Sql => `regexp_replace(${key}, '\\\\P{N}', '')`
  const telling = (words: Sql): Sql => `regexp_extract_all(${words}, ${quoted(tellingWords)}, 0)`
  return `(${digits(names.a)} = ${digits(names.z)} and ${telling(names.aWords)} = ${telling(names.zWords)})`
}

/** Whether two long keys are equal but for one letter, or two swapped ones. */
export function oneTypo(a: Sql, z: Sql): Sql {
  const letters = (key: Sql): Sql => `array_sort(split(${key}, ''))`
  return `(least(length(${a}), length(${z})) >= 8 and (levenshtein(${a}, ${z}, 1) >= 0
    or levenshtein(${a}, ${z}, 2) = 2 and ${letters(a)} = ${letters(z)}))`
}
