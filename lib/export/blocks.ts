import { createHash } from 'node:crypto'
import type { OutputFile } from '../output.ts'

const blockLength = 1 << 18

/** Text written to an output in blocks, with the checksum of all of it. */
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
    this.#hash.update(block)
    this.#bytes += block.length
    await this.#output.write(block)
  }
}
