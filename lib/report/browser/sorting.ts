import { element } from './element.ts'

/** Which column a table is sorted by. */
export interface Order {
  readonly column: number
  readonly descending: boolean
}

const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' })

/** Numbers by size, texts as a person looks them up; what is missing stands last either way. */
export function compared(a: string | number | null, b: string | number | null, descending: boolean): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1
  const difference = typeof a === 'number' && typeof b === 'number' ? a - b : collator.compare(String(a), String(b))
  return descending ? -difference : difference
}

/** Makes the headers of a table buttons that sort it; numbers begin with the largest. */
export function sortable(table: HTMLTableElement, sort: (order: Order) => void): void {
  for (const [column, header] of [...table.tHead!.rows[0]!.cells].entries()) {
    const button = element('button', { type: 'button', class: 'sort' })
    button.append(...header.childNodes)
    header.append(button)
    button.addEventListener('click', () => {
      const before = header.getAttribute('aria-sort')
      const descending = before === null ? header.classList.contains('n') : before === 'ascending'
      show(table, { column, descending })
      sort({ column, descending })
    })
  }
}

/** Says in the headers how a table is sorted. */
export function show(table: HTMLTableElement, { column, descending }: Order): void {
  for (const [i, header] of [...table.tHead!.rows[0]!.cells].entries()) {
    if (i === column) header.setAttribute('aria-sort', descending ? 'descending' : 'ascending')
    else header.removeAttribute('aria-sort')
  }
}

/** Makes a table of the page sortable by what stands in its cells. */
export function sortableAsItIs(table: HTMLTableElement): void {
  const body = table.tBodies[0]!
  sortable(table, ({ column, descending }) => {
    const rows = [...body.rows].map((row) => ({ row, value: cellValue(row.cells[column]!) }))
    rows.sort((a, b) => compared(a.value, b.value, descending))
    body.append(...rows.map(({ row }) => row))
  })
}

function cellValue(cell: HTMLTableCellElement): string | number | null {
  const text = cell.textContent.trim()
  if (text === '') return null
  const plain = text.replaceAll(',', '').replace(/ %$/, '')
  return /^-?\d+(\.\d+)?$/.test(plain) ? Number(plain) : text
}
