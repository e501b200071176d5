import {
  array_join,
  type Column,
  coalesce,
  lit,
  regexp_replace,
  split,
  transform,
  try_element_at,
  using,
} from 'spark-connect-js'
import { whereFound, withoutSpaces } from '../text.ts'

const units =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty'.split(
    ' ',
  )
const tens = 'thirty forty fifty sixty seventy eighty ninety hundred'.split(' ')
const ordinals = 'first second third fourth fifth sixth seventh eighth ninth tenth'.split(' ')
const endings: Readonly<Record<number, string>> = { 1: 'st', 2: 'nd', 3: 'rd' }

/** Words that are written short as well, and numbers in words, by the form that stands for them. */
const forms = new Map<string, string>([
  ...units.map((word, i) => [word, String(i)] as const),
  ...tens.map((word, i) => [word, String(30 + 10 * i)] as const),
  ...ordinals.map((word, i) => [word, `${i + 1}${endings[i + 1] ?? 'th'}`] as const),
  ['thousand', '1000'],
  ['million', '1000000'],
  ['number', 'nr'],
  ['mister', 'mr'],
  ['doctor', 'dr'],
  ['saint', 'st'],
  ['reverend', 'rev'],
  ['disk', 'disc'],
  ['brothers', 'bros'],
  ['sergeant', 'sgt'],
  ['captain', 'capt'],
  ['professor', 'prof'],
  ['junior', 'jr'],
  ['senior', 'sr'],
  ['mount', 'mt'],
  ['fort', 'ft'],
  ['versus', 'vs'],
])

// Words of numbers that stand side by side: 20 5, 1 100, 10 1000.
const compounds: readonly (readonly [pattern: string, by: string])[] = [
  ['(?<![^ ])([2-9])0 ([1-9])(?![^ ])', '$1$2'],
  ['(?<![^ ])([1-9]\\d?) 100(?![^ ])', '$100'],
  ['(?<![^ ])([1-9]\\d{0,2}) 1000(?![^ ])', '$1000'],
]

const aNumberSign = '(?<![^ ])nr (?=\\d)'

/**
 * The words with numbers in digits and titles short, without spaces: `Three Doors Down` and `3 Doors Down` give `3doorsdown`,
 * `Ninety-Nine` gives `99`, `Mambo No. 5` gives `mambo5` as `Mambo #5` does.
 */
export const inPlainForms = (words: Column<string>): Column<string> => {
  const short = array_join(
    transform(split(words, ' '), (word) => coalesce(try_element_at(lit(forms), word), word)),
    ' ',
  )
  const joined = (all: Column<string>) =>
    whereFound(
      all,
      '\\d \\d',
      compounds.reduce((text, [pattern, by]) => regexp_replace(text, pattern, by), all),
    )
  return using(short, (all) =>
    // `No. 5` and `#5` are the number alone.
    using(joined(all), (numbered) =>
      withoutSpaces(whereFound(numbered, aNumberSign, regexp_replace(numbered, aNumberSign, ''))),
    ),
  )
}

/** Words of the numbers that tell titles and acts apart as digits do; `one` is a word like others. */
export const numberWords = [...units.slice(2), ...tens, ...ordinals.slice(1)].join('|')
