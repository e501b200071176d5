import { type Column, type DataType, functions, type UntypedFrame } from 'spark-connect-js'
import { AppError } from '../errors.ts'
import type { ColumnKind } from '../store/index.ts'

/** How a database keeps a type of Spark, and what it is cast to on the way. */
const kinds: Readonly<Record<string, { readonly kind: ColumnKind; readonly cast?: string }>> = {
  string: { kind: 'text' },
  char: { kind: 'text', cast: 'string' },
  varchar: { kind: 'text', cast: 'string' },
  // As 2014-06-17: both databases order that as days.
  date: { kind: 'text', cast: 'string' },
  long: { kind: 'int64' },
  integer: { kind: 'int32' },
  short: { kind: 'int32', cast: 'int' },
  byte: { kind: 'int32', cast: 'int' },
  // 1 and 0, as in the product's tables.
  boolean: { kind: 'int32', cast: 'int' },
  double: { kind: 'double' },
  float: { kind: 'double', cast: 'double' },
}

const remedies: Readonly<Record<string, string>> = {
  timestamp: "write seconds, unix_seconds(column), or text, date_format(column, 'yyyy-MM-dd HH:mm:ss')",
  timestamp_ntz: "write text: date_format(column, 'yyyy-MM-dd HH:mm:ss')",
  decimal: "cast it: column.cast('double'), or cast('bigint') of its smallest unit",
  array: "write text, to_json(column) or concat_ws(', ', column), or a row for each item, explode(column)",
  map: 'write text: to_json(column)',
  struct: 'write its fields as columns of their own, or text: to_json(column)',
  variant: 'write text: to_json(column)',
  void: "cast it: lit(null).cast('string')",
  binary: 'write text: base64(column) or hex(column)',
}

const nameOf = (type: DataType): string => {
  const json = type.json()
  return typeof json === 'string' ? json.replace(/[( ].*$/, '') : type.kind
}

/** The columns of a frame as a table of the database has them, and the frame cast to them. */
export async function columnsOf(
  frame: UntypedFrame,
  table: string,
): Promise<{
  readonly columns: readonly { readonly name: string; readonly kind: ColumnKind }[]
  readonly frame: UntypedFrame
}> {
  const { fields } = await frame.schema()
  const described = fields.map(({ name, dataType }) => {
    const found = kinds[nameOf(dataType)]
    if (found !== undefined) return { name, ...found }
    throw new AppError('usage', `column ${name} has the type ${dataType.simpleString()}, which no table keeps`, {
      place: `table ${table}`,
      remedy: remedies[nameOf(dataType)] ?? remedies[dataType.kind] ?? "cast it, such as column.cast('string')",
    })
  })
  const selected = described.map(({ name, cast }): Column<unknown> => {
    const column = functions.col(`\`${name.replaceAll('`', '``')}\``)
    return (cast === undefined ? column : column.cast(cast)).as(name)
  })
  return { columns: described.map(({ name, kind }) => ({ name, kind })), frame: frame.select(...selected) }
}
