/**
 * Writes as much of the FlatBuffers format as Arrow's messages use; `flatbuffer-table.ts` reads it.
 * *Source:* https://flatbuffers.dev/internals, and Arrow's format/*.fbs for the numbers of fields.
 */

/** A field to be written: its size class and value. Fields that equal their default are left out by the caller. */
export type FieldValue =
  | { readonly int8: number }
  | { readonly int16: number }
  | { readonly int32: number }
  | { readonly int64: bigint }
  | { readonly text: string }
  | { readonly table: TableValue }
  | { readonly tables: readonly TableValue[] }
  | { readonly pairs: readonly (readonly [number, number])[] }

/** A table to be written, by field number. */
export type TableValue = Readonly<Record<number, FieldValue>>

const sizeOf = (field: FieldValue): number => ('int8' in field ? 1 : 'int16' in field ? 2 : 'int64' in field ? 8 : 4)

/** Bytes that grow as values are added at their end. */
class Output {
  bytes = Buffer.alloc(1024)
  end = 4

  /** Makes room at the next multiple of `align` and gives where it begins. */
  grow(size: number, align: number): number {
    const at = Math.ceil(this.end / align) * align
    this.end = at + size
    const missing = this.end - this.bytes.length
    if (missing > 0) this.bytes = Buffer.concat([this.bytes, Buffer.alloc(Math.max(this.bytes.length, missing))])
    return at
  }

  /** The same for what begins 4 before a multiple of 8: a length or an offset, and behind it values of up to 8 bytes. */
  growBehindHead(size: number): number {
    const at = this.grow(4, 8) + 4
    this.end = at
    this.grow(4 + size, 4)
    return at
  }

  link(from: number, to: number): void {
    this.bytes.writeUInt32LE(to - from, from)
  }
}

/** Writes a table with everything below it. The result's length is a multiple of 8, as Arrow's framing wants. */
export const writeTable = (root: TableValue): Uint8Array => {
  const out = new Output()
  const at = writeFields(out, root)
  out.bytes.writeUInt32LE(at, 0)
  const length = out.grow(0, 8)
  return out.bytes.subarray(0, length)
}

/** Writes a table and what it links to; gives its place. */
const writeFields = (out: Output, value: TableValue): number => {
  const fields = Object.entries(value).map(([id, field]): [number, FieldValue] => [Number(id), field])
  const slots = fields.reduce((most, [id]) => Math.max(most, id + 1), 0)
  const vtable = out.grow(4 + 2 * slots, 2)
  // Widest first keeps every field aligned without gaps.
  const ordered = fields.sort((a, b) => sizeOf(b[1]) - sizeOf(a[1]))
  const size = ordered.reduce((sum, [, field]) => sum + sizeOf(field), 0)
  const at = out.growBehindHead(size)
  out.bytes.writeUInt16LE(4 + 2 * slots, vtable)
  out.bytes.writeUInt16LE(4 + size, vtable + 2)
  out.bytes.writeInt32LE(at - vtable, at)
  let next = at + 4
  const links: [number, LinkedValue][] = []
  for (const [id, field] of ordered) {
    out.bytes.writeUInt16LE(next - at, vtable + 4 + 2 * id)
    if (isScalar(field)) writeScalar(out.bytes, field, next)
    else links.push([next, field])
    next += sizeOf(field)
  }
  for (const [link, field] of links) out.link(link, writeLinked(out, field))
  return at
}

type ScalarValue = Extract<FieldValue, { int8: number } | { int16: number } | { int32: number } | { int64: bigint }>
type LinkedValue = Exclude<FieldValue, ScalarValue>

const isScalar = (field: FieldValue): field is ScalarValue =>
  'int8' in field || 'int16' in field || 'int32' in field || 'int64' in field

const writeScalar = (bytes: Buffer, field: ScalarValue, at: number): void => {
  if ('int8' in field) bytes.writeInt8(field.int8, at)
  else if ('int16' in field) bytes.writeInt16LE(field.int16, at)
  else if ('int32' in field) bytes.writeInt32LE(field.int32, at)
  else bytes.writeBigInt64LE(field.int64, at)
}

/** Writes what a field links to; gives its place. */
const writeLinked = (out: Output, field: LinkedValue): number => {
  if ('table' in field) return writeFields(out, field.table)
  if ('text' in field) return writeText(out, field.text)
  if ('pairs' in field) return writePairs(out, field.pairs)
  const at = out.grow(4 + 4 * field.tables.length, 4)
  out.bytes.writeUInt32LE(field.tables.length, at)
  field.tables.forEach((item, i) => {
    out.link(at + 4 + 4 * i, writeFields(out, item))
  })
  return at
}

const writeText = (out: Output, text: string): number => {
  const bytes = Buffer.from(text, 'utf8')
  const at = out.grow(4 + bytes.length + 1, 4)
  out.bytes.writeUInt32LE(bytes.length, at)
  bytes.copy(out.bytes, at + 4)
  return at
}

const writePairs = (out: Output, pairs: readonly (readonly [number, number])[]): number => {
  const at = out.growBehindHead(16 * pairs.length)
  out.bytes.writeUInt32LE(pairs.length, at)
  pairs.forEach(([a, b], i) => {
    out.bytes.writeBigInt64LE(BigInt(a), at + 4 + 16 * i)
    out.bytes.writeBigInt64LE(BigInt(b), at + 12 + 16 * i)
  })
  return at
}
