import { fieldNamed } from '../column-names.ts'

type Json = Readonly<Record<string, unknown>>

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)
const isScalar = (value: unknown) => typeof value !== 'object' || value === null
const isList = (value: unknown): value is unknown[] => Array.isArray(value)

const maxDepth = 3

/**
 * The plays of an object: itself, or those that it wraps. Known are an array under any name (`{"payload": {"listens": […]}}`), plays
 * by their ids (`{"1": {…}, "2": {…}}`), columns (`{"time": […], "artist": […]}`, also with numbered values), and names beside rows
 * (`{"columns": […], "data": [[…], …]}`).
 */
export function playsOf(value: Json, depth = 0): readonly Json[] {
  const values = Object.values(value)
  const table = rowsOf(value) ?? columnsOf(value)
  if (table) return table
  if (isPlay(value) || depth > maxDepth) return [value]
  const lists = values.filter((each) => isList(each) && each.length > 0 && each.every(isObject)) as Json[][]
  // What was played and what comes next, say: to take one of them would lose the other without a word.
  if (lists.filter((each) => each.some(isPlay)).length > 1) return [value]
  const list =
    lists.find((each) => each.some(isPlay)) ?? (values.some((each) => typeof each === 'string') ? undefined : lists[0])
  if (list) return list
  if (values.length > 1 && values.every((each) => isObject(each) && isPlay(each))) return values as Json[]
  const [only] = values.filter(isObject)
  const inner = only && values.length <= 5 ? playsOf(only, depth + 1) : []
  return inner.length > 0 && inner[0] !== only ? inner : [value]
}

/** Whether the object has the time of a play, perhaps deeper inside, or an artist beside a song. */
function isPlay(value: Json): boolean {
  const fields = new Set(
    Object.entries(value).map(([name, each]) => {
      const field = fieldNamed(name)?.field
      // `{"data": […]}` is around the plays; "data" is a date in Italian.
      return (field === 'time' || field === 'date') && holdsList(each) ? undefined : field
    }),
  )
  return fields.has('time') || fields.has('date') || (fields.has('raw_artist') && fields.has('raw_song'))
}

const holdsList = (value: unknown): boolean =>
  isList(value) || (isObject(value) && Object.values(value).some(holdsList))

/** `{"columns": ["time", …], "data": [["2014-06-16 11:59", …], …]}`. */
function rowsOf(value: Json): readonly Json[] | undefined {
  const lists = Object.values(value).filter(isList)
  const names = lists.find((each) => each.length > 1 && each.every((name) => typeof name === 'string'))
  const rows = lists.find((each) => each.length > 0 && each.every(isList)) as unknown[][] | undefined
  if (!names || !rows?.every((row) => row.length === names.length)) return undefined
  return rows.map((row) => Object.fromEntries(names.map((name, i) => [name as string, row[i]])))
}

/** `{"time": ["2014-06-16 11:59", …], "artist": […]}`, or with `{"0": …, "1": …}` for each list. */
function columnsOf(value: Json): readonly Json[] | undefined {
  const entries = Object.entries(value)
  const isColumn = (each: unknown) =>
    (isList(each) || (isObject(each) && Object.keys(each).every((key) => /^\d+$/.test(key)))) &&
    Object.values(each).length > 0 &&
    Object.values(each).every(isScalar)
  if (entries.length < 2 || !entries.every(([, each]) => isColumn(each))) return undefined
  if (entries.filter(([name]) => fieldNamed(name)).length < 2) return undefined
  const keys = Object.keys(entries[0]![1] as object)
  return keys.map((key) => Object.fromEntries(entries.map(([name, each]) => [name, (each as Json)[key]])))
}

/** The rows of a table whose first line has the names: `[["time", "artist"], ["2014-06-16 11:59", "ABBA"]]`. */
export function rowObject(row: readonly unknown[], names: readonly unknown[]): Json {
  return Object.fromEntries(row.map((value, i) => [String(names[i] ?? i + 1), value]))
}
