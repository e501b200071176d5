import { array_join, type Column, coalesce, lit, split, transform, try_element_at } from 'spark-connect-js'

const units =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty'
const tens = 'thirty forty fifty sixty seventy eighty ninety hundred'

/** Words that are written short as well, and numbers in words, by the form that stands for them. */
const forms = new Map<string, string>([
  ...units.split(' ').map((word, i) => [word, String(i)] as const),
  ...tens.split(' ').map((word, i) => [word, String(30 + 10 * i)] as const),
  ['thousand', '1000'],
  ['million', '1000000'],
  ['mister', 'mr'],
  ['doctor', 'dr'],
  ['saint', 'st'],
  ['reverend', 'rev'],
  ['disk', 'disc'],
  ['brothers', 'bros'],
  ['sergeant', 'sgt'],
  ['professor', 'prof'],
])

/** The words with numbers in digits and titles short, without spaces: `Three Doors Down` and `3 Doors Down` give `3doorsdown`. */
export const inPlainForms = (words: Column<string>): Column<string> =>
  array_join(
    transform(split(words, ' '), (word) => coalesce(try_element_at(lit(forms), word), word)),
    '',
  )
