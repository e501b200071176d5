import { AppError } from '../../errors.ts'
import { relationNames } from '../schema/relations.ts'
import type { ColumnKind, TableShape } from '../schema/tables.ts'

/** A table of a job of one's own: its rows are those that the job's last run wrote. */
export interface OwnTable extends TableShape {
  readonly job: string
  /** What a row is, in a sentence. */
  readonly summary: string
}

/** What a job says of a table that it writes. */
export interface OwnTableSpec {
  readonly name: string
  readonly job: string
  readonly summary?: string | undefined
  /** Columns that no two rows share, in the order in which the table is read out. */
  readonly key: readonly string[]
  readonly columns: readonly { readonly name: string; readonly kind: ColumnKind }[]
}

const identifier = /^[a-z][a-z0-9_]*$/
const maxNameLength = 40
// Of the databases, of the store's own bookkeeping, and of staging.
const reserved = /^(stg|pg|sqlite|store|run_lock|information_schema)(_|$)/

/**
 * The table that a job describes. *Errors:* AppError `usage` for a name that is malformed or taken by the product, for
 * columns that repeat or that no database takes, and for a key that is missing.
 */
export function ownTable({ name, job, summary, key, columns }: OwnTableSpec): OwnTable {
  const fail = (message: string, remedy: string) => new AppError('usage', message, { place: `table ${name}`, remedy })
  if (!identifier.test(name) || name.length > maxNameLength) {
    throw fail(
      `${JSON.stringify(name)} cannot be the name of a table`,
      `take lower-case letters, digits and _, at most ${maxNameLength}, such as weekly_chart`,
    )
  }
  if ((relationNames as readonly string[]).includes(name) || reserved.test(name)) {
    throw fail(`${name} is a table of radio-plays itself`, 'give the table of your job another name')
  }
  const names = columns.map((column) => column.name)
  const odd = names.filter((each) => !identifier.test(each) || each.length > 63)
  if (odd.length > 0) {
    throw fail(
      `${quoted(odd)} cannot be the name of a column`,
      'rename it with .as() to lower-case letters, digits and _',
    )
  }
  const repeated = names.filter((each, i) => names.indexOf(each) !== i)
  if (repeated.length > 0) throw fail(`two columns are named ${quoted(repeated)}`, 'rename one of them with .as()')
  const missing = key.filter((each) => !names.includes(each))
  if (key.length === 0 || missing.length > 0) {
    throw fail(
      key.length === 0 ? 'the table has no key' : `the key names ${quoted(missing)}, which the frame does not have`,
      `name columns that no two rows share: { key: ['…'] }; there are ${names.join(', ')}`,
    )
  }
  return {
    name,
    job,
    summary: summary ?? '',
    key,
    columns: columns.map((column) => ({ ...column, nullable: !key.includes(column.name) })),
    lookedUp: null,
    stamped: false,
  }
}

const quoted = (names: readonly string[]) => names.map((name) => JSON.stringify(name)).join(', ')
