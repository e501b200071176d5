import type { Dialect, PlayField } from '../model/dialect.ts'
import { columnsFirst, columnWord } from './column-map.ts'
import { fieldNamed, normalName } from './column-names.ts'
import type { InspectedFile } from './inspect.ts'
import { splitRecord } from './record.ts'

/** A column of a file, what it is read as, and why. */
export interface ExplainedColumn {
  /** From 1. */
  readonly number: number
  /** As the header has it; empty where there is none. */
  readonly name: string
  /** As `--map` names it; null for a column that is not read. */
  readonly field: string | null
  readonly why: string
  /** What `--map` takes for it: its name, or its number where the name is hard to type. */
  readonly mapName: string
}

const mapWords: Readonly<Record<PlayField, string>> = {
  raw_song: 'title',
  raw_artist: 'artist',
  callsign: 'station',
  time: 'time',
  date: 'date',
  half: 'ampm',
  unique_id: 'id',
  combined: 'combined',
  artist_title: 'artist_title',
  title_artist: 'title_artist',
  first_play: 'first',
}

/** The columns of a file with the reason for what they are read as. `map`: what the user said of them. */
export function explainColumns(
  { dialect: whole, headerLine, day }: Pick<InspectedFile, 'dialect' | 'headerLine' | 'day'>,
  map: Readonly<Record<string, string>> | undefined,
): readonly ExplainedColumn[] {
  const dialect = day === undefined ? whole : { ...whole, columns: whole.columns.slice(1) }
  const names = headerLine === null ? [] : splitRecord(headerLine, dialect.delimiter).map((name) => name.trim())
  const said = new Set(Object.keys(columnsFirst(map) ?? {}).map(normalName))
  return dialect.columns.map((field, i) => {
    const name = names[i] ?? ''
    const isSaid = said.has(String(i + 1)) || (name !== '' && said.has(normalName(name)))
    const why = isSaid ? 'said by --map' : headerLine === null ? whyContents(field) : whyNamed(field, name, dialect)
    return { number: i + 1, name, field: field && mapWords[field], why, mapName: columnWord(name, i, names) }
  })
}

const whyContents = (field: PlayField | null) => (field === null ? 'its contents show no field' : 'by its contents')

function whyNamed(field: PlayField | null, name: string, { columns, zone }: Dialect): string {
  const named = fieldNamed(name)?.field
  if (field !== null) {
    if (named === field) return zone && field === 'time' ? `by its name, which says ${zone}, too` : 'by its name'
    if (field === 'time' && named === 'date') return 'by its name; no other column has the time'
    return 'by its contents'
  }
  if (named === undefined) return 'no field has this name'
  if (named === 'unique_id') return 'the id of a song, not of a play'
  if (named === 'date') return 'the time has the day'
  const surer = columns.indexOf(named)
  return surer >= 0 ? `column ${surer + 1} is surer` : 'its contents do not fit its name'
}
