import { isUtf8 } from 'node:buffer'
import { AppError } from '../errors.ts'
import { encodingName } from './code-pages.ts'
import type { FormatName, FormatOptions } from './formats/index.ts'
import { guessEncoding } from './guess-encoding.ts'

/**
 * How the bytes of a file become UTF-8.
 *
 * - `lines`: each line by itself (`lineToUtf8`); what is said of the file is only for people.
 * - `strict`: the file was said to be UTF-8; what is not becomes U+FFFD.
 * - `format`: not lines of fields; the format gives them.
 * - `decoder`: the whole file through a decoder (`decoderOf`).
 */
export type Decoding =
  | { readonly kind: 'lines'; readonly bomBytes: number }
  | { readonly kind: 'strict'; readonly bomBytes: number }
  | { readonly kind: 'decoder'; readonly label: string }
  | ({ readonly kind: 'format'; readonly format: FormatName } & FormatOptions)

export interface Encoding {
  /** For people: `utf-8`, `windows-1252`, `utf-16le`, … */
  readonly name: string
  readonly decoding: Decoding
  /** For people: that the encoding was guessed, and how to name another. */
  readonly note?: string
}

const windows1252 = new TextDecoder('windows-1252')
const utf8 = new TextDecoder('utf-8', { ignoreBOM: true })

/**
 * The encoding of a file by its first bytes: a byte order mark; else the zero bytes that UTF-16 puts beside every
 * delimiter and digit; else by its letters (`guessEncoding`); else line by line.
 */
export function detectEncoding(sample: Buffer): Encoding {
  const [a, b, c, d] = sample
  if (a === 0xef && b === 0xbb && c === 0xbf) return { name: 'utf-8', decoding: { kind: 'lines', bomBytes: 3 } }
  if ((a === 0xff && b === 0xfe && c === 0 && d === 0) || (a === 0 && b === 0 && c === 0xfe && d === 0xff)) {
    return { name: 'utf-32', decoding: { kind: 'decoder', label: 'utf-32' } }
  }
  if (a === 0xff && b === 0xfe) return wide('utf-16le')
  if (a === 0xfe && b === 0xff) return wide('utf-16be')

  const looked = Math.min(sample.length, 65_536) & ~1
  let zerosAtEven = 0
  let zerosAtOdd = 0
  for (let i = 0; i < looked; i += 2) {
    if (sample[i] === 0) zerosAtEven++
    if (sample[i + 1] === 0) zerosAtOdd++
  }
  // Text of any script has delimiters, digits and line ends: at least one character in ten. Stray NULs are evenly spread.
  const pairs = looked / 2
  if (pairs >= 4 && zerosAtOdd > pairs / 10 && zerosAtEven * 20 < zerosAtOdd) return wide('utf-16le')
  if (pairs >= 4 && zerosAtEven > pairs / 10 && zerosAtOdd * 20 < zerosAtEven) return wide('utf-16be')

  // A sample may end inside a character; what is after the last line end says nothing.
  const whole = sample.subarray(0, Math.max(sample.lastIndexOf(10), sample.lastIndexOf(13)) + 1 || sample.length)
  return isUtf8(whole) ? { name: 'utf-8', decoding: { kind: 'lines', bomBytes: 0 } } : guessed(whole)
}

/** The encoding of bytes that are not UTF-8 as a whole. */
function guessed(bytes: Buffer): Encoding {
  const decoding: Decoding = { kind: 'lines', bomBytes: 0 }
  const lines = splitLines(bytes).filter((line) => line.some((byte) => byte >= 0x80))
  const others = lines.filter((line) => !isUtf8(line))
  // A log that is UTF-8 but for some lines is damaged, or was put together from several: each line by itself.
  if (others.length * 10 < lines.length * 9) return { name: 'utf-8', decoding }
  const { name, sure } = guessEncoding(others)
  if (name === 'windows-1252' && hasMultibyte(bytes)) return { name: 'utf-8', decoding }
  const why = sure ? 'told by the letters' : 'the most usual one, which the letters do not prove'
  const note = `text that is not UTF-8 is read as ${name}, ${why}; if names look wrong, name another with --encoding`
  return { name, note, decoding: name === 'windows-1252' ? decoding : { kind: 'decoder', label: name } }
}

function splitLines(bytes: Buffer): Buffer[] {
  const lines: Buffer[] = []
  let from = 0
  for (let at = 0; at <= bytes.length; at++) {
    if (at < bytes.length && bytes[at] !== 10 && bytes[at] !== 13) continue
    if (at > from) lines.push(bytes.subarray(from, at))
    from = at + 1
  }
  return lines
}

function wide(label: string): Encoding {
  return { name: label, decoding: { kind: 'decoder', label } }
}

/**
 * The encoding that the user named. *Errors:* `AppError('usage')` for a name that is unknown.
 */
export function namedEncoding(label: string, sample: Buffer): Encoding {
  const name = encodingName(label)
  if (name === undefined) {
    throw new AppError('usage', `${JSON.stringify(label)} is not an encoding`, {
      place: '--encoding',
      remedy:
        'for example utf-8, windows-1252, iso-8859-2, windows-1251, koi8-r, macintosh, cp850, cp437, shift_jis, gbk, utf-16le',
    })
  }
  if (name !== 'utf-8') return { name, decoding: { kind: 'decoder', label: name } }
  const bomBytes = sample[0] === 0xef && sample[1] === 0xbb && sample[2] === 0xbf ? 3 : 0
  return { name, decoding: { kind: 'strict', bomBytes } }
}

/**
 * One line that is not valid UTF-8, as valid UTF-8.
 *
 * A line that holds some multi-byte sequence is UTF-8 with damage: each bad sequence becomes one U+FFFD, as Spark's
 * `make_valid_utf8` does it. (Both such lines of the real file are doubly encoded names that were cut in the middle of
 * a character, `Queensr c3 83 c2 83 c3`.) A line without any is in one-byte letters, which in play logs means Windows-1252:
 * in its text, two accented letters in a row that happen to form a UTF-8 sequence do not occur.
 * `strict` allows the first reading only.
 */
export function lineToUtf8(line: Buffer, strict = false): Buffer {
  return Buffer.from(strict || hasMultibyte(line) ? utf8.decode(line) : windows1252.decode(line))
}

// Judged by form alone: overlong forms and surrogates are damaged UTF-8, not Windows-1252.
function hasMultibyte(bytes: Buffer): boolean {
  for (let i = 0; i < bytes.length - 1; i++) {
    const lead = bytes[i]!
    if (lead < 0xc0 || lead > 0xf7) continue
    const following = lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : 3
    let seen = 0
    while (seen < following && (bytes[i + 1 + seen]! & 0xc0) === 0x80) seen++
    if (seen === following) return true
  }
  return false
}
