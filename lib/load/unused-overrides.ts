import type { Override } from '../input/index.ts'
import { count, printable } from '../terminal.ts'

// As many pairs of names, and ranges of rows, as a person reads in a line of a log.
const namedPairs = 10
const namedRanges = 100

/** The overrides that do nothing, as one sentence: how many, the rows of all of them, the names of the first. */
export function unusedOverridesText(unused: readonly Override[], file = 'the overrides'): string {
  const what = unused.length === 1 ? 'override does' : 'overrides do'
  const pairs = unused.slice(0, namedPairs).map(({ row, a, z, artist }) => {
    return `row ${row}: "${printable(a)}" and "${printable(z)}"${artist ? ` of ${printable(artist)}` : ''}`
  })
  if (unused.length > namedPairs) pairs.push('…')
  const rows = `${unused.length === 1 ? 'row' : 'rows'} ${rowRanges(unused)} of ${printable(file)}`
  return `${count(unused.length)} ${what} nothing, because nobody plays both names: ${rows} (${pairs.join('; ')})`
}

/** `2–4, 7`: rows that follow one another are folded. */
function rowRanges(overrides: readonly Override[]): string {
  const ranges: [first: number, last: number][] = []
  for (const { row } of overrides) {
    const last = ranges.at(-1)
    if (last?.[1] === row - 1) last[1] = row
    else ranges.push([row, row])
  }
  const texts = ranges.slice(0, namedRanges).map(([first, last]) => (first === last ? `${first}` : `${first}–${last}`))
  const more = ranges.slice(namedRanges).reduce((sum, [first, last]) => sum + last - first + 1, 0)
  return more === 0 ? texts.join(', ') : `${texts.join(', ')} and ${count(more)} more`
}
