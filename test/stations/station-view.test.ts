import { describe, expect, test } from '@jest/globals'
import { type Leaning, lifeOf, type MusicFacts, PlayLogBuilder, stationViews } from '../../lib/stations/index.ts'

/*
 * A log of two stations that can be worked out on paper. It begins on Monday, 2024-01-01 00:00 UTC.
 *
 * KAAA: a spin every ten minutes from 00:00 to 02:00 and from 03:00 to 04:00. The median between spins is ten minutes, so a
 * gap is more than 40 minutes: there is one, of an hour. Three hours are covered.
 * KBBB: a spin at each full hour for ten days, all of them covered.
 */
const begin = Date.UTC(2024, 0, 1) / 1000
const minute = 60
const hour = 3600

const kaaa = 'X1 Y1 X2 Z1 X1 Y1 Z1 X2 W1 Y1 X1 Z1 W1 X1 Y1 X2 Z1 X1 F3 Unknown'.split(' ')
const kaaaMinutes = [0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110, 120, 180, 190, 200, 210, 220, 230, 240]
const X1 = { artist: 'X', song: 'X1' }

/** R1 comes an hour later each day, S1 always at noon; N1 is new, G1 is gone, X1 is KAAA's; the rest is played once each. */
function kbbbTitle(n: number): string {
  if (n % 25 === 0) return 'R1'
  if (n % 24 === 12) return 'S1'
  if ([151, 161, 171].includes(n)) return 'N1'
  if ([31, 41, 51].includes(n)) return 'G1'
  return [61, 181, 191].includes(n) ? 'X1' : `F${n}`
}

function paperLog() {
  const builder = new PlayLogBuilder()
  const add = (callsign: string, title: string, unix: number, featured: string | null = null) =>
    builder.add(callsign, title === 'Unknown' ? title : title[0]!, title, unix, featured)
  // Not in the order of time, which no caller promises.
  for (const [i, at] of [...kaaaMinutes.entries()].toReversed()) {
    add('KAAA', kaaa[i]!, begin + at * minute, i === 3 ? 'X' : null)
  }
  for (let n = 0; n <= 240; n++) add('KBBB', kbbbTitle(n), begin + n * hour)
  return builder.build()
}

const facts: MusicFacts = {
  year: (_, song) => ({ X1: 1999, Y1: 2023 })[song] ?? null,
  genres: (_, song) => ({ X1: ['rock', 'pop'], Y1: ['pop'] })[song] ?? [],
}
const log = paperLog()
const [b, a] = log.stations.map(stationViews(log, { facts }))

test('a log that writes down the spins of an hour at once covers its hours', () => {
  const builder = new PlayLogBuilder()
  for (let n = 0; n < 60; n++) builder.add('KCCC', 'X', `S${n}`, begin + Math.floor(n / 10) * hour, null)
  const hourly = builder.build()
  const [view] = hourly.stations.map(stationViews(hourly, { facts }))
  expect([view!.volume.coveredHours, view!.silences.gapMinutes, view!.silences.count]).toEqual([5, 240, 0])
})

