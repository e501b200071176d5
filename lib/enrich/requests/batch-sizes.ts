/** Requests per batch, as documented or measured (enrichment design, §1). */
export const batchSizes = {
  names: 40,
  items: 200,
  verify: 100,
  search: 5,
  /** Acts that ListenBrainz matches with no song have few namesakes. */
  unmatched: 10,
  /** An act has one or two of the addresses that are asked for; the hundred rows of a page hold those of 75 acts. */
  links: 75,
  lengths: 100,
  entities: 25,
  /** Songs per MusicBrainz search at the plan's pace; it may go down to `fewest` and up to `most`. */
  songs: 8,
  minSongs: 4,
  maxSongs: 16,
  /** Songs per search in other words, whose answers hold more that does not fit. */
  wide: 8,
  pairs: 50,
  metadata: 1_000,
  files: 50,
} as const

/**
 * Look-ups of one pair in a row that may bring nothing: then the others would not either. A service of which one in ten
 * brings something is given up by mistake once in two hundred runs.
 */
export const maxFutileLookups = 50
