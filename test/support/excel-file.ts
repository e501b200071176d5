import { type ZipPart, zipFile } from './zip-file.ts'

export interface ExcelOptions {
  /** Contents of `<sheetData>` by the name of the sheet. */
  readonly sheets: Readonly<Record<string, string>>
  readonly texts?: readonly string[]
  /** Number formats of the styles 1, 2, …; a number is one of Excel's own. */
  readonly formats?: readonly (string | number)[]
  readonly is1904?: boolean
  readonly hidden?: readonly string[]
  /** Parts in place of those that are written. */
  readonly parts?: Readonly<Record<string, string | Buffer>>
}

export const xml = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')

const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'

/** An Excel file of the least parts that it needs. */
export function excelFile(options: ExcelOptions): Buffer {
  const names = Object.keys(options.sheets)
  const relations = names.map(
    (_, i) => `<Relationship Id="r${i}" Type="${office}/worksheet" Target="worksheets/s${i}.xml"/>`,
  )
  const sheets = names.map((name, i) => {
    const state = options.hidden?.includes(name) ? ' state="hidden"' : ''
    return `<sheet name="${xml(name)}" sheetId="${i + 1}"${state} r:id="r${i}"/>`
  })
  const formats = options.formats ?? []
  const custom = formats.map((format, i) =>
    typeof format === 'string' ? `<numFmt numFmtId="${200 + i}" formatCode="${xml(format)}"/>` : '',
  )
  const styles = formats.map((format, i) => `<xf numFmtId="${typeof format === 'string' ? 200 + i : format}"/>`)
  const parts: Record<string, string | Buffer> = {
    '[Content_Types].xml': '<Types/>',
    '_rels/.rels': `<Relationships><Relationship Id="r" Type="${office}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    'xl/workbook.xml': `<?xml version="1.0"?><workbook ${main} xmlns:r="${office}"><workbookPr date1904="${options.is1904 ? 1 : 0}"/><sheets>${sheets.join('')}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `<Relationships>${relations.join('')}</Relationships>`,
    'xl/styles.xml': `<styleSheet ${main}><numFmts>${custom.join('')}</numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/>${styles.join('')}</cellXfs></styleSheet>`,
    'xl/sharedStrings.xml': `<sst ${main}>${(options.texts ?? []).map((text) => `<si>${text}</si>`).join('')}</sst>`,
    ...Object.fromEntries(
      Object.values(options.sheets).map((rows, i) => [
        `xl/worksheets/s${i}.xml`,
        `<worksheet ${main}><sheetData>${rows}</sheetData></worksheet>`,
      ]),
    ),
    ...options.parts,
  }
  return zipFile(Object.entries(parts).map(([name, contents]): ZipPart => ({ name, contents })))
}

/** A row of texts and numbers, as most programs write it. */
export function row(number: number, cells: readonly (string | number)[]): string {
  const written = cells.map((cell, i) => {
    const at = `r="${String.fromCharCode(65 + i)}${number}"`
    return typeof cell === 'number'
      ? `<c ${at}><v>${cell}</v></c>`
      : `<c ${at} t="inlineStr"><is><t>${xml(cell)}</t></is></c>`
  })
  return `<row r="${number}">${written.join('')}</row>`
}
