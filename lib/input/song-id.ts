import type { PlayField } from '../model/dialect.ts'
import { mappedFields } from './column-map.ts'
import { quoted } from './quoted.ts'

/**
 * The columns without an id that is the song's: at least two ids, and half of those that repeat, stand beside the same artist
 * and title at several times. A note says so.
 */
export function withoutSongId(
  columns: readonly (PlayField | null)[],
  names: readonly string[],
  data: readonly (readonly string[])[],
  map: Readonly<Record<string, string>> | undefined,
  notes: string[],
): (PlayField | null)[] {
  const at = columns.indexOf('unique_id')
  if (at < 0 || mappedFields(map).has('unique_id')) return [...columns]
  const textOf = (record: readonly string[], fields: readonly PlayField[]) =>
    fields.map((field) => (record[columns.indexOf(field)] ?? '').trim()).join('\u001f')
  const byId = new Map<string, { songs: Set<string>; times: Set<string>; rows: number }>()
  for (const record of data) {
    const id = (record[at] ?? '').trim()
    if (id === '') continue
    const seen = byId.get(id) ?? { songs: new Set(), times: new Set(), rows: 0 }
    seen.songs.add(textOf(record, ['raw_artist', 'raw_song']))
    seen.times.add(textOf(record, ['date', 'time']))
    seen.rows++
    byId.set(id, seen)
  }
  const repeated = [...byId.values()].filter(({ rows }) => rows > 1)
  const ofSongs = repeated.filter(({ songs, times }) => songs.size === 1 && times.size > 1).length
  if (ofSongs < 2 || ofSongs * 2 < repeated.length) return [...columns]
  notes.push(
    `column ${quoted(names[at] ?? '')} is the id of a song, not of a play: it is not read; if it is the id of a play: --map ${at + 1}=id`,
  )
  return columns.map((field) => (field === 'unique_id' ? null : field))
}
