import type { PlayField } from '../model/dialect.ts'
import { shellWord } from '../terminal.ts'
import { columnWord } from './column-map.ts'
import { canBeName, canBeTime, mostly, valuesOf } from './contents.ts'
import { quoted } from './quoted.ts'

/** What a play cannot be without. */
export const requiredFields = ['raw_song', 'raw_artist', 'time'] as const
export type RequiredField = (typeof requiredFields)[number]

export const fieldWords = { raw_song: 'song', raw_artist: 'artist', time: 'time' } as const

/** A file whose columns are not clear. */
interface UnclearFile {
  readonly label: string
  readonly columns: readonly (PlayField | null)[]
  /** Of the columns; without a header, the first line. */
  readonly names: readonly string[]
  readonly data: readonly (readonly string[])[]
  readonly hasHeader: boolean
}

/**
 * What to do about missing columns: the words for `--map`, or without a header the whole command line, each ready to be pasted. It
 * names columns whose contents can be what is missing, and shows them.
 */
export function adviceFor(missing: readonly RequiredField[], file: UnclearFile): string {
  const found = candidates(missing, file)
  const lost = missing.filter((field) => !found.has(field))
  if (lost.length > 0) {
    const what = lost.map((field) => fieldWords[field]).join(' and ')
    const kinds = [...new Set(lost.map((field) => (field === 'time' ? 'times' : 'names')))].join(' or ')
    return `no other column holds ${kinds}: save the log with a column for the ${what}, or name one with --map`
  }
  const examples = [...found.values()].map((at) => `column ${at + 1} holds ${examplesOf(at, file)}`).join('; ')
  return file.hasHeader
    ? `name ${found.size === 1 ? 'it' : 'them'}: ${mapWords(found, file)} (${examples})`
    : `say which: ${commandFor(found, file)} (${examples})`
}

const examplesOf = (at: number, { data }: UnclearFile) =>
  [...new Set(valuesOf(at, data))].slice(0, 3).map(quoted).join(', ')

const mapWords = (found: ReadonlyMap<PlayField, number>, { names, hasHeader }: UnclearFile) =>
  [...found]
    .sort((a, b) => a[1] - b[1])
    .map(([field, at]) => {
      const column = hasHeader ? columnWord(names[at] ?? '', at, names) : String(at + 1)
      const word = field in fieldWords ? fieldWords[field as RequiredField] : field === 'callsign' ? 'station' : field
      return `--map ${shellWord(`${column}=${word}`)}`
    })
    .join(' ')

/** The command line for a log without column names. */
function commandFor(found: ReadonlyMap<RequiredField, number>, file: UnclearFile): string {
  const known = file.columns.flatMap((field, at) => (field === null ? [] : [[field, at] as const]))
  const maps = mapWords(new Map<PlayField, number>([...known, ...found]), file)
  const station = file.columns.includes('callsign') ? '' : ' --station NAME'
  return `npm run job:aggregate -- --input ${shellWord(file.label)} --no-header ${maps}${station}${limitWord(found, file)}`
}

// What `--max-quarantine` is where nobody says otherwise.
const usualLimit = 5

/** Rows that lack what is found in the others will be refused: where they are many, the command must allow that. */
function limitWord(found: ReadonlyMap<RequiredField, number>, { columns, data }: UnclearFile): string {
  const needed = [...found.values(), columns.indexOf('time')].filter((at) => at >= 0)
  const lacking = data.filter((record) => needed.some((at) => (record[at] ?? '').trim() === '')).length
  const percent = Math.ceil((100 * lacking) / Math.max(1, data.length))
  return percent > usualLimit ? ` --max-quarantine ${percent}` : ''
}

/** For each missing field the free column that is it most likely. */
function candidates(missing: readonly RequiredField[], file: UnclearFile): Map<RequiredField, number> {
  const { columns, data } = file
  const found = new Map<RequiredField, number>()
  const free = (test: (value: string) => boolean) =>
    columns.flatMap((taken, at) =>
      taken === null && ![...found.values()].includes(at) && mostly(valuesOf(at, data), test) ? [at] : [],
    )
  const filled = (at: number) => valuesOf(at, data).length
  const distinct = (at: number) => new Set(valuesOf(at, data)).size
  // Every play has its title, and titles repeat less than acts; of equals the last is the title and the first the act.
  const byFilling = (at: readonly number[]) => [...at].sort((a, b) => filled(b) - filled(a))
  const take = (field: RequiredField, at: number | undefined) => at !== undefined && found.set(field, at)
  if (missing.includes('time')) take('time', free(canBeTime)[0])
  // What is the same in every row names no song and nobody.
  const names = () => {
    const all = byFilling(free((value) => canBeName(value) && !/^https?:/i.test(value)))
    const varied = all.filter((at) => distinct(at) > 1)
    return varied.length > 0 ? varied : all
  }
  if (missing.includes('raw_song')) {
    const [most] = names()
    const whole = names().filter((at) => most !== undefined && filled(at) === filled(most))
    const titles = missing.includes('raw_artist') && whole.length < 2 ? names() : whole
    take('raw_song', [...titles].sort((a, b) => distinct(b) - distinct(a) || b - a)[0])
  }
  if (missing.includes('raw_artist')) take('raw_artist', names()[0])
  return found
}
