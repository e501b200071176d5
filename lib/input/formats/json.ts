import { AppError } from '../../errors.ts'
import type { FlatRecord } from './records.ts'

/** JSON: an array of objects, or objects one after the other. */
export const looksLikeJson = (start: string): boolean => /^\uFEFF?\s*(?:\[\s*(?:\{\s*["}]|\])|\{\s*["}])/.test(start)

const maxRecordBytes = 16 * 2 ** 20
const maxDepth = 5

const byte = { quote: 0x22, backslash: 0x5c, open: 0x7b, close: 0x7d }
// Spaces, line ends, commas, brackets of the array around all, and a byte order mark.
const between = new Set([0x20, 0x09, 0x0a, 0x0d, 0x2c, 0x5b, 0x5d, 0xef, 0xbb, 0xbf])

/**
 * The objects of a JSON document, one at a time. An object that only wraps an array of objects stands for these.
 *
 * *Memory:* one object, at most 16 MiB. *Errors:* `AppError('input')` for what is not JSON, with the number of the object.
 */
export async function* jsonRecords(
  blocks: AsyncIterable<Buffer>,
  label: string,
): AsyncGenerator<FlatRecord, void, undefined> {
  let count = 0
  for await (const text of objectsOf(blocks, label)) {
    count++
    let value: object
    try {
      value = JSON.parse(text.toString()) as object
    } catch (cause) {
      throw damaged(label, `object ${count} is not JSON: ${(cause as Error).message}`, cause)
    }
    for (const record of unwrapped(value)) yield flat(record)
  }
}

async function* objectsOf(blocks: AsyncIterable<Buffer>, label: string): AsyncGenerator<Buffer, void, undefined> {
  let carry = Buffer.alloc(0)
  let scanned = 0
  let depth = 0
  let inString = false
  let escaped = false
  for await (const block of blocks) {
    const data = carry.length > 0 ? Buffer.concat([carry, block]) : block
    let from = 0
    for (let at = scanned; at < data.length; at++) {
      const each = data[at]!
      if (escaped) escaped = false
      else if (inString) {
        if (each === byte.backslash) escaped = true
        else if (each === byte.quote) inString = false
      } else if (each === byte.open) {
        if (depth++ === 0) from = at
      } else if (depth === 0) {
        if (!between.has(each)) throw damaged(label, 'it holds something between its objects')
      } else if (each === byte.quote) inString = true
      else if (each === byte.close && --depth === 0) yield data.subarray(from, at + 1)
    }
    carry = depth === 0 ? Buffer.alloc(0) : Buffer.from(data.subarray(from))
    scanned = carry.length
    if (carry.length > maxRecordBytes) throw damaged(label, 'one of its objects is larger than 16 MiB')
  }
  if (depth > 0) throw damaged(label, 'it ends inside an object')
}

function damaged(label: string, what: string, cause?: unknown): AppError {
  return new AppError('input', `${label} is JSON that cannot be read: ${what}`, {
    place: label,
    remedy: 'export it again as an array of plays, or as one play per line',
    cause,
  })
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** `{"payload": {"listens": […]}}`: the objects of the array. */
function unwrapped(value: object, depth = 0): readonly object[] {
  const values = Object.values(value) as unknown[]
  if (depth > 3 || values.some((each) => typeof each === 'string' && depth === 0)) return [value]
  const list = values.find((each): each is object[] => Array.isArray(each) && each.length > 0 && each.every(isObject))
  if (list && (depth > 0 || values.length <= 5) && !values.some((each) => typeof each === 'number' && each > 1e8))
    return list
  const only = values.length === 1 && isObject(values[0]) ? unwrapped(values[0], depth + 1) : [value]
  return only.length === 1 && only[0] === values[0] ? [value] : only
}

function flat(value: object): FlatRecord {
  const record = new Map<string, string>()
  const add = (name: string, each: unknown, depth: number): void => {
    if (each === null || each === undefined || depth > maxDepth) return
    if (Array.isArray(each)) record.set(name, each.map(nameOf).filter(Boolean).join(', '))
    else if (isObject(each)) for (const [key, inner] of Object.entries(each)) add(`${name}.${key}`, inner, depth + 1)
    else record.set(name, String(each))
  }
  for (const [key, each] of Object.entries(value)) add(key, each, 0)
  return record
}

/** An element of a list as text: `[{"name": "Nick Cave"}, …]` are names. */
function nameOf(value: unknown): string {
  if (!isObject(value)) return value === null ? '' : String(value)
  const name = value.name ?? value.artist_name ?? value.title
  return typeof name === 'string' ? name : ''
}
