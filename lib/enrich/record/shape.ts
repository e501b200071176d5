/** The types that each field of some answers has: `artists[].name` → `string`. */
export type Shape = ReadonlyMap<string, ReadonlySet<string>>

/** How an answer's fields differ from those that are known. */
export interface ShapeChanges {
  readonly added: readonly string[]
  readonly gone: readonly string[]
  readonly changed: readonly string[]
}

// Keys that name an entity are one field, whatever they name.
const idKey = /^(?:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[QP]\d+)$/

/** The fields of a JSON value. */
export function shapeOf(value: unknown): Shape {
  const shape = new Map<string, Set<string>>()
  const visit = (path: string, at: unknown): void => {
    const type = at === null ? 'null' : Array.isArray(at) ? 'list' : typeof at
    const types = shape.get(path)
    if (types) types.add(type)
    else shape.set(path, new Set([type]))
    if (Array.isArray(at)) for (const item of at) visit(`${path}[]`, item)
    else if (at !== null && typeof at === 'object') {
      for (const [key, field] of Object.entries(at)) visit(`${path}.${idKey.test(key) ? '*' : key}`, field)
    }
  }
  visit('', value)
  return shape
}

/** Fields of `now` that `known` has not, that are missing though what holds them is there, and that have another type. */
export function compareShapes(known: Shape, now: Shape): ShapeChanges {
  const parent = (path: string) => path.replace(/(?:\.[^.[\]]+|\[\])$/, '')
  const show = (path: string) => path.replace(/^\./, '') || '(the answer)'
  const added = [...now.keys()].filter((path) => !known.has(path) && known.has(parent(path)))
  const gone = [...known.keys()].filter((path) => !now.has(path) && now.has(parent(path)))
  const changed = [...now].flatMap(([path, types]) => {
    const before = known.get(path)
    // Null matches every type: every field may be empty.
    const other = before && [...types].filter((type) => type !== 'null' && !before.has(type) && !isOnlyNull(before))
    return other && other.length > 0
      ? [`${show(path)}: ${[...before].join(' or ')} before, ${other.join(' and ')} now`]
      : []
  })
  return { added: added.map(show).sort(), gone: gone.map(show).sort(), changed: changed.sort() }
}

const isOnlyNull = (types: ReadonlySet<string>) => types.size === 1 && types.has('null')
