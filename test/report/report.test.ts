import { existsSync, readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { type Browser, chromium, type Page } from 'playwright-core'
import { shown, ticks } from '../../lib/report/charts.ts'
import { cssUrl, html, safeUrl } from '../../lib/report/html.ts'
import { gatherReport, type PageOptions, type ReportRelation, renderReport } from '../../lib/report/index.ts'
import { initials } from '../../lib/report/rankings.ts'
import { type Filling, type GivenPlay, tablesOf } from '../support/filled-store.ts'
import { scratch, write } from '../support/input-files.ts'
import { duration, hour, monday, picture, play, type Row, sourceOf } from '../support/report-source.ts'

const folder = scratch()
const small: Filling = {
  plays: [
    play('Queen', 'Bicycle', 'KAAA', 0),
    play('Queen', 'Bicycle', 'KAAA', 1),
    play('Queen', 'Bicycle', 'KBBB', 1),
    play('QUEEN', 'Killer', 'KAAA', 25, { artistClean: 'Queen', method: 'key' }),
    play('Kino', 'Pachka', 'KAAA', 2, { repairRule: 'anchor' }),
    play('Kino', 'Pachka', 'KCCC', 120),
    play('Zoë', 'Soñé', 'KBBB', 3),
  ],
  refused: [
    { reason: 'time not understood', line: 'a;b;c' },
    { reason: 'time not understood', line: 'd' },
    { reason: 'no artist', line: 'e' },
  ],
}

describe('gatherReport', () => {
  test('ranks no Unknown and no Various Artists, whose plays count', async () => {
    const nobody = ['Unknown', 'VARIOUS ARTISTS', 'null', '[unknown]', 'N/A', '-']
    const plays = [...nobody, 'The Unknowns'].map((artist) => play(artist, 'Song', 'KAAA', 0))
    const data = await gatherReport(sourceOf(tablesOf({ plays, refused: [] })))
    for (const ranking of [data.topByPlays, data.topSongs]) {
      expect(ranking.map((each) => each.artist)).toEqual(['The Unknowns'])
    }
    expect([data.totals.plays, data.totals.artists]).toEqual([7, 7])
  })

  test('counts what a person would count', async () => {
    const data = await gatherReport(
      sourceOf({
        ...tablesOf(small),
        artist_images: [picture('Queen'), picture('Kino', { image_status: 'not_found', image_url: null })],
        track_info: [
          duration('Queen', 'Bicycle', 180_000),
          duration('Kino', 'Pachka', 300_000),
          duration('Zoë', 'Soñé', null),
        ],
      }),
    )
    expect(data.totals).toEqual({
      plays: 7,
      artists: 3,
      songs: 4,
      stations: 3,
      repaired: 1,
      quarantined: 3,
      listenedMs: 3 * 180_000 + 2 * 300_000,
      firstUnix: monday,
      lastUnix: monday + 120 * hour,
    })
    expect(data.topByPlays.map((each) => [each.artist, each.plays, each.picture?.url ?? null])).toEqual([
      ['Queen', 4, 'https://upload.example/Queen.jpg'],
      ['Kino', 2, null],
      ['Zoë', 1, null],
    ])
    expect(data.topByListening.map((each) => [each.artist, each.listenedMs])).toEqual([
      ['Kino', 600_000],
      ['Queen', 540_000],
    ])
    expect(data.playedOnce).toBe(1)
    expect(data.topSongs[0]).toEqual({ song: 'Bicycle', artist: 'Queen', plays: 3, stations: 2 })
    expect(data.overTime).toEqual({
      unit: 'day',
      points: [
        { label: '2014-06-16', plays: 5 },
        { label: '2014-06-17', plays: 1 },
        { label: '2014-06-18', plays: 0 },
        { label: '2014-06-19', plays: 0 },
        { label: '2014-06-20', plays: 0 },
        { label: '2014-06-21', plays: 1 },
      ],
      // The first play is at midnight, and so is the last.
      partial: ['2014-06-21'],
    })
    expect(data.heat.stations).toEqual(['KAAA', 'KBBB', 'KCCC'])
    // From midnight to two there is no gap; the play of the next day, at one, counts and covers nothing.
    expect(data.heat.perHour[0]!.slice(0, 4)).toEqual([1, 2, null, null])
    // A single play covers nothing.
    expect(data.heat.perHour[2]!.filter((value) => value !== null)).toEqual([])
    expect(data.enriched.map((each) => [each.what, each.found, each.of])).toEqual([
      ['artists looked up', 2, 3],
      ['artists identified', 2, 3],
      ['artists with a picture', 1, 3],
      ['plays of artists with a picture', 4, 7],
      ['songs with a duration', 2, 4],
      ['plays of songs with a duration', 5, 7],
    ])
    expect(data.repairs).toEqual([{ rule: 'anchor', plays: 1 }])
    expect(data.refusals.map((each) => [each.reason, each.rows, each.samples.length])).toEqual([
      ['time not understood', 2, 2],
      ['no artist', 1, 1],
    ])
    expect(data.merges).toEqual([{ raw: 'QUEEN', clean: 'Queen', method: 'key', score: null, plays: 1 }])
  })

  test('decades, genres and new music count what is known, and say of how many plays', async () => {
    const tables = {
      ...tablesOf({
        plays: [
          play('Queen', 'Bicycle', 'KAAA', 0),
          play('Queen', 'Bicycle', 'KAAA', 1),
          // New on New Year's Eve, no longer a day later.
          play('Kino', 'Pachka', 'KAAA', 24 * 198 + 1),
          play('Kino', 'Pachka', 'KAAA', 24 * 199 + 1),
          play('Zoë', 'Soñé', 'KBBB', 3),
        ],
      }),
      artist_images: [picture('Zoë', { genres: 'pop, latin' })],
      track_info: [
        duration('Queen', 'Bicycle', 180_000, { first_release_year: 1978, genres: 'rock' }),
        duration('Kino', 'Pachka', 180_000, { first_release_year: 2013 }),
      ],
    }
    const data = await gatherReport(sourceOf(tables))
    expect(data.repertoire).toEqual({
      plays: 5,
      datedPlays: 4,
      freshPlays: 1,
      genrePlays: 3,
      decades: [
        { decade: 1970, songs: 1, plays: 2 },
        { decade: 2010, songs: 1, plays: 2 },
      ],
      genres: [
        { genre: 'rock', songs: 1, plays: 2 },
        { genre: 'latin', songs: 1, plays: 1 },
        { genre: 'pop', songs: 1, plays: 1 },
      ],
    })
    const text = renderReport(data)
    expect(text).toContain('The year is known for 80 % of the plays')
    expect(text).toContain('A genre is known for 60 % of the plays')
    // In a zone that is behind, both plays are still of the old year.
    const west = await gatherReport(sourceOf(tables), { timezone: 'America/Los_Angeles' })
    expect(west.repertoire.freshPlays).toBe(2)
    const unknown = renderReport(await gatherReport(sourceOf(tablesOf(small))))
    expect(unknown).toContain('No year and no genre of a song is known yet.')
    expect(unknown).not.toContain('New music')
  })

  test('stations are as alike as the cosine of their plays by artist says', async () => {
    const data = await gatherReport(sourceOf(tablesOf(small)))
    const at = (a: string, b: string) =>
      data.alike.cosine[data.alike.stations.indexOf(a)]![data.alike.stations.indexOf(b)]!
    // KAAA: Queen 3, Kino 1; KBBB: Queen 1, Zoë 1; KCCC: Kino 1.
    expect(at('KAAA', 'KBBB')).toBeCloseTo(3 / (Math.sqrt(10) * Math.sqrt(2)))
    expect(at('KAAA', 'KCCC')).toBeCloseTo(1 / Math.sqrt(10))
    expect(at('KBBB', 'KCCC')).toBe(0)
  })

  test.each([
    ['UTC', '2014-06-16', 0],
    ['America/New_York', '2014-06-15', 20],
    ['Asia/Kolkata', '2014-06-16', 5],
  ])('days and hours are those of %s', async (timezone, day, atHour) => {
    const data = await gatherReport(sourceOf(tablesOf(small)), { timezone })
    expect(data.overTime.points[0]!.label).toBe(day)
    expect(data.heat.perHour[0]!.findIndex((value, i, all) => value !== null && all.at(i - 1) === null)).toBe(atHour)
  })

  describe('the map of hours', () => {
    /** A station that plays every six minutes from one hour to another, counted from Monday. */
    const spins = (...spans: [from: number, to: number][]) =>
      spans.flatMap(([from, to]) =>
        Array.from({ length: (to - from) * 10 + 1 }, (_, i) => play('a', 'b', 'KAAA', from + i / 10)),
      )
    /** Ten is ten an hour: the first and the last hour of a log have a spin more than the time between them. */
    const heatOf = async (plays: GivenPlay[]) =>
      (await gatherReport(sourceOf(tablesOf({ plays })))).heat.perHour[0]!.map((value) =>
        value !== null && value >= 10 && value <= 11 ? 10 : value,
      )

    test('an even log is even, whenever it begins and ends', async () => {
      expect(await heatOf(spins([18, 24 * 3 + 6]))).toEqual(Array(24).fill(10))
      expect(await heatOf(spins([0, 24 * 2 + 11]))).toEqual(Array(24).fill(10))
    })

    test('a gap does not count, be it days or a night', async () => {
      expect(await heatOf(spins([6, 30], [24 * 5 + 12, 24 * 6 + 12]))).toEqual(Array(24).fill(10))
      const nightly = await heatOf(spins([6, 22], [30, 46], [54, 70]))
      expect(nightly).toEqual([...Array(6).fill(null), ...Array(16).fill(10), null, null])
    })

    test('under a quarter of a covered hour, and of a log that is written once a day, there is no rate', async () => {
      expect(await heatOf(spins([9, 12.2]))).toEqual([...Array(9).fill(null), 10, 10, 10, ...Array(12).fill(null)])
      const batches = Array.from({ length: 60 }, (_, i) => play('a', 'b', 'KAAA', 24 * Math.floor(i / 20)))
      expect(await heatOf(batches)).toEqual(Array(24).fill(null))
    })

    test('it is the week of the station without the weekdays', async () => {
      const data = await gatherReport(sourceOf(tablesOf({ plays: spins([9, 60], [90, 150]) })))
      const week = data.stationViews.views[0]!.week!
      const sum = (hour: number, of: 'spins' | 'coveredHours') => week.reduce((all, day) => all + day[hour]![of], 0)
      data.heat.perHour[0]!.forEach((value, hour) => {
        expect(value).toBeCloseTo(sum(hour, 'spins') / sum(hour, 'coveredHours'))
      })
    })

    test('the sample, whose third day ends at eleven, is busiest from 11 to 22', async () => {
      const plays = readFileSync('sample/plays.csv', 'latin1')
        .split('\r\n')
        .flatMap((line) => {
          const [, , callsign, time] = line.split(';')
          if (!/^\d{10}$/.test(time ?? '')) return []
          return play('a', 'b', callsign!, (Number(time) - monday) / hour)
        })
      const data = await gatherReport(sourceOf(tablesOf({ plays })))
      const all = Array.from({ length: 24 }, (_, hour) =>
        data.heat.perHour.reduce((sum, station) => sum + (station[hour] ?? 0), 0),
      )
      const busiest = all.indexOf(Math.max(...all))
      expect(busiest).toBeGreaterThanOrEqual(11)
      expect(busiest).toBeLessThanOrEqual(22)
      expect(Math.max(...all.slice(0, 11))).toBeLessThan(Math.max(...all.slice(11)))
    })
  })

  test('few hours are shown by hour, years by week from Monday', async () => {
    const hours = await gatherReport(
      sourceOf(tablesOf({ plays: [play('a', 'b', 'KAAA', 0), play('a', 'b', 'KAAA', 2)] })),
    )
    expect(hours.overTime.points.map((point) => [point.label, point.plays])).toEqual([
      ['06-16 00h', 1],
      ['06-16 01h', 0],
      ['06-16 02h', 1],
    ])
    const years = await gatherReport(
      sourceOf(tablesOf({ plays: [play('a', 'b', 'KAAA', 30), play('a', 'b', 'KAAA', 24 * 400)] })),
    )
    expect(years.overTime.unit).toBe('week')
    expect(years.overTime.points[0]).toEqual({ label: '2014-06-16', plays: 1 })
  })

  test('an empty database makes a report that says so', async () => {
    const page = renderReport(await gatherReport(sourceOf({})))
    expect(page).toContain('There are no plays.')
  })
})

describe('how each station sounds', () => {
  /** A spin every ten minutes for four hours on so many stations, each with one more than the next. */
  const even = (stations: number): GivenPlay[] =>
    Array.from({ length: stations }, (_, s) =>
      Array.from({ length: 24 + stations - s }, (_, i) => play(`Act ${i % 5}`, `Song ${i % 7}`, `K${100 + s}`, i / 6)),
    ).flat()
  const page = async (plays: readonly GivenPlay[], timezone = 'UTC') =>
    renderReport(await gatherReport(sourceOf(tablesOf({ plays })), { timezone }))

  test('begins with five facts, each linked to where its figures stand', async () => {
    const text = await page(even(2))
    const article = text.slice(text.indexOf('<article'), text.indexOf('</article>'))
    const links = [...article.matchAll(/<li><a href="#([^"]+)">([^<]+)<\/a>/g)].map(
      ([, id, said]) => [id, said] as const,
    )
    expect(links.map(([, said]) => said)).toEqual([
      'K100 played 26 spins of 26 titles, 6.2 an hour.',
      'No title came back before the log had a gap.',
      '0 spins came back within the hour (0 %).',
      'Nearest is K101 (1.00).',
      'Never silent for more than 40 minutes.',
    ])
    for (const [id] of links) expect(article).toContain(`<div id="${id}">`)
    expect(article).toContain('Monday, 2: 6 spins in a covered hour')
    expect(article).toContain('Tuesday, 2: not covered')
  })

  test('little log is said instead of shown, and why where it was written in batches', async () => {
    const text = await page(small.plays)
    expect(text).toContain('Too little log: it covers less than two hours.')
    const batches = await page([0, 24, 48].flatMap((day) => ['a', 'b', 'c'].map((song) => play('X', song, 'K', day))))
    expect(batches).toContain('66.7 % of the spins have the time of the spin before')
  })

  test('shows the largest stations and says of how many', async () => {
    const text = await page(even(14))
    expect(text.match(/<article/g)).toHaveLength(12)
    expect(text).toContain('The 12 stations with the most plays, of 14')
  })

  test('the life of a song: each spin, its stations and its spellings', async () => {
    const text = await page(small.plays)
    expect(text).toContain('Every spin of Bicycle – Queen')
    expect(text).toContain('3 spins on 2 stations, first 2014-06-16 00:00, last 2014-06-16 01:00')
  })

  test('marks a partial day, hints at the zone, and has no tile without a value', async () => {
    const text = await page(small.plays)
    expect(text).toContain('2014-06-21 (partial)')
    expect(text).not.toContain('2014-06-16 (partial)')
    expect(text).toContain('--timezone ZONE')
    expect(await page(small.plays, 'Europe/Amsterdam')).not.toContain('--timezone ZONE')
    expect(text).not.toContain('hours of music')
    expect(text).toContain('1 of 3 artists (33.3 %) were played once')
  })
})

