import { type DataFrame, expr } from 'spark-connect-js'
import type { ParsedPlay, TextLine } from './schema.ts'
import { epochSeconds, writtenDate } from './time.ts'

/** What `storedPlays` needs of a play in the database, in the order in which its lines hold it. */
export const storedColumns = [
  'unique_id',
  'raw_song',
  'raw_artist',
  'callsign',
  'time',
  'time_unix',
  'combined',
  'first_play',
  'repaired',
  'repair_rule',
  'original_line',
  'source_file',
  'source_line',
] as const

/**
 * Plays of the database as they were when they were read, for `acceptPlays` to put new ones to. Each line is a JSON array of
 * `storedColumns`; its numbers may be strings.
 *
 * A moment is kept, but for one thing: where its text does not show the order of day and month, both readings come back, for
 * new lines may tell it. That needs the zone in which the text was read; where `timezone` is another one, the moment is kept.
 * *Nulls:* `line` is empty where the play was not repaired: a database does not keep such lines.
 */
export function storedPlays(options: {
  readonly timezone: string
}): (lines: DataFrame<TextLine>) => DataFrame<ParsedPlay> {
  const field = (name: (typeof storedColumns)[number]) => `get(f, ${storedColumns.indexOf(name)})`
  const open = "(written.date_order = 'either' and unix in (written.unix, written.other))"
  return (lines) =>
    lines
      .select(() => ({ f: expr<(string | null)[]>("from_json(value, 'array<string>')") }))
      .select(() => ({
        f: expr<(string | null)[]>('f'),
        time: expr<string>(field('time')),
        unix: expr<bigint>(`cast(${field('time_unix')} as bigint)`),
      }))
      .withColumn('written', () =>
        expr<{ unix: bigint | null; other: bigint | null; date_order: string | null } | null>(
          `if(${epochSeconds('time')} is not null, null, ${writtenDate('time', options.timezone)})`,
        ),
      )
      .select(() => ({
        unique_id: expr<string | null>(field('unique_id')),
        raw_song: expr<string | null>(field('raw_song')),
        raw_artist: expr<string | null>(field('raw_artist')),
        callsign: expr<string | null>(field('callsign')),
        time: expr<string | null>('time'),
        time_unix: expr<bigint | null>(`if(${open}, written.unix, unix)`),
        time_other: expr<bigint | null>(`if(${open}, written.other, null)`),
        date_order: expr<string | null>(`if(written.date_order = 'either' and not ${open}, null, written.date_order)`),
        combined: expr<string | null>(field('combined')),
        first_play: expr<number | null>(`cast(${field('first_play')} as int)`),
        repaired: expr<number>(`cast(${field('repaired')} as int)`),
        repair_rule: expr<string | null>(field('repair_rule')),
        source_file: expr<string | null>(field('source_file')),
        source_line: expr<bigint | null>(`cast(${field('source_line')} as bigint)`),
        reason: expr<string | null>('cast(null as string)'),
        line: expr<string>(`coalesce(${field('original_line')}, '')`),
      }))
}
