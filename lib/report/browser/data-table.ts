import { counted, element, isolatedName } from './element.ts'
import { compared, type Order, show, sortable } from './sorting.ts'

/** A column of a table that the script makes. */
export interface Column<Row> {
  readonly name: string
  readonly isNumber?: boolean
  value(row: Row): string | number
  /** Default: the value as text. */
  cell?(row: Row): Node
}

const rowsFirst = 15
const rowsMore = 50

/** A table that is sorted as a whole and shows its first rows; a button shows more. */
export function dataTable<Row>(
  caption: string,
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  order: Order,
): HTMLElement {
  const head = columns.map(({ name, isNumber }) =>
    element('th', { scope: 'col', ...(isNumber ? { class: 'n' } : {}) }, name),
  )
  const body = element('tbody')
  const table = element(
    'table',
    {},
    element('caption', {}, caption),
    element('thead', {}, element('tr', {}, ...head)),
    body,
  )
  const more = element('button', { type: 'button' })
  let sorted: readonly Row[] = []
  let shown = 0
  const add = () => {
    const part = sorted.slice(shown, shown + (shown === 0 ? rowsFirst : rowsMore))
    body.append(...part.map((row) => rowOf(columns, row)))
    shown += part.length
    more.hidden = shown >= sorted.length
    more.textContent = `${counted(Math.min(rowsMore, sorted.length - shown))} more of ${counted(sorted.length)}`
  }
  const sort = ({ column, descending }: Order) => {
    const { value } = columns[column]!
    sorted = rows.toSorted((a, b) => compared(value(a), value(b), descending))
    shown = 0
    body.replaceChildren()
    add()
  }
  more.addEventListener('click', add)
  sortable(table, sort)
  show(table, order)
  sort(order)
  const region = { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': `Table: ${caption}` }
  return element('div', {}, element('h4', {}, caption), element('div', region, table), more)
}

function rowOf<Row>(columns: readonly Column<Row>[], row: Row): HTMLTableRowElement {
  const cells = columns.map(({ isNumber, value, cell }, i) => {
    const each = value(row)
    const content = cell ? cell(row) : typeof each === 'number' ? counted(each) : isolatedName(each)
    if (i === 0) return element('th', { scope: 'row' }, content)
    return element('td', isNumber ? { class: 'n' } : {}, content)
  })
  return element('tr', {}, ...cells)
}
