import { createHash } from 'node:crypto'
import type { OutputFile } from '../output.ts'

const blockLength = 1 << 18

/** Text, or bytes, written to an output in blocks, with the checksum of all of it. */
export class Blocks {
  readonly #output: OutputFile
  readonly #hash = createHash('sha256')
  #pending: string[] = []
  #pendingLength = 0
  #bytes = 0

  constructor(output: OutputFile) {
    this.#output = output
  }

  add(text: string): void {
    this.#pending.push(text)
    this.#pendingLength += text.length
  }

  /** Writes what was added, if it is a block or more. */
  async drain(): Promise<void> {
    if (this.#pendingLength >= blockLength) await this.#flush()
  }

  async end(): Promise<{ bytes: number; sha256: string }> {
    await this.#flush()
    return { bytes: this.#bytes, sha256: this.#hash.digest('hex') }
  }

  async #flush(): Promise<void> {
    const block = Buffer.from(this.#pending.join(''))
    this.#pending = []
    this.#pendingLength = 0
    await this.write(block)
  }

  /** Writes bytes at once. */
  async write(bytes: Buffer): Promise<void> {
    this.#hash.update(bytes)
    this.#bytes += bytes.length
    await this.#output.write(bytes)
  }
}
