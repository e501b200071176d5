import type { PlayField } from '../model/dialect.ts'
import { mappedFields } from './column-map.ts'
import { holdsBoth, valuesOf } from './contents.ts'
import { quoted } from './quoted.ts'

// So many of the values must hold both names: less is a column of titles with versions behind dashes.
const minShare = 0.8

/** Whether the same words stand behind the first dash of all: `ABBA - Topic`, `U2 - Topic`. Then they are a mark, not titles. */
function endsAlike(values: readonly string[]): boolean {
  const behind = new Set(values.map((value) => value.replace(/^.*? [-–—] /, '')))
  return behind.size === 1 && new Set(values).size > 1
}

/**
 * The columns, with the one that holds "Artist - Title" as such where artist or title has no column of its own; a note says so.
 *
 * A column that is only called so and does not hold it stays unread, and is not needed where both names have columns.
 */
export function namesInOneColumn(
  columns: readonly (PlayField | null)[],
  names: readonly string[],
  data: readonly (readonly string[])[],
  map: Readonly<Record<string, string>> | undefined,
  notes: string[],
): (PlayField | null)[] {
  const mapped = mappedFields(map)
  const isOf = (field: PlayField | null) => field === 'artist_title' || field === 'title_artist'
  // The user's own word.
  if (mapped.has('artist_title') || mapped.has('title_artist')) {
    return columns.map((field) => (field === 'raw_song' || field === 'raw_artist' ? null : field))
  }
  // An artist column without a name is none: the player wrote both into the title.
  const isFilled = (field: PlayField) => columns.includes(field) && valuesOf(columns.indexOf(field), data).length > 0
  const hasBoth = columns.includes('raw_song') && columns.includes('raw_artist')
  const areFilled = isFilled('raw_song') && isFilled('raw_artist')
  if (areFilled) return columns.map((field) => (isOf(field) ? null : field))
  const holds = (i: number) => {
    const values = valuesOf(i, data)
    return values.length > 0 && values.filter(holdsBoth).length >= minShare * values.length && !endsAlike(values)
  }
  const places = columns.flatMap((field, i) =>
    (field === null || field === 'raw_song' || field === 'raw_artist' || isOf(field)) && holds(i) ? [i] : [],
  )
  const named = places.filter((i) => columns[i] !== null)
  if (hasBoth && named.length === 0) return columns.map((field) => (isOf(field) ? null : field))
  const [at, ...others] = named.length > 0 ? named : places
  // A name that the user gave to a column stays.
  if (at === undefined || others.length > 0 || mapped.has('raw_song') || mapped.has('raw_artist')) {
    return columns.map((field) => (isOf(field) ? null : field))
  }
  const field = columns[at] === 'title_artist' ? 'title_artist' : 'artist_title'
  const [order, other] =
    field === 'artist_title'
      ? ['first dash into artist and title', 'title_artist']
      : ['last dash into title and artist', 'artist_title']
  notes.push(
    `column ${quoted(names[at] ?? '')} is split at its ${order}; the other way round: --map ${at + 1}=${other}`,
  )
  return columns.map((each, i) =>
    i === at ? field : each === 'raw_song' || each === 'raw_artist' || isOf(each) ? null : each,
  )
}
