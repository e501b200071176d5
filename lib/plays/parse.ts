import { type DataFrame, expr } from 'spark-connect-js'
import type { LineDialect, LineField, ParsedPlay, TextLine } from './schema.ts'
import { literally, matches, named, quoted, replaced, type Sql, unlessBlank } from './sql.ts'
import { clockOnlyPattern, dayPattern, epochSeconds, isWholeEpoch, timePattern, writtenDate } from './time.ts'

export interface ParseOptions {
  /** IANA zone of times that name none. Default: `UTC`. */
  readonly timezone?: string
  /** The call sign of plays that have none. Default: such lines are refused. */
  readonly station?: string
  /**
   * Whether lines are framed as `file ⟨U+001F⟩ line number ⟨U+001F⟩ text`. Default: true. Lines of files that Spark read
   * by itself are not: their file and line are null.
   */
  readonly framed?: boolean
  /** Unframed lines that equal this text are no plays: the header, which only framing leaves out. */
  readonly headerLine?: string
}

const fieldMark = '\u001f'
// Opens and closes the reason of a line that was refused before it came here.
const refusedMark = '\u001a'
// What is kept of a refused line: enough to recognise it, and a huge line stays small.
const keptCharacters = 4096
// Longer lines reach no regular expression with a back-tracking group: the stack of the Java platform is finite.
const longestLine = 100_000 // bytes: counting characters would read every line once more
// The CSV parser of Spark makes room for so many fields; a line with more delimiters is none of ours.
const mostFields = 2000

// A line of a file that Spark read. Trimming and replacing go through a text character by character; where there is nothing to
// do they are not called, which saves a quarter of what parsing costs.
const lineText = "if(endswith(value, '\\r'), rtrim('\\r', value), value)"

/** The order of a line's fields once they are found. */
const fieldOrder = [
  'raw_song',
  'raw_artist',
  'callsign',
  'date',
  'time',
  'unique_id',
  'combined',
  'first_play',
] as const

const yesNo = '(?:[01]|[Tt]rue|TRUE|[Ff]alse|FALSE|[Yy]es|YES|[Nn]o|NO)'

/** What a column's text looks like if the column is what it should be; free text has no check. */
function checkPattern(field: LineField | null, columns: LineDialect['columns'], delimiter: string): string | null {
  const noDelimiter = `[^"${literally(delimiter)}`
  switch (field) {
    case 'callsign':
      return `${noDelimiter}]{1,64}`
    case 'unique_id':
      return `${noDelimiter}\\s]{1,128}`
    case 'date':
      return dayPattern
    case 'time':
      return columns.includes('date') ? clockOnlyPattern : timePattern
    case 'first_play':
      return yesNo
    default:
      return null
  }
}

interface Anchor {
  /** A Java regular expression for the whole line: a group for every column with a check and for every run without. */
  readonly pattern: string
  readonly runs: readonly {
    readonly group: number
    readonly columns: readonly (LineField | null)[]
  }[]
}

/**
 * The anchor of shifted lines: the columns that can be recognised by their own checks, side by side in their order, with
 * anything between them. Null if too few columns can be recognised to be sure of the place.
 */
function anchorOf(dialect: LineDialect): Anchor | null {
  const columns = [...dialect.columns]
  while (columns.length > 0 && columns.at(-1) === null) columns.pop()
  const delimiter = literally(dialect.delimiter)
  const runs: { group: number; columns: (LineField | null)[]; check: boolean }[] = []
  const parts: string[] = []
  for (const column of columns) {
    const check = checkPattern(column, columns, dialect.delimiter)
    const last = runs.at(-1)
    if (check !== null) {
      // A call sign, id or first-play column may be empty in a line that is otherwise fine; a time may not.
      const optional = column === 'time' || column === 'date' ? '' : '?'
      runs.push({ group: runs.length + 1, columns: [column], check: true })
      parts.push(`((?:${check})${optional})`)
    } else if (last && !last.check) {
      last.columns.push(column)
    } else {
      runs.push({ group: runs.length + 1, columns: [column], check: false })
      parts.push('(.*?)')
    }
  }
  const sure = columns.includes('time') && columns.some((c) => c === 'unique_id' || c === 'callsign')
  return sure ? { pattern: `^${parts.join(delimiter)}(?:${delimiter}|\\s)*$`, runs } : null
}