describe('the fourteen questions, worked out on paper', () => {
  test('1: how much do we play', () => {
    expect(a!.volume).toEqual({
      spins: 20,
      titles: 7,
      acts: 6,
      firstUnix: begin,
      lastUnix: begin + 4 * hour,
      coveredHours: 3,
      coveredShare: 0.75,
      sameTimeShare: 0,
      spinsPerHour: 20 / 3,
    })
    expect([b!.volume.spins, b!.volume.titles, b!.volume.coveredHours]).toEqual([241, 217, 240])
  })

  test('2: how fast does a title come back; spins with a gap between them say nothing', () => {
    // X1 40 60 40, Y1 40 40, X2 50, Z1 30 50, W1 40: minutes between spins within a stretch.
    const { pairs, pairsAcrossGaps, medianHours, lowerQuartileHours, upperQuartileHours } = a!.turnover
    expect([pairs, pairsAcrossGaps]).toEqual([9, 4])
    expect(medianHours).toBeCloseTo(40 / 60)
    expect(lowerQuartileHours).toBeCloseTo(40 / 60)
    expect(upperQuartileHours).toBeCloseTo(50 / 60)
    expect(a!.turnover.fastest.map(({ song, spins }) => [song, spins])).toEqual([
      ['X1', 5],
      ['Y1', 4],
      ['Z1', 4],
      ['W1', 2],
      ['X2', 3],
    ])
    expect(a!.turnover.histogram.filter((bar) => bar.pairs > 0)).toEqual([
      { fromHours: 0, toHours: 1, pairs: 8 },
      { fromHours: 1, toHours: 2, pairs: 1 },
    ])
  })

  test('3: do we repeat ourselves; a gap undoes no repeat', () => {
    expect(a!.repeats.withinHours).toEqual([
      { limit: 1, spins: 9, share: 0.45 },
      { limit: 3, spins: 13, share: 0.65 },
      { limit: 24, spins: 13, share: 0.65 },
    ])
    expect(a!.repeats.list[0]).toEqual({
      artist: 'Z',
      song: 'Z1',
      unixBefore: begin + 30 * minute,
      unix: begin + 60 * minute,
    })
    expect(a!.repeats.total).toBe(13)
  })

  test('4: do acts stand far enough apart, without and with guests', () => {
    // X 20 20 30 30 and 20 20, Y 40 40, Z 30 50, W 40: minutes between spins within a stretch.
    expect(a!.separation).toMatchObject({ pairs: 11, pairsAcrossGaps: 3, medianMinutes: 30, minMinutes: 20, total: 11 })
    expect(a!.separation.withinMinutes.map(({ limit, spins }) => [limit, spins])).toEqual([
      [30, 7],
      [60, 11],
      [90, 11],
    ])
    expect(a!.separation.list[0]).toEqual({
      artist: 'X',
      songBefore: 'X1',
      unixBefore: begin,
      song: 'X2',
      unix: begin + 20 * minute,
    })
    // X is a guest at 00:30: ten minutes after X2 and before X1.
    expect(a!.separationWithGuests).toMatchObject({ pairs: 12, medianMinutes: 30, minMinutes: 10 })
    expect(a!.separationWithGuests.withinMinutes[0]).toEqual({ limit: 30, spins: 8, share: 0.4 })
  })

  test('5: does a title walk through the day', () => {
    expect(b!.rotation.exposure.map(({ song, spins, hours }) => [song, spins, hours])).toEqual([
      ['R1', 10, 10],
      ['S1', 10, 1],
    ])
    expect(b!.rotation.medianShare).toBeCloseTo(5.5 / 24)
    expect(b!.rotation.vertical).toEqual({ spins: 9, share: 9 / 241 })
    expect(a!.rotation.medianShare).toBeNull()
  })

  test('6: who gets which part of the day', () => {
    expect(b!.dayparts.map((part) => [part.fromHour, part.toHour, part.spins, part.coveredHours])).toEqual([
      [0, 6, 61, 60],
      [6, 10, 40, 40],
      [10, 15, 50, 50],
      [15, 19, 40, 40],
      [19, 24, 50, 50],
    ])
    expect(b!.dayparts[0]!.spinsPerHour).toBeCloseTo(61 / 60)
    // S1 has all of its ten spins at noon, R1 six of ten before six and four from six to ten.
    const leaning = ({ song, artist, spins, of, index }: Leaning) =>
      [song ?? artist, spins, of, index.toFixed(4)] as const
    expect(b!.dayparts.map(({ more }) => more.map(leaning))).toEqual([
      [
        ['R', 6, 10, (0.6 / (61 / 241)).toFixed(4)],
        ['R1', 6, 10, (0.6 / (61 / 241)).toFixed(4)],
      ],
      [
        ['R', 4, 10, (0.4 / (40 / 241)).toFixed(4)],
        ['R1', 4, 10, (0.4 / (40 / 241)).toFixed(4)],
      ],
      [
        ['S', 10, 10, (241 / 50).toFixed(4)],
        ['S1', 10, 10, (241 / 50).toFixed(4)],
      ],
      [],
      [],
    ])
    expect(b!.dayparts.flatMap(({ less }) => less)).toEqual([])
    // Nobody of KAAA has ten spins; less than two hours of a part are no rate.
    expect(a!.dayparts.flatMap(({ more, less }) => [...more, ...less])).toEqual([])
    expect(a!.dayparts.map(({ spinsPerHour }) => spinsPerHour)).toEqual([20 / 3, null, null, null, null])
  })

  test('7: what does our week look like', () => {
    const monday = a!.week![0]!
    expect(monday[0]).toEqual({ spins: 6, coveredHours: 1, spinsPerHour: 6 })
    expect(monday.slice(0, 6).map(({ spinsPerHour }) => spinsPerHour)).toEqual([6, 6, null, 6, null, null])
    expect(
      a!
        .week!.slice(1)
        .flat()
        .every(({ spinsPerHour }) => spinsPerHour === null),
    ).toBe(true)
    // Ten days from Monday: Mondays to Wednesdays come twice.
    expect(b!.week!.map((day) => day[5]!.coveredHours)).toEqual([2, 2, 2, 1, 1, 1, 1])
  })

  test('8: how deep is the library on air', () => {
    // Spins of titles 5 4 4 3 2 1, of acts 8 4 4 2 1; one of the 20 spins is of no act.
    expect(a!.depth.top.map(({ share }) => share)).toEqual([0.95, 0.95, 0.95, 0.95])
    expect(a!.depth.effectiveTitles).toBeCloseTo(19 / (5 ** 5 * 4 ** 8 * 3 ** 3 * 2 ** 2) ** (1 / 19))
    expect(a!.depth.effectiveActs).toBeCloseTo(19 / (8 ** 8 * 4 ** 8 * 2 ** 2) ** (1 / 19))
  })

  test('9: how old, what kind', () => {
    expect(a!.music).toEqual({
      decades: [
        { name: 1990, spins: 5, share: 5 / 9 },
        { name: 2020, spins: 4, share: 4 / 9 },
      ],
      yearUnknown: 1 - 9 / 20,
      freshShare: 4 / 9,
      genres: [
        { name: 'pop', spins: 9, share: 1 },
        { name: 'rock', spins: 5, share: 5 / 9 },
      ],
      genreUnknown: 1 - 9 / 20,
    })
  })

  test('10: what is new, what is gone', () => {
    // Half of ten days is shorter than seven.
    expect(b!.changes).toEqual({
      beforeUnix: begin,
      nowUnix: begin + 120 * hour,
      endUnix: begin + 240 * hour,
      added: [{ artist: 'N', song: 'N1', before: 0, now: 3 }],
      dropped: [{ artist: 'G', song: 'G1', before: 3, now: 0 }],
      changed: [{ ...X1, before: 1, now: 2 }],
    })
    expect(a!.changes).toBeNull()
  })

  test('11: what do only we play', () => {
    // X1 is on KBBB too, but not between 00:00 and 04:00; F3 is, at 03:00.
    expect(a!.exclusives!.titles).toMatchObject({ count: 5, spins: 18, share: 0.9 })
    expect(a!.exclusives!.titles.list[0]).toEqual({ ...X1, spins: 5 })
    expect(a!.exclusives!.acts.list.map(({ artist, spins }) => [artist, spins])).toEqual([
      ['X', 8],
      ['Y', 4],
      ['Z', 4],
      ['W', 2],
    ])
    expect(b!.exclusives!.titles).toMatchObject({ count: 215, spins: 237 })
  })

  test('12: who sounds like us, and what sets us apart', () => {
    // Acts: X 8, Y 4, Z 4, W 2, F 1 here; F 212, R 10, S 10, N 3, G 3, X 3 there.
    const [nearest] = a!.likeness!.nearest
    expect(nearest!.callsign).toBe('KBBB')
    expect(nearest!.acts).toBeCloseTo(236 / Math.sqrt(101 * 45_171))
    expect(nearest!.titles).toBeCloseTo(16 / Math.sqrt(71 * 439))
    const [f, x] = nearest!.differences
    expect(f).toMatchObject({ artist: 'F', here: 1, there: 212 })
    expect(f!.score).toBeCloseTo(Math.log((214 / 65) * (76 / 425)) / Math.sqrt(1 / 214 + 1 / 425))
    expect(x).toMatchObject({ artist: 'X', here: 8, there: 3 })
    expect(x!.score).toBeCloseTo(Math.log((19 / 260) * (487 / 14)) / Math.sqrt(1 / 19 + 1 / 14))
  })

  test('13: where is the log silent', () => {
    expect(a!.silences).toEqual({
      gapMinutes: 40,
      count: 1,
      hours: 1,
      list: [{ fromUnix: begin + 2 * hour, seconds: hour, before: { artist: 'W', song: 'W1' }, after: X1 }],
      days: { count: 0, list: [] },
    })
    expect(b!.silences).toMatchObject({ gapMinutes: 240, count: 0 })
  })

  test('14: what is the life of a song', () => {
    const life = lifeOf(log, 'X', 'X1')!
    expect([life.spins, life.firstUnix, life.lastUnix]).toEqual([8, begin, begin + 191 * hour])
    expect(
      life.stations.map(({ callsign, times }) => [callsign, times.map((time) => (time - begin) / minute)]),
    ).toEqual([
      ['KAAA', [0, 40, 100, 180, 220]],
      ['KBBB', [61 * 60, 181 * 60, 191 * 60]],
    ])
    expect([0, 1, 3, 13, 23].map((each) => life.byHour[each])).toEqual([2, 1, 2, 2, 1])
    expect(lifeOf(log, 'X', 'X9')).toBeNull()
  })
})

