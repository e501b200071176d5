import type { AcceptedPlay } from '../model/load-tables.ts'

export type { Dialect as LineDialect, PlayField as LineField } from '../model/dialect.ts'
export type {
  AcceptedPlay,
  Artist,
  ArtistName,
  HourOfStation,
  Play,
  QuarantinedPlay,
  Song,
  SongName,
  Station,
} from '../model/load-tables.ts'

/** One line of a log as Spark's text source gives it. */
export type TextLine = { value: string }

/**
 * One line of a log, read or refused: `reason` is null exactly if the line is a play.
 *
 * Strings of the line are as read, in repaired rows as rebuilt. `line` is the text of the line (its first 4,096 characters).
 */
export type ParsedPlay = Omit<AcceptedPlay, 'raw_song' | 'time' | 'time_unix' | 'original_line'> & {
  raw_song: string | null
  time: string | null
  /** UTC seconds. Of an ambiguous day and month: month first. */
  time_unix: bigint | null
  /** What `time_unix` would be with day and month the other way round; null where that is not a date or makes no difference. */
  time_other: bigint | null
  /** `mdy` or `dmy` where the line itself shows the order of day and month, `either` where it does not. */
  date_order: string | null
  reason: string | null
  line: string
}
