import {
  type Column,
  coalesce,
  concat,
  concat_ws,
  type DataFrame,
  fieldsOf,
  get,
  left,
  lit,
  lower,
  make_valid_utf8,
  nullif,
  octet_length,
  rtrim,
  sha2,
  size,
  split,
  split_part,
  trim,
  upper,
  using,
  when,
} from 'spark-connect-js'
import { fieldSeparator, refusedMark } from '../../model/framing.ts'
import { timePattern } from '../../model/time-forms.ts'
import type { LineDialect, LineField, ParsedPlay, TextLine } from '../schema.ts'
import { replaced, unlessBlank } from '../text.ts'
import { fieldOf, type LineFields, passesChecks } from './checks.ts'
import { type FoundFields, foundField, repairRule } from './found-fields.ts'
import { maxLineBytes } from './limits.ts'
import { otherTime } from './other-time.ts'
import { splitLine, understood } from './split-line.ts'
import { epochSeconds, isWholeEpoch, type WrittenDate, writtenDate } from './time.ts'

/** How lines are parsed. */
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
  /** Unframed lines that equal this text are not plays: the header, which only framing leaves out. */
  readonly headerLine?: string
}

/** A line with the place that it is from. */
type PlacedLine = { source_file: string | null; source_line: bigint | null; text: string }

/** A line on the way to a play: its fields, and what was made of them. */
type ReadLine = PlacedLine & {
  fields: (string | null)[]
  /** The parts of a time in a form that is rare, see `otherTime`. */
  other: string | null
  found: (string | null)[] | null
  clock: string | null
  station: string
  epoch: bigint | null
  written: WrittenDate | null
}

/**
 * The step that reads lines of one dialect as plays, or says why a line is none.
 *
 * Each line is read (1) as RFC 4180, taken if every column that has a check passes it; (2) split at each delimiter, same
 * checks; (3) by the anchor, see `anchoredFields`; (4) not at all: then `reason` says why. *Rows:* one per line.
 *
 * Required are a time, a title and an artist. An empty artist is accepted where COMBINED says the same, "Time Is Tight by ":
 * then the line is whole and names nobody (five lines of the real file). Otherwise it is damage.
 */
export function parsePlays(
  dialect: LineDialect,
  options: ParseOptions = {},
): (lines: DataFrame<TextLine>) => DataFrame<ParsedPlay> {
  const placed = options.framed === false ? unframed(options.headerLine) : framed
  const zone = dialect.zone ?? options.timezone ?? 'UTC'
  return (lines) =>
    lines
      .transform(placed)
      .withColumn('fields', (c) => splitLine(dialect, c.text))
      .withColumn('other', (c) => otherTimeOf(dialect, c.fields))
      .withColumn('found', (c) => understood(dialect, c.text, c.fields, c.other))
      .withColumns((c) => ({
        clock: clockOf(dialect, c.found),
        station: stationOf(c.found, options.station ?? ''),
      }))
      .withColumn('epoch', (c) => epochSeconds(c.clock))
      .withColumn('written', (c) =>
        when(c.found.isNotNull().and(c.epoch.isNull()), writtenDate(c.clock, zone, c.other)),
      )
      .transform(asPlays(dialect))
}

const framed = (lines: DataFrame<TextLine>): DataFrame<PlacedLine> =>
  lines
    .select((c) => ({ parts: split(c.value, fieldSeparator, 3) }))
    .select(({ parts }) => ({
      source_file: get(parts, 0),
      source_line: get(parts, 1).try_cast('bigint'),
      text: coalesce(get(parts, 2), lit('')),
    }))

/** Lines of files that Spark read by itself. */
const unframed =
  (headerLine: string | undefined) =>
  (lines: DataFrame<TextLine>): DataFrame<PlacedLine> => {
    // Trimming and replacing go through a text character by character; where there is nothing to do they are not called, which
    // saves a quarter of what parsing costs.
    const lineText = (value: Column<string>) => when(value.endsWith('\r'), rtrim(value, lit('\r'))).otherwise(value)
    const plays = headerLine === undefined ? lines : lines.where((c) => lineText(c.value).neq(headerLine))
    return plays.select((c) => {
      // NUL cannot be stored by every database; bytes that are no UTF-8 break its readers.
      const valid = make_valid_utf8(lineText(c.value))
      return {
        source_file: lit(null).cast('string'),
        source_line: lit(null).cast('bigint'),
        text: when(c.value.contains('\0'), replaced(valid, '\0', '')).otherwise(valid),
      }
    })
  }

const clockOf = (dialect: LineDialect, found: FoundFields): Column<string | null> =>
  timeText(dialect, (field) => foundField(found, field))

