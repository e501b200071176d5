/** Levels of nesting; Spark's own parser of JSON goes to 1,000. */
const maxDepth = 1024

/** Bytes of a primitive after its header, by its type; a text or binary has its length there. */
const primitiveBytes: readonly (number | undefined)[] = [
  ...[0, 0, 0, 1, 2, 4, 8, 8, 5, 9, 17, 4, 8, 8, 4],
  ...[4, 4, 8, undefined, undefined, 16],
]
const decimalTypes = [8, 9, 10]
const lengthTypes = [15, 16]
const maxScale = 38

/**
 * Checks that two byte strings are a whole variant: every length and offset within the bytes, every key there, every type
 * known. After it, reading cannot leave the bytes, and takes time in proportion to them.
 *
 * *Errors:* RangeError that says what is wrong.
 */
export function checkVariant(value: Uint8Array, metadata: Uint8Array): void {
  new Check(value, keysIn(metadata)).value(0, 0)
}

/** An unsigned number of so many bytes. */
const unsigned = (bytes: Uint8Array, at: number, size: number): number => {
  if (at + size > bytes.length) throw new RangeError('variant is cut off')
  let result = 0
  for (let i = size - 1; i >= 0; i--) result = result * 256 + bytes[at + i]!
  return result
}

/** How many keys the metadata holds. */
function keysIn(metadata: Uint8Array): number {
  const header = unsigned(metadata, 0, 1)
  if ((header & 0x0f) !== 1) throw new RangeError(`variant metadata of version ${header & 0x0f} is not known`)
  const width = (header >> 6) + 1
  const count = unsigned(metadata, 1, width)
  const textsAt = 1 + width * (count + 2)
  if (textsAt > metadata.length) throw new RangeError(`variant metadata has no room for ${count} keys`)
  let last = 0
  for (let i = 0; i <= count; i++) {
    const offset = unsigned(metadata, 1 + width * (i + 1), width)
    if (offset < last || textsAt + offset > metadata.length) throw new RangeError('variant keys are out of order')
    last = offset
  }
  return count
}

class Check {
  readonly #bytes: Uint8Array
  readonly #keys: number
  /** A value has a byte of its own, so there are not more of them than bytes, unless they overlap. */
  #values = 0

  constructor(bytes: Uint8Array, keys: number) {
    this.#bytes = bytes
    this.#keys = keys
  }

  value(at: number, depth: number): void {
    if (depth > maxDepth) throw new RangeError(`variant is nested more than ${maxDepth} levels deep`)
    const header = unsigned(this.#bytes, at, 1)
    if (++this.#values > this.#bytes.length) throw new RangeError('variant values overlap')
    const info = header >> 2
    if ((header & 3) === 0) this.#primitive(at + 1, info)
    else if ((header & 3) === 1) this.#within(at + 1, info)
    else this.#container(at + 1, info, (header & 3) === 2, depth)
  }

  #within(at: number, length: number): void {
    if (at + length > this.#bytes.length) throw new RangeError('variant is cut off')
  }

  #primitive(at: number, type: number): void {
    const size = primitiveBytes[type]
    if (size === undefined) throw new RangeError(`variant type ${type} is not known`)
    this.#within(at, size)
    if (lengthTypes.includes(type)) this.#within(at + 4, unsigned(this.#bytes, at, 4))
    if (decimalTypes.includes(type) && this.#bytes[at]! > maxScale) {
      throw new RangeError(`variant decimal has ${this.#bytes[at]} digits after the point`)
    }
  }

  #container(at: number, info: number, isObject: boolean, depth: number): void {
    const offsetWidth = (info & 3) + 1
    const idWidth = isObject ? ((info >> 2) & 3) + 1 : 0
    const countWidth = (isObject ? (info >> 4) & 1 : (info >> 2) & 1) === 1 ? 4 : 1
    const count = unsigned(this.#bytes, at, countWidth)
    const idsAt = at + countWidth
    const offsetsAt = idsAt + idWidth * count
    const valuesAt = offsetsAt + offsetWidth * (count + 1)
    if (valuesAt > this.#bytes.length) throw new RangeError(`variant has no room for ${count} values`)
    for (let i = 0; i < count; i++) {
      if (isObject && unsigned(this.#bytes, idsAt + i * idWidth, idWidth) >= this.#keys) {
        throw new RangeError('variant names a key that it does not have')
      }
      this.value(valuesAt + unsigned(this.#bytes, offsetsAt + i * offsetWidth, offsetWidth), depth + 1)
    }
  }
}
