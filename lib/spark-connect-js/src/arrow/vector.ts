import { zstdDecompressSync } from '../core/zstd.ts'
import { Damage, inColumn } from './damage.ts'
import { type ArrowBatch, type ArrowField, arrowType } from './ipc.ts'
import { maxBatchBytes, maxValues, maxValuesWithoutBytes } from './limits.ts'

/** A column's buffers, taken from a batch in the depth-first order in which Arrow lists them. */
export interface Vector {
  readonly field: ArrowField
  readonly length: number
  readonly nullCount: number
  /** May be empty where nothing is null. */
  readonly bitmap: Uint8Array | undefined
  /** Large enough for `length` values; what offsets say is checked where they are read. */
  readonly buffers: readonly Uint8Array[]
  readonly children: readonly Vector[]
}

const isLarge = (typeId: number): boolean =>
  typeId === arrowType.largeUtf8 || typeId === arrowType.largeBinary || typeId === arrowType.largeList

/** The number of buffers of a type and how many bytes `length` values need in the second. */
const layout = ({ typeId, type }: ArrowField, length: number): readonly [buffers: number, bytes: number] => {
  switch (typeId) {
    case arrowType.null:
      return [0, 0]
    case arrowType.struct:
      return [1, 0]
    case arrowType.bool:
      return [2, Math.ceil(length / 8)]
    case arrowType.int:
      return [2, (length * (type?.int32(0) ?? 0)) / 8]
    case arrowType.floatingPoint:
      return [2, length * (2 << (type?.int16(0) ?? 0))]
    case arrowType.date:
      return [2, length * 4]
    case arrowType.interval:
      return [2, length * (type?.int16(0) === 2 ? 16 : 4)]
    case arrowType.decimal:
      return [2, length * 16]
    case arrowType.time:
    case arrowType.timestamp:
    case arrowType.duration:
      return [2, length * 8]
    default: {
      const isList = typeId === arrowType.list || typeId === arrowType.largeList || typeId === arrowType.map
      // Arrow allows an empty offsets buffer for an empty column.
      return [isList ? 2 : 3, length === 0 ? 0 : (length + 1) * (isLarge(typeId) ? 8 : 4)]
    }
  }
}

/** Larger buffers are put together from pieces of this size. */
const decompressedAtOnce = 2 ** 20

const decompressUpTo = (bytes: number, body: Uint8Array): Buffer => {
  try {
    const chunkSize = Math.min(Math.max(bytes, 64), decompressedAtOnce)
    return zstdDecompressSync(body, { maxOutputLength: bytes, chunkSize })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_BUFFER_TOO_LARGE') throw error
    throw new Damage(`a compressed buffer holds more than the ${bytes} bytes that it declares`)
  }
}

/** Undoes the compression of one buffer: eight bytes of length, then the data; length -1 means "left as it is". */
const decompress = (buffer: Uint8Array, codec: number, room: number): Uint8Array => {
  if (buffer.length === 0) return buffer
  if (buffer.length < 8) throw new Damage('a compressed buffer without its length')
  const declared = Number(new DataView(buffer.buffer, buffer.byteOffset, buffer.byteLength).getBigInt64(0, true))
  const body = buffer.subarray(8)
  if (declared === -1) return body
  if (codec !== 1) {
    throw new Damage('compressed by LZ4; set spark.sql.execution.arrow.compression.codec to zstd or none')
  }
  if (declared < 0 || declared > room) {
    throw new Damage(`a compressed buffer declares ${declared} bytes; a batch may hold ${maxBatchBytes}`)
  }
  if (declared === 0) return buffer.subarray(0, 0)
  const plain = decompressUpTo(declared, body)
  if (plain.length !== declared) throw new Damage(`a compressed buffer of ${plain.length} bytes declares ${declared}`)
  // Not as a Buffer, whose slice() shares memory.
  return new Uint8Array(plain.buffer, plain.byteOffset, plain.byteLength)
}

/** Takes the columns of one batch, in order, and checks each node and buffer against what the type needs. */
export class VectorReader {
  readonly #batch: ArrowBatch
  readonly #most: number
  #room = maxBatchBytes
  #node = 0
  #buffer = 0

