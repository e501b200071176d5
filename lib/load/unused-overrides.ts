import type { Override } from '../input/index.ts'
import { count, printable } from '../terminal.ts'

/** An override that changes nothing. */
export interface UnusedOverride extends Override {
  /** Its names that nobody plays; none if both are one name already. */
  readonly unplayed: readonly string[]
}

// As many names, and ranges of rows, as a person reads in a line of a log.
const maxNames = 10
const maxRanges = 100

/** The overrides that do nothing, as one sentence: the rows of all of them by reason, the names of the first. */
export function unusedOverridesText(unused: readonly UnusedOverride[], file = 'the file'): string {
  const what = unused.length === 1 ? 'override' : 'overrides'
  const groups = [
    reason(
      'nobody plays',
      unused.filter(({ unplayed }) => unplayed.length > 0),
      ({ unplayed, artist }) => unplayed.map((name) => quoted(name, artist)).join(' and '),
    ),
    reason(
      'already one name',
      unused.filter(({ unplayed }) => unplayed.length === 0),
      ({ a, z, artist }) => `${quoted(a)} and ${quoted(z, artist)}`,
    ),
  ]
  const why = groups.filter((text) => text !== '').join('; ')
  return `${count(unused.length)} ${what} of ${printable(file)} ${unused.length === 1 ? 'does' : 'do'} nothing: ${why}`
}

/** `nobody plays "A" (row 2), "B" of C (row 5), and others (rows 7–40)`. */
function reason(why: string, unused: readonly UnusedOverride[], names: (override: UnusedOverride) => string): string {
  if (unused.length === 0) return ''
  const named = unused.slice(0, maxNames).map((each) => `${names(each)} (row ${each.row})`)
  const rest = unused.slice(maxNames)
  if (rest.length > 0) named.push(`and others (${rest.length === 1 ? 'row' : 'rows'} ${rowRanges(rest)})`)
  return `${why} ${named.join(', ')}`
}

const quoted = (name: string, artist?: string) => `"${printable(name)}"${artist ? ` of ${printable(artist)}` : ''}`

/** `2–4, 7`: rows that follow one another are folded. */
function rowRanges(overrides: readonly Override[]): string {
  const ranges: [first: number, last: number][] = []
  for (const { row } of overrides) {
    const last = ranges.at(-1)
    if (last?.[1] === row - 1) last[1] = row
    else ranges.push([row, row])
  }
  const texts = ranges.slice(0, maxRanges).map(([first, last]) => (first === last ? `${first}` : `${first}–${last}`))
  const more = ranges.slice(maxRanges).reduce((sum, [first, last]) => sum + last - first + 1, 0)
  return more === 0 ? texts.join(', ') : `${texts.join(', ')} and ${count(more)} more`
}
