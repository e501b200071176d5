import { type NumberKind, numberText } from './cell-number.ts'
import { lineOf } from './records.ts'
import { type SharedTexts, unescaped } from './shared-texts.ts'
import { readXml, type XmlHandler } from './xml.ts'

// Excel's own.
const maxRows = 1_048_576
const maxColumns = 16_384

/** What the cells of a sheet refer to. */
export interface SheetContext {
  readonly texts: SharedTexts
  /** Per style of a cell. */
  readonly kinds: readonly NumberKind[]
  readonly is1904: boolean
  /** Called with the name of each cell (`B7`) whose formula was never computed: it is read as blank. */
  readonly onUncomputed?: (cell: string) => void
}

/**
 * The rows of a sheet as lines of CSV: row 7 is line 7. Dates and times are written as such, formulas as their last value, and
 * errors (`#N/A`) as blanks.
 */
export async function* sheetLines(
  blocks: AsyncIterable<Buffer>,
  context: SheetContext,
): AsyncGenerator<Buffer, void, undefined> {
  const handler = new RowHandler(context)
  let line = 0
  let width = 0
  for await (const _ of readXml(blocks, handler)) {
    const rows = handler.take()
    if (rows.length === 0) continue
    await context.texts.reach(handler.lastText)
    let lines = ''
    for (const { number, cells } of rows) {
      for (; line + 1 < number; line++) lines += '\n'
      const values = cells.map((cell) => (typeof cell === 'number' ? context.texts.at(cell) : cell))
      line++
      if (values.every((value) => value.trim() === '')) lines += '\n'
      else {
        // Cells that were never filled are not in the file; every line has a field for each column nevertheless.
        width = Math.max(width, values.length)
        while (values.length < width) values.push('')
        lines += lineOf(values)
      }
    }
    yield Buffer.from(lines)
  }
}

interface Row {
  readonly number: number
  /** Texts, and the numbers of shared texts. */
  readonly cells: (string | number)[]
}

class RowHandler implements XmlHandler {
  readonly #context: SheetContext
  #rows: Row[] = []
  #row: Row = { number: 0, cells: [] }
  #column = -1
  #type = ''
  #reference = ''
  #hasFormula = false
  #style = 0
  #value = ''
  #reads = false
  #aids = 0
  /** The highest number of a shared text so far. */
  lastText = -1

  constructor(context: SheetContext) {
    this.#context = context
  }

  take(): Row[] {
    const rows = this.#rows
    this.#rows = []
    return rows
  }

  open(name: string, attributes: Readonly<Record<string, string>>): void {
    if (name === 'row') this.#openRow(attributes.r)
    else if (name === 'c') this.#openCell(attributes)
    else if (name === 'rPh') this.#aids++
    else if (name === 'f') this.#hasFormula = true
    this.#reads = name === 'v' || (name === 't' && this.#aids === 0)
  }

  text(piece: string): void {
    if (this.#reads) this.#value += piece
  }

  close(name: string): void {
    this.#reads = false
    if (name === 'rPh') this.#aids--
    else if (name === 'c') this.#closeCell()
    else if (name === 'row') this.#rows.push(this.#row)
  }

  #openRow(given: string | undefined): void {
    const number = given === undefined ? this.#row.number + 1 : Number(given)
    if (!(number > this.#row.number && number <= maxRows)) throw new Error(`row ${given} stands in a wrong place`)
    this.#row = { number, cells: [] }
    this.#column = -1
  }

  #openCell({ r, t = 'n', s = '0' }: Readonly<Record<string, string>>): void {
    this.#column = r === undefined ? this.#column + 1 : columnOf(r)
    if (!(this.#column >= 0 && this.#column < maxColumns)) throw new Error(`cell ${r} stands in a wrong place`)
    this.#type = t
    this.#reference = r ?? ''
    this.#hasFormula = false
    this.#style = Number(s)
    this.#value = ''
  }

  #closeCell(): void {
    // The result of a formula may be an empty text.
    if (this.#hasFormula && this.#value === '' && this.#type !== 'str') this.#context.onUncomputed?.(this.#reference)
    if (this.#value === '') return
    const { cells } = this.#row
    while (cells.length < this.#column) cells.push('')
    cells[this.#column] = this.#cell()
  }

  #cell(): string | number {
    const value = this.#value
    switch (this.#type) {
      case 's': {
        const index = Number(value)
        if (!Number.isSafeInteger(index) || index < 0) throw new Error(`${value} is not the number of a text`)
        this.lastText = Math.max(this.lastText, index)
        return index
      }
      case 'n':
        return numberText(value, this.#context.kinds[this.#style] ?? 'number', this.#context.is1904)
      case 'b':
        return value === '1' ? 'TRUE' : 'FALSE'
      case 'e':
        return ''
      case 'd':
        return value.replace('T', ' ')
      default:
        return unescaped(value)
    }
  }
}

/** `AB12` → 27. */
function columnOf(reference: string): number {
  let column = 0
  for (const letter of reference.toUpperCase()) {
    const at = letter.charCodeAt(0) - 64
    if (at < 1 || at > 26) break
    column = column * 26 + at
  }
  return column - 1
}
