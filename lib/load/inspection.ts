import {
  type BadFile,
  type ExplainedColumn,
  explainColumns,
  type InspectedFile,
  type LeftOutFile,
} from '../input/index.ts'
import type { Logger } from '../log.ts'
import { csvFieldsOf, type ParsedPlay, type TakenDate, takeDates, takenTime } from '../plays/index.ts'
import { planPlays, type ReadingOptions } from './find-plays.ts'
import { pasteLine } from './paste-line.ts'
import { type SamplePlays, samplePlays } from './sample-plays.ts'

/** A play as the job will load it; its names are cleaned and resolved later. */
export interface InspectedRow {
  readonly line: number
  readonly station: string | null
  /** ISO 8601, UTC. */
  readonly playedAt: string
  readonly artist: string
  readonly title: string
}

/** Rows that will be refused for one reason, with up to three of them. */
export interface InspectedRefusal {
  readonly reason: string
  readonly rows: number
  readonly examples: readonly { readonly line: number; readonly value: string }[]
}

/** How a file will be read, and why so. */
export interface FileInspection {
  readonly file: string
  /** `lines of fields`, `json`, … */
  readonly form: string
  readonly gzip: boolean
  readonly encoding: string
  readonly delimiter: string
  /** The number of the line of column names; null where there is none. */
  readonly headerLine: number | null
  readonly columns: readonly (ExplainedColumn & { readonly examples: readonly string[] })[]
  readonly rows: readonly InspectedRow[]
  /** How many rows were read for this, and whether these are all. */
  readonly rowsRead: number
  readonly whole: boolean
  readonly refused: readonly InspectedRefusal[]
  /** Of dates that could be either way round; null where there are none. */
  readonly dates: { readonly order: 'day first' | 'month first'; readonly why: string } | null
  /** What a careful reader should know: guesses, and how to say otherwise. */
  readonly notes: readonly string[]
}

/** How the inputs of a job will be read. */
export interface Inspection {
  readonly files: readonly FileInspection[]
  readonly bad: readonly {
    readonly file: string
    readonly problem: string
    readonly at?: string
    readonly do?: string
  }[]
  readonly notRead: readonly LeftOutFile[]
  /** Addresses that Spark reads by itself, which this does not look at. */
  readonly uris: readonly string[]
  /** Command lines that say all of it, one for each group of files that are read alike; every further one appends. */
  readonly commands: readonly string[]
}

const shownRows = 5
const shownExamples = 3
const maxRows = 300
const maxRowsOfAll = 3_000

/**
 * Looks at the inputs of a job and says how they will be read, without Spark: the first rows of each file go through the very rules
 * that Spark will apply. *Cost:* a second at most; reads a block or two of each file.
 *
 * *Errors:* those of `planPlays`; files that cannot be read are part of the answer.
 */
export async function inspectInputs(
  options: ReadingOptions & { readonly append?: boolean },
  { log, signal }: { readonly log: Logger; readonly signal: AbortSignal },
): Promise<Inspection> {
  const given = [...(options.files ?? []), ...(options.input ?? [])]
  const { files, groups, bad, leftOut, uris } = await planPlays(options, { log, signal })
  const filled = files.filter((file) => !file.empty)
  const each = Math.max(20, Math.min(maxRows, Math.floor(maxRowsOfAll / Math.max(1, filled.length))))
  const samples = new Map<InspectedFile, SamplePlays>()
  for (const file of filled) {
    const { timezone } = options
    samples.set(file, await samplePlays(file, { timezone, station: stationOf(file, options), maxRows: each, signal }))
  }
  const taken = takeDates(
    [...samples.values()].flatMap(({ plays, later }) => [...plays, ...later]),
    options.dateOrder,
  )
  return {
    files: [...samples].map(([file, sample]) => inspectionOf(file, sample, taken, options)),
    bad: bad.map(badOf),
    notRead: [...leftOut, ...files.filter((file) => file.empty).map(({ label }) => ({ label, why: 'has no plays' }))],
    uris,
    commands: groups.map(({ files: alike }, i) =>
      pasteLine(alike, {
        ...options,
        append: i > 0 || options.append === true,
        named: groups.length === 1 && bad.length === 0 ? given : undefined,
      }),
    ),
  }
}

const unknownStation = '?'

/** A missing column of stations must not hide how the rest is read; rows without one in a file that has it are refused. */
const stationOf = ({ dialect }: InspectedFile, { station }: ReadingOptions) =>
  station ?? (dialect.columns.includes('callsign') ? undefined : unknownStation)

