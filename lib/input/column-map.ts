import { AppError } from '../errors.ts'
import type { PlayField } from '../model/dialect.ts'
import { printable } from '../terminal.ts'
import { normalName } from './column-names.ts'
import { lastName } from './nested-name.ts'
import { listed, quoted } from './quoted.ts'

// Names for `--map`, beside the fields' own.
const fieldNames: Readonly<Record<string, PlayField | null>> = {
  raw_song: 'raw_song',
  song: 'raw_song',
  title: 'raw_song',
  track: 'raw_song',
  raw_artist: 'raw_artist',
  artist: 'raw_artist',
  callsign: 'callsign',
  call_sign: 'callsign',
  station: 'callsign',
  time: 'time',
  played_at: 'time',
  date: 'date',
  half: 'half',
  ampm: 'half',
  unique_id: 'unique_id',
  id: 'unique_id',
  combined: 'combined',
  artist_title: 'artist_title',
  title_artist: 'title_artist',
  first_play: 'first_play',
  first: 'first_play',
  ignore: null,
  '-': null,
}

/** The map with columns first: `artist=track_metadata.artist_name` means the same as the other way round. */
export function columnsFirst(map: Readonly<Record<string, string>> | undefined) {
  const isField = (name: string) => fieldNames[name.trim().toLowerCase()] !== undefined
  return (
    map && Object.fromEntries(Object.entries(map).map(([a, b]) => (isField(a) && b.includes('.') ? [b, a] : [a, b])))
  )
}

/** The fields that a map names. */
export function mappedFields(map: Readonly<Record<string, string>> | undefined): ReadonlySet<PlayField | null> {
  const fields = Object.values(map ?? {}).map((name) => fieldNames[name.toLowerCase()])
  return new Set(fields.filter((field) => field !== undefined))
}

/** The columns with what `--map` says of them. *Errors:* `AppError('usage')` for a field or column that there is not. */
export function applyMap(
  map: Readonly<Record<string, string>> | undefined,
  names: readonly string[],
  columns: readonly (PlayField | null)[],
  label: string,
): (PlayField | null)[] {
  const result = [...columns]
  for (const [column, name] of Object.entries(map ?? {})) {
    const field = fieldNames[name.trim().toLowerCase()]
    if (field === undefined) {
      throw new AppError('usage', `--map ${printable(column)}=${printable(name)}: ${quoted(name)} is not a field`, {
        place: '--map',
        remedy:
          'fields are artist, song, time, date, ampm, station, id, combined, artist_title, title_artist, first, and ignore',
      })
    }
    const exact = names.indexOf(column)
    // The last part of a nested name is a name where it is the only one.
    const last = lastName(column)
    const byName =
      exact >= 0
        ? exact
        : names.findIndex(
            (each) =>
              (column.includes('.') ? [column, last] : [column]).some(
                (name) => normalName(each) === normalName(name),
              ) && each !== '',
          )
    const index = byName >= 0 ? byName : /^\d+$/.test(column) ? Number(column) - 1 : -1
    if (index < 0 || index >= names.length) {
      throw new AppError('usage', `--map ${printable(column)}=${printable(name)}: unknown column ${quoted(column)}`, {
        place: label,
        remedy: `the columns are ${listed(names)}`,
      })
    }
    if (field !== null) {
      result.forEach((each, i) => {
        if (each === field) result[i] = null
      })
    }
    result[index] = field
  }
  return result
}

/** What `--map` takes for a column: a name that every shell and every keyboard knows, or else the number. */
export function columnWord(name: string, index: number, names: readonly string[]): string {
  const isPlain = /^(?!\d+$)[\p{L}\p{N}_.][\p{L}\p{N}_. -]{0,23}$/u.test(name) && printable(name) === name
  const isAlone = names.filter((each) => normalName(each) === normalName(name)).length === 1
  return isPlain && isAlone ? name : String(index + 1)
}
