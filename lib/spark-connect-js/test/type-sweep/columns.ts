/** A type of column that the sweep calls functions with: its declared type, and SQL that makes its value of `id`. */
interface Kind {
  readonly type: string
  readonly sql: string
}

export const kinds: Readonly<Record<string, Kind>> = {
  long: { type: 'bigint', sql: 'id + 7' },
  int: { type: 'number', sql: 'cast(id + 7 as int)' },
  float: { type: 'number', sql: 'cast(id + 0.5 as float)' },
  double: { type: 'number', sql: 'cast(id + 0.5 as double)' },
  decimal: { type: 'Decimal', sql: 'cast(id + 0.5 as decimal(10, 2))' },
  text: { type: 'string', sql: 'cast(id + 7 as string)' },
  bin: { type: 'Uint8Array', sql: 'cast(cast(id + 7 as string) as binary)' },
  bool: { type: 'boolean', sql: 'id = 1' },
  date: { type: 'LocalDate', sql: "date_add(date'2024-05-01', cast(id as int))" },
  ts: { type: 'Timestamp', sql: "timestamp'2024-05-01 12:30:00' + make_dt_interval(0, 0, cast(id as int))" },
  ntz: { type: 'LocalDateTime', sql: "timestamp_ntz'2024-05-01 12:30:00' + make_dt_interval(0, 0, cast(id as int))" },
  time: { type: 'LocalTime', sql: 'make_time(10, cast(id as int), 0)' },
  months: { type: 'YearMonthInterval', sql: 'make_ym_interval(1, cast(id as int))' },
  span: { type: 'DayTimeInterval', sql: 'make_dt_interval(1, cast(id as int))' },
  pause: { type: 'CalendarInterval', sql: 'make_interval(0, 1, 0, cast(id as int))' },
  longs: { type: 'bigint[]', sql: 'array(id, id + 1)' },
  texts: { type: 'string[]', sql: "array('a', cast(id as string))" },
  gaps: { type: '(number | null)[]', sql: 'array(cast(id as int), null)' },
  nested: { type: 'bigint[][]', sql: 'array(array(id), array(id + 1))' },
  map: { type: 'Map<string, bigint>', sql: "map('a', id)" },
  record: { type: '{ a: bigint; b: string }', sql: "named_struct('a', id, 'b', 'x')" },
  variant: { type: 'Variant', sql: 'parse_json(\'{"a":1}\')' },
}

/** The columns of the frame: each kind once never null, and once (`longN`) null in the second row and all of group b. */
export const columnNames: readonly string[] = Object.keys(kinds).flatMap((name) => [name, `${name}N`])

export const kindOf = (column: string): string => column.replace(/N$/, '')
export const mayBeNull = (column: string): boolean => column.endsWith('N')

export const rowDeclaration = `interface Row {
  key: string
${Object.entries(kinds)
  .map(([name, { type }]) => `  ${name}: ${type}\n  ${name}N: ${type} | null`)
  .join('\n')}
}`

/** Expressions over `range(3)`; groups are a (two rows) and b (one row). */
export const rowExpressions: readonly string[] = [
  "if(id < 2, 'a', 'b') as key",
  ...Object.entries(kinds).flatMap(([name, { sql }]) => [`${sql} as ${name}`, `if(id = 0, ${sql}, null) as ${name}N`]),
]
