import { meaningOf, tableMeanings } from '../schema/dictionary.ts'
import { relationNames, relations } from '../schema/relations.ts'
import { columnsOf, shapeNamed } from './describe.ts'

/** docs/data-dictionary.md: each table, column, type, null and meaning. */
export function dataDictionary(): string {
  const parts = relationNames.map((name) => {
    const rows = columnsOf(name, relations[name].columns, shapeNamed(name)).map((column) =>
      [
        `\`${column.name}\`${column.key ? ' (key)' : ''}`,
        column.type ?? 'as in its table',
        column.nullable === null ? '' : column.nullable ? 'may be null' : 'never null',
        (meaningOf(name, column.name) ?? '').replaceAll('|', '\\|'),
      ].join(' | '),
    )
    const lines = rows.map((row) => `| ${row} |`).join('\n')
    return `## ${name}\n\n${tableMeanings[name]}\n\n| column | type | null | meaning |\n|---|---|---|---|\n${lines}\n`
  })
  return `# Data dictionary

Every table and view of the database, the same in SQLite and Postgres. \`npm run explore -- describe TABLE\` prints a part.
Times are UTC: seconds since 1970 where a name ends in \`_unix\`, ISO 8601 text elsewhere. Text is compared by its bytes.
\`int64\`, \`int32\`, \`double\` and \`text\` are the types; flags are 0 or 1. This file is written by
\`node scripts/data-dictionary.ts\`.

${parts.join('\n')}`
}
