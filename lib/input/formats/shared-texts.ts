import { readXml, type XmlHandler } from './xml.ts'

const maxBytes = 128 * 2 ** 20

/**
 * The texts that the cells of a workbook share, read only as far as they are asked for: they come in the order of the cells.
 *
 * *Memory:* the bytes of the texts, at most 128 MiB.
 */
export class SharedTexts {
  readonly #reading: AsyncGenerator<void, void, undefined> | undefined
  #bytes = Buffer.alloc(1 << 16)
  readonly #ends: number[] = [0]

  constructor(blocks: AsyncIterable<Buffer> | undefined) {
    this.#reading =
      blocks &&
      readXml(
        blocks,
        textHandler('si', (text) => this.#add(text)),
      )
  }

  /** Reads on until text number `index` is there. */
  async reach(index: number): Promise<void> {
    while (index >= this.#ends.length - 1) {
      if (!this.#reading || (await this.#reading.next()).done) throw new Error(`it has no text number ${index}`)
    }
  }

  /** One that was reached. */
  at(index: number): string {
    return this.#bytes.toString('utf8', this.#ends[index], this.#ends[index + 1])
  }

  async close(): Promise<void> {
    await this.#reading?.return()
  }

  #add(text: string): void {
    const from = this.#ends.at(-1)!
    const to = from + Buffer.byteLength(text)
    if (to > maxBytes) throw new Error('its texts are longer than 128 MiB; save the sheet as CSV (UTF-8)')
    if (to > this.#bytes.length) {
      const grown = Buffer.alloc(Math.min(maxBytes, Math.max(to, this.#bytes.length * 2)))
      this.#bytes.copy(grown, 0, 0, from)
      this.#bytes = grown
    }
    this.#bytes.write(text, from)
    this.#ends.push(to)
  }
}

/** Gives the text of each element of that name: its runs put together, without the reading aids of Asian texts. */
function textHandler(element: string, onText: (text: string) => void): XmlHandler {
  let text = ''
  let inText = false
  let aids = 0
  return {
    open(name) {
      if (name === element) text = ''
      else if (name === 'rPh') aids++
      inText = name === 't' && aids === 0
    },
    text(piece) {
      if (inText) text += piece
    },
    close(name) {
      inText = false
      if (name === 'rPh') aids--
      else if (name === element) onText(unescaped(text))
    },
  }
}

/** `_x000D_` stands for a character that XML cannot hold. */
export function unescaped(text: string): string {
  if (!text.includes('_x')) return text
  return text.replace(/_x([0-9A-Fa-f]{4})_/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
}
