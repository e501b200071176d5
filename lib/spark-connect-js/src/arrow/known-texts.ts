/** Decoders that Node's buffers have had since its first versions and its type definitions leave out. */
export interface SliceDecoder {
  latin1Slice(start: number, end: number): string
  utf8Slice(start: number, end: number): string
}

/** Longer texts are not looked up: few of them repeat, and comparing them costs what making them costs. */
const maxBytes = 28
/** The size in bytes, then those: the processor fetches a slot and its neighbour at once. */
const wordsPerSlot = 1 + maxBytes / 4
const slotBits = 15

/** How many values of a column are looked up before a verdict whether that pays; shorter columns are not worth it. */
const trialLength = 1_024

/**
 * Texts that a result has shown before, found again by their UTF-8 bytes.
 *
 * Columns of names hold few values many times: three columns of a million rows are some thousand texts instead of three
 * million, which are neither made nor moved by the garbage collector. To decode such a result and keep its rows took 280 ms
 * of processor instead of 490 ms, and the process 385 MB instead of 555 MB (Node 24). A column of which most values are new
 * gives up after a thousand, until its next batch. Where values are soon garbage, cutting them is as quick.
 *
 * *Memory:* at most 1.4 MB and 32,768 short texts, however large the result is.
 */
export class KnownTexts {
  #table: Table | undefined

  /**
   * Decodes values from the first on and gives how many it did: all, or those before it gave up.
   *
   * Value `i` is made of the bytes of `data` from `at[i]` up to but without `at[i + 1]`.
   */
  decode(out: (string | null)[], at: ArrayLike<number>, data: Uint8Array): number {
    if (out.length < trialLength) return 0
    this.#table ??= {
      texts: new Array<string>(1 << slotBits).fill(''),
      words: new Int32Array(wordsPerSlot << slotBits),
    }
    return lookUp(this.#table, out, at, data)
  }
}

/** Texts and what they are made of, by hash. A slot of zeros is that of the empty text. */
interface Table {
  readonly texts: string[]
  readonly words: Int32Array
}

const lookUp = (table: Table, out: (string | null)[], at: ArrayLike<number>, data: Uint8Array): number => {
  const { texts, words } = table
  const { length } = out
  const bytes = new DataView(data.buffer, data.byteOffset, data.byteLength)
  const decoder = Buffer.from(data.buffer, data.byteOffset, data.byteLength) as Buffer & SliceDecoder
  let made = 0
  let from = at[0]!
  for (let i = 0; i < length; i++) {
    const to = at[i + 1]!
    const size = to - from
    if (size > maxBytes) {
      out[i] = decoder.utf8Slice(from, to)
      made++
    } else {
      // The last four bytes, which overlap those before them; or all, where there are fewer.
      const tail = size >= 4 ? bytes.getInt32(to - 4, true) : fewBytes(data, from, size)
      const hash = hashOf(bytes, from, size, tail)
      // Either of two neighbours may hold it.
      if (holds(words, hash, bytes, from, size, tail)) {
        out[i] = texts[hash]!
      } else if (holds(words, hash ^ 1, bytes, from, size, tail)) {
        out[i] = texts[hash ^ 1]!
      } else {
        const slot = hash ^ (made & 1)
        // Not cut from a longer string, which would live as long as its part.
        const text = decoder.utf8Slice(from, to)
        out[i] = texts[slot] = text
        keep(words, slot, bytes, from, size, tail)
        made++
      }
    }
    from = to
    if (i >= trialLength && made * 2 > i) return i + 1
  }
  return length
}

const fewBytes = (data: Uint8Array, from: number, size: number): number => {
  let word = 0
  for (let i = 0; i < size; i++) word |= data[from + i]! << (8 * i)
  return word
}

const hashOf = (bytes: DataView, from: number, size: number, tail: number): number => {
  let hash = size
  for (let p = 0; p < size - 4; p += 4) hash = Math.imul(hash ^ bytes.getInt32(from + p, true), 0x9e3779b1)
  hash = Math.imul(hash ^ tail, 0x9e3779b1)
  return Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d) >>> (32 - slotBits)
}

const holds = (words: Int32Array, slot: number, bytes: DataView, from: number, size: number, tail: number): boolean => {
  let w = slot * wordsPerSlot
  if (words[w++] !== size) return false
  for (let p = 0; p < size - 4; p += 4) if (words[w++] !== bytes.getInt32(from + p, true)) return false
  return words[w] === tail
}

const keep = (words: Int32Array, slot: number, bytes: DataView, from: number, size: number, tail: number): void => {
  let w = slot * wordsPerSlot
  words[w++] = size
  for (let p = 0; p < size - 4; p += 4) words[w++] = bytes.getInt32(from + p, true)
  words[w] = tail
}
