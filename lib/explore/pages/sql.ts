import { AppError } from '../../errors.ts'
import { html } from '../../report/index.ts'
import { defaultLimitMs } from '../actions.ts'
import { storedCell } from '../cells.ts'
import { lines } from '../document.ts'
import { OverloadError } from '../sandbox.ts'
import type { View } from '../view.ts'
import type { Asked } from './asked.ts'

const maxRows = 1000

/** A person's own statement, under the limits of the command line: it only reads, for a second, up to a number of rows. */
export async function sqlPage(asked: Asked): Promise<View> {
  const text = asked.url.searchParams.get('q') ?? ''
  const form = html`<form action="/sql"><textarea name="q" rows="6" cols="100" aria-label="SQL" spellcheck="false" required>${lines(text)}</textarea><button>Run</button></form>
    <p>It only reads, takes at most ${defaultLimitMs / 1000} s and gives at most ${maxRows} rows. The address of the answer is its bookmark.
    The tables are on the <a href="/">first page</a>; <code>npm run explore -- describe</code> says what their columns mean.</p>`
  const view = { title: 'SQL', intro: form, grids: [] }
  if (text.trim() === '') return view
  try {
    const result = await asked.ask('query', { text, maxRows }, defaultLimitMs)
    const cell = storedCell(asked.clock)
    const shown = (value: unknown, column: string, row: readonly unknown[]) => cell(value, column, row, result.columns)
    return { ...view, grids: [{ name: 'answer', caption: 'Answer', result, cell: shown }] }
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    const why = html`<p role="alert"><strong>${error.message}</strong> ${error.remedy}</p>`
    return { ...view, intro: html`${form}${why}`, status: error instanceof OverloadError ? 503 : 400 }
  }
}
