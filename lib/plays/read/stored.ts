import { coalesce, type DataFrame, fieldsOf, from_json, get, lit, types, when } from 'spark-connect-js'
import { namesOf } from '../../model/columns.ts'
import { acceptedColumns } from '../../model/load-tables.ts'
import type { ParsedPlay, TextLine } from '../schema.ts'
import { epochSeconds, writtenDate } from './time.ts'

/** What `storedPlays` needs of a play in the database, in the order in which its lines hold it. */
export const storedColumns = namesOf(acceptedColumns)

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
  return (lines) =>
    lines
      .select((c) => ({ f: from_json(c.value, types.array(types.string)) }))
      .select(({ f }) => {
        const field = (name: (typeof storedColumns)[number]) => get(f, storedColumns.indexOf(name))
        return {
          unique_id: field('unique_id').$notNull(),
          raw_song: field('raw_song'),
          raw_artist: field('raw_artist').$notNull(),
          callsign: field('callsign').$notNull(),
          time: field('time'),
          unix: field('time_unix').cast('bigint'),
          combined: field('combined'),
          first_play: field('first_play').cast('int'),
          repaired: field('repaired').cast('int').$notNull(),
          repair_rule: field('repair_rule'),
          source_file: field('source_file'),
          source_line: field('source_line').cast('bigint'),
          line: coalesce(field('original_line'), lit('')),
        }
      })
      .withColumn('written', (c) => when(epochSeconds(c.time).isNull(), writtenDate(c.time, options.timezone)))
      .withColumn('open', ({ written, unix }) => {
        const { date_order, unix: first, other } = fieldsOf(written)
        return date_order.eq('either').and(unix.isin(first, other))
      })
      .select((c) => {
        const { date_order, unix, other } = fieldsOf(c.written)
        return {
          unique_id: c.unique_id,
          raw_song: c.raw_song,
          raw_artist: c.raw_artist,
          callsign: c.callsign,
          time: c.time,
          time_unix: when(c.open, unix).otherwise(c.unix),
          time_other: when(c.open, other),
          date_order: when(date_order.eq('either').and(c.open.not()), null).otherwise(date_order),
          combined: c.combined,
          first_play: c.first_play,
          repaired: c.repaired,
          repair_rule: c.repair_rule,
          source_file: c.source_file,
          source_line: c.source_line,
          reason: lit(null).cast('string'),
          line: c.line,
        }
      })
}