/**
 * The fields that the anchor finds in a damaged line, as an array in `fieldOrder`, with the rule behind them; null if none.
 *
 * A run of free columns with the right number of pieces is taken as it is. Song and artist that were torn apart come from
 * COMBINED: its pieces joined by the comma that once was there, split at the last " by ".
 */
function anchoredFields(dialect: LineDialect, text: Sql): Sql {
  const anchor = anchorOf(dialect)
  if (!anchor) return 'cast(null as array<string>)'
  const groups = anchor.runs.map((run) => `$${run.group}`).join(fieldMark)
  const delimiter = literally(dialect.delimiter)
  const runWith = (field: LineField) => anchor.runs.findIndex((run) => run.columns.includes(field))
  const piecesOf = (run: number): Sql => `split(get(g, ${run}), ${quoted(delimiter)}, -1)`
  const isWhole = (run: number): Sql => `size(${piecesOf(run)}) = ${anchor.runs[run]!.columns.length}`
  const combinedRun = runWith('combined')
  const songRun = runWith('raw_song')
  const artistRun = runWith('raw_artist')
  const pieceOf = (field: LineField): Sql => {
    const run = runWith(field)
    if (run < 0) return 'cast(null as string)'
    const piece = `get(${piecesOf(run)}, ${anchor.runs[run]!.columns.indexOf(field)})`
    return anchor.runs[run]!.columns.length === 1 ? `get(g, ${run})` : piece
  }
  const textWhole = [...new Set([songRun, artistRun])].map(isWhole).join(' and ')
  const others = (song: Sql, artist: Sql, combined: Sql, rule: string): Sql =>
    `array(${fieldOrder
      .map((field) =>
        field === 'raw_song'
          ? song
          : field === 'raw_artist'
            ? artist
            : field === 'combined'
              ? combined
              : pieceOf(field),
      )
      .join(', ')}, ${quoted(rule)})`
  const whole = others(pieceOf('raw_song'), pieceOf('raw_artist'), combinedRun < 0 ? 'null' : 'c', 'anchor: text fits')
  const canRebuild = combinedRun >= 0 && combinedRun !== songRun && combinedRun !== artistRun
  const rebuilt = canRebuild
    ? `if(${matches('c', ' by \\S')}, ${others(
        "regexp_extract(c, '^(.*) by (.*)$', 1)",
        "regexp_extract(c, '^(.*) by (.*)$', 2)",
        'c',
        'anchor: text from COMBINED',
      )}, null)`
    : 'null'
  // Quotes at the ends of COMBINED and of its pieces are what the writer of the log put around fields with commas.
  const combined =
    combinedRun < 0
      ? "''"
      : `replace(${replaced(`get(g, ${combinedRun})`, `(?:^|(?<=${delimiter}))"+|"+(?=${delimiter}|$)`)}, ${quoted(dialect.delimiter)}, ',')`
  return `if(octet_length(${text}) <= ${longestLine} and ${matches(text, anchor.pattern)},
    ${named(
      `split(regexp_replace(${text}, ${quoted(anchor.pattern)}, ${quoted(groups)}), ${quoted(fieldMark)}, -1)`,
      'g',
      () => named(combined, 'c', () => `case when ${textWhole} then ${whole} else ${rebuilt} end`),
    )}, null)`
}

/**
 * The step that reads lines of one dialect as plays, or says why a line is none.
 *
 * Each line is read (1) as RFC 4180, taken if every column that has a check passes it; (2) split at each delimiter, same
 * checks; (3) by the anchor, see `anchorOf`; (4) not at all: then `reason` says why. *Rows:* one per line.
 *
 * Required are a time, a title and an artist. An empty artist is accepted where COMBINED says the same, "Time Is Tight by ":
 * then the line is whole and names nobody (five lines of the real file). Otherwise it is damage.
 */