/** Day, time of day and half of the day as one text, where they are columns of their own. */
function timeText({ columns }: LineDialect, fieldNamed: (field: 'date' | 'time' | 'half') => Column<string | null>) {
  const time = trim(fieldNamed('time'))
  const clock = columns.includes('half') ? trim(concat_ws(' ', time, trim(fieldNamed('half')))) : time
  if (!columns.includes('date')) return clock
  const day = trim(fieldNamed('date'))
  return when(day.eq(''), '').otherwise(concat_ws(' ', day, clock))
}

/** The parts of the time of a line if it is in a form that is rare; null for the usual ones. */
function otherTimeOf(dialect: LineDialect, fields: LineFields): Column<string | null> {
  const text = timeText(dialect, (field) => fieldOf(dialect, fields, field))
  return when(
    isWholeEpoch(text)
      .or(text.rlike(`^${timePattern}$`))
      .not(),
    using(text, otherTime),
  )
}

/** The call sign, in capitals if it is in small letters. */
function stationOf(found: FoundFields, other: string): Column<string> {
  const station = foundField(found, 'callsign')
  const isSmall = station.eq(lower(station)).and(trim(station).rlike('^[a-z]{3,4}$'))
  return unlessBlank(when(isSmall, upper(trim(station))).otherwise(station), lit(other))
}

const asPlays =
  (dialect: LineDialect) =>
  (lines: DataFrame<ReadLine>): DataFrame<ParsedPlay> =>
    lines.select((c) => {
      const { found, clock, station, text } = c
      const written = fieldsOf(c.written)
      const [song, artist] = [foundField(found, 'raw_song'), foundField(found, 'raw_artist')]
      const content = concat_ws(fieldSeparator, song, artist, station, clock)
      const time_unix = coalesce(c.epoch, written.unix)
      return {
        unique_id: unlessBlank(
          trim(foundField(found, 'unique_id')),
          concat(when(c.epoch.isNull().and(written.has_clock.not()), 'd').otherwise('h'), left(sha2(content, 256), 32)),
        ),
        raw_song: song,
        raw_artist: coalesce(artist, lit('')),
        callsign: trim(station),
        time: clock,
        time_unix,
        time_other: written.other,
        date_order: written.date_order,
        combined: nullif(foundField(found, 'combined'), lit('')),
        first_play: firstPlayOf(found),
        repaired: when(repairRule(found).isNull(), 0).otherwise(1),
        repair_rule: repairRule(found),
        source_file: c.source_file,
        source_line: c.source_line,
        reason: when(found.isNull().or(text.startsWith(refusedMark)), reasonOfLine(dialect, text, c.fields)).otherwise(
          reasonOfPlay(found, station, time_unix),
        ),
        line: keptLine(text),
      }
    })

const firstPlayOf = (found: FoundFields): Column<number | null> => {
  const word = lower(trim(foundField(found, 'first_play')))
  return when(word.isin('1', 'true', 'yes'), 1).when(word.isin('0', 'false', 'no'), 0)
}

const neededColumns: ReadonlySet<LineField> = new Set([
  'raw_song',
  'raw_artist',
  'artist_title',
  'title_artist',
  'time',
])

/** Why a line is not a play. */
function reasonOfLine(dialect: LineDialect, text: Column<string>, fields: LineFields): Column<string | null> {
  const { columns } = dialect
  const required = columns.filter((column) => column !== null && neededColumns.has(column))
  const minFields = Math.max(...required.map((column) => columns.indexOf(column))) + 1
  return when(text.startsWith(refusedMark), split_part(text, lit(refusedMark), lit(2)))
    .when(trim(text).eq(''), 'empty line')
    .when(octet_length(text).gt(maxLineBytes), 'line too long')
    .when(size(fields).lt(minFields), 'too few columns')
    .when(trim(fieldOf(dialect, fields, 'time')).eq(''), 'no time')
    .when(passesChecks(dialect, fields, ['time', 'date']), 'time not understood')
    .otherwise('columns do not fit')
}

/** Of a break, a podcast, an advert: neither artist nor title. */
export const reasonNoSong = 'no song'

/** Why a line whose columns are in order is not a play; null if it is one. */
function reasonOfPlay(found: FoundFields, station: Column<string>, time: Column<bigint | null>): Column<string | null> {
  const artist = trim(coalesce(foundField(found, 'raw_artist'), lit('')))
  const namesNobody = coalesce(foundField(found, 'combined'), lit('')).rlike(' by\\s*$')
  return when(time.isNull(), 'time not understood')
    .when(trim(foundField(found, 'raw_song')).eq(''), when(artist.eq(''), reasonNoSong).otherwise('no title'))
    .when(artist.eq('').and(namesNobody.not()), 'no artist')
    .when(trim(station).eq(''), 'no station')
}

// What is kept of a refused line: enough to recognise it, and a huge line stays small.
const maxKeptCharacters = 4096

const keptLine = (text: Column<string>): Column<string> =>
  when(text.startsWith(refusedMark), split_part(text, lit(refusedMark), lit(3)))
    .when(octet_length(text).leq(maxKeptCharacters), text)
    .otherwise(left(text, maxKeptCharacters))
