import { Damage, reading } from './damage.ts'
import { Table } from './flatbuffer-table.ts'
import { maxBatches, maxDepth, maxFields } from './limits.ts'

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
  /** The name with those of the fields around it: `map.entries.key`. */
  readonly path: string
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
  /** As they were received: within the body, one after another. */
  readonly buffers: readonly Uint8Array[]
  /** The number of the codec that the buffers are compressed by; undefined where they are plain. */
  readonly codec: number | undefined
}

/** A whole IPC stream. */
export interface ArrowStream {
  readonly fields: readonly ArrowField[]
  readonly batches: readonly ArrowBatch[]
}

const messageHeader = { schema: 1, dictionaryBatch: 2, recordBatch: 3 } as const
const continuation = 0xffffffff

const fieldsOf = (schema: Table): readonly ArrowField[] => {
  if (schema.int16(0) !== 0) throw new Damage('the Arrow stream is big-endian')
  let count = 0
  const readField = (table: Table, parent: string, depth: number): ArrowField => {
    const name = table.text(0) ?? ''
    const path = parent ? `${parent}.${name}` : name
    count += 1
    if (count > maxFields) throw new Damage(`the schema has more than ${maxFields} fields`)
    if (depth > maxDepth) throw new Damage(`more than ${maxDepth} levels of nesting`, path.slice(0, 100))
    if (table.has(4)) throw new Damage('dictionary-encoded, which is not read', path)
    return {
      name,
      path,
      nullable: table.bool(1),
      typeId: table.int8(2),
      type: table.table(3),
      children: table.tables(5).map((child) => readField(child, path, depth + 1)),
      metadata: new Map(table.tables(6).map((pair) => [pair.text(0) ?? '', pair.text(1) ?? ''])),
    }
  }
  return schema.tables(1).map((table) => readField(table, '', 1))
}

const readBatch = (header: Table, body: Uint8Array): ArrowBatch => {
  const compression = header.table(3)
  let end = 0
  const buffers = header.pairs(2).map(([offset, length], i) => {
    // Writers lay buffers down in order. Buffers that overlap would let a small message hold a lot of data.
    if (length < 0 || offset < 0 || offset + length > body.length || (length > 0 && offset < end)) {
      throw new Damage(`buffer ${i} takes ${length} bytes at ${offset} of a body of ${body.length}, used up to ${end}`)
    }
    if (length > 0) end = offset + length
    return body.subarray(offset, offset + length)
  })
  return { numRows: header.int64(0), nodes: header.pairs(1), buffers, codec: compression?.int8(0) }
}

interface Message {
  readonly kind: number
  readonly header: Table
  readonly body: Uint8Array
  /** The message with all that frames it. */
  readonly whole: Uint8Array
}

const cutOff = (): Damage => new Damage('the Arrow stream ends within a message')

const magic = new TextEncoder().encode('ARROW1')

/** True for the bytes of an Arrow file; what Spark sends are streams. */
export const isArrowFile = (bytes: Uint8Array): boolean => magic.every((byte, i) => bytes[i] === byte)

/**
 * The messages of a file: a stream between a mark and a footer. The schema is the footer's, since writers may leave it
 * out of the stream; apache-arrow's for JavaScript does.
 */
function* fileMessagesOf(bytes: Uint8Array): Generator<Message, void, undefined> {
  const end = bytes.length - magic.length - 4
  if (end < 8 || !isArrowFile(bytes.subarray(end + 4))) throw new Damage('the Arrow file ends without its mark')
  const length = new DataView(bytes.buffer, bytes.byteOffset).getInt32(end, true)
  const footer = bytes.subarray(end - length, end)
  if (length <= 0 || end - length < 8) throw new Damage('the Arrow file has no footer')
  const header = Table.root(footer).table(1)
  if (!header) throw new Damage('the footer of the Arrow file has no schema')
  yield { kind: messageHeader.schema, header, body: new Uint8Array(), whole: footer }
  for (const message of messagesOf(bytes.subarray(8, end - length))) {
    if (message.kind !== messageHeader.schema) yield message
  }
}

function* messagesOf(bytes: Uint8Array): Generator<Message, void, undefined> {
  const data = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let at = 0
  while (at < bytes.length) {
    const start = at
    if (at + 8 > bytes.length) throw cutOff()
    // Streams from before Arrow 0.15 lack the continuation mark.
    if (data.getUint32(at, true) === continuation) at += 4
    const metadataLength = data.getInt32(at, true)
    at += 4
    if (metadataLength === 0) {
      if (at < bytes.length) throw new Damage(`${bytes.length - at} bytes follow the end of the Arrow stream`)
      return
    }
    if (metadataLength < 0 || at + metadataLength > bytes.length) throw cutOff()
    const message = Table.root(bytes.subarray(at, at + metadataLength))
    at += metadataLength
    const bodyLength = message.int64(3)
    const header = message.table(2)
    if (!header || bodyLength < 0 || at + bodyLength > bytes.length) throw cutOff()
    const body = bytes.subarray(at, at + bodyLength)
    at += bodyLength
    yield { kind: message.int8(1), header, body, whole: bytes.subarray(start, at) }
  }
}

/**
 * Takes an Arrow IPC stream (or file) apart without decoding a value.
 *
 * Nothing is copied: buffers are views of the input and lie at any address, as a bytes field of a protobuf message does.
 * *Errors:* SparkConnectError with code DATA_LOSS for what is not such a stream, big-endian data and dictionaries.
 */
export const readStream = (input: Uint8Array, firstBatch = 1): ArrowStream =>
  reading({}, () => {
    let fields: readonly ArrowField[] | undefined
    const batches: ArrowBatch[] = []
    for (const { kind, header, body } of isArrowFile(input) ? fileMessagesOf(input) : messagesOf(input)) {
      switch (kind) {
        case messageHeader.schema:
          if (fields) throw new Damage('the Arrow stream has two schemas')
          fields = fieldsOf(header)
          break
        case messageHeader.recordBatch:
          if (!fields) throw new Damage('the Arrow stream has no schema before its first batch')
          if (batches.length === maxBatches) throw new Damage(`the Arrow stream has more than ${maxBatches} batches`)
          batches.push(reading({ batch: firstBatch + batches.length }, () => readBatch(header, body)))
          break
        default:
          throw new Damage(`an Arrow message of kind ${kind} is not expected in a result of Spark`)
      }
    }
    if (!fields) throw new Damage('the Arrow stream has no schema')
    return { fields, batches }
  })

/** Streams of one schema as one stream: the schema of the first, the batches of all. */
export const joinStreams = (streams: readonly Uint8Array[]): Uint8Array =>
  reading({}, () => {
    let schema: Uint8Array | undefined
    const parts: Uint8Array[] = []
    for (const { kind, whole } of streams.flatMap((stream) => [...messagesOf(stream)])) {
      if (kind !== messageHeader.schema || schema === undefined) parts.push(whole)
      if (kind !== messageHeader.schema) continue
      if (schema && !Buffer.from(schema).equals(whole)) throw new Damage('the batches of the result differ in schema')
      schema ??= whole
    }
    return Buffer.concat([...parts, new Uint8Array(8).fill(0xff, 0, 4)])
  })
