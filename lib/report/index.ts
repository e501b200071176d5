/*
 * Hides: which figures a report has, its charts, page, style and script, and how text becomes safe markup.
 * Needs: the published relations, in batches of columns.
 * Never: trusts a text of the data, or asks another machine for anything but pictures.
 */

export type { ReportData, ReportRelation, ReportSource } from './data.ts'
export { type GatherOptions, gatherReport } from './gather.ts'
export { Html, type HtmlValue, html } from './html.ts'
export { isReport, type PageOptions, renderReport } from './page.ts'
