import { double, int64, nullable, oneOf, text } from '../../model/columns.ts'

/* The tables that only the store writes. */

/** One row per pair of names that were joined on thin evidence or nearly joined, key `(kind, artist, a, z)`. Of the last run. */
export const nameDoubtColumns = {
  kind: oneOf<'artist' | 'song'>(),
  /** `name_key` of the artist whose titles these are; empty between artists. */
  artist: text,
  /** `name_key` of both. */
  a: text,
  z: text,
  rule: text,
  /** 0 to 1: what the rule says of the letters. */
  score: double,
  /** Of both. */
  plays: int64,
  verdict: oneOf<'same' | 'different'>(),
  why: text,
}

/** One row per id that changed its meaning in a run, key `(run_id, level, id, into_id)`. Never deleted. */
export const idEventColumns = {
  run_id: text,
  at: text,
  /** `split`: `id` lives on without these plays; `merged`: `id` is gone. */
  kind: oneOf<'split' | 'merged'>(),
  level: oneOf<'artist' | 'song'>(),
  /** What the plays had before. */
  id: text,
  /** What they have now. */
  into_id: text,
  /** The canonical name of `into_id`. */
  name: text,
}

export type RunOutcome = 'published' | 'unchanged' | 'failed'

/** One row per job run that came as far as the database, key `run_id`. A published row stands there iff its tables do. */
export const runColumns = {
  run_id: text,
  job: text,
  started_at: text,
  finished_at: text,
  outcome: oneOf<RunOutcome>(),
  /** One sentence; null unless failed. */
  error: nullable(text),
  /** The ledger: rows_in = plays + quarantined + duplicates. Null: the run ended before they were counted. */
  rows_in: nullable(int64),
  plays: nullable(int64),
  quarantined: nullable(int64),
  duplicates: nullable(int64),
  repaired: nullable(int64),
  /** JSON: per table `{inserted, updated, deleted}`. */
  changes: nullable(text),
  /** JSON: list of `{label, bytes, sha256}`. */
  inputs: text,
  /** JSON: name → version. */
  versions: text,
  /** JSON: setting → value, secrets left out. */
  settings: text,
  /** JSON: stage → milliseconds. */
  stages_ms: text,
}

/** One row per table that a job of one's own writes, key `name`. */
export const ownTableColumns = {
  name: text,
  /** The job that writes it, as users know it: `job:weekly-chart`. */
  job: text,
  /** What a row is, in a sentence. */
  summary: text,
  /** JSON: the columns of its key. */
  table_key: text,
  /** JSON: name and kind of each column. */
  table_columns: text,
  /** The run that changed it last. */
  run_id: text,
  created_at: text,
  updated_at: text,
}

/** One row per data check of a run of one's own, key `(run_id, name)`. */
export const dataCheckColumns = {
  run_id: text,
  name: text,
  job: text,
  at: text,
  level: oneOf<'warn' | 'error'>(),
  outcome: oneOf<'passed' | 'failed'>(),
  /** Rows that fail it. */
  failing: int64,
  /** JSON: some of these rows. */
  examples: nullable(text),
}
