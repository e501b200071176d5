import { type Column, regexp_extract, trim, when } from 'spark-connect-js'
import type { LineDialect } from '../schema.ts'
import { fieldOf, type LineFields } from './checks.ts'

// "Artist - Title" ends the artist at the first dash, "Title - Artist" and "Title by Artist" begin it at the last.
const forms = {
  artist_title: { pattern: '^(.*?) [-–—] (.*)$', artist: 1, song: 2 },
  title_artist: { pattern: '^(.*) [-–—] (.*)$', artist: 2, song: 1 },
  combined: { pattern: '^(.*) by (.*)$', artist: 2, song: 1 },
} as const

/** The column that holds artist and title, if they have no columns of their own. */
export function columnOfBoth({ columns }: LineDialect): keyof typeof forms | undefined {
  if (columns.includes('raw_song') || columns.includes('raw_artist')) return undefined
  return (['artist_title', 'title_artist', 'combined'] as const).find((field) => columns.includes(field))
}

/** Artist or title out of the column that holds both. A text that names one only is a title without an artist. */
export function nameInOne(
  dialect: LineDialect,
  fields: LineFields,
  name: 'raw_song' | 'raw_artist',
): Column<string | null> | undefined {
  const column = columnOfBoth(dialect)
  if (column === undefined) return undefined
  const { pattern, artist, song } = forms[column]
  const text = fieldOf(dialect, fields, column)
  const part = (group: number) => trim(regexp_extract(text, pattern, group))
  return name === 'raw_artist' ? part(artist) : when(text.rlike(pattern), part(song)).otherwise(trim(text))
}
