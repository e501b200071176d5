import { type SaxesAttributePlain, SaxesParser } from 'saxes'

/** What to do with the pieces of a document. Names come without their prefix: `x:row` is `row`. */
export interface XmlHandler {
  open?(name: string, attributes: Readonly<Record<string, string>>): void
  text?(text: string): void
  close?(name: string): void
}

const maxPieceBytes = 16 * 2 ** 20

/**
 * Tells the handler the pieces of a document; gives back control after each block. Entities are those of XML alone: a document
 * cannot define its own, name files, or grow.
 *
 * *Memory:* one text or tag, at most 16 MiB. *Errors:* `Error` for what is not XML.
 */
export async function* readXml(
  blocks: AsyncIterable<Buffer>,
  handler: XmlHandler,
): AsyncGenerator<void, void, undefined> {
  const parser = new SaxesParser({ position: false })
  let pieceBytes = 0
  parser.on('opentag', ({ name, attributes }) => {
    pieceBytes = 0
    handler.open?.(localName(name), attributes as Record<string, SaxesAttributePlain> & Record<string, string>)
  })
  parser.on('text', (text) => {
    pieceBytes = 0
    handler.text?.(text)
  })
  parser.on('cdata', (text) => handler.text?.(text))
  parser.on('closetag', ({ name }) => {
    pieceBytes = 0
    handler.close?.(localName(name))
  })
  const decoder = new TextDecoder('utf-8', { fatal: true })
  for await (const block of blocks) {
    pieceBytes += block.length
    parser.write(decoder.decode(block, { stream: true }))
    if (pieceBytes > maxPieceBytes) throw new Error('one of its values is larger than 16 MiB')
    yield
  }
  parser.write(decoder.decode()).close()
  yield
}

const localName = (name: string) => name.slice(name.indexOf(':') + 1)

/** Reads a document that is small. */
export async function readWholeXml(blocks: AsyncIterable<Buffer>, handler: XmlHandler): Promise<void> {
  for await (const _ of readXml(blocks, handler));
}