  constructor(batch: ArrowBatch) {
    this.#batch = batch
    const { numRows, buffers, codec } = batch
    const bytes = codec === undefined ? buffers.reduce((sum, buffer) => sum + buffer.length, 0) : maxBatchBytes
    this.#most = Math.min(maxValues, maxValuesWithoutBytes + 8 * bytes)
    if (!(numRows >= 0 && numRows <= this.#most)) throw new Damage(`a batch cannot have ${numRows} rows`)
  }

  /** The next column; `length` is how many values it must have, undefined where offsets decide. */
  read(field: ArrowField, length: number | undefined): Vector {
    const node = this.#batch.nodes[this.#node++]
    if (!node) throw new Damage('the batch ends before this column', field.path)
    const [found, nullCount] = node
    if (!(found >= 0 && found <= this.#most && nullCount >= 0 && nullCount <= found)) {
      throw new Damage(`the column announces ${found} values and ${nullCount} nulls`, field.path)
    }
    if (length !== undefined && found !== length) {
      throw new Damage(`the column has ${found} values where ${length} are due`, field.path)
    }
    const [bitmap, ...buffers] = this.#buffers(field, found, nullCount)
    const childLength = field.typeId === arrowType.struct ? found : undefined
    const children = field.children.map((child) => this.read(child, childLength))
    return { field, length: found, nullCount, bitmap, buffers, children }
  }

  /** Checks that all of the batch was taken. */
  end(): void {
    const { nodes, buffers } = this.#batch
    if (this.#node !== nodes.length || this.#buffer !== buffers.length) {
      throw new Damage(
        `${nodes.length} nodes and ${buffers.length} buffers where the schema has ${this.#node} and ${this.#buffer}`,
      )
    }
  }

  #buffers(field: ArrowField, length: number, nullCount: number): Uint8Array[] {
    const [count, needed] = layout(field, length)
    const buffers = Array.from({ length: count }, () => this.#next(field))
    const [bitmap, values] = buffers
    if (bitmap && bitmap.length < Math.ceil(length / 8) && !(nullCount === 0 && bitmap.length === 0)) {
      throw new Damage(`the bitmap of ${length} values has ${bitmap.length} bytes`, field.path)
    }
    if (values && values.length < needed) {
      throw new Damage(`${length} values need ${needed} bytes and have ${values.length}`, field.path)
    }
    return buffers
  }

  #next(field: ArrowField): Uint8Array {
    const buffer = this.#batch.buffers[this.#buffer++]
    if (!buffer) throw new Damage('the batch ends before the data of this column', field.path)
    const { codec } = this.#batch
    if (codec === undefined) return buffer
    const plain = inColumn(field.path, () => decompress(buffer, codec, this.#room))
    this.#room -= plain.length
    return plain
  }
}

const bitsSet = (word: number): number => {
  let n = word - ((word >>> 1) & 0x55555555)
  n = (n & 0x33333333) + ((n >>> 2) & 0x33333333)
  return Math.imul((n + (n >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}

/** How many of the first `length` bits are set. */
const countSet = (bits: Uint8Array, length: number): number => {
  const data = new DataView(bits.buffer, bits.byteOffset, bits.byteLength)
  const words = length >> 5
  let set = 0
  for (let w = 0; w < words; w++) set += bitsSet(data.getInt32(4 * w, true))
  for (let i = words << 5; i < length; i++) set += (bits[i >> 3]! >> (i & 7)) & 1
  return set
}

/** The bits that say what is not null; undefined where nothing is. *Errors:* Damage where the count says otherwise. */
export const validityOf = ({ field, length, nullCount, bitmap }: Vector): Uint8Array | undefined => {
  if (!bitmap || bitmap.length === 0 || length === 0) return undefined
  const nulls = length - countSet(bitmap, length)
  if (nulls !== nullCount) throw new Damage(`${nullCount} nulls are announced and ${nulls} are there`, field.path)
  return nullCount > 0 ? bitmap : undefined
}

/** Where each value begins and ends: one more than there are values. */
export type Offsets = Int32Array | Float64Array

const plainOffsets = (bytes: Uint8Array, typeId: number, length: number): Offsets => {
  if (!isLarge(typeId)) return view(Int32Array, bytes, length + 1)
  const wide = view(BigInt64Array, bytes, length + 1)
  const plain = new Float64Array(length + 1)
  for (let i = 0; i <= length; i++) plain[i] = Number(wide[i])
  return plain
}

const isRising = (at: Offsets): boolean => {
  const { length } = at
  let before = at[0]!
  if (!(before >= 0)) return false
  for (let i = 1; i < length; i++) {
    const next = at[i]!
    if (next < before) return false
    before = next
  }
  return true
}

/** The offsets of a text, binary, list or map column, rising and at most `end`. *Errors:* Damage. */
export const offsetsOf = ({ field, length, buffers }: Vector, end: number): Offsets => {
  if (length === 0) return new Int32Array(1)
  const at = plainOffsets(buffers[0]!, field.typeId, length)
  if (!isRising(at)) throw new Damage('the offsets of the values do not rise from 0', field.path)
  if (at[length]! > end) throw new Damage(`the values end at ${at[length]} of ${end}`, field.path)
  return at
}

type TypedArrayConstructor<A> = new (buffer: ArrayBufferLike, offset: number, length: number) => A

/** The first `length` numbers of a buffer that is known to hold them. */
export const view = <A>(
  Type: TypedArrayConstructor<A> & { BYTES_PER_ELEMENT: number },
  bytes: Uint8Array,
  length: number,
): A => {
  if (length === 0) return new Type(new ArrayBuffer(0), 0, 0)
  const { BYTES_PER_ELEMENT: size } = Type
  const at = bytes.byteOffset
  // A bytes field of a protobuf message lies anywhere, and typed arrays need an address that their size divides.
  return at % size === 0
    ? new Type(bytes.buffer, at, length)
    : new Type(bytes.buffer.slice(at, at + length * size), 0, length)
}
