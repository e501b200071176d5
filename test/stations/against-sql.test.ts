import { readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import Database from 'better-sqlite3'
import { PlayLogBuilder, type StationView, stationViews } from '../../lib/stations/index.ts'

/*
 * The same figures by plain SQL, on the sample as it was read (names not cleaned). `time_unix` is UTC and so is the view.
 */
const db = new Database(':memory:')
db.exec('create table plays (id integer primary key, callsign text, artist text, song text, at integer)')
const builder = new PlayLogBuilder()
const insert = db.prepare('insert into plays (callsign, artist, song, at) values (?, ?, ?, ?)')
for (const line of readFileSync('sample/plays.csv', 'latin1').split('\r\n')) {
  const [song, artist, callsign, time, ...rest] = line.split(';')
  if (!/^\d{10}$/.test(time ?? '') || rest.length === 0) continue
  insert.run(callsign, artist, song, Number(time))
  builder.add(callsign!, artist!, song!, Number(time), null)
}
// Spins with their stretch: a gap is more than 20 minutes and more than four medians.
db.exec(`
  create table between_spins as
    select callsign, id, at - lag(at) over (partition by callsign order by at, id) as seconds from plays;
  create table medians as
    select callsign, avg(seconds) as median from (
      select callsign, seconds, row_number() over (partition by callsign order by seconds) as n,
        count(*) over (partition by callsign) as of
      from between_spins where seconds is not null)
    where n in ((of + 1) / 2, (of + 2) / 2) group by callsign;
  create table spins as
    select p.*, b.seconds, b.seconds > max(1200, 4 * m.median) as after_gap,
      sum(coalesce(b.seconds > max(1200, 4 * m.median), 0)) over (partition by p.callsign order by p.at, p.id) as stretch
    from plays p join between_spins b using (id) join medians m on m.callsign = p.callsign;
  create index titles on spins (callsign, artist, song);
`)
const log = builder.build()
const views = log.stations.map(stationViews(log))

/** One row for each station, as JSON of an array; in the order of the view. */
function byStation(select: string): Map<string, unknown[]> {
  const rows = db.prepare(select).raw().all() as [string, ...unknown[]][]
  return new Map(rows.map(([callsign, ...values]) => [callsign, values]))
}

const questions: readonly [string, (view: StationView) => unknown[], string][] = [
  [
    '1 volume, 13 silences',
    ({ volume, silences }) => [
      volume.spins,
      volume.titles,
      volume.acts,
      volume.coveredHours,
      silences.count,
      silences.hours,
    ],
    `select callsign, count(*), count(distinct artist || '|' || song), count(distinct artist),
       sum(case when after_gap then 0 else coalesce(seconds, 0) end) / 3600.0, coalesce(sum(after_gap), 0),
       sum(case when after_gap then seconds else 0 end) / 3600.0
     from spins group by callsign`,
  ],
  [
    '2 turnover',
    ({ turnover }) => [turnover.pairs, turnover.pairsAcrossGaps, turnover.medianHours],
    `with pairs as (
       select callsign, stretch = lag(stretch) over w as same, at - lag(at) over w as seconds
       from spins window w as (partition by callsign, artist, song order by at, id)),
     ranked as (
       select *, row_number() over (partition by callsign, same order by seconds) as n,
         count(*) over (partition by callsign, same) as of
       from pairs where seconds is not null)
     select callsign, sum(same), sum(1 - same),
       avg(case when same and n in ((of + 1) / 2, (of + 2) / 2) then seconds end) / 3600.0
     from ranked group by callsign`,
  ],
  [
    '3 repeats',
    ({ repeats }) => repeats.withinHours.map(({ spins }) => spins),
    `select callsign, sum(seconds <= 3600), sum(seconds <= 10800), sum(seconds <= 86400) from (
       select callsign, at - lag(at) over (partition by callsign, artist, song order by at, id) as seconds from spins)
     group by callsign`,
  ],
  [
    '4 separation',
    ({ separation }) => [
      separation.pairs,
      separation.minMinutes,
      ...separation.withinMinutes.map(({ spins }) => spins),
    ],
    `select callsign, sum(same), min(case when same then seconds end) / 60.0, sum(same and seconds <= 1800),
       sum(same and seconds <= 3600), sum(same and seconds <= 5400)
     from (
       select callsign, stretch = lag(stretch) over w as same, at - lag(at) over w as seconds
       from spins window w as (partition by callsign, artist order by at, id))
     group by callsign`,
  ],
  [
    '5 vertical rotation',
    ({ rotation }) => [rotation.vertical.spins],
    `select s.callsign, sum(exists (
       select 1 from spins b where b.callsign = s.callsign and b.artist = s.artist and b.song = s.song
         and b.at / 3600 = s.at / 3600 - 24))
     from spins s group by s.callsign`,
  ],
  [
    '6 spins by part of the day',
    ({ dayparts }) => dayparts.map(({ spins }) => spins),
    `select callsign, sum(h < 6), sum(h between 6 and 9), sum(h between 10 and 14), sum(h between 15 and 18), sum(h > 18)
     from (select callsign, at % 86400 / 3600 as h from spins) group by callsign`,
  ],
  [
    '8 depth',
    ({ depth }) => [depth.top[0]!.share, depth.effectiveTitles],
    `with titles as (
       select callsign, count(*) as n, sum(count(*)) over (partition by callsign) as of,
         row_number() over (partition by callsign order by count(*) desc) as place
       from spins group by callsign, artist, song)
     select callsign, sum(case when place <= 10 then n end) * 1.0 / of, exp(-sum(n * 1.0 / of * ln(n * 1.0 / of)))
     from titles group by callsign, of`,
  ],
  [
    '11 exclusives',
    ({ exclusives }) => [exclusives!.titles.count, exclusives!.titles.spins],
    `with span as (select callsign, min(at) as first, max(at) as last from spins group by callsign),
     titles as (select callsign, artist, song, count(*) as n from spins group by 1, 2, 3)
     select callsign, count(*), sum(n) from titles t join span s using (callsign)
     where not exists (
       select 1 from spins o where o.artist = t.artist and o.song = t.song and o.callsign <> t.callsign
         and o.at between s.first and s.last)
     group by callsign`,
  ],
  [
    '12 the nearest station',
    ({ likeness }) => [likeness!.nearest[0]!.callsign, likeness!.nearest[0]!.acts],
    `with acts as (select callsign, artist, count(*) as n from spins group by 1, 2),
     norms as (select callsign, sqrt(sum(n * n)) as norm from acts group by 1),
     cosines as (
       select a.callsign, b.callsign as other, sum(a.n * b.n) / x.norm / y.norm as cosine
       from acts a join acts b on b.artist = a.artist and b.callsign <> a.callsign
         join norms x on x.callsign = a.callsign join norms y on y.callsign = b.callsign
       group by 1, 2)
     select callsign, other, max(cosine) from cosines group by callsign`,
  ],
]

describe('the sample, against plain SQL', () => {
  test('is there', () => {
    expect(views.length).toBeGreaterThanOrEqual(10)
    expect(log.stations.reduce((sum, { times }) => sum + times.length, 0)).toBeGreaterThan(4_000)
  })

  test.each(questions)('%s', (_, ofView, select) => {
    const expected = byStation(select)
    for (const view of views) {
      const found = ofView(view)
      expect([view.callsign, found.length]).toEqual([view.callsign, expected.get(view.callsign)!.length])
      for (const [i, value] of expected.get(view.callsign)!.entries()) {
        if (typeof value === 'number') expect(found[i]).toBeCloseTo(value, 9)
        else expect(found[i]).toBe(value)
      }
    }
  })
})
