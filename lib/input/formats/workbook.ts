import { AppError } from '../../errors.ts'
import { listed, quoted } from '../quoted.ts'
import { refuseBomb, Zip, type ZipMember } from '../zip.ts'
import { type NumberKind, numberKind } from './cell-number.ts'
import { SharedTexts } from './shared-texts.ts'
import { sheetLines } from './sheet.ts'
import { readWholeXml } from './xml.ts'

interface Sheet {
  readonly name: string
  readonly part: string
  readonly hidden: boolean
}

// As much as is looked at of other files.
const judgedBytes = 1 << 18

/** An Excel workbook (`.xlsx`, `.xlsm`). */
export class Workbook implements Disposable {
  readonly #zip: Zip
  readonly #label: string
  readonly #parts: ReadonlyMap<string, ZipMember>
  #sheets: readonly Sheet[] = []
  #is1904 = false
  #folder = ''

  private constructor(zip: Zip, label: string, parts: ReadonlyMap<string, ZipMember>) {
    this.#zip = zip
    this.#label = label
    this.#parts = parts
  }

  /** A path or bytes. *Errors:* `AppError('input')` for what is damaged, or is another file than a workbook. */
  static async open(source: string | Buffer, label: string): Promise<Workbook> {
    const zip = await Zip.open(source, label)
    try {
      const members = await zip.members()
      refuseOthers(members, label)
      const workbook = new Workbook(zip, label, new Map(members.map((each) => [each.name.toLowerCase(), each])))
      await workbook.#readSheets()
      return workbook
    } catch (error) {
      zip[Symbol.dispose]()
      throw damagedWorkbook(label, error)
    }
  }

  /** What a careful reader should know: that there are other sheets, and that formulas were never computed. */
  async note(name: string | undefined): Promise<string | undefined> {
    const cells: string[] = []
    let bytes = 0
    for await (const block of this.csv(name, (cell) => cells.push(cell))) {
      bytes += block.length
      if (bytes > judgedBytes) break
    }
    const uncomputed =
      cells.length === 0
        ? undefined
        : `formulas such as in cell ${cells[0]} were never computed and are read as blank: open the file in a spreadsheet program and save it again`
    const notes = [name === undefined ? this.#otherSheets : undefined, uncomputed].filter((each) => each !== undefined)
    return notes.length > 0 ? notes.join('; ') : undefined
  }

  get #otherSheets(): string | undefined {
    const [first, ...others] = this.#visible
    if (!first || others.length === 0) return undefined
    return `the first sheet, ${quoted(first.name)}, is read; --sheet names another: ${listed(others.map(({ name }) => name))}`
  }

  /** The rows of the first sheet that is not hidden, or of the named one, as CSV. */
  async *csv(name: string | undefined, onUncomputed?: (cell: string) => void): AsyncGenerator<Buffer, void, undefined> {
    let texts: SharedTexts | undefined
    try {
      const sheet = this.#chosen(name)
      texts = new SharedTexts(
        this.#has('sharedStrings.xml') ? this.#blocks(this.#path('sharedStrings.xml')) : undefined,
      )
      const kinds = await this.#kinds()
      yield* sheetLines(this.#blocks(sheet.part), {
        texts,
        kinds,
        is1904: this.#is1904,
        ...(onUncomputed ? { onUncomputed } : {}),
      })
    } catch (error) {
      throw damagedWorkbook(this.#label, error)
    } finally {
      await texts?.close()
    }
  }

  [Symbol.dispose](): void {
    this.#zip[Symbol.dispose]()
  }

