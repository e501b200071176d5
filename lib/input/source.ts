import { createHash } from 'node:crypto'
import { type FileHandle, open } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { AppError } from '../errors.ts'
import { bytes as showBytes } from '../terminal.ts'
import { decoderOf } from './code-pages.ts'
import type { Decoding } from './encoding.ts'
import { type FormatSource, formatToCsv } from './formats/index.ts'
import type { InputFile } from './input-file.ts'
import { Zip, type ZipMember } from './zip.ts'

export interface ReadOptions {
  /**
   * The most bytes that one file may unpack to. Default: 16 GiB, and for packed files also 250 times their size beyond
   * the first 64 MiB (logs pack 5 to 50 times; a bomb packs a thousand times).
   */
  readonly maxBytes?: number
  readonly signal?: AbortSignal
}

const blockBytes = 1 << 20
const defaultMaxBytes = 16 * 2 ** 30
const bombFloorBytes = 64 * 2 ** 20
const bombRatio = 250

export function isGzip(start: Uint8Array): boolean {
  return start[0] === 0x1f && start[1] === 0x8b && start[2] === 8
}

/**
 * The file's contents, unpacked, in blocks that the reader may keep.
 *
 * `onRaw` sees every byte that comes from the disk, for checksums. *Errors:* `AppError('input')` for a file that cannot be
 * read or that changes meanwhile, a damaged or cut gzip stream, and more than `maxBytes`.
 */
export async function* readBytes(
  file: InputFile,
  gzip: boolean,
  options: ReadOptions,
  onRaw?: (block: Buffer) => void,
): AsyncGenerator<Buffer, void, undefined> {
  const max = options.maxBytes ?? defaultMaxBytes
  const limit =
    gzip && options.maxBytes === undefined ? Math.min(max, Math.max(bombFloorBytes, file.bytes * bombRatio)) : max
  let total = 0
  try {
    for await (const block of gzip
      ? gunzipped(rawBlocks(file, options.signal, onRaw))
      : rawBlocks(file, options.signal, onRaw)) {
      total += block.length
      if (total > limit) {
        throw new AppError('input', `${file.label} is larger than ${showBytes(limit)}${gzip ? ' once unpacked' : ''}`, {
          place: file.label,
          remedy: 'raise --max-bytes if the file is what it should be',
        })
      }
      yield block
    }
  } catch (error) {
    throw inputError(file, error, options.signal)
  }
}

async function* rawBlocks(
  file: InputFile,
  signal: AbortSignal | undefined,
  onRaw: ((block: Buffer) => void) | undefined,
): AsyncGenerator<Buffer, void, undefined> {
  if (file.member) {
    yield* memberBlocks(file, file.member, signal, onRaw)
    return
  }
  const handle: FileHandle = await open(file.path, 'r')
  try {
    const before = await handle.stat()
    let total = 0
    // One byte more than it has, so that the first read of a small file is its last but for the end.
    const size = Math.min(blockBytes, before.size + 1)
    for (;;) {
      signal?.throwIfAborted()
      // A fresh buffer for each block: the reader keeps the end of one while it works on the next.
      const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafeSlow(size), 0, size, null)
      if (bytesRead === 0) {
        const after = await handle.stat()
        const isSame = after.mtimeMs === before.mtimeMs && after.size === total && file.bytes === total
        if (!isSame) throw changed(file, total)
        return
      }
      total += bytesRead
      const block = buffer.subarray(0, bytesRead)
      onRaw?.(block)
      yield block
    }
  } finally {
    await handle.close()
  }
}

/** The blocks of a member, which counts as the file that it would be on disk. */
async function* memberBlocks(
  file: InputFile,
  member: ZipMember,
  signal: AbortSignal | undefined,
  onRaw: ((block: Buffer) => void) | undefined,
): AsyncGenerator<Buffer, void, undefined> {
  using zip = await Zip.open(file.path, file.label)
  for await (const block of zip.blocks(member, file.label)) {
    signal?.throwIfAborted()
    onRaw?.(block)
    yield block
  }
}

function changed(file: InputFile, read: number): AppError {
  const sizes = read === file.bytes ? '' : `: it had ${file.bytes} bytes, and ${read} were read`
  return new AppError('input', `${file.label} changed while it was read${sizes}`, {
    place: file.label,
    remedy: 'run again when nobody writes the file any more, or read a copy of it',
  })
}

