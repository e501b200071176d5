import { isUtf8 } from 'node:buffer'
import { fieldSeparator, refusedMark } from '../model/framing.ts'
import { printable } from '../terminal.ts'
import { lineToUtf8 } from './encoding.ts'
import type { InspectedFile } from './inspect.ts'
import { isPlainRecord, recordEnd } from './record.ts'
import { type QuoteStyle, requoted } from './requote.ts'
import { checksum, type ReadOptions, readText } from './source.ts'

/** What is known of a file when its last line is framed. */
export interface FramedFile {
  readonly label: string
  /** Of the file as it is on disk, hexadecimal. */
  readonly sha256: string
  /** On disk. */
  readonly bytes: number
  /** Lines that were framed: one for each play or refused line. The header and blank lines are not among them. */
  readonly rows: number
  /** Line ends that stood inside quoted fields and became spaces. */
  readonly joinedLines: number
  readonly blankLines: number
  /** Lines longer than `maxLineBytes`. */
  readonly tooLongLines: number
  /** Lines with bytes that are not UTF-8 (in a file that is read as UTF-8). */
  readonly recodedLines: number
  /** NUL characters that were taken out: Postgres cannot hold them. */
  readonly nulBytes: number
}

/** How lines are cut out of files, and who is called on the way. */
export interface FrameOptions extends ReadOptions {
  /** The most bytes of one slice. Default: 16 MB; smaller slices need less memory here. */
  readonly sliceBytes?: number
  /**
   * A longer line is refused: a sample of it is framed behind `refusedMark`. Default: 64 KiB, a hundred times the longest
   * line that any play needs, and short enough for the regular expressions of the Java platform.
   */
  readonly maxLineBytes?: number
  /** Called with each file when it is done. */
  readonly onFile?: (file: FramedFile) => void
  /** Called with the progress after each block: rows framed and bytes read from disk, of all files. */
  readonly onProgress?: (rows: number, bytes: number) => void
}

// Of larger ones the allocator keeps more than is in use: a million plays uploaded took 384 to 490 MB with 32 MB, 355 to 374 so.
const defaultSliceBytes = 16_000_000
const defaultMaxLineBytes = 65_536
const refusedSampleBytes = 1000

const lf = 10
const cr = 13
const nul = 0
const space = 32
const mark = 0x1f
const refused = 0x1a

/**
 * The lines of the files as UTF-8 lines `file ⟨U+001F⟩ line number ⟨U+001F⟩ text`, in slices that end at a line end.
 *
 * Line ends are LF, CRLF or CR, also mixed; the last line needs none. Header and blank lines are left out. Line numbers count
 * from 1 in the file as it is; a record that spans lines inside quotes becomes one line with spaces for its line ends and
 * has the number of its first. Quotes that RFC 4180 does not describe are written as it wants them where that gives a field for
 * each column (`requoted`). NUL is taken out; U+001F, U+001A and what else would break the frame becomes a space.
 * Every other line comes out exactly once, whatever is in it.
 *
 * The consumer owns the slices. *Memory:* one slice and two blocks of 1 MiB. *Errors:* `AppError('input')`; the reason of `signal`.
 */
export async function* frameLines(
  files: readonly InspectedFile[],
  options: FrameOptions = {},
): AsyncGenerator<Uint8Array, void, undefined> {
  const maxLineBytes = options.maxLineBytes ?? defaultMaxLineBytes
  const slices = new Slices(options.sliceBytes ?? defaultSliceBytes)
  let rows = 0
  let bytes = 0
  for (const file of files) {
    const sum = checksum()
    const lines = new FileLines(file, maxLineBytes, slices)
    const blocks = readText(file, file.gzip, file.decoding, options, (block) => sum.add(block))
    for await (const block of blocks) {
      options.signal?.throwIfAborted()
      lines.push(block)
      yield* slices.full()
      options.onProgress?.(rows + lines.counts.rows, bytes + sum.rawBytes)
    }
    lines.end()
    yield* slices.full()
    rows += lines.counts.rows
    bytes += sum.rawBytes
    options.onProgress?.(rows, bytes)
    options.onFile?.({ label: file.label, sha256: sum.sha256(), bytes: sum.rawBytes, ...lines.counts })
  }
  yield* slices.rest()
}

