/** What a column of a play log can be to us. */
export type PlayField =
  | 'raw_song'
  | 'raw_artist'
  | 'callsign'
  | 'time'
  | 'date'
  /** AM or PM, where it stands in a column of its own. */
  | 'half'
  | 'unique_id'
  /** "Title by Artist". */
  | 'combined'
  /** "Artist - Title" in one column; the other way round in the next. */
  | 'artist_title'
  | 'title_artist'
  | 'first_play'

export type Delimiter = ';' | ',' | '\t' | '|'

export const delimiters: readonly Delimiter[] = [';', ',', '\t', '|']

/** How the lines of a log are written. Files of equal dialects can be read together. */
export interface Dialect {
  readonly delimiter: Delimiter
  /** Per column of a whole line, what it is to us; null for what is not used. */
  readonly columns: readonly (PlayField | null)[]
  readonly hasHeader: boolean
  /** The zone of times that name none, whatever the log's zone is: the name of their column says so. `UTC` or `+05:30`. */
  readonly zone?: string
}
