import { isUtf8 } from 'node:buffer'
import { crc32 } from 'node:zlib'
import { type Entry, fromBufferPromise, getFileNameLowLevel, openPromise, type ZipFile } from 'yauzl'
import { AppError } from '../errors.ts'
import { bytes as showBytes } from '../terminal.ts'

export interface ZipMember {
  /** Its path inside, with `/`. A folder's ends with `/`. */
  readonly name: string
  /** Unpacked, as the file says; what unpacks to another size is damaged. */
  readonly bytes: number
  readonly packedBytes: number
  readonly entry: Entry
}

// A year of hourly logs. Their names are held in memory.
const maxMembers = 20_000
const utf8Names = 0x800

export function isZip(start: Uint8Array): boolean {
  return (
    start[0] === 0x50 && start[1] === 0x4b && ((start[2] === 3 && start[3] === 4) || (start[2] === 5 && start[3] === 6))
  )
}

/** An open zip file: a path, or its bytes. Nothing of it is written anywhere, so no name inside can lead out of it. */
export class Zip implements Disposable {
  readonly #zip: ZipFile
  readonly #label: string

  private constructor(zip: ZipFile, label: string) {
    this.#zip = zip
    this.#label = label
    // What goes wrong while members are read reaches the reader as well.
    zip.on('error', () => undefined)
  }

  /** *Errors:* `AppError('input')` for what is damaged. */
  static async open(source: string | Buffer, label: string): Promise<Zip> {
    const options = { autoClose: false, decodeStrings: false }
    try {
      const zip = typeof source === 'string' ? openPromise(source, options) : fromBufferPromise(source, options)
      return new Zip(await zip, label)
    } catch (cause) {
      throw damaged(label, cause)
    }
  }

  /** The members in their order. Can be asked for once. */
  async members(): Promise<ZipMember[]> {
    if (this.#zip.entryCount > maxMembers) {
      throw new AppError('input', `${this.#label} holds more than ${maxMembers} files`, {
        place: this.#label,
        remedy: 'unpack it and name the folder',
      })
    }
    const members: ZipMember[] = []
    try {
      for await (const entry of this.#zip.eachEntry()) {
        members.push({
          name: nameOf(entry),
          bytes: entry.uncompressedSize,
          packedBytes: entry.compressedSize,
          entry,
        })
      }
    } catch (cause) {
      throw damaged(this.#label, cause)
    }
    return members
  }

  /**
   * The contents of a member, in blocks that the reader may keep; `label` names it in errors.
   *
   * *Errors:* `AppError('input')` for one that is encrypted, packed in a way that is not known, or damaged.
   */
  async *blocks({ entry, bytes }: ZipMember, label: string): AsyncGenerator<Buffer, void, undefined> {
    if (entry.isEncrypted()) {
      throw new AppError('input', `${label} is encrypted`, {
        place: label,
        remedy: 'unpack it with its password and name the folder',
      })
    }
    if (!entry.canDecodeFileData()) {
      throw new AppError(
        'input',
        `${label} is packed with method ${entry.compressionMethod} of zip, which is not known`,
        {
          place: label,
          remedy: 'unpack it and name the folder',
        },
      )
    }
    let total = 0
    let sum = 0
    try {
      for await (const block of await this.#zip.openReadStreamPromise(entry)) {
        total += (block as Buffer).length
        sum = crc32(block as Buffer, sum)
        yield block as Buffer
      }
    } catch (cause) {
      throw damaged(label, cause)
    }
    if (total !== bytes || sum !== entry.crc32) throw damaged(label, new Error('its checksum is wrong'))
  }

  [Symbol.dispose](): void {
    this.#zip.close()
  }
}

/** Names without the mark of UTF-8 are UTF-8 nevertheless where they can be: macOS leaves it out. Others are CP437. */
function nameOf(entry: Entry): string {
  const flags = entry.generalPurposeBitFlag | (isUtf8(entry.fileNameRaw) ? utf8Names : 0)
  const name = getFileNameLowLevel(flags, entry.fileNameRaw, entry.extraFields, false)
  // `./a.csv` and `logs//a.csv` are other ways to write `a.csv` and `logs/a.csv`.
  return name.replace(/\/(\.?\/)+/g, '/').replace(/^\.\//, '')
}

// Logs pack 5 to 50 times; a bomb packs a thousand times.
const maxRatio = 250
const bombFloorBytes = 64 * 2 ** 20

/** *Errors:* `AppError('input')` if the members unpack to more than 64 MiB and more than 250 times the packed bytes. */
export function refuseBomb(label: string, members: readonly ZipMember[], packedBytes: number): void {
  const total = members.reduce((sum, { bytes }) => sum + bytes, 0)
  if (total <= Math.max(bombFloorBytes, packedBytes * maxRatio)) return
  const largest = members.reduce((most, each) => (each.bytes > most.bytes ? each : most))
  throw new AppError('input', `${label} would unpack to ${showBytes(total)}, which no log of its size does`, {
    place: `${label}/${largest.name}: ${showBytes(largest.bytes)} from ${showBytes(largest.packedBytes)}`,
    remedy: 'unpack it and name the folder if it is what it should be',
  })
}

function damaged(label: string, cause: unknown): unknown {
  const { code, message } = cause as NodeJS.ErrnoException
  // Not of the zip file: an abort, or the disk.
  if (cause instanceof AppError || (code !== undefined && !code.startsWith('Z_'))) return cause
  return new AppError('input', `${label} is a damaged zip file: ${message}`, {
    place: label,
    remedy: 'fetch or copy it again; unzip -t tests it',
    cause,
  })
}
