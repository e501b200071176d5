// Files, dates, a join, a window, writing, a stream, and errors: one program from end to end.
//   node examples/plays.ts            starts a Spark of its own
//   SPARK_REMOTE=sc://host:15002 …    runs on a server that sees the same files
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  AnalysisException,
  count,
  desc,
  row_number,
  SparkSession,
  to_date,
  types,
  Window,
  year,
} from 'spark-connect-js'

await using spark = await SparkSession.connect(process.env.SPARK_REMOTE ?? 'local[*]')
const folder = mkdtempSync(join(tmpdir(), 'plays-'))

// Files: a schema types the rows; options stand beside the path.
writeFileSync(
  join(folder, 'plays.csv'),
  `played;artist;song
2024-02-29 10:00:00;Nirvana;Lithium
2024-02-29 11:00:00;Nirvana;Lithium
2024-03-01 10:00:00;Nirvana;In Bloom
2024-03-01 11:00:00;Boston;Amanda
`,
)
const schema = types.struct({ played: types.timestamp, artist: types.string, song: types.string })
const plays = spark.read.schema(schema).csv(join(folder, 'plays.csv'), { header: true, sep: ';' }).dropNulls('artist')

// Dates are columns like others.
const days = plays.select((c) => ({ artist: c.artist, song: c.song, day: to_date(c.played), year: year(c.played) }))

// A join: the other side may be missing, and the compiler knows it.
const artists = await spark.createDataFrame([{ name: 'Nirvana', country: 'US' }])
const located = days.join(artists, (play, artist) => play.artist.eq(artist.name), 'left').drop('name')

// A window: the song that each artist plays most.
const songs = located.groupBy('artist', 'song', 'country').agg({ plays: count('*') })
const rank = row_number().over(Window.partitionBy('artist').orderBy(desc('plays'), 'song'))
const favourites = songs
  .withColumn('rank', rank)
  .filter((c) => c.rank.eq(1))
  .drop('rank')
  .orderBy('artist')
console.log(await favourites.collect())

// Writing, and reading again.
await favourites.write.mode('overwrite').partitionBy('artist').parquet(join(folder, 'favourites'))
console.log(await spark.read.parquet(join(folder, 'favourites')).count(), 'favourites written')

// A stream: what lies in the folder now, then its end.
const stream = spark.readStream.schema('artist string, song string').parquet(join(folder, 'favourites'))
const query = await stream.writeStream.format('memory').queryName('seen').trigger({ availableNow: true }).start()
await query.awaitTermination()
console.log(await spark.table('seen').count(), 'rows streamed')

// Errors: told apart by class, each with Spark's name for it and the SQL state.
try {
  await spark.table('no_such_table').collect()
} catch (error) {
  if (!(error instanceof AnalysisException)) throw error
  console.log(error.errorClass, error.sqlState)
}
rmSync(folder, { recursive: true })
