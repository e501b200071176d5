// Checked by `tsc --noEmit`, never run: what the row types are, and which calls must not compile.
import {
  array,
  type Column,
  coalesce,
  col,
  collect_list,
  concat,
  count,
  create_map,
  type DataFrame,
  type Decimal,
  element_at,
  explode,
  explode_outer,
  expr,
  fieldsOf,
  length,
  lit,
  lower,
  map_entries,
  map_from_arrays,
  map_keys,
  map_values,
  max,
  percentile,
  percentile_approx,
  type RowType,
  row_number,
  type SparkSession,
  type StructType,
  sum,
  type Timestamp,
  types,
  upper,
  using,
  Window,
  when,
} from '../../src/index.ts'

type Equals<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
const same = <A, B>(_proof: Equals<A, B>): void => {}
type RowsOf<F> = F extends DataFrame<infer R> ? R : never
type ValuesOf<C> = C extends Column<infer T> ? T : never

interface Play {
  artist: string
  song: string | null
  callsign: string
  played: bigint
  score: number
  at: Timestamp | null
}
interface Station {
  callsign: string
  city: string
}
declare const plays: DataFrame<Play>
declare const stations: DataFrame<Station>

// ── select ──
const named = plays.select((c) => ({ name: upper(c.artist), title: lower(c.song), n: c.played.plus(1) }))
same<RowsOf<typeof named>, { name: string; title: string | null; n: bigint }>(true)
const picked = plays.select('artist', 'song')
same<RowsOf<typeof picked>, { artist: string; song: string | null }>(true)
const listed = plays.select('artist', upper('song').as('s'))
same<RowsOf<typeof listed>, any>(true)
// @ts-expect-error a misspelled name
plays.select('artits')
// @ts-expect-error a misspelled name in a callback
plays.select((c) => ({ name: c.artits }))
// @ts-expect-error lower() takes text
plays.select((c) => ({ n: lower(c.played) }))

// ── filter ──
plays.filter((c) => c.artist.eq('Nirvana').and(c.song.isNotNull()))
plays.filter((c) => c.song.eq('Lithium'))
plays.filter((c) => c.played.gt(3))
plays.filter("artist = 'Nirvana'")
// @ts-expect-error a condition is boolean
plays.filter((c) => c.artist)
// @ts-expect-error text is not compared with a number
plays.filter((c) => c.artist.eq(3))

// ── columns ──
const compared = plays.select((c) => ({ a: c.artist.eq(c.song), b: c.artist.eq('x'), c: c.song.eqNullSafe(c.artist) }))
same<RowsOf<typeof compared>, { a: boolean | null; b: boolean; c: boolean }>(true)
declare const price: Column<Decimal | null>
const twice = price.plus(price)
same<ValuesOf<typeof twice>, Decimal | null>(true)
const sums = plays.select((c) => ({
  wide: c.played.plus(c.played),
  mixed: c.played.plus(0.5),
  real: c.score.multiply(2),
  ratio: c.played.divide(c.score),
}))
same<RowsOf<typeof sums>, { wide: bigint; mixed: number; real: number; ratio: number }>(true)
const casts = plays.select((c) => ({
  a: c.played.cast('string'),
  b: c.song.cast(types.long),
  c: c.artist.try_cast('int'),
}))
same<RowsOf<typeof casts>, { a: string; b: bigint | null; c: number | null }>(true)
const chosen = plays.select((c) => ({
  band: when(c.played.gt(100n), 'often').otherwise('rarely'),
  open: when(c.played.gt(100n), 'often'),
  song: coalesce(c.song, c.artist),
  maybe: coalesce(c.song, c.song),
}))
same<RowsOf<typeof chosen>, { band: string; open: string | null; song: string; maybe: string | null }>(true)
// `expr` does not take its type from where it stands.
const free = plays.select({ x: expr('a + b'), y: expr<bigint>('count(*)'), z: lit('x') })
same<RowsOf<typeof free>, { x: any; y: bigint; z: string }>(true)
const nested = plays.select((c) => ({ list: array(c.artist, c.song), size: length(c.song) }))
same<RowsOf<typeof nested>, { list: (string | null)[]; size: number | null }>(true)

