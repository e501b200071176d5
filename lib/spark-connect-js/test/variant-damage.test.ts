import { describe, expect, test } from '@jest/globals'
import { decodeBatches } from '../src/arrow/decode.ts'
import { encodeRows } from '../src/arrow/encode.ts'
import { KnownTexts } from '../src/arrow/known-texts.ts'
import { types, Variant } from '../src/index.ts'

const noKeys = [1, 0, 0]
const oneKey = [1, 1, 0, 1, 97]
/** `{"a": [5, "x", 2.5]}` */
const sound = new Variant(
  Uint8Array.of(0x02, 1, 0, 0, 15, 0x03, 3, 0, 2, 4, 10, 0x0c, 5, 0x05, 120, 0x20, 1, 25, 0, 0, 0),
  Uint8Array.of(...oneKey),
)
/** Lists of two values that are both the next list: 2 ** levels values in a few bytes. */
const shared = (levels: number): number[] => {
  const bytes: number[] = []
  for (let i = 0; i < levels; i++) bytes.push(0x03, 2, 0, 0, 0)
  return [...bytes, 0]
}
const deep = Array.from({ length: 2000 }, () => [0x03, 1, 0, 0]).flat()

const damaged: [name: string, value: number[], metadata: number[], message: RegExp][] = [
  ['no bytes', [], noKeys, /cut off/],
  ['no metadata', [0], [], /cut off/],
  ['another version', [0], [2, 0, 0], /version 2/],
  ['keys without room', [0], [0xc1, 255, 255, 255, 255, 0], /no room for 4294967295 keys/],
  ['keys out of order', [0], [1, 2, 0, 9, 1, 97, 98], /out of order/],
  ['a number that is cut off', [0x14, 1, 2], noKeys, /cut off/],
  ['a text beyond the bytes', [0x29, 97], noKeys, /cut off/],
  ['a long text beyond the bytes', [0x40, 255, 255, 255, 127, 97], noKeys, /cut off/],
  ['an unknown type', [0xfc], noKeys, /type 63/],
  ['a decimal of scale 99', [0x20, 99, 0, 0, 0, 0], noKeys, /99 digits/],
  ['a list of 4 thousand million', [0x13, 255, 255, 255, 255, 0], noKeys, /no room for 4294967295 values/],
  ['a value outside', [0x03, 1, 200, 0, 0], noKeys, /cut off/],
  ['a key that is not there', [0x02, 1, 7, 0, 1, 0], oneKey, /a key that it does not have/],
  ['values that overlap', shared(40), noKeys, /overlap/],
  ['too deep', [...deep, 0], noKeys, /1024 levels/],
]

const schema = types.struct({ n: types.integer, v: types.variant })
const options = { timeZone: 'UTC', useLargeVarTypes: false }
const received = (value: number[], metadata: number[]) => {
  const rows = [
    { n: 1, v: sound },
    { n: 2, v: new Variant(Uint8Array.from(value), Uint8Array.from(metadata)) },
  ]
  return () =>
    decodeBatches(encodeRows(rows, schema, options), schema, new KnownTexts()).flatMap((each) => each.tuples())
}

describe('a damaged variant', () => {
  test.each(damaged)('%s', (_, value, metadata, message) => {
    expect(received(value, metadata)).toThrow(
      expect.objectContaining({
        name: 'SparkConnectError',
        code: 'DATA_LOSS',
        message: expect.stringMatching(new RegExp(`^damaged result, batch \\d, column 'v': .*${message.source}`)),
      }),
    )
    expect(() => new Variant(Uint8Array.from(value), Uint8Array.from(metadata)).get()).toThrow(RangeError)
  })

  test('a sound one is read', () => {
    expect(received([0x0c, 5], noKeys)().map((row) => String(row[1]))).toEqual(['{"a":[5,"x",2.5]}', '5'])
  })

  test('any changed byte gives a value or is refused, and nothing else', () => {
    for (const part of ['value', 'metadata'] as const) {
      for (let at = 0; at < sound[part].length; at++) {
        for (let byte = 0; byte < 256; byte++) {
          const changed = { value: sound.value.slice(), metadata: sound.metadata.slice() }
          changed[part][at] = byte
          const variant = new Variant(changed.value, changed.metadata)
          try {
            variant.check()
          } catch (error) {
            expect(error).toBeInstanceOf(RangeError)
            continue
          }
          expect(() => [variant.get(), variant.toString(), JSON.stringify(variant)]).not.toThrow()
        }
      }
    }
  })
})
