// Checked by `tsc --noEmit` with the settings that `tsc --init` writes, never run: frames of which nothing is known.
import { count, type DataFrame, lower, max, type SparkSession, sum, upper } from '../../../src/index.ts'

declare const spark: SparkSession
export const plays = await spark.sql('SELECT * FROM plays')
export const often = plays.filter((c) => c.plays.gt(1)).select((c) => ({ a: c.artist, b: lower(c.song) }))
export const sums = spark
  .table('plays')
  .groupBy('artist')
  .agg((c) => ({ n: sum(c.plays), last: max(c.at.cast('date')) }))
export const days = plays.groupBy((c) => ({ day: c.at })).agg((c) => ({ n: count('*'), first: c.at }))
export const both = plays
  .withColumns((c) => ({ song: upper(c.song) }))
  .join(spark.table('stations'), (play, station) => play.sign.eq(station.sign))
  .orderBy((c) => c.plays.desc())
export const rows: Promise<{ a: unknown; b: string | null }[]> = often.collect()
export const typed = spark.table('plays').$castTo<{ artist: string }>()
// @ts-expect-error the names of a typed frame are checked
export const misspelled = (frame: DataFrame<{ artist: string }>) => frame.filter((c) => c.artits.eq('x'))