function badOf({ label, error }: BadFile): Inspection['bad'][number] {
  const { message, place, remedy } = error
  return {
    file: label,
    problem: message,
    ...(place === undefined ? {} : { at: place }),
    ...(remedy === undefined ? {} : { do: remedy }),
  }
}

function inspectionOf(
  file: InspectedFile,
  sample: SamplePlays,
  taken: (play: ParsedPlay) => TakenDate,
  options: ReadingOptions,
): FileInspection {
  const { dialect, decoding } = file
  const accepted = sample.plays.filter(({ reason }) => reason === null)
  const added = file.day === undefined ? 0 : 1
  const records = sample.plays.map(({ line }) => csvFieldsOf(line, dialect.delimiter).slice(added))
  return {
    file: file.label,
    form: decoding.kind === 'format' ? decoding.format : 'lines of fields',
    gzip: file.gzip,
    encoding: file.encoding,
    delimiter: dialect.delimiter,
    headerLine: file.headerLine === null ? null : file.skipLines,
    columns: explainColumns(file, options.map).map((column) => ({
      ...column,
      examples: firstValues(records.map((record) => record[column.number - 1] ?? '')),
    })),
    rows: accepted.slice(0, shownRows).map((play) => rowOf(play, taken(play))),
    rowsRead: sample.plays.length,
    whole: sample.whole,
    refused: refusalsOf(sample.plays, file),
    dates: datesOf(sample, taken, options.dateOrder),
    notes: [...file.notes, ...stationNote(file, options)],
  }
}

const firstValues = (values: readonly string[]) =>
  [...new Set(values.map((value) => value.trim()).filter((value) => value !== ''))].slice(0, shownExamples)

function stationNote({ dialect }: InspectedFile, { station }: ReadingOptions): string[] {
  if (dialect.columns.includes('callsign') || station !== undefined) return []
  return ['no column names the station: the job needs --station NAME, or --map COLUMN=station']
}

function rowOf(play: ParsedPlay, date: TakenDate): InspectedRow {
  return {
    line: Number(play.source_line),
    station: play.callsign === unknownStation ? null : play.callsign,
    playedAt: new Date(Number(takenTime(play, date)) * 1000).toISOString().replace('.000', ''),
    artist: play.raw_artist,
    title: play.raw_song ?? '',
  }
}

function refusalsOf(plays: readonly ParsedPlay[], file: InspectedFile): InspectedRefusal[] {
  const refused = plays.filter(({ reason }) => reason !== null)
  return [...Map.groupBy(refused, ({ reason }) => reason ?? '')]
    .map(([reason, rows]) => ({
      reason,
      rows: rows.length,
      examples: rows
        .slice(0, shownExamples)
        .map(({ source_line, line }) => ({ line: Number(source_line), value: refusedValue(reason, line, file) })),
    }))
    .sort((a, b) => b.rows - a.rows)
}

/** The time where that is what was not understood, else the whole line. */
function refusedValue(reason: string, line: string, { dialect }: InspectedFile): string {
  const fields = reason === 'time not understood' ? csvFieldsOf(line, dialect.delimiter) : []
  const parts = (['date', 'time'] as const).map((field) => fields[dialect.columns.indexOf(field)] ?? '')
  return parts.filter((part) => part !== '').join(' ') || line
}

function datesOf(
  { plays, later }: SamplePlays,
  taken: (play: ParsedPlay) => TakenDate,
  said: ReadingOptions['dateOrder'],
): FileInspection['dates'] {
  const seen = [...plays, ...later].filter(({ reason }) => reason === null)
  const open = seen.find(({ date_order }) => date_order === 'either')
  const showing = (order: string) => seen.find(({ date_order }) => date_order === order)
  const [mdy, dmy] = [showing('mdy'), showing('dmy')]
  const shown = dmy ?? mdy
  if (!open) {
    return shown ? { order: dmy ? 'day first' : 'month first', why: `${lineOf(shown)}, and no date is in doubt` } : null
  }
  const { isDayFirst, shownBy } = taken(open)
  const order = isDayFirst ? 'day first' : 'month first'
  if (said) return { order, why: 'said by --date-order' }
  if (mdy && dmy) return { order, why: `decided for each station: ${lineOf(dmy)}, ${lineOf(mdy)}` }
  if (shown) return { order, why: lineOf(shown) }
  const reason = {
    all: 'no date of this file shows it, but those of the others do',
    most: 'a guess: as most dates of the other files; --date-order mdy or dmy says it',
    nothing: `a guess: nothing shows it (${lineOf(open)}); --date-order mdy or dmy says it`,
  }
  return { order, why: reason[shownBy] }
}

const lineOf = ({ source_line, time }: ParsedPlay) => `line ${source_line} has ${time}`