describe('days of 23 and 25 hours', () => {
  /** A spin every ten minutes from one local midnight in Amsterdam to the next. */
  function day(from: string, to: string) {
    const builder = new PlayLogBuilder()
    for (let at = Date.parse(from); at <= Date.parse(to); at += 600_000)
      builder.add('K', 'A', `S${at}`, at / 1000, null)
    const zoned = builder.build('Europe/Amsterdam')
    return zoned.stations.map(stationViews(zoned))[0]!
  }

  test('in spring the hour from two to three is never covered', () => {
    const view = day('2024-03-30T23:00Z', '2024-03-31T22:00Z')
    expect(view.volume.coveredHours).toBe(23)
    expect(view.week![6]!.map(({ spinsPerHour }) => spinsPerHour)).toEqual([6, 6, null, ...Array(21).fill(6)])
    expect(view.dayparts[0]).toMatchObject({ coveredHours: 5, spinsPerHour: 31 / 5 })
  })

  test('in autumn it comes twice', () => {
    const view = day('2024-10-26T22:00Z', '2024-10-27T23:00Z')
    expect(view.volume.coveredHours).toBe(25)
    expect(view.week![6]![2]).toEqual({ spins: 12, coveredHours: 2, spinsPerHour: 6 })
    expect(view.week![6]!.every(({ spinsPerHour }) => spinsPerHour === 6)).toBe(true)
  })

  test('half an hour of Lord Howe does not move what is covered', () => {
    const builder = new PlayLogBuilder()
    const from = Date.parse('2024-04-06T13:00Z') / 1000
    for (let at = from; at <= from + 6 * hour; at += 600) builder.add('K', 'A', `S${at}`, at, null)
    const zoned = builder.build('Australia/Lord_Howe')
    const [view] = zoned.stations.map(stationViews(zoned))
    // At 15:00 UTC it is two o'clock and becomes half past one.
    expect(view!.week![6]![1]).toEqual({ spins: 9, coveredHours: 1.5, spinsPerHour: 6 })
  })
})

