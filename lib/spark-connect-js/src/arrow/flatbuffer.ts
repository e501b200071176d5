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

/** Writes a table with everything below it. The result's length is a multiple of 8, as Arrow's framing wants. */
export const writeTable = (root: TableValue): Uint8Array => {
  let bytes = Buffer.alloc(1024)
  let end = 4
  const grow = (size: number, align: number): number => {
    const at = Math.ceil(end / align) * align
    end = at + size
    if (end > bytes.length) bytes = Buffer.concat([bytes, Buffer.alloc(Math.max(bytes.length, end - bytes.length))])
    return at
  }

  const write = (value: TableValue): number => {
    const fields = Object.entries(value).map(([id, field]): [number, FieldValue] => [Number(id), field])
    const slots = fields.reduce((most, [id]) => Math.max(most, id + 1), 0)
    const vtable = grow(4 + 2 * slots, 2)
    // Widest first keeps every field aligned without gaps; the table itself starts 4 before a multiple of 8.
    const ordered = [...fields].sort((a, b) => sizeOf(b[1]) - sizeOf(a[1]))
    const body = ordered.reduce((sum, [, field]) => sum + sizeOf(field), 0)
    const at = grow(4, 8) + 4
    end = at
    grow(4 + body, 4)
    bytes.writeUInt16LE(4 + 2 * slots, vtable)
    bytes.writeUInt16LE(4 + body, vtable + 2)
    bytes.writeInt32LE(at - vtable, at)
    let next = at + 4
    const links: [number, FieldValue][] = []
    for (const [id, field] of ordered) {
      bytes.writeUInt16LE(next - at, vtable + 4 + 2 * id)
      if ('int8' in field) bytes.writeInt8(field.int8, next)
      else if ('int16' in field) bytes.writeInt16LE(field.int16, next)
      else if ('int32' in field) bytes.writeInt32LE(field.int32, next)
      else if ('int64' in field) bytes.writeBigInt64LE(field.int64, next)
      else links.push([next, field])
      next += sizeOf(field)
    }
    for (const [link, field] of links) {
      const target = writeLinked(field)
      bytes.writeUInt32LE(target - link, link)
    }
    return at
  }

  const writeLinked = (field: FieldValue): number => {
    if ('table' in field) return write(field.table)
    if ('text' in field) {
      const text = Buffer.from(field.text, 'utf8')
      const at = grow(4 + text.length + 1, 4)
      bytes.writeUInt32LE(text.length, at)
      text.copy(bytes, at + 4)
      return at
    }
    if ('tables' in field) {
      const at = grow(4 + 4 * field.tables.length, 4)
      bytes.writeUInt32LE(field.tables.length, at)
      field.tables.forEach((item, i) => {
        const link = at + 4 + 4 * i
        const target = write(item)
        bytes.writeUInt32LE(target - link, link)
      })
      return at
    }
    if ('pairs' in field) {
      const at = grow(4, 8) + 4
      end = at
      grow(4 + 16 * field.pairs.length, 4)
      bytes.writeUInt32LE(field.pairs.length, at)
      field.pairs.forEach(([a, b], i) => {
        bytes.writeBigInt64LE(BigInt(a), at + 4 + 16 * i)
        bytes.writeBigInt64LE(BigInt(b), at + 12 + 16 * i)
      })
      return at
    }
    throw new TypeError('a scalar field has no place of its own')
  }

  const at = write(root)
  bytes.writeUInt32LE(at, 0)
  return bytes.subarray(0, grow(0, 8))
}