// ── lists, maps, percentiles ──
declare const tags: Column<string[]>
declare const counts: Column<Map<string, bigint> | null>
const parts = plays.select((c) => ({
  each: explode(tags),
  orNull: explode_outer(tags),
  item: element_at(tags, 1),
  count: element_at(counts, 'a'),
  keys: map_keys(counts),
  values: map_values(counts),
  entries: map_entries(counts),
  paired: map_from_arrays(tags, array(c.played, c.played)),
  made: create_map(c.artist, c.played, lit('score'), c.score),
  median: percentile(c.score, 0.5),
  quartiles: percentile(c.score, [0.25, 0.75]),
  usual: percentile_approx(c.played, 0.5),
  usuals: percentile_approx(c.played, [0.5]),
  unknown: element_at('tags', 1),
}))
same<
  RowsOf<typeof parts>,
  {
    each: string
    orNull: string | null
    item: string | null
    count: bigint | null
    keys: string[] | null
    values: bigint[] | null
    entries: { key: string; value: bigint }[] | null
    paired: Map<string, bigint>
    made: Map<string, bigint | number>
    median: number | null
    quartiles: number[] | null
    usual: bigint | null
    usuals: bigint[] | null
    unknown: any
  }
>(true)

// ── withColumns, rename, drop ──
const extended = plays
  .withColumn('upper', (c) => upper(c.artist))
  .withColumns((c) => ({ song: coalesce(c.song, c.artist) }))
same<RowsOf<typeof extended>['upper'], string>(true)
same<RowsOf<typeof extended>['song'], string>(true)
same<keyof RowsOf<typeof extended>, keyof Play | 'upper'>(true)
const renamed = stations.withColumnRenamed('city', 'town')
same<RowsOf<typeof renamed>, { callsign: string; town: string }>(true)
const dropped = plays.drop('at', 'score', 'played')
same<RowsOf<typeof dropped>, { artist: string; song: string | null; callsign: string }>(true)
// @ts-expect-error a name that is not there
stations.withColumnRenamed('ciy', 'town')

// ── groups ──
const grouped = plays.groupBy('artist').agg({ plays: count('*') })
same<RowsOf<typeof grouped>, { artist: string; plays: bigint }>(true)
const aggregated = plays
  .groupBy('artist')
  .agg((c) => ({ last: max(c.at), total: sum(c.played), songs: collect_list(c.song) }))
same<RowsOf<typeof aggregated>, { artist: string; last: Timestamp | null; total: bigint; songs: string[] }>(true)
const byNew = plays.groupBy((c) => ({ initial: c.artist.substr(1, 1) })).agg({ n: count('*') })
same<RowsOf<typeof byNew>, { initial: string; n: bigint }>(true)
const counted = plays.groupBy('callsign', 'artist').count()
same<RowsOf<typeof counted>, { callsign: string; artist: string; count: bigint }>(true)
const rolled = plays.rollup('callsign').agg({ n: count('*') })
same<RowsOf<typeof rolled>, { callsign: string | null; n: bigint }>(true)
const total = plays.agg((c) => ({ n: count('*'), best: max(c.score) }))
same<RowsOf<typeof total>, { n: bigint; best: number | null }>(true)
// @ts-expect-error a misspelled key
plays.groupBy('artits')