async function* gunzipped(blocks: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, undefined> {
  const gunzip = createGunzip({ chunkSize: 1 << 18 })
  const done = pipeline(Readable.from(blocks), gunzip)
  // The failure reaches the reader of `gunzip` as well; this only keeps it from being unhandled when reading stops early.
  done.catch(() => undefined)
  yield* gunzip as AsyncIterable<Buffer>
  await done
}

function inputError(file: InputFile, error: unknown, signal: AbortSignal | undefined): unknown {
  if (error instanceof AppError || signal?.aborted) return error
  const code = (error as NodeJS.ErrnoException).code ?? ''
  if (code === 'Z_BUF_ERROR') {
    return new AppError('input', `${file.label} is a gzip file that ends too early`, {
      place: file.label,
      remedy: 'fetch or copy it again: a part of it is missing',
      cause: error,
    })
  }
  if (code.startsWith('Z_')) {
    return new AppError('input', `${file.label} is a damaged gzip file`, {
      place: file.label,
      remedy: 'fetch or copy it again; gzip -t tests it',
      cause: error,
    })
  }
  if (code !== '') {
    return new AppError('input', `${file.label} cannot be read (${code})`, {
      place: file.label,
      remedy: 'check the disk and the rights of the file',
      cause: error,
    })
  }
  return error
}

/** The first bytes of the file, unpacked: at most `count`, and whether that is all of it. */
export async function readStart(
  file: InputFile,
  count: number,
  options: ReadOptions,
): Promise<{ start: Buffer; gzip: boolean; whole: boolean }> {
  let gzip = false
  for await (const block of readBytes(file, false, { ...options, maxBytes: Number.MAX_SAFE_INTEGER })) {
    gzip = isGzip(block)
    break
  }
  const blocks: Buffer[] = []
  let length = 0
  let whole = true
  for await (const block of readBytes(file, gzip, options)) {
    blocks.push(block)
    length += block.length
    if (length > count) {
      whole = false
      break
    }
  }
  return { start: Buffer.concat(blocks, length).subarray(0, count), gzip, whole }
}

/** The first CSV of a file of a format: about `count` bytes, and whether that is all of it. */
export async function readStartOfFormat(
  file: InputFile,
  gzip: boolean,
  decoding: Decoding,
  count: number,
  options: ReadOptions,
): Promise<{ start: Buffer; whole: boolean }> {
  const blocks: Buffer[] = []
  let length = 0
  for await (const block of readText(file, gzip, decoding, options)) {
    blocks.push(block)
    length += block.length
    if (length > count) return { start: Buffer.concat(blocks), whole: false }
  }
  return { start: Buffer.concat(blocks), whole: true }
}

export interface Checksum {
  /** SHA-256 of the file as it is on disk, hexadecimal; known after the last block. */
  sha256(): string
  readonly rawBytes: number
}

/**
 * The file's contents as text blocks: unpacked, without byte order mark, and UTF-8 wherever the file as a whole has
 * another encoding. Lines that are not UTF-8 in a file that is read `lines` or `strict` are left to the framing.
 */
export async function* readText(
  file: InputFile,
  gzip: boolean,
  decoding: Decoding,
  options: ReadOptions,
  onRaw?: (block: Buffer) => void,
): AsyncGenerator<Buffer, void, undefined> {
  const blocks = readBytes(file, gzip, options, onRaw)
  if (decoding.kind === 'format') {
    const text = decoding.encoding === undefined ? blocks : decoded(blocks, decoding.encoding)
    yield* formatToCsv(decoding.format, formatSource(file, gzip, text, onRaw !== undefined), decoding)
    return
  }
  if (decoding.kind === 'decoder') {
    yield* decoded(blocks, decoding.label)
    return
  }
  let skip = decoding.bomBytes
  for await (const block of blocks) {
    const dropped = Math.min(skip, block.length)
    skip -= dropped
    yield dropped === 0 ? block : block.subarray(dropped)
  }
}

async function* decoded(blocks: AsyncIterable<Buffer>, encoding: string): AsyncGenerator<Buffer, void, undefined> {
  const decoder = decoderOf(encoding)
  for await (const block of blocks) yield Buffer.from(decoder.decode(block, { stream: true }))
  yield Buffer.from(decoder.decode())
}

/** SHA-256 of the file as it is on disk, hexadecimal. *Errors:* those of `readBytes`. */
export async function checksumOf(file: InputFile, options: Pick<ReadOptions, 'signal'> = {}): Promise<string> {
  const sum = checksum()
  for await (const block of readBytes(file, false, { ...options, maxBytes: Number.MAX_SAFE_INTEGER })) sum.add(block)
  return sum.sha256()
}

/** The file as its format reads it. */
export function formatSource(
  file: InputFile,
  gzip: boolean,
  blocks: AsyncIterable<Buffer>,
  counted = false,
): FormatSource {
  return { label: file.label, blocks, path: gzip || file.member ? undefined : file.path, counted }
}

/** A running SHA-256 with a byte count. */
export function checksum(): Checksum & { add(block: Buffer): void } {
  const hash = createHash('sha256')
  let rawBytes = 0
  let done: string | undefined
  return {
    add(block) {
      hash.update(block)
      rawBytes += block.length
    },
    sha256() {
      done ??= hash.digest('hex')
      return done
    },
    get rawBytes() {
      return rawBytes
    },
  }
}
