import { constants, isAscii } from 'node:buffer'
import type { KnownTexts, SliceDecoder } from './known-texts.ts'
import type { Offsets } from './vector.ts'

/**
 * Decodes a column of UTF-8 text.
 *
 * Names of artists, stations and songs are short and nearly all ASCII, and a call into the decoder costs more than the
 * text itself: three million values of 18 characters took 220 ms by TextDecoder, 140 ms by one `utf8Slice` a value and
 * 50 ms this way (CPU time, Node 24). The whole buffer becomes one Latin-1 string; values cut from it are right wherever
 * all their bytes are ASCII, and the others are decoded one by one.
 *
 * *Nulls:* where the validity bit is 0. *Cost:* values of 13 or more characters share the memory of their batch's text
 * as long as one of them lives (V8's sliced strings); a batch of Spark holds at most 10,000 rows by default.
 */
export const decodeStrings = (
  length: number,
  validity: Uint8Array | undefined,
  at: Offsets,
  data: Uint8Array,
  known?: KnownTexts,
): (string | null)[] => {
  const out: (string | null)[] = new Array(length)
  const done = known?.decode(out, at, data) ?? 0
  if (done < length) decodeFrom(done, out, at, data)
  if (validity) for (let i = 0; i < length; i++) if (((validity[i >> 3]! >> (i & 7)) & 1) === 0) out[i] = null
  return out
}

const decodeFrom = (first: number, out: (string | null)[], at: ArrayLike<number>, data: Uint8Array): void => {
  const length = out.length
  const base = at[first]!
  const end = at[length]!
  const bytes = Buffer.from(data.buffer, data.byteOffset + base, end - base) as Buffer & SliceDecoder
  if (bytes.length > constants.MAX_STRING_LENGTH) {
    for (let i = first; i < length; i++) out[i] = bytes.utf8Slice(at[i]! - base, at[i + 1]! - base)
    return
  }
  const latin = bytes.latin1Slice(0, bytes.length)
  let from = 0
  if (isAscii(bytes)) {
    for (let i = first; i < length; i++) {
      const to = at[i + 1]! - base
      out[i] = latin.substring(from, to)
      from = to
    }
  } else {
    let foreign = nextForeign(bytes, 0)
    for (let i = first; i < length; i++) {
      const to = at[i + 1]! - base
      if (foreign < from) foreign = nextForeign(bytes, from)
      out[i] = foreign >= to ? latin.substring(from, to) : bytes.utf8Slice(from, to)
      from = to
    }
  }
}

/** The first byte at or after `from` that is not ASCII; the length if there is none. */
const nextForeign = (bytes: Uint8Array, from: number): number => {
  const length = bytes.length
  let i = from
  while (i < length && bytes[i]! < 0x80) i++
  return i
}

/** Decodes a column of byte strings; each value is a copy, so that keeping one does not keep its batch. */
export const decodeBinary = (
  length: number,
  validity: Uint8Array | undefined,
  at: Offsets,
  data: Uint8Array,
): (Uint8Array | null)[] => {
  const out: (Uint8Array | null)[] = new Array(length)
  for (let i = 0; i < length; i++) {
    out[i] = validity && ((validity[i >> 3]! >> (i & 7)) & 1) === 0 ? null : data.slice(at[i]!, at[i + 1]!)
  }
  return out
}