// ── joins ──
const inner = plays.join(stations, 'callsign')
same<RowsOf<typeof inner>['city'], string>(true)
const left = plays.join(stations, 'callsign', 'left')
same<RowsOf<typeof left>['city'], string | null>(true)
same<RowsOf<typeof left>['artist'], string>(true)
const right = plays.join(stations, 'callsign', 'right')
same<RowsOf<typeof right>['artist'], string | null>(true)
same<RowsOf<typeof right>['callsign'], string>(true)
const full = plays.join(stations, ['callsign'], 'full')
same<RowsOf<typeof full>['artist'], string | null>(true)
same<RowsOf<typeof full>['city'], string | null>(true)
const semi = plays.join(stations, 'callsign', 'left_semi')
same<RowsOf<typeof semi>, Play>(true)
const byCondition = plays.join(
  stations.withColumnRenamed('callsign', 'sign'),
  (p, s) => p.callsign.eq(s.sign).and(p.played.gt(0n)),
  'left_outer',
)
same<RowsOf<typeof byCondition>['sign'], string | null>(true)
// @ts-expect-error column 'song' is on both sides; rename it or add it to the join keys
plays.join(plays.select('callsign', 'song'), 'callsign')
// @ts-expect-error column 'callsign' is on both sides; rename it or drop it
plays.crossJoin(stations)
// @ts-expect-error no such kind of join
plays.join(stations, 'callsign', 'outward')
// @ts-expect-error a key that only one side has
plays.join(stations, 'artist')

// ── set operations, schemas, escapes ──
const both = plays.select('artist').union(plays.select((c) => ({ artist: c.song })))
same<RowsOf<typeof both>, { artist: string | null }>(true)
const kept = plays.dropNulls('song')
same<RowsOf<typeof kept>['song'], string>(true)
same<RowsOf<typeof kept>['at'], Timestamp | null>(true)
const schema = types.struct({
  id: types.long.notNull(),
  name: types.string,
  tags: types.array(types.string.notNull()).notNull(),
  counts: types.map(types.string, types.integer),
  price: types.decimal(10, 2),
})
same<
  RowType<typeof schema>,
  { id: bigint; name: string | null; tags: string[]; counts: Map<string, number | null> | null; price: Decimal | null }
>(true)
const checked = plays.to(schema)
same<RowsOf<typeof checked>, RowType<typeof schema>>(true)
const escaped = plays.$castTo<{ x: number }>()
same<RowsOf<typeof escaped>, { x: number }>(true)
const column = col('x').$castTo<string | null>()
same<ValuesOf<typeof column>, string | null>(true)

// ── generic stages ──
const playsPerArtist = <R extends { artist: string }>(frame: DataFrame<R>) =>
  frame.groupBy('artist').agg({ plays: count('*') })
const perArtist = plays.transform(playsPerArtist)
same<RowsOf<typeof perArtist>['plays'], bigint>(true)
// @ts-expect-error stations have no artist
stations.transform(playsPerArtist)

// ── windows ──
const ranked = plays.withColumn('rank', (c) => row_number().over(Window.partitionBy(c.artist).orderBy(c.played.desc())))
same<RowsOf<typeof ranked>['rank'], number>(true)

// ── values with a name, fields, structs as rows ──
interface Shelf {
  owner: string
  place: { city: string; year: number | null } | null
  books: { title: string; pages: number }[] | null
}
declare const shelves: DataFrame<Shelf>
const doubledOwner = shelves.select((c) => ({ owner: using(lower(c.owner), (small) => concat(small, small)) }))
same<RowsOf<typeof doubledOwner>, { owner: string }>(true)
const cities = shelves.select((c) => ({ city: fieldsOf(c.place).city, year: fieldsOf(c.place).year }))
same<RowsOf<typeof cities>, { city: string | null; year: number | null }>(true)
// @ts-expect-error a place has no street
shelves.select((c) => ({ street: fieldsOf(c.place).street }))
const books = shelves.select('owner', 'books').inline('books')
same<RowsOf<typeof books>, { owner: string; title: string; pages: number }>(true)
// @ts-expect-error the structs have a field 'title', and so has the frame
shelves.withColumn('title', (c) => c.owner).inline('books')

// ── rows ──
export const first = async (): Promise<string | undefined> => (await plays.collect())[0]?.artist
// @ts-expect-error rows are typed
export const wrong = async (): Promise<number | undefined> => (await plays.collect())[0]?.artist
declare const untyped: DataFrame<any>
export const anything = untyped
  .filter((c) => c.x!.gt(1))
  .groupBy('x')
  .agg({ n: count('*') })
  .select('n', concat('x', 'y'))

