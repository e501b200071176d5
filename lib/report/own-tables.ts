import type { OwnTableData, ReportRelation, ReportSource } from './data.ts'
import { html } from './html.ts'
import { clip } from './scan.ts'
import { number, type Section, table } from './section.ts'

type Value = OwnTableData['first'][number][number]

const shownRows = 10

/** The first rows of the tables that jobs of one's own have written. */
export async function gatherOwnTables(source: ReportSource): Promise<readonly OwnTableData[]> {
  const tables = source.own ?? []
  if (tables.length === 0) return []
  const counts = await source.counts!(tables.map(({ name }) => name))
  const gathered: OwnTableData[] = []
  for (const { name, summary, columns } of tables) {
    const names = columns.map((column) => column.name)
    const first: Value[][] = []
    // Leaving the loop ends the query.
    for await (const batch of source.batches(name as ReportRelation, { columns: names, batchRows: shownRows })) {
      for (let row = 0; row < Math.min(batch.numRows, shownRows); row++)
        first.push(batch.columns.map((c) => cellOf(c[row])))
      break
    }
    gathered.push({ name, summary, rows: Number(counts[name]), columns: names, first })
  }
  return gathered
}

const cellOf = (value: unknown): Value =>
  typeof value === 'bigint' ? Number(value) : typeof value === 'string' ? clip(value, 200) : ((value ?? null) as Value)

/** A table each; no section where there is none. */
export function ownTables(tables: readonly OwnTableData[]): readonly Section[] {
  if (tables.length === 0) return []
  const body = tables.map(
    ({ name, summary, rows, columns, first }) => html`<h3>${name}</h3><p>${summary}</p>
${first.length === 0 ? html`<p>No rows.</p>` : table(`${name}: the first ${number(first.length)} of ${number(rows)} rows`, columns, first)}
`,
  )
  return [{ id: 'own', title: 'Tables of your own jobs', body }]
}
