import { double, int64, means, nullable, oneOf, text } from '../../model/columns.ts'
import { shared } from '../../model/shared-columns.ts'

/* The tables that only the store writes. */

/** One row per pair of names that were joined on thin evidence or nearly joined, key `(kind, artist, a, z)`. Of the last run. */
export const nameDoubtColumns = {
  kind: means(oneOf<'artist' | 'song'>(), 'artist or song'),
  artist: means(text, 'key of the artist whose titles these are; empty between artists'),
  a: means(text, 'key of the first name'),
  z: means(text, 'key of the second name'),
  rule: means(text, 'the rule that compared the names'),
  score: means(double, 'how alike the letters are, 0 to 1'),
  plays: means(int64, 'plays of both names'),
  verdict: means(oneOf<'same' | 'different'>(), 'same or different'),
  why: means(text, 'the reason of the verdict'),
}

/** One row per id that changed its meaning in a run, key `(run_id, level, id, into_id)`. Never deleted. */
export const idEventColumns = {
  run_id: shared.run_id,
  at: shared.at,
  kind: means(oneOf<'split' | 'merged'>(), 'split: the id lives on without these plays; merged: the id is gone'),
  level: means(oneOf<'artist' | 'song'>(), 'artist or song'),
  id: means(text, 'the id that the plays had before'),
  into_id: means(text, 'the id that the plays have now'),
  name: shared.name,
}

export type RunOutcome = 'published' | 'unchanged' | 'failed'

/** One row per job run that came as far as the database, key `run_id`. A published row stands there iff its tables do. */
export const runColumns = {
  run_id: shared.run_id,
  job: shared.job,
  started_at: shared.started_at,
  finished_at: shared.finished_at,
  outcome: means(oneOf<RunOutcome>(), 'published, unchanged or failed'),
  error: means(nullable(text), 'one sentence on why the run failed; null: it did not'),
  /** The ledger: rows_in = plays + quarantined + duplicates. Null: the run ended before they were counted. */
  rows_in: means(nullable(int64), 'rows read: plays, refused and duplicates'),
  plays: nullable(shared.plays),
  quarantined: means(nullable(int64), 'rows refused'),
  duplicates: means(nullable(int64), 'rows that were the same as others'),
  repaired: means(nullable(int64), 'rows repaired'),
  changes: means(nullable(text), 'JSON: rows inserted, updated and deleted by table'),
  inputs: means(text, 'JSON: name, bytes and SHA-256 of each input'),
  versions: means(text, 'JSON: versions of the programs'),
  settings: means(text, 'JSON: settings of the run, secrets left out'),
  stages_ms: means(text, 'JSON: milliseconds by stage'),
}

/** One row per table that a job of one's own writes, key `name`. */
export const ownTableColumns = {
  name: shared.name,
  job: shared.job,
  summary: means(text, 'what the table holds, in a sentence'),
  table_key: means(text, 'the key of the table'),
  table_columns: means(text, 'JSON: the columns of the table'),
  run_id: shared.run_id,
  created_at: shared.created_at,
  updated_at: shared.updated_at,
}

/** One row per data check of a run of one's own, key `(run_id, name)`. */
export const dataCheckColumns = {
  run_id: shared.run_id,
  name: shared.name,
  job: shared.job,
  at: shared.at,
  level: means(oneOf<'warn' | 'error'>(), 'warn or error'),
  outcome: means(oneOf<'passed' | 'failed'>(), 'how it ended'),
  failing: means(int64, 'rows that failed the check'),
  examples: means(nullable(text), 'JSON: rows that failed the check'),
}