export function parsePlays(
  dialect: LineDialect,
  options: ParseOptions = {},
): (lines: DataFrame<TextLine>) => DataFrame<ParsedPlay> {
  const { columns, delimiter } = dialect
  const zone = options.timezone ?? 'UTC'
  const indexOf = (field: LineField) => columns.indexOf(field)
  const field = (fields: Sql, name: LineField): Sql =>
    indexOf(name) < 0 ? "''" : `coalesce(get(${fields}, ${indexOf(name)}), '')`

  const checks = (fields: Sql, except?: LineField): Sql => {
    const passed = columns.flatMap((column) => {
      const pattern = checkPattern(column, columns, delimiter)
      if (pattern === null || column === null || column === except) return []
      const optional = column === 'time' || column === 'date' ? '' : '?'
      const value = `trim(${field(fields, column)})`
      const passes = matches(value, `^(?:${pattern})${optional}$`)
      // The form that nearly every line has is checked without a pattern.
      if (column === 'time' && indexOf('date') < 0) return [`(${isWholeEpoch(value)} or ${passes})`]
      if (column === 'first_play') return [`(${value} in ('0', '1', '') or ${passes})`]
      return [passes]
    })
    const noMore = `(size(${fields}) <= ${columns.length} or trim(array_join(slice(${fields}, ${columns.length + 1}, ${mostFields}), '')) = '')`
    return [...passed, noMore].join(' and ')
  }
  const found = (fields: Sql): Sql =>
    `array(${fieldOrder.map((name) => (indexOf(name) < 0 ? 'null' : field(fields, name))).join(', ')}, null)`

  const naive = `split(text, ${quoted(literally(delimiter))}, -1)`
  // One field more than there are columns shows a line that has too many.
  const csvFields = [...columns, null].map((_, i) => `f${i}`)
  const csv = named(
    `from_csv(text, ${quoted(csvFields.map((name) => `${name} string`).join(', '))},
      map('sep', ${quoted(delimiter)}, 'quote', '"', 'escape', '"', 'maxColumns', '${mostFields + 1}'))`,
    'r',
    () => `array(${csvFields.map((name) => `r.${name}`).join(', ')})`,
  )
  const countedDelimiters = `length(text) - length(replace(text, ${quoted(delimiter)}, ''))`
  const quotedLine = `contains(text, '"') and octet_length(text) <= ${longestLine} and ${countedDelimiters} < ${mostFields}`

  const clockText =
    indexOf('date') < 0
      ? 'trim(get(v, 4))'
      : "if(trim(get(v, 3)) = '', '', concat_ws(' ', trim(get(v, 3)), trim(get(v, 4))))"
  const required = columns.filter((column) => column === 'raw_song' || column === 'raw_artist' || column === 'time')
  const fewest = Math.max(...required.map((column) => indexOf(column!))) + 1

  return (lines) => {
    const framed = options.framed ?? true
    const header = options.headerLine
    const split =
      framed === true
        ? lines
            .select(() => ({ p: expr<string[]>(`split(value, ${quoted(fieldMark)}, 3)`) }))
            .select(() => ({
              source_file: expr<string | null>('get(p, 0)'),
              source_line: expr<bigint | null>('try_cast(get(p, 1) as bigint)'),
              text: expr<string>("coalesce(get(p, 2), '')"),
            }))
        : lines
            .where(() => expr<boolean>(header === undefined ? 'true' : `${lineText} <> ${quoted(header)}`))
            .select(() => ({
              source_file: expr<string | null>('cast(null as string)'),
              source_line: expr<bigint | null>('cast(null as bigint)'),
              // NUL cannot be stored by every database; bytes that are no UTF-8 break its readers.
              text: expr<string>(
                `if(contains(value, '\\u0000'), replace(make_valid_utf8(${lineText}), '\\u0000', ''), make_valid_utf8(${lineText}))`,
              ),
            }))
    return split
      .withColumn('f', () =>
        expr<string[]>(`case when octet_length(text) > ${longestLine} then cast(array() as array<string>)
          when ${quotedLine} then ${csv} else ${naive} end`),
      )
      .withColumn('v', () =>
        expr<string[] | null>(`case when ${checks('f')} then ${found('f')}
          when startswith(text, ${quoted(refusedMark)}) then null
          when ${quotedLine} and (${named(naive, 'n', (n) => checks(n))}) then ${named(naive, 'n', (n) => found(n))}
          else ${anchoredFields(dialect, 'text')} end`),
      )
      .select(() => ({
        source_file: expr<string | null>('source_file'),
        source_line: expr<bigint | null>('source_line'),
        text: expr<string>('text'),
        f: expr<string[]>('f'),
        v: expr<string[]>('v'),
        clock: expr<string>(clockText),
        station: expr<string>(
          unlessBlank(
            "if(get(v, 2) = lower(get(v, 2)) and trim(get(v, 2)) rlike '^[a-z]{3,4}$', upper(trim(get(v, 2))), get(v, 2))",
            quoted(options.station ?? ''),
          ),
        ),
      }))
      .withColumn('epoch', () => expr<bigint | null>(epochSeconds('clock')))
      .withColumn('written', () =>
        expr<{ unix: bigint | null; other: bigint | null; date_order: string | null } | null>(
          `if(v is null or epoch is not null, null, ${writtenDate('clock', zone)})`,
        ),
      )
      .select(() => ({
        unique_id: expr<string | null>(
          unlessBlank(
            'trim(get(v, 5))',
            `concat('h', left(sha2(concat_ws('${fieldMark}', get(v, 0), get(v, 1), station, clock), 256), 32))`,
          ),
        ),
        raw_song: expr<string | null>('get(v, 0)'),
        raw_artist: expr<string | null>("coalesce(get(v, 1), '')"),
        callsign: expr<string | null>('trim(station)'),
        time: expr<string | null>('clock'),
        time_unix: expr<bigint | null>('coalesce(epoch, written.unix)'),
        time_other: expr<bigint | null>('written.other'),
        date_order: expr<string | null>('written.date_order'),
        combined: expr<string | null>("nullif(get(v, 6), '')"),
        first_play: expr<number | null>(
          "case when lower(trim(get(v, 7))) in ('1', 'true', 'yes') then 1 when lower(trim(get(v, 7))) in ('0', 'false', 'no') then 0 end",
        ),
        repaired: expr<number>('if(get(v, 8) is null, 0, 1)'),
        repair_rule: expr<string | null>('get(v, 8)'),
        source_file: expr<string | null>('source_file'),
        source_line: expr<bigint | null>('source_line'),
        reason: expr<string | null>(`case
          when v is null then case
            when startswith(text, ${quoted(refusedMark)}) then split_part(text, ${quoted(refusedMark)}, 2)
            when trim(text) = '' then 'empty line'
            when octet_length(text) > ${longestLine} then 'line too long'
            when size(f) < ${fewest} then 'too few columns'
            when trim(${field('f', 'time')}) = '' then 'no time'
            when ${checks('f', 'time')} then 'time not understood'
            else 'columns do not fit' end
          when coalesce(epoch, written.unix) is null then 'time not understood'
          when trim(get(v, 0)) = '' then 'no song'
          when trim(coalesce(get(v, 1), '')) = '' and not coalesce(get(v, 6), '') rlike ' by\\\\s*$' then 'no artist'
          when trim(station) = '' then 'no station' end`),
        line: expr<string>(`case
          when startswith(text, ${quoted(refusedMark)}) then split_part(text, ${quoted(refusedMark)}, 3)
          when octet_length(text) <= ${keptCharacters} then text
          else left(text, ${keptCharacters}) end`),
      }))
  }
}
