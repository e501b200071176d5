import { type DataFrame, pmod, xxhash64 } from 'spark-connect-js'

/**
 * Plays as several frames, for an answer that is read by one process: a server holds an answer in its memory until it was
 * read, and refuses one of more than 1 GB (`spark.driver.maxResultSize`).
 *
 * @param plays frame with `unique_id`
 * @param count how many rows it has
 * @param atOnce rows of a part, about. Default: 2.5 million, some 400 MB
 * @returns one frame or more; every row is in one of them. *Cost:* each part goes through the rows of all.
 */
export function inParts<R extends { unique_id: string }>(
  plays: DataFrame<R>,
  count: bigint,
  atOnce = 2_500_000,
): readonly DataFrame<R>[] {
  const parts = Math.ceil(Number(count) / atOnce)
  if (parts <= 1) return [plays]
  return Array.from({ length: parts }, (_, part) => plays.where((c) => pmod(xxhash64(c.unique_id), parts).eq(part)))
}