describe('too little log', () => {
  test('under two covered hours there is no rate and no map', () => {
    const builder = new PlayLogBuilder()
    for (let i = 0; i < 12; i++) builder.add('K', 'A', `S${i}`, begin + i * 600, null)
    const short = builder.build()
    const [view] = short.stations.map(stationViews(short))
    expect([view!.volume.spinsPerHour, view!.week, view!.exclusives, view!.likeness]).toEqual([null, null, null, null])
  })

  test('a log that has all plays of a day at midnight covers nothing, and days without a spin are named', () => {
    const builder = new PlayLogBuilder()
    for (const day of [0, 1, 4])
      for (let i = 0; i < 9; i++) builder.add('K', 'A', `S${i}`, begin + day * 24 * hour, null)
    const midnight = builder.build()
    const [view] = midnight.stations.map(stationViews(midnight))
    expect([view!.volume.coveredHours, view!.week, view!.volume.sameTimeShare]).toEqual([0, null, 24 / 27])
    expect(view!.silences.days).toEqual({ count: 2, list: ['2024-01-03', '2024-01-04'] })
  })

  test('one spin is a view without rates', () => {
    const builder = new PlayLogBuilder()
    builder.add('K', 'A', 'S', begin, null)
    const one = builder.build()
    const [view] = one.stations.map(stationViews(one))
    expect(view!.volume).toMatchObject({ spins: 1, coveredHours: 0, coveredShare: null })
    expect([view!.turnover.medianHours, view!.separation.minMinutes, view!.changes]).toEqual([null, null, null])
  })
})
