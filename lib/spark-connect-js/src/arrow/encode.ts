import type { StructType } from '../types/index.ts'
import { encodeColumns } from './encode-column.ts'
import { type EncodeOptions, fieldTable } from './encode-schema.ts'
import { type FieldValue, type TableValue, writeTable } from './flatbuffer.ts'

const int8 = (value: number): FieldValue => ({ int8: value })
const int16 = (value: number): FieldValue => ({ int16: value })
const table = (value: TableValue): FieldValue => ({ table: value })

/** Version 5 of Arrow's metadata. */
const metadataVersion = 4

const frame = (headerType: number, header: TableValue, bodyLength: number): Uint8Array => {
  const metadata = writeTable({
    0: int16(metadataVersion),
    1: int8(headerType),
    2: table(header),
    3: { int64: BigInt(bodyLength) },
  })
  const prefix = Buffer.alloc(8)
  prefix.writeUInt32LE(0xffffffff, 0)
  prefix.writeInt32LE(metadata.length, 4)
  return Buffer.concat([prefix, metadata])
}

const padded = (length: number): number => Math.ceil(length / 8) * 8

/**
 * Rows as one Arrow IPC stream: schema, one record batch, end.
 *
 * Rows are objects by column name or arrays by position. A `number` that is whole fits the integer types, a bigint
 * too; dates and timestamps may be `Date`; decimals may be text, numbers or bigints.
 * *Nulls:* null and undefined. *Errors:* TypeError naming row (from 0) and column where a value does not fit its type.
 */
export const encodeRows = (
  rows: readonly (Readonly<Record<string, unknown>> | readonly unknown[])[],
  schema: StructType,
  options: EncodeOptions,
): Uint8Array => {
  const columns = encodeColumns(rows, schema, options)
  const buffers = columns.flatMap((column) => column.buffers)
  const places: [number, number][] = []
  let bodyLength = 0
  for (const buffer of buffers) {
    places.push([bodyLength, buffer.length])
    bodyLength += padded(buffer.length)
  }
  const schemaFrame = frame(
    1,
    {
      0: int16(0),
      1: { tables: schema.fields.map((field) => fieldTable(field.name, field.dataType, field.nullable, options)) },
    },
    0,
  )
  const nodes = columns.flatMap((column) => column.nodes)
  const batchFrame = frame(
    3,
    { 0: { int64: BigInt(rows.length) }, 1: { pairs: nodes }, 2: { pairs: places } },
    bodyLength,
  )
  const end = Buffer.from([0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0])
  const stream = Buffer.alloc(schemaFrame.length + batchFrame.length + bodyLength + end.length)
  stream.set(schemaFrame, 0)
  stream.set(batchFrame, schemaFrame.length)
  const bodyAt = schemaFrame.length + batchFrame.length
  buffers.forEach((buffer, i) => {
    stream.set(buffer, bodyAt + places[i]![0])
  })
  stream.set(end, bodyAt + bodyLength)
  return stream
}
