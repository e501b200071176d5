import { pathToFileURL } from 'node:url'

// The main job's steps in DuckDB, on the log in BENCH_INPUT into the database BENCH_DATABASE, by the package in BENCH_MODULE;
// prints {"seconds", "peakMb", "rows", "parts"}. The steps are the job's own (repair by the anchor, one play per id, distinct
// names cleaned, compared within blocks, named by their most played spelling, joined back, aggregated, stored); the rules
// are the shortest form of each, so its names are worse than ours and its time is a lower bound of theirs.
const { DuckDBInstance } = await import(pathToFileURL(process.env.BENCH_MODULE!).href)
const start = performance.now()
const instance = await DuckDBInstance.create(process.env.BENCH_DATABASE!)
const db = await instance.connect()
const text = (value: string) => `'${value.replaceAll("'", "''")}'`

const anchor = '^(.*?);([A-Z]{3,4});(\\d{10});([A-Z]{3,4}\\d+);(.*?);([01]);*$'
const group = (n: number) => `regexp_extract(line, ${text(anchor)}, ${n})`
const cleaned = (name: string) =>
  `trim(regexp_replace(regexp_replace(${['amp', 'quot', '#39'].reduce(
    (sql, entity, i) => `replace(${sql}, '&${entity};', ${text(['&', '"', "'"][i]!)})`,
    name,
  )}, '(?i)\\s*[(\\[][^)\\]]*(live|acoustic|edit|remix|remaster|version)[^)\\]]*[)\\]]| - (live|remaster).*$', '', 'g'), '(?i)\\s+(feat\\.?|ft\\.?|featuring)\\s.*$', ''))`
const keyed = (name: string) =>
  `replace(trim(regexp_replace(regexp_replace(strip_accents(lower(replace(${name}, '&', ' and '))), '[^\\p{L}\\p{N}]+', ' ', 'g'), '\\b(the|and|a|an)\\b', '', 'g')), ' ', '')`

const steps: readonly (readonly [string, readonly string[]])[] = [
  [
    'repair',
    [
      `create temp table lines as select replace(line, chr(13), '') as line, row_number() over () as source_line
         from read_csv(${text(process.env.BENCH_INPUT!)}, columns = {'line': 'VARCHAR'}, delim = chr(31), quote = '', escape = '',
           header = false, skip = 1, ignore_errors = true, max_line_size = 10000000)`,
      `create temp table parsed as select *, string_split(head, ';') as fields, replace(replace(combined, ';', ','), '"', '') as whole
         from (select source_line, line, ${group(1)} as head, ${group(2)} as callsign, try_cast(${group(3)} as bigint) as time_unix,
           ${group(4)} as unique_id, ${group(5)} as combined from lines)`,
      `create temp table read_plays as select unique_id, callsign, time_unix, source_line,
           if(len(fields) = 2, fields[1], regexp_extract(whole, '^(.*) by (.*)$', 1)) as raw_song,
           if(len(fields) = 2, fields[2], regexp_extract(whole, '^(.*) by (.*)$', 2)) as raw_artist,
           len(fields) <> 2 as repaired, line
         from parsed where unique_id <> ''`,
      `create temp table accepted as select * from read_plays where raw_song <> '' and raw_artist <> ''
         qualify row_number() over (partition by unique_id order by source_line) = 1`,
      `create table quarantined_plays as select source_line, line from lines anti join accepted using (source_line)`,
    ],
  ],
  [
    'resolve',
    [
      `create temp table names as select *, ${keyed('artist')} as artist_key, ${keyed('song')} as song_key
         from (select raw_artist, raw_song, count(*) as plays, ${cleaned('raw_artist')} as artist, ${cleaned('raw_song')} as song
           from accepted group by all)`,
      `create temp table blocks as select distinct song_key, artist_key from names where artist_key <> '' and length(song_key) >= 4
         qualify count(*) over (partition by song_key) <= 50`,
      `create temp table artist_edges as select a.artist_key as a, min(z.artist_key) as z
         from blocks a join blocks z on a.song_key = z.song_key and a.artist_key > z.artist_key
         where length(a.artist_key) >= 6 and levenshtein(a.artist_key, z.artist_key) <= if(length(a.artist_key) < 12, 1, 2) group by 1`,
      `create temp table by_artist as select names.*, coalesce(second.z, first.z, artist_key) as artist_id
         from names left join artist_edges first on first.a = artist_key left join artist_edges second on second.a = first.z`,
      `create temp table titles as select distinct artist_id, song_key from by_artist`,
      `create temp table song_edges as select a.artist_id, a.song_key as a, min(z.song_key) as z
         from titles a join titles z on a.artist_id = z.artist_id and left(a.song_key, 4) = left(z.song_key, 4) and a.song_key > z.song_key
         where length(a.song_key) >= 6 and levenshtein(a.song_key, z.song_key) <= if(length(a.song_key) < 12, 1, 2) group by 1, 2`,
      `create temp table resolved as select by_artist.*, coalesce(z, song_key) as song_id
         from by_artist left join song_edges on song_edges.artist_id = by_artist.artist_id and a = song_key`,
      `create table song_names as select raw_artist, raw_song, plays, artist_id, song_id,
           first_value(artist) over (partition by artist_id order by artist_plays desc, artist) as artist_clean,
           first_value(song) over (partition by artist_id, song_id order by song_plays desc, song) as song_clean
         from (select *, sum(plays) over (partition by artist_id, artist) as artist_plays,
           sum(plays) over (partition by artist_id, song_id, song) as song_plays from resolved)`,
    ],
  ],
  [
    'load',
    [
      `create table plays as select accepted.*, artist_clean, song_clean from accepted join song_names using (raw_artist, raw_song)`,
      `create table artists as select artist_clean, count(*) as plays, count(distinct song_clean) as songs,
         count(distinct callsign) as stations, min(time_unix) as first_play, max(time_unix) as last_play from plays group by 1`,
      `create table songs as select artist_clean, song_clean, count(*) as plays, count(distinct callsign) as stations,
         min(time_unix) as first_play, max(time_unix) as last_play from plays group by 1, 2`,
      `create table stations as select callsign, count(*) as plays, count(distinct artist_clean) as artists from plays group by 1`,
      `create table plays_by_hour as select callsign, time_unix - time_unix % 3600 as hour_unix, count(*) as plays from plays group by 1, 2`,
      'checkpoint',
    ],
  ],
]

const parts: Record<string, number> = {}
for (const [name, queries] of steps) {
  const before = performance.now()
  for (const query of queries) await db.run(query)
  parts[name] = (performance.now() - before) / 1000
}
const counted = await db.runAndReadAll('select (select count(*) from plays), (select count(*) from lines)')
const [plays, rows] = counted.getRows()[0].map(Number)
if (!(plays > 0.8 * rows)) throw new Error(`only ${plays} plays of ${rows} rows`)
const seconds = (performance.now() - start) / 1000
console.log(JSON.stringify({ seconds, rows, peakMb: process.resourceUsage().maxRSS / 1024, parts }))
process.exit(0)
