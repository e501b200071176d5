import { html } from '../../report/index.ts'
import { document } from '../document.ts'

/** What went wrong, and what to do. */
export function errorPage(title: string, message: string, remedy: string | undefined): string {
  return document(title, html`<p>${message}</p>${remedy && html`<p>${remedy}</p>`}`)
}
