import { type TableValue, writeTable } from '../../src/arrow/flatbuffer.ts'

/** One message of an Arrow IPC stream; `headerType` 1 is a schema, 3 a record batch. */
export const message = (
  headerType: number,
  header: TableValue,
  body = Buffer.alloc(0),
  bodyBytes = body.length,
): Buffer => {
  const metadata = writeTable({
    0: { int16: 4 },
    1: { int8: headerType },
    2: { table: header },
    3: { int64: BigInt(bodyBytes) },
  })
  const prefix = Buffer.alloc(8)
  prefix.writeUInt32LE(0xffffffff, 0)
  prefix.writeInt32LE(metadata.length, 4)
  return Buffer.concat([prefix, metadata, body])
}

export const field = (
  name: string,
  typeId: number,
  parameters: TableValue = {},
  children: readonly TableValue[] = [],
): TableValue => ({
  0: { text: name },
  1: { int8: 1 },
  2: { int8: typeId },
  3: { table: parameters },
  5: { tables: children },
})

export const bigint = (name: string): TableValue => field(name, 2, { 0: { int32: 64 }, 1: { int8: 1 } })
export const text = (name: string): TableValue => field(name, 5)

export const schema = (...fields: readonly TableValue[]): Buffer =>
  message(1, { 0: { int16: 0 }, 1: { tables: fields } })

export interface BatchParts {
  readonly rows: number
  readonly nodes: readonly (readonly [length: number, nulls: number])[]
  readonly buffers: readonly Buffer[]
  /** Places of the buffers where they are not told as they are. */
  readonly places?: readonly (readonly [offset: number, length: number])[]
  /** 0 LZ4, 1 zstd. */
  readonly codec?: number
}

export const batch = ({ rows, nodes, buffers, places, codec }: BatchParts): Buffer => {
  let at = 0
  const real = buffers.map((buffer): readonly [number, number] => {
    const place = [at, buffer.length] as const
    at += Math.ceil(buffer.length / 8) * 8
    return place
  })
  const body = Buffer.alloc(at)
  for (const [i, buffer] of buffers.entries()) buffer.copy(body, real[i]![0])
  const header: TableValue = {
    0: { int64: BigInt(rows) },
    1: { pairs: nodes },
    2: { pairs: places ?? real },
    ...(codec === undefined ? {} : { 3: { table: { 0: { int8: codec } } } }),
  }
  return message(3, header, body)
}

export const longs = (...values: readonly bigint[]): Buffer => Buffer.from(new BigInt64Array(values).buffer)
export const ints = (...values: readonly number[]): Buffer => Buffer.from(new Int32Array(values).buffer)
export const nothing = Buffer.alloc(0)
export const endOfStream = Buffer.from([0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0])
