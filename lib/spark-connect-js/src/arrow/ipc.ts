import { zstdDecompressSync } from 'node:zlib'
import { Table } from './flatbuffer.ts'

/** Numbers of Arrow's `Type` union that Spark sends. *Source:* Arrow format/Schema.fbs. */
export const arrowType = {
  null: 1,
  int: 2,
  floatingPoint: 3,
  binary: 4,
  utf8: 5,
  bool: 6,
  decimal: 7,
  date: 8,
  time: 9,
  timestamp: 10,
  interval: 11,
  list: 12,
  struct: 13,
  map: 17,
  duration: 18,
  largeBinary: 19,
  largeUtf8: 20,
  largeList: 21,
} as const

/** A column's description in an Arrow schema; `type` holds the parameters of the type. */
export interface ArrowField {
  readonly name: string
  readonly nullable: boolean
  readonly typeId: number
  readonly type: Table | undefined
  readonly children: readonly ArrowField[]
  readonly metadata: ReadonlyMap<string, string>
}

/** One record batch of a stream: row count and, in the order of a depth-first walk, nodes and buffers. */
export interface ArrowBatch {
  readonly numRows: number
  readonly nodes: readonly (readonly [length: number, nullCount: number])[]
  readonly buffers: readonly Uint8Array[]
}

/** A whole IPC stream. */
export interface ArrowStream {
  readonly fields: readonly ArrowField[]
  readonly batches: readonly ArrowBatch[]
}

const messageHeader = { schema: 1, dictionaryBatch: 2, recordBatch: 3 } as const
const continuation = 0xffffffff

const readField = (table: Table): ArrowField => {
  const name = table.text(0) ?? ''
  if (table.has(4)) throw new TypeError(`column '${name}' is dictionary-encoded, which Spark Connect never sends`)
  return {
    name,
    nullable: table.bool(1),
    typeId: table.int8(2),
    type: table.table(3),
    children: table.tables(5).map(readField),
    metadata: new Map(table.tables(6).map((pair) => [pair.text(0) ?? '', pair.text(1) ?? ''])),
  }
}

/** Undoes the compression of one buffer: eight bytes of length, then the data; length -1 means "left as it is". */
const decompress = (buffer: Uint8Array, codec: number): Uint8Array => {
  if (buffer.length === 0) return buffer
  const length = new DataView(buffer.buffer, buffer.byteOffset).getBigInt64(0, true)
  const body = buffer.subarray(8)
  if (length === -1n) return body
  if (codec !== 1) {
    throw new TypeError(
      'results are compressed by LZ4; set spark.sql.execution.arrow.compression.codec to zstd or none',
    )
  }
  const plain = zstdDecompressSync(body)
  // Not as a Buffer, whose slice() shares memory.
  return new Uint8Array(plain.buffer, plain.byteOffset, plain.byteLength)
}

const readBatch = (header: Table, body: Uint8Array): ArrowBatch => {
  const compression = header.table(3)
  const buffers = header.pairs(2).map(([offset, length]) => body.subarray(offset, offset + length))
  return {
    numRows: header.int64(0),
    nodes: header.pairs(1),
    buffers: compression ? buffers.map((buffer) => decompress(buffer, compression.int8(0))) : buffers,
  }
}

interface Message {
  readonly kind: number
  readonly header: Table
  readonly body: Uint8Array
  /** The message with all that frames it. */
  readonly whole: Uint8Array
}

function* messagesOf(bytes: Uint8Array): Generator<Message, void, undefined> {
  const data = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let at = 0
  while (at + 4 <= bytes.length) {
    const start = at
    // Streams from before Arrow 0.15 lack the continuation mark.
    if (data.getUint32(at, true) === continuation) at += 4
    const metadataLength = data.getInt32(at, true)
    at += 4
    if (metadataLength === 0) return
    const message = Table.root(data, at)
    at += metadataLength
    const bodyLength = message.int64(3)
    const header = message.table(2)
    if (!header || at + bodyLength > bytes.length) throw new TypeError('the Arrow stream ends within a message')
    const body = bytes.subarray(at, at + bodyLength)
    at += bodyLength
    yield { kind: message.int8(1), header, body, whole: bytes.subarray(start, at) }
  }
}

/**
 * Takes an Arrow IPC stream apart without decoding a value.
 *
 * Nothing is copied: buffers are views of the input and lie at any address, as a bytes field of a protobuf message does.
 * *Errors:* TypeError for what is no such stream, big-endian data, dictionaries, LZ4.
 */
export const readStream = (input: Uint8Array): ArrowStream => {
  let fields: readonly ArrowField[] | undefined
  const batches: ArrowBatch[] = []
  for (const { kind, header, body } of messagesOf(input)) {
    switch (kind) {
      case messageHeader.schema:
        if (header.int16(0) !== 0) throw new TypeError('the Arrow stream is big-endian')
        fields = header.tables(1).map(readField)
        break
      case messageHeader.recordBatch:
        batches.push(readBatch(header, body))
        break
      default:
        throw new TypeError(`an Arrow message of kind ${kind} is not expected in a result of Spark`)
    }
  }
  if (!fields) throw new TypeError('the Arrow stream has no schema')
  return { fields, batches }
}

/** Streams of one schema as one stream: the schema of the first, the batches of all. */
export const joinStreams = (streams: readonly Uint8Array[]): Uint8Array => {
  const isKept = (stream: number, kind: number) => kind !== messageHeader.schema || stream === 0
  const parts = streams.flatMap((stream, i) => [...messagesOf(stream)].filter(({ kind }) => isKept(i, kind)))
  const endMark = new Uint8Array(8).fill(0xff, 0, 4)
  return Buffer.concat([...parts.map(({ whole }) => whole), endMark])
}
