import { decoderOf } from './code-pages.ts'

/** Text in the bytes of an encoding; undefined for text that it has no bytes for. */
export type Encode = (text: string) => Buffer | undefined

const doubleByte: ReadonlySet<string> = new Set(['shift_jis', 'gbk', 'gb18030', 'big5', 'euc-kr', 'euc-jp'])

/** The way back from `decoderOf`, for encodings that Node reads and does not write. */
export function encoderOf(name: string): Encode {
  if (name === 'utf-8') return (text) => Buffer.from(text)
  if (name === 'utf-16le') return (text) => Buffer.from(text, 'utf16le')
  if (name === 'utf-16be') return (text) => Buffer.from(text, 'utf16le').swap16()
  const bytesOf = bytesByCharacter(name)
  return (text) => {
    const parts: (readonly number[])[] = []
    for (const character of text) {
      const bytes = bytesOf.get(character)
      if (bytes === undefined) return undefined
      parts.push(bytes)
    }
    return Buffer.from(parts.flat())
  }
}

/** What the decoder makes of every byte, and of every pair of bytes where characters have two. The first way counts. */
function bytesByCharacter(name: string): ReadonlyMap<string, readonly number[]> {
  const decoder = decoderOf(name)
  const known = new Map<string, readonly number[]>()
  const add = (bytes: readonly number[]) => {
    const text = decoder.decode(Uint8Array.from(bytes))
    if ([...text].length === 1 && text !== '\ufffd' && !known.has(text)) known.set(text, bytes)
  }
  for (let byte = 0; byte < 256; byte++) add([byte])
  if (!doubleByte.has(name)) return known
  for (let lead = 0x81; lead < 0xff; lead++) for (let trail = 0x40; trail < 0xff; trail++) add([lead, trail])
  return known
}
