import { AppError } from '../../errors.ts'
import { playsOf, rowObject } from './json-shapes.ts'
import type { FlatRecord } from './records.ts'

/** JSON: an array of objects or of rows, or objects one after the other. */
export const looksLikeJson = (start: string): boolean =>
  /^\uFEFF?\s*(?:\[\s*(?:\{\s*["}]|\]|\[\s*["\d])|\{\s*["}])/.test(start)

const maxRecordBytes = 16 * 2 ** 20
const maxDepth = 5

const byte = { quote: 0x22, backslash: 0x5c, open: 0x7b, close: 0x7d, openRow: 0x5b, closeRow: 0x5d, lf: 10, cr: 13 }
// Spaces, line ends, commas, brackets of the array around all, and a byte order mark.
const between = new Set([0x20, 0x09, 0x0a, 0x0d, 0x2c, 0x5b, 0x5d, 0xef, 0xbb, 0xbf])

/**
 * The objects of a JSON document, one at a time. An object that only wraps plays stands for these (`playsOf`), and so does each row
 * of an array of rows, whose first one has the names. Where each object has a line of its own, one that is damaged costs its line:
 * it becomes a record that is a text alone.
 *
 * *Memory:* one object, at most 16 MiB. *Errors:* `AppError('input')` for what is not JSON, with the number of the object.
 */
export async function* jsonRecords(
  blocks: AsyncIterable<Buffer>,
  label: string,
): AsyncGenerator<FlatRecord | string, void, undefined> {
  let count = 0
  let names: readonly unknown[] | undefined
  for await (const { text, line, isAlone } of elementsOf(blocks, label)) {
    count++
    let value: unknown
    try {
      value = JSON.parse(text.toString())
    } catch (cause) {
      if (isAlone && count > 1) {
        yield text.toString()
        continue
      }
      throw damaged(label, `object ${count} is not JSON: ${(cause as Error).message}`, line, cause)
    }
    if (!Array.isArray(value)) for (const record of playsOf(value as Record<string, unknown>)) yield flat(record)
    else if (names) yield flat(rowObject(value, names))
    else names = value
  }
}

/** An object, or a row of an array of rows. */
interface Element {
  readonly text: Buffer
  /** Of its first byte, from 1. */
  readonly line: number
  /** Whether it and the one before have lines of their own. */
  readonly isAlone: boolean
}

/** Finds where objects end, byte by byte. */
class ElementScan {
  #depth = 0
  #inString = false
  #escaped = false
  #line = 1
  #startLine = 1
  /** Every object so far began a line. */
  #areLines = true
  #atLineStart = true
  /** Of rows instead of objects, once that is clear: the brackets that enclose them. */
  #open = byte.open
  #close = byte.close
  #isFirst = true
  #outer = 0

  get isInside(): boolean {
    return this.#depth > 0
  }

  /** What the byte is: the first of an element, its last, a line end that cuts a damaged one off, or anything else. */
  take(each: number): 'first' | 'last' | 'cut' | 'stray' | undefined {
    const isLineEnd = each === byte.lf
    if (isLineEnd) this.#line++
    const atLineStart = this.#atLineStart
    this.#atLineStart = isLineEnd
    if (this.#depth === 0) return this.#between(each, atLineStart)
    // In lines of objects, what begins like the next one ends the one before.
    if (
      each === this.#open &&
      atLineStart &&
      this.#areLines &&
      this.#open === byte.open &&
      this.#line > this.#startLine
    ) {
      this.#escaped = false
      this.#inString = false
      this.#depth = 1
      this.#startLine = this.#line
      return 'cut'
    }
    if (this.#escaped) this.#escaped = false
    else if (this.#inString) {
      if (each === byte.backslash) this.#escaped = true
      else if (each === byte.quote) this.#inString = false
    } else if (each === byte.quote) this.#inString = true
    else if (each === this.#open) this.#depth++
    else if (each === this.#close && --this.#depth === 0) return 'last'
    return undefined
  }

  #between(each: number, atLineStart: boolean): 'first' | 'stray' | undefined {
    if (this.#isFirst && each === byte.openRow && this.#outer++ === 1) {
      this.#open = byte.openRow
      this.#close = byte.closeRow
    }
    if (each !== this.#open) return between.has(each) ? undefined : 'stray'
    if (!atLineStart && !(this.#isFirst && this.#line === 1)) this.#areLines = false
    if (this.#outer > 0) this.#areLines = false
    this.#isFirst = false
    this.#depth = 1
    this.#startLine = this.#line
    return 'first'
  }

  /** The line of the element that ended last, and whether lines are elements. */
  get place(): { readonly line: number; readonly isAlone: boolean } {
    return { line: this.#startLine, isAlone: this.#areLines }
  }
}

async function* elementsOf(blocks: AsyncIterable<Buffer>, label: string): AsyncGenerator<Element, void, undefined> {
  const scan = new ElementScan()
  let carry = Buffer.alloc(0)
  let scanned = 0
  for await (const block of blocks) {
    const data = carry.length > 0 ? Buffer.concat([carry, block]) : block
    let from = 0
    for (let at = scanned; at < data.length; at++) {
      const before = scan.place
      const what = scan.take(data[at]!)
      if (what === undefined) continue
      if (what === 'first') from = at
      else if (what === 'last') yield { text: data.subarray(from, at + 1), ...before }
      else if (what === 'cut') {
        yield { text: data.subarray(from, at), ...before }
        from = at
      } else throw damaged(label, 'it holds something between its objects', before.line)
    }
    carry = scan.isInside ? Buffer.from(data.subarray(from)) : Buffer.alloc(0)
    scanned = carry.length
    if (carry.length > maxRecordBytes) throw damaged(label, 'one of its objects is larger than 16 MiB', scan.place.line)
  }
  if (scan.isInside) throw damaged(label, 'it ends inside an object', scan.place.line)
}

function damaged(label: string, what: string, line: number, cause?: unknown): AppError {
  return new AppError('input', `${label} is JSON that cannot be read: ${what}`, {
    place: `${label}:${line}`,
    remedy: 'export it again as an array of plays, or as one play per line',
    cause,
  })
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

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
