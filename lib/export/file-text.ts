import { bytes, plural, table } from '../terminal.ts'
import type { ExportFile } from './types.ts'

// Wide tables are shown with as many columns as fit a terminal.
const shownColumns = 6

/** A file that was written, for people: its size and its first rows. */
export function fileText(file: ExportFile): string {
  const guarded = file.guardedCells > 0 ? `, ${plural(file.guardedCells, 'cell')} made safe` : ''
  const more = file.columns.length - shownColumns
  const header = file.columns.slice(0, shownColumns)
  const rows = [header, ...file.head.map((row) => row.slice(0, shownColumns))]
  const head = table(rows, 24).replace(/^/gm, '  ')
  const rest = more > 0 ? `\n  … and ${plural(more, 'more column')}` : ''
  return `${file.name}: ${plural(file.rows, 'row')}, ${bytes(file.bytes)}${guarded}\n${head}${rest}\n`
}