  get #visible(): readonly Sheet[] {
    const visible = this.#sheets.filter(({ hidden }) => !hidden)
    return visible.length > 0 ? visible : this.#sheets
  }

  #chosen(name: string | undefined): Sheet {
    const [first] = this.#visible
    if (!first) throw new Error('it has no sheet with cells')
    if (name === undefined) return first
    const same = (a: string) => a.trim().toLowerCase() === name.trim().toLowerCase()
    const chosen = this.#sheets.find((sheet) => sheet.name === name) ?? this.#sheets.find((sheet) => same(sheet.name))
    if (chosen) return chosen
    throw new AppError('usage', `${this.#label} has no sheet ${quoted(name)}`, {
      place: '--sheet',
      remedy: `name one of its sheets: ${listed(this.#sheets.map((sheet) => sheet.name))}`,
    })
  }

  #path = (name: string) => `${this.#folder}${name}`
  #has = (name: string) => this.#parts.has(this.#path(name).toLowerCase())

  async *#blocks(path: string): AsyncGenerator<Buffer, void, undefined> {
    const part = this.#parts.get(path.toLowerCase())
    if (!part) throw new Error(`its part ${path} is missing`)
    refuseBomb(this.#label, [part], part.packedBytes)
    yield* this.#zip.blocks(part, `${this.#label} (${path})`)
  }

  async #readSheets(): Promise<void> {
    const roots = await this.#relations('_rels/.rels', '')
    const main = [...roots.values()].find(({ type }) => type.endsWith('/officeDocument'))?.target ?? 'xl/workbook.xml'
    this.#folder = main.slice(0, main.lastIndexOf('/') + 1)
    const relations = await this.#relations(this.#path(`_rels/${main.slice(this.#folder.length)}.rels`), this.#folder)
    const sheets: Sheet[] = []
    await readWholeXml(this.#blocks(main), {
      open: (name, attributes) => {
        if (name === 'workbookPr') this.#is1904 = /^(1|true)$/.test(attributes.date1904 ?? '')
        if (name !== 'sheet') return
        const id = Object.entries(attributes).find(([key]) => key.endsWith(':id'))?.[1] ?? ''
        const relation = relations.get(id)
        // Charts are sheets, too.
        if (relation?.type.endsWith('/worksheet')) {
          const hidden = attributes.state !== undefined && attributes.state !== 'visible'
          sheets.push({ name: attributes.name ?? '', part: relation.target, hidden })
        }
      },
    })
    this.#sheets = sheets
  }

  /** The parts that a part names, by id; targets as paths from the root. */
  async #relations(path: string, folder: string): Promise<Map<string, { type: string; target: string }>> {
    const relations = new Map<string, { type: string; target: string }>()
    await readWholeXml(this.#blocks(path), {
      open: (name, { Id = '', Type: type = '', Target = '' }) => {
        // As an address is resolved: `/xl/a.xml`, `a.xml` and `../a.xml` are meant as on the web.
        if (name !== 'Relationship') return
        const { pathname } = new URL(Target, `zip://x/${folder}`)
        relations.set(Id, { type, target: decodeURIComponent(pathname.slice(1)) })
      },
    })
    return relations
  }

  async #kinds(): Promise<NumberKind[]> {
    const kinds: NumberKind[] = []
    if (!this.#has('styles.xml')) return kinds
    const codes = new Map<number, string>()
    let inCells = false
    await readWholeXml(this.#blocks(this.#path('styles.xml')), {
      open(name, attributes) {
        const id = Number(attributes.numFmtId ?? 0)
        if (name === 'numFmt') codes.set(id, attributes.formatCode ?? '')
        else if (name === 'cellXfs') inCells = true
        else if (name === 'xf' && inCells) kinds.push(numberKind(id, codes.get(id)))
      },
      close(name) {
        if (name === 'cellXfs') inCells = false
      },
    })
    return kinds
  }
}

const others: readonly { readonly part: RegExp; readonly what: string }[] = [
  { part: /^xl\/workbook\.bin$/i, what: 'a binary Excel file (.xlsb)' },
  { part: /^mimetype$/, what: 'an OpenDocument file (.ods)' },
  { part: /^word\//i, what: 'a Word document' },
  { part: /^ppt\//i, what: 'a presentation' },
]

function refuseOthers(members: readonly ZipMember[], label: string): void {
  const other = others.find(({ part }) => members.some(({ name }) => part.test(name)))
  const isWorkbook = members.some(({ name }) => name === '[Content_Types].xml')
  if (!other && isWorkbook) return
  throw new AppError('input', `${label} is not a table but ${other?.what ?? 'a zip file'}`, {
    place: label,
    remedy: other ? 'save the table as .xlsx or as CSV (UTF-8)' : 'unpack it',
  })
}

function damagedWorkbook(label: string, error: unknown): unknown {
  const { code = 'ERR_', message } = error as NodeJS.ErrnoException
  // Not of the workbook: the disk, or an abort.
  if (error instanceof AppError || !code.startsWith('ERR_')) return error
  return new AppError('input', `${label} is an Excel file that cannot be read: ${message}`, {
    place: label,
    remedy: 'open it in a spreadsheet program and save it again, as .xlsx or as CSV (UTF-8)',
    cause: error,
  })
}