describe('html', () => {
  test('what is put in is text', () => {
    expect(String(html`<b title="${`"'><script>`}">${'<i>&'}</b>`)).toBe(
      '<b title="&quot;&#39;&gt;&lt;script&gt;">&lt;i&gt;&amp;</b>',
    )
  })

  test('markup of its own, lists and nothing', () => {
    expect(String(html`${html`<i>${1}</i>`}${['a', html`<br>`]}${null}${undefined}${false}${0}`)).toBe('<i>1</i>a<br>0')
  })

  test('control characters and direction overrides become visible', () => {
    expect(String(html`${'a\u001b[2J\u202eb'}`)).toBe('a\\x1b[2J\\u202eb')
  })

  test.each([
    ['https://upload.example/a b.jpg', 'https://upload.example/a%20b.jpg'],
    ['http://127.0.0.1:8080/x.png', 'http://127.0.0.1:8080/x.png'],
    ['http://upload.example/x.png', null],
    ['javascript:alert(1)', null],
    [' JaVaScRiPt:alert(1)', null],
    ['data:text/html,<script>alert(1)</script>', null],
    ['//upload.example/x', null],
    ['https://user:password@upload.example/x', null],
    ['', null],
    [null, null],
  ])('safeUrl(%j) is %j', (url, safe) => {
    expect(safeUrl(url)).toBe(safe)
  })
})

test.each([
  ['https://a.example/x.jpg', 'url("https://a.example/x.jpg")'],
  ['https://a.example/(a)\'b\\"</style>', 'url("https://a.example/(a)\'b%5C%22%3C/style%3E")'],
  ['https://a.example/\u00f6\n', 'url("https://a.example/%C3%B6%0A")'],
])('cssUrl(%j) is %s', (address, expected) => {
  expect(cssUrl(address)).toBe(expected)
})

describe('charts', () => {
  test.each([
    [[279], [0, 100, 200, 300]],
    [[3], [0, 1, 2, 3]],
    [[1], [0, 1]],
    [[0.42], [0, 0.1, 0.2, 0.3, 0.4, 0.5]],
    [[], [0, 1]],
    [[1_234_567], [0, 500_000, 1_000_000, 1_500_000]],
  ])('the axis for %j is %j', (values, expected) => {
    expect(ticks(values)).toEqual(expected)
  })

  test('numbers for people', () => {
    expect([shown(1234567), shown(0.333), shown(12.34), shown(0)]).toEqual(['1,234,567', '0.33', '12.3', '0'])
  })

  test.each([
    ['The Beatles', 'B'],
    ['Tom Petty', 'TP'],
    ['AC/DC', 'AD'],
    ['Guns & Roses', 'GR'],
    ['.38 Special', '3S'],
    ['Кино', 'К'],
    ['夜久 ヒカリ', '夜ヒ'],
    ['!!!', '?'],
  ])('initials of %s are %s', (name, expected) => {
    expect(initials(name)).toBe(expected)
  })
})

const hostileNames = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "'><svg onload=alert(1)>",
  '</style></title><script>alert(1)</script>',
  '</script><script>alert(1)</script>',
  '{{constructor.constructor("alert(1)")()}}',
  '\u2028alert(1)\u2029',
  '\u202egnp.exe',
  '&lt;b&gt;',
  'javascript:alert(1)',
  '=1+1',
  'عبد الحليم حافظ',
  '夜に駆ける🎸',
]

function hostile(imageBase: string): Partial<Record<ReportRelation, readonly Row[]>> {
  const plays = hostileNames.flatMap((name, i) =>
    Array.from({ length: 14 - i }, (_, n) =>
      play(name, `${name} ${n % 2}`, i % 2 ? 'K"<b>' : 'KAAA', i + n, {
        repairRule: n === 0 ? name : undefined,
      } as Partial<GivenPlay>),
    ),
  )
  return {
    ...tablesOf({ plays, refused: hostileNames.map((line) => ({ reason: `bad ${line}`, line })) }),
    artist_images: [
      picture(hostileNames[0]!, {
        image_url: `${imageBase}/a.png`,
        attribution: '<img src=x onerror=alert(1)>',
        image_page_url: 'javascript:alert(1)',
        licence_url: 'data:text/html,x',
      }),
      picture(hostileNames[1]!, { image_url: `${imageBase}/b.png?"><script>alert(1)</script>` }),
      picture(hostileNames[2]!, { image_url: 'javascript:alert(1)' }),
      picture(hostileNames[3]!, { image_url: `${imageBase}/missing.png` }),
    ],
    track_info: hostileNames.map((name) => duration(name, `${name} 0`, 200_000)),
  }
}

// Debian's package is a shell script of this name, so its absence is what can be told cheaply.
const executablePath = '/usr/bin/chromium'
const inBrowser = existsSync(executablePath) ? describe : describe.skip
if (!existsSync(executablePath)) console.warn(`skipped: ${executablePath} is not there`)

inBrowser('in Chromium', () => {
  let browser: Browser
  let images: Server
  let imageBase: string
  const asked: string[] = []

  beforeAll(async () => {
    const pixel = Buffer.from(
      'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
      'base64',
    )
    images = createServer((request, response) => {
      asked.push(`${request.url} ${request.headers.referer ?? ''}`.trim())
      response.writeHead(request.url?.startsWith('/missing') ? 404 : 200, { 'content-type': 'image/png' }).end(pixel)
    })
    await new Promise<void>((done) => images.listen(0, '127.0.0.1', done))
    imageBase = `http://127.0.0.1:${(images.address() as AddressInfo).port}`
    browser = await chromium.launch({
      executablePath,
      args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-background-networking'],
    })
  })
  afterAll(async () => {
    await browser?.close()
    await new Promise((done) => images?.close(done))
  })

  async function open(
    tables: Partial<Record<ReportRelation, readonly Row[]>>,
    options: PageOptions & { colorScheme?: 'dark'; viewport?: { width: number; height: number } } = {},
  ) {
    const path = write(
      folder,
      renderReport(await gatherReport(sourceOf(tables)), options),
      `report-${Math.random()}.html`,
    )
    const page = await browser.newPage({
      colorScheme: options.colorScheme ?? 'light',
      viewport: options.viewport ?? { width: 1000, height: 800 },
    })
    const events: string[] = []
    const requests: string[] = []
    page.on('dialog', (dialog) => {
      events.push(`dialog ${dialog.message()}`)
      void dialog.dismiss()
    })
    page.on('console', (message) => events.push(`console ${message.text()}`))
    page.on('pageerror', (error) => events.push(`error ${error.message}`))
    page.on('request', (request) => requests.push(request.url()))
    await page.goto(`file://${path}`, { waitUntil: 'load' })
    return { page, events, requests: requests.slice(1), path }
  }

  test('hostile names are shown as text: no dialog, no request but for pictures, nothing in the console', async () => {
    asked.length = 0
    const { page, events, requests } = await open(hostile(imageBase))
    await page.waitForLoadState('networkidle')
    expect(requests.filter((url) => !url.startsWith(imageBase))).toEqual([])
    expect([...new Set(asked)].sort()).toEqual([
      '/a.png',
      '/b.png?%22%3E%3Cscript%3Ealert(1)%3C/script%3E',
      '/missing.png',
    ])
    // The one picture that is missing says so itself.
    expect(events.filter((event) => !/404/.test(event))).toEqual([])
    const names = await page.locator('#plays tbody th').allTextContents()
    expect(names).toEqual(
      hostileNames.map((name) =>
        name.replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029').replaceAll('\u202e', '\\u202e'),
      ),
    )
    expect(await page.locator('iframe, object, embed, form, base').count()).toBe(0)
    // The page's own, and what it answers from.
    expect(await page.locator('script').count()).toBe(2)
    const links = await page.locator('a').evaluateAll((all) => all.map((a) => a.getAttribute('href') ?? ''))
    expect(links.filter((href) => !/^(#|https:)/.test(href))).toEqual([])
    const handlers = await page
      .locator('*')
      .evaluateAll((all) =>
        all.flatMap((each) =>
          [...each.attributes]
            .filter((attribute) => /^on|^style$/.test(attribute.name))
            .map((attribute) => attribute.name),
        ),
      )
    expect(handlers).toEqual([])
    await page.close()
  })

  test('a fact of a station opens what it is from', async () => {
    const { page } = await open(hostile(imageBase))
    expect(await page.locator('#station-0-silences').isVisible()).toBe(false)
    await page.click('a[href="#station-0-silences"]')
    expect(await page.locator('#station-0-silences').isVisible()).toBe(true)
    await page.close()
  })

  test('without pictures no other machine is asked for anything, and initials stand in their place', async () => {
    asked.length = 0
    const { page, requests, events } = await open(hostile(imageBase), { pictures: false })
    expect([requests, asked, events]).toEqual([[], [], []])
    expect(await page.locator('.picture').count()).toBe(0)
    expect(await page.locator('#plays .initials').first().textContent()).toBe('S')
    await page.close()
  })

  test('the content policy holds even against a page that was changed', async () => {
    const { page, path } = await open(hostile(imageBase))
    await page.close()
    const changed = readFileSync(path, 'utf8').replace(
      '<main',
      '<script>alert(1)</script><img src="https://elsewhere.example/x.png" onerror="alert(1)"><main',
    )
    const other = await browser.newPage()
    const blocked: string[] = []
    let dialogs = 0
    other.on('dialog', (dialog) => {
      dialogs++
      void dialog.dismiss()
    })
    other.on('console', (message) => blocked.push(message.text()))
    await other.goto(`file://${write(folder, changed, 'changed.html')}`)
    expect(dialogs).toBe(0)
    expect(blocked.filter((text) => /Content Security Policy/.test(text)).length).toBeGreaterThanOrEqual(2)
    await other.close()
  })

  async function violations(page: Page): Promise<string[]> {
    await page.evaluate(readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8'))
    return page.evaluate(async () => {
      const { axe } = globalThis as unknown as {
        axe: { run(): Promise<{ violations: { id: string; nodes: { html: string; failureSummary: string }[] }[] }> }
      }
      const result = await axe.run()
      return result.violations.map(
        (each) => `${each.id}: ${each.nodes[0]!.html.slice(0, 200)} ${each.nodes[0]!.failureSummary}`,
      )
    })
  }

  test.each<[string, { colorScheme?: 'dark'; viewport?: { width: number; height: number } }]>([
    ['light', {}],
    ['dark', { colorScheme: 'dark' }],
    ['on a phone', { viewport: { width: 360, height: 700 } }],
  ])('axe finds nothing: %s', async (_name, options) => {
    for (const tables of [hostile(imageBase), {}]) {
      const { page } = await open(tables, options)
      await page.locator('details').evaluateAll((all) => {
        for (const each of all) (each as unknown as { open: boolean }).open = true
      })
      expect(await violations(page)).toEqual([])
      // Only charts and tables scroll sideways, never the page.
      const wide = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')
      expect(wide).toBeLessThanOrEqual(0)
      await page.close()
    }
  })

  test('every chart has a name, axes or a legend with a unit, and a table behind it that a keyboard opens', async () => {
    const { page } = await open(hostile(imageBase))
    // Those of the page's script have their tables when they are opened.
    const figures = await page.locator('section:not(#browse) figure').count()
    expect(figures).toBeGreaterThanOrEqual(8)
    expect(await page.locator('section:not(#browse) figure svg[role=img][aria-label]').count()).toBe(figures)
    expect(await page.locator('section:not(#browse) figure details table').count()).toBe(figures)
    for (const each of await page.locator('section:not(#browse) figure svg[role=img]').all())
      expect(await each.locator('.unit').count()).toBeGreaterThan(0)
    await page.keyboard.press('Tab')
    expect(await page.evaluate('document.activeElement.textContent')).toBe('To the figures')
    await page.keyboard.press('Enter')
    const focused = () => page.evaluate('document.activeElement.tagName')
    // Past the choices of the part that the script answers in.
    for (let i = 0; i < 15 && (await focused()) !== 'SUMMARY'; i++) await page.keyboard.press('Tab')
    expect(await focused()).toBe('SUMMARY')
    await page.keyboard.press('Enter')
    // The script makes the table when it is opened.
    await page.locator('details[open] table').first().waitFor()
    await page.close()
  })

  test('dark and print have colours of their own', async () => {
    const { page } = await open(hostile(imageBase), { colorScheme: 'dark' })
    const background = () => page.evaluate('getComputedStyle(document.body).backgroundColor')
    expect(await background()).toBe('rgb(13, 17, 23)')
    await page.emulateMedia({ media: 'print' })
    expect(await background()).toBe('rgb(255, 255, 255)')
    await page.close()
  })

  test('on paper: at most six pages without the tables behind the charts, and it says what is left out', async () => {
    const stations = Array.from({ length: 45 }, (_, i) => `K${100 + i}`)
    const plays = stations.flatMap((callsign, s) =>
      Array.from({ length: 60 }, (_, i) => play(`Artist ${(i * s) % 41}`, `Song ${i % 23}`, callsign, i + s / 50)),
    )
    const tables = tablesOf({ plays, refused: hostileNames.map((line) => ({ reason: `bad ${line}`, line })) })
    const { page } = await open({
      ...tables,
      artist_images: tables.artists.map((row) => picture(String(row.artist_clean))),
    })
    const pdf = (await page.pdf({ format: 'A4' })).toString('latin1')
    expect(pdf.match(/\/Type\s*\/Page\b/g)!.length).toBeLessThanOrEqual(6)
    await page.emulateMedia({ media: 'print' })
    // A4 less the browser's margins: what is wider would shrink the whole page.
    await page.setViewportSize({ width: 718, height: 1040 })
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(718)
    expect(await page.locator('.station:visible').count()).toBe(2)
    expect(await page.locator('.paper').innerText()).toBe('On paper the first 2 stations stand here; the page has 12.')
    expect(await page.locator('details:visible, #browse:visible, nav:visible').count()).toBe(0)
    await page.close()
  })

  test('on a phone no text of a chart is under 12 pixels, and no chart scrolls sideways', async () => {
    const long = { artist: 'WWWW of the Winter Wind Wanderers and Friends', song: 'W' }
    const tables = hostile(imageBase)
    const { page } = await open(
      { ...tables, ...tablesOf({ plays: [play(long.artist, long.song, 'KWWWWWWWW', 0), play('A', 'B', 'KAAA', 1)] }) },
      { viewport: { width: 360, height: 700 } },
    )
    const sizes = (await page.evaluate(
      "[...document.querySelectorAll('figure svg text')].map((each) => parseFloat(getComputedStyle(each).fontSize))",
    )) as number[]
    expect(Math.min(...sizes)).toBeGreaterThanOrEqual(12)
    // Nothing scales them: no chart has a box of its own units, but for the bare strokes.
    expect(await page.locator('figure svg[viewBox]:has(text)').count()).toBe(0)
    const wide = await page
      .locator('figure > .scroll')
      .evaluateAll((all) => all.map((each) => [each.getAttribute('aria-label'), each.scrollWidth - each.clientWidth]))
    expect(wide.filter(([, more]) => Number(more) > 0)).toEqual([])
    await page.close()
  })

  test('10,000 artists and 100 stations: at most 3 MB, shown within a second', async () => {
    const plays: GivenPlay[] = []
    for (let i = 0; i < 60_000; i++) {
      plays.push(
        play(
          `Artist with quite a long name ${(i * i) % 10_007}`,
          `Song ${i % 7} with a long title that goes on`,
          `K${100 + (i % 100)}`,
          i / 50,
        ),
      )
    }
    const tables = tablesOf({ plays })
    const page = renderReport(
      await gatherReport(
        sourceOf({ ...tables, artist_images: tables.artists.map((row) => picture(String(row.artist_clean))) }),
      ),
    )
    expect(Buffer.byteLength(page)).toBeLessThan(3_000_000)
    const tab = await browser.newPage()
    await tab.route(/^https:/, (route) => route.abort())
    const started = performance.now()
    await tab.goto(`file://${write(folder, page, 'large.html')}`, { waitUntil: 'domcontentloaded' })
    await tab.locator('footer').waitFor()
    expect(performance.now() - started).toBeLessThan(3_000)
    const interactive = (await tab.evaluate('performance.getEntriesByType("navigation")[0].domInteractive')) as number
    expect(interactive).toBeLessThan(1_000)
    await tab.close()
  })
})

test('the same data gives the same bytes', async () => {
  const tables = hostile('https://upload.example')
  expect(renderReport(await gatherReport(sourceOf(tables)))).toBe(renderReport(await gatherReport(sourceOf(tables))))
})
