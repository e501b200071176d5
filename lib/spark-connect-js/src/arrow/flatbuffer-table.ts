import { Damage } from './damage.ts'

/**
 * The bytes of one message.
 *
 * A hostile message can let many links lead to one place, and grow without bound when they are followed. No writer of
 * Arrow shares anything but vtables, so what is read may not be more than there is.
 */
class Source {
  readonly data: DataView
  #left: number

  constructor(bytes: Uint8Array) {
    this.data = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.#left = bytes.byteLength
  }

  take(bytes: number): void {
    this.#left -= bytes
    if (this.#left < 0) throw new Damage('the metadata refers to more than it holds')
  }

  /** The start of the items of the vector at `at`, and how many there are. */
  vector(at: number, itemBytes: number): readonly [start: number, length: number] {
    const start = this.link(at)
    const length = this.data.getUint32(start, true)
    if (start + 4 + length * itemBytes > this.data.byteLength) throw new Damage('a list runs beyond the metadata')
    this.take(4 + length * itemBytes)
    return [start + 4, length]
  }

  link(at: number): number {
    return at + this.data.getUint32(at, true)
  }
}

/**
 * Reads one table; `field` numbers count from 0 in the order of the schema. Missing fields give the default.
 * Bytes outside of the message are never read. *Errors:* RangeError or Damage.
 */
export class Table {
  readonly #source: Source
  readonly #at: number
  readonly #vtable: number
  readonly #slots: number

  private constructor(source: Source, at: number) {
    source.take(4)
    this.#source = source
    this.#at = at
    this.#vtable = at - source.data.getInt32(at, true)
    this.#slots = (source.data.getUint16(this.#vtable, true) - 4) / 2
  }

  /** The table that a message starts with. */
  static root(bytes: Uint8Array): Table {
    const source = new Source(bytes)
    return new Table(source, source.link(0))
  }

  has(field: number): boolean {
    return this.#position(field) !== 0
  }

  int8(field: number, fallback = 0): number {
    const at = this.#position(field)
    return at ? this.#source.data.getInt8(at) : fallback
  }

  int16(field: number, fallback = 0): number {
    const at = this.#position(field)
    return at ? this.#source.data.getInt16(at, true) : fallback
  }

  int32(field: number, fallback = 0): number {
    const at = this.#position(field)
    return at ? this.#source.data.getInt32(at, true) : fallback
  }

  /** A 64-bit length; Arrow buffers in one message are far below 2^53 bytes. */
  int64(field: number, fallback = 0): number {
    const at = this.#position(field)
    return at ? Number(this.#source.data.getBigInt64(at, true)) : fallback
  }

  bool(field: number, fallback = false): boolean {
    const at = this.#position(field)
    return at ? this.#source.data.getUint8(at) !== 0 : fallback
  }

  text(field: number): string | undefined {
    const at = this.#position(field)
    if (!at) return undefined
    const [start, length] = this.#source.vector(at, 1)
    const { buffer, byteOffset } = this.#source.data
    return Buffer.from(buffer, byteOffset + start, length).toString('utf8')
  }

  table(field: number): Table | undefined {
    const at = this.#position(field)
    return at ? new Table(this.#source, this.#source.link(at)) : undefined
  }

  tables(field: number): Table[] {
    const at = this.#position(field)
    if (!at) return []
    const [start, length] = this.#source.vector(at, 4)
    return Array.from({ length }, (_, i) => new Table(this.#source, this.#source.link(start + 4 * i)))
  }

  /** A vector of structs of two int64, as pairs: Arrow's FieldNode and Buffer. */
  pairs(field: number): [number, number][] {
    const at = this.#position(field)
    if (!at) return []
    const [start, length] = this.#source.vector(at, 16)
    const { data } = this.#source
    return Array.from({ length }, (_, i) => {
      const item = start + 16 * i
      return [Number(data.getBigInt64(item, true)), Number(data.getBigInt64(item + 8, true))]
    })
  }

  #position(field: number): number {
    if (field >= this.#slots) return 0
    const offset = this.#source.data.getUint16(this.#vtable + 4 + 2 * field, true)
    return offset ? this.#at + offset : 0
  }
}