/** The output: grows to the size of a slice, then starts a new one. */
class Slices {
  readonly #max: number
  readonly #done: Buffer[] = []
  buffer: Buffer
  used = 0

  constructor(max: number) {
    this.#max = max
    this.buffer = Buffer.allocUnsafeSlow(Math.min(max, 1 << 16))
  }

  /** Makes room for a line of so many bytes, in this slice or the next. */
  reserve(bytes: number): void {
    if (this.used + bytes <= this.buffer.length) return
    if (this.used + bytes > this.#max && this.used > 0) {
      this.#done.push(this.buffer.subarray(0, this.used))
      this.buffer = Buffer.allocUnsafeSlow(Math.max(Math.min(this.buffer.length, this.#max), bytes))
      this.used = 0
      return
    }
    const grown = Buffer.allocUnsafeSlow(Math.max(Math.min(this.buffer.length * 2, this.#max), this.used + bytes))
    this.buffer.copy(grown, 0, 0, this.used)
    this.buffer = grown
  }

  full(): Buffer[] {
    return this.#done.splice(0)
  }

  rest(): Buffer[] {
    return this.used > 0 ? [...this.full(), this.buffer.subarray(0, this.used)] : this.full()
  }
}

/** The lines of one file, as its blocks come in. */
class FileLines {
  readonly counts = { rows: 0, joinedLines: 0, blankLines: 0, tooLongLines: 0, recodedLines: 0, nulBytes: 0 }
  readonly #prefix: Buffer
  readonly #skipLines: number
  readonly #maxLineBytes: number
  readonly #slices: Slices
  readonly #delimiter: number
  readonly #style: QuoteStyle
  readonly #columns: number
  readonly #lastNeeded: number
  readonly #strict: boolean
  /** What stands before each line: its day, if all have the same. */
  readonly #day: Buffer
  /** The begin of a line whose end has not come yet. */
  #carry: Buffer = Buffer.alloc(0)
  #line = 0
  /** Bytes of the text before the carry. */
  #offset = 0
  /** Set while the end of a line that is too long is awaited. */
  #long: { sample: Buffer; bytes: number; offset: number } | undefined
  /** The last block ended with the CR of what may be a CRLF. */
  #afterCr = false

  constructor(file: InspectedFile, maxLineBytes: number, slices: Slices) {
    this.#prefix = Buffer.from(`${printable(file.label)}${fieldSeparator}`)
    this.#skipLines = file.skipLines
    this.#maxLineBytes = maxLineBytes
    this.#slices = slices
    this.#delimiter = file.dialect.delimiter.charCodeAt(0)
    this.#day = Buffer.from(file.day === undefined ? '' : `${file.day}${file.dialect.delimiter}`)
    // The day is a column of the dialect that the file does not have.
    const added = file.day === undefined ? 0 : 1
    this.#columns = file.dialect.columns.length - added
    this.#style = { trims: file.trims, otherQuote: file.otherQuote }
    this.#lastNeeded = Math.max(
      ...(['raw_song', 'raw_artist', 'artist_title', 'title_artist', 'time'] as const).map(
        (field) => file.dialect.columns.indexOf(field) - added,
      ),
    )
    this.#strict = file.decoding.kind !== 'lines'
  }

  push(block: Buffer): void {
    let data = block
    if (this.#long) {
      const end = firstLineEnd(data)
      if (end < 0) {
        this.#long.bytes += data.length
        return
      }
      this.#long.bytes += end
      this.#endLong()
      this.#offset += end + 1
      this.#afterCr = data[end] === cr
      data = data.subarray(end + 1)
    }
    if (this.#afterCr && data.length > 0) {
      this.#afterCr = false
      if (data[0] === lf) {
        data = data.subarray(1)
        this.#offset++
      }
    }
    this.#take(this.#carry.length > 0 ? Buffer.concat([this.#carry, data]) : data, false)
  }

  end(): void {
    if (this.#long) {
      this.#endLong()
      return
    }
    const last = this.#carry.at(-1)
    if (last === undefined) return
    this.#take(last === lf || last === cr ? this.#carry : Buffer.concat([this.#carry, Buffer.from('\n')]), true)
  }

  #take(data: Buffer, final: boolean): void {
    const limit = wholeLines(data, final)
    // Most blocks are clean as a whole; only in others each line is looked at.
    const region = data.subarray(0, limit)
    const clean = isUtf8(region) && !region.includes(nul) && !region.includes(mark) && !region.includes(refused)
    let at = 0
    let nextLf = -1
    let nextCr = -1
    let nextQuote = -1
    while (at < limit) {
      if (nextLf < at) nextLf = indexOrEnd(data, lf, at)
      if (nextCr < at) nextCr = indexOrEnd(data, cr, at)
      let end = Math.min(nextLf, nextCr)
      let lineEnds = 1
      if (this.#line >= this.#skipLines && end - at <= this.#maxLineBytes) {
        if (nextQuote < at) nextQuote = indexOrEnd(data, 0x22, at)
        if (nextQuote < end) {
          const reach = recordEnd(data, at, end, limit, {
            delimiter: this.#delimiter,
            columns: this.#columns,
            maxBytes: this.#maxLineBytes,
            final,
          })
          if (reach.kind === 'unknown') break
          if (reach.kind === 'lines') {
            end = reach.end
            lineEnds += reach.lineEnds
          }
        }
      }
      this.#line += lineEnds
      if (this.#line - lineEnds + 1 > this.#skipLines) {
        if (end - at > this.#maxLineBytes)
          this.#refuse(data.subarray(at, at + refusedSampleBytes), end - at, this.#offset + at, lineEnds)
        else if (isBlank(data, at, end)) this.counts.blankLines++
        else if (clean && lineEnds === 1 && this.#isPlain(data, at, end, nextQuote)) this.#write(data, at, end, 1)
        else {
          const text = this.#requote(this.#repair(data.subarray(at, end), clean, lineEnds > 1))
          this.counts.joinedLines += lineEnds - 1
          this.#write(text, 0, text.length, lineEnds)
        }
      }
      at = end + (data[end] === cr && data[end + 1] === lf ? 2 : 1)
    }
    this.#offset += at
    this.#carry = data.subarray(at)
    if (this.#carry.length > this.#maxLineBytes && at >= limit && !this.#carry.includes(cr)) {
      this.#long = {
        sample: Buffer.from(this.#carry.subarray(0, refusedSampleBytes)),
        bytes: this.#carry.length,
        offset: this.#offset,
      }
      this.#offset += this.#carry.length
      this.#carry = Buffer.alloc(0)
    }
    if (final) this.#carry = Buffer.alloc(0)
  }

  #endLong(): void {
    const long = this.#long!
    this.#long = undefined
    this.#line++
    if (this.#line > this.#skipLines) this.#refuse(long.sample, long.bytes, long.offset, 1)
  }

  /** The sample without the last column that a play needs: with it, a line that is huge only at its end could be read as one. */
  #tooFewColumns(sample: Buffer): Buffer {
    let end = -1
    for (let column = 0; column < this.#lastNeeded; column++) {
      const next = sample.indexOf(this.#delimiter, end + 1)
      if (next < 0) return sample
      end = next
    }
    return sample.subarray(0, Math.max(end, 0))
  }

  #refuse(sample: Buffer, bytes: number, offset: number, lineEnds: number): void {
    this.counts.tooLongLines++
    const text = this.#repair(wholeCharacters(this.#tooFewColumns(sample)), false, false)
    // One reason for all, so that they are counted together; which bytes is said with the sample.
    const reason = `${refusedMark}line too long${refusedMark}[${bytes} bytes at byte ${offset}] `
    const framed = Buffer.concat([Buffer.from(reason), text])
    this.#write(framed, 0, framed.length, lineEnds)
  }

  #repair(line: Buffer, clean: boolean, joined: boolean): Buffer {
    let text = line
    if (!clean) {
      if (!isUtf8(text)) {
        this.counts.recodedLines++
        text = lineToUtf8(text, this.#strict)
      }
      let nuls = 0
      for (const byte of text) if (byte === nul) nuls++
      if (nuls > 0) {
        this.counts.nulBytes += nuls
        text = text.filter((byte) => byte !== nul) as Buffer
      }
      if (text.includes(mark) || text.includes(refused)) {
        text = text.map((byte) => (byte === mark || byte === refused ? space : byte)) as Buffer
      }
    }
    if (joined) text = Buffer.from(text.toString('latin1').replace(/\r\n|\n|\r/g, ' '), 'latin1')
    return text
  }

  /** Whether Spark reads the line as it is; `nextQuote` is the next quote at or after the line's begin. */
  #isPlain(data: Buffer, from: number, to: number, nextQuote: number): boolean {
    if (this.#style.trims || this.#style.otherQuote) return false
    const quote = nextQuote < from ? indexOrEnd(data, 0x22, from) : nextQuote
    return quote >= to || isPlainRecord(data, from, to, this.#delimiter)
  }

  #requote(text: Buffer): Buffer {
    const { trims, otherQuote } = this.#style
    if (!trims && !otherQuote && isPlainRecord(text, 0, text.length, this.#delimiter)) return text
    const line = requoted(text.toString(), String.fromCharCode(this.#delimiter), this.#columns, this.#style)
    return line === null ? text : Buffer.from(line)
  }

  #write(data: Buffer, from: number, to: number, lineEnds: number): void {
    const slices = this.#slices
    slices.reserve(this.#prefix.length + 18 + this.#day.length + (to - from))
    const out = slices.buffer
    let at = slices.used
    at += this.#prefix.copy(out, at)
    at = writeNumber(out, at, this.#line - lineEnds + 1)
    out[at++] = mark
    if (data[from] !== refused) at += this.#day.copy(out, at)
    at += data.copy(out, at, from, to)
    out[at++] = lf
    slices.used = at
    this.counts.rows++
  }
}

function writeNumber(out: Buffer, at: number, value: number): number {
  let digits = 1
  for (let rest = value; rest >= 10; rest = Math.floor(rest / 10)) digits++
  for (let i = at + digits - 1, rest = value; i >= at; i--) {
    out[i] = 48 + (rest % 10)
    rest = Math.floor(rest / 10)
  }
  return at + digits
}

function indexOrEnd(data: Buffer, byte: number, from: number): number {
  const at = data.indexOf(byte, from)
  return at < 0 ? data.length : at
}

function firstLineEnd(data: Buffer): number {
  const a = data.indexOf(lf)
  const b = data.indexOf(cr)
  return a < 0 ? b : b < 0 ? a : Math.min(a, b)
}

/** The end of the last line whose line end is certain: a CR at the end may be the first half of a CRLF. */
function wholeLines(data: Buffer, final: boolean): number {
  if (final) return data.length
  const lastCr = data.length > 1 ? data.lastIndexOf(cr, data.length - 2) : -1
  return Math.max(data.lastIndexOf(lf), lastCr) + 1
}

// DOS programs ended text files with 0x1A.
function isBlank(data: Buffer, from: number, to: number): boolean {
  for (let i = from; i < to; i++) {
    const byte = data[i]
    if (byte !== space && byte !== 9 && byte !== refused && byte !== nul) return false
  }
  return true
}

/** Without the part of a character at its end. */
function wholeCharacters(sample: Buffer): Buffer {
  let end = sample.length
  while (end > 0 && end > sample.length - 4 && (sample[end - 1]! & 0xc0) === 0x80) end--
  const lead = sample[end - 1] ?? 0
  return lead >= 0xc0 ? sample.subarray(0, end - 1) : sample
}