// ── rows of createDataFrame ──
declare const spark: SparkSession
const songs = types.struct({
  artist: types.string.notNull(),
  plays: types.long,
  at: types.timestamp,
  tags: types.array(types.string),
})
const songFrame = spark.createDataFrame(
  [{ artist: 'x', plays: 3n, at: new Date() }, { artist: 'y', plays: 3, tags: ['a', null] }, ['z', 1n, null, []]],
  songs,
)
same<Awaited<typeof songFrame>, DataFrame<RowType<typeof songs>>>(true)
declare function someRows(): AsyncGenerator<{ artist: string; plays: bigint }>
spark.createDataFrame(someRows(), songs)
spark.createDataFrame(new Set([{ artist: 'x' }]), songs)
// @ts-expect-error: a misspelt name
spark.createDataFrame([{ artist: 'x', plas: 3n }], songs)
// @ts-expect-error: a value of another type
spark.createDataFrame([{ artist: 5 }], songs)
// @ts-expect-error: null where the schema does not allow it
spark.createDataFrame([{ artist: null }], songs)
// @ts-expect-error: a column that is never null is missing
spark.createDataFrame([{ plays: 3n }], songs)
// @ts-expect-error: more values than columns
spark.createDataFrame([['x', 3n, null, [], 'more']], songs)
// @ts-expect-error: fewer values than columns
spark.createDataFrame([['x', 3n]], songs)
// @ts-expect-error: a value that no column takes
spark.createDataFrame([['x', true, null, []]], songs)
// @ts-expect-error: text is not a list of rows
spark.createDataFrame('rows', songs)
const nestedSongs = types.struct({ song: types.struct({ title: types.string.notNull(), length: types.decimal(5, 1) }) })
spark.createDataFrame([{ song: { title: 'x', length: '3.5' } }, { song: null }, { song: ['x', 1] }], nestedSongs)
// @ts-expect-error: a misspelt name within a struct
spark.createDataFrame([{ song: { title: 'x', lenght: '3.5' } }], nestedSongs)
// Where every column may be null, all names may be missing; that does not make a row of everything.
const loose = types.struct({ artist: types.string, plays: types.long, song: types.struct({ title: types.string }) })
spark.createDataFrame([{}, { plays: 1 }, ['x', 3n, null], { song: { title: 'x' } }, { song: [null] }], loose)
// @ts-expect-error: more values than columns
spark.createDataFrame([['x', 3n, null, 'more']], loose)
// @ts-expect-error: a number is not a row
spark.createDataFrame([5], loose)
// @ts-expect-error: a text is not a row
spark.createDataFrame(['x'], loose)
// @ts-expect-error: a Map is not a row
spark.createDataFrame([new Map()], loose)
// @ts-expect-error: a Date is not a row
spark.createDataFrame([new Date()], loose)
// @ts-expect-error: a number is not a struct
spark.createDataFrame([{ song: 5 }], loose)
spark.createDataFrame([{ whatever: 1 }, [1, 2]], 'a int, b int')
declare const unknownSchema: StructType
spark.createDataFrame([{ whatever: 1 }, [1, 2]], unknownSchema)
const told = spark.createDataFrame([
  { id: 1, name: 'x', at: new Date(), place: { city: 'Wien' }, tags: ['a'], n: null as bigint | null },
])
same<
  Awaited<typeof told>,
  DataFrame<{ id: number; name: string; at: Timestamp; place: { city: string }; tags: string[]; n: bigint | null }>
>(true)
interface Song {
  readonly title: string
  readonly plays?: number
}
declare const someSongs: readonly Song[]
const toldSongs = spark.createDataFrame(someSongs)
same<Awaited<typeof toldSongs>, DataFrame<{ title: string; plays: number | null }>>(true)
spark.createDataFrame([[1, 'x']], ['id', 'name'])
spark.createDataFrame(new Uint8Array())
