import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { type Browser, chromium, type Page } from 'playwright-core'
import { browseData } from '../../lib/report/browse-data.ts'
import { packed, unpacked } from '../../lib/report/browse-format.ts'
import { countAll, coveredByHour, readPlays } from '../../lib/report/browser/plays.ts'
import { gatherReport, renderReport } from '../../lib/report/index.ts'
import { PlayLogBuilder } from '../../lib/stations/index.ts'
import { type GivenPlay, tablesOf } from '../support/filled-store.ts'
import { scratch, write } from '../support/input-files.ts'
import { play, sourceOf } from '../support/report-source.ts'

const folder = scratch()

test('numbers are packed and read again, at every edge of their lengths', () => {
  const numbers = [0, 1, 63, 64, 65, 2455, 2456, 10_919, 10_920, 999_999, 2 ** 31, 1e11]
  expect(unpacked(numbers.map(packed).join(''))).toEqual(numbers)
  expect(numbers.map((each) => packed(each).length)).toEqual([1, 1, 1, 2, 2, 2, 3, 3, 7, 7, 7, 7])
})

describe('what the script answers from', () => {
  function logOf(songs: number) {
    const log = new PlayLogBuilder()
    // Song 0 has the most plays, the last one has one.
    for (let song = 0; song < songs; song++)
      for (let i = 0; i < songs - song; i++) log.add(`K${i % 7}`, `Artist ${song % 9}`, `Song ${song}`, i * 4007, null)
    return log.build()
  }

  test('has every play to the minute where there is room', () => {
    const log = logOf(20)
    const data = browseData(log, 100_000)
    expect([data.songs.length, data.withMinutes, data.left]).toEqual([20, 20, { songs: 0, plays: 0 }])
    const keys = unpacked(String(data.songs.find(([title]) => title === 'Song 17')![2]))
    let minute = 0
    const spins = keys.map((key) => {
      minute += Math.floor(key / 7)
      return [minute, data.stations[key % 7]]
    })
    expect(spins).toEqual([0, 4007, 8014].map((at, i) => [Math.floor(at / 60), `K${i}`]))
  })

  test('knows what each log covers: hours of a day that begins late, has a gap or is long are rated by their time', () => {
    const log = new PlayLogBuilder()
    const every10 = (station: string, from: number, to: number) => {
      for (let minute = from * 60; minute <= to * 60; minute += 10) log.add(station, 'A', 'S', minute * 60, null)
    }
    every10('K1', 22, 26.5)
    every10('K1', 58, 59)
    every10('K2', 0, 24 * 40 + 1)
    const plays = readPlays(browseData(log.build(), 100_000))
    const hours = (station: string, from: number, to: number) => {
      const byHour = coveredByHour(plays, { station: plays.stationOf.get(station) ?? -1, from, to })
      return Object.fromEntries(
        [...byHour].map((minutes, hour) => [hour, minutes]).filter(([, minutes]) => minutes! > 0),
      )
    }
    expect(hours('K1', 0, 9)).toEqual({ 22: 60, 23: 60, 0: 60, 1: 60, 2: 30, 10: 60 })
    expect(hours('K1', 1, 1)).toEqual({ 0: 60, 1: 60, 2: 30 })
    expect(hours('K2', 0, 99)).toEqual({
      ...Object.fromEntries(Array.from({ length: 24 }, (_, i) => [i, 2400])),
      0: 2460,
    })
    expect(hours('all', 0, 0)).toMatchObject({ 0: 60, 21: 60, 22: 120, 23: 120 })
    const { byHour } = countAll(plays, { station: -1, from: 0, to: 99 }, null)
    // Six an hour, whatever the hour; the last spin of a stretch covers no time.
    expect(
      Math.max(
        ...[...byHour].map(
          (count, hour) => count / (coveredByHour(plays, { station: -1, from: 0, to: 99 })[hour]! / 60),
        ),
      ),
    ).toBeLessThan(6.1)
  })

  test('stays within its bytes: hours, then counts, then no names; every play is counted once', () => {
    const log = logOf(200)
    for (const bytes of [60_000, 30_000, 8_000, 2_000]) {
      const data = browseData(log, bytes)
      expect(Buffer.byteLength(JSON.stringify(data))).toBeLessThanOrEqual(bytes)
      const plays = data.songs.map(([, , each]) => (typeof each === 'number' ? each : unpacked(each).length))
      expect(plays.reduce((sum, each) => sum + each, 0) + data.left.plays).toBe((200 * 201) / 2)
      expect(data.songs.length + data.left.songs).toBe(200)
    }
    expect(browseData(log, 8_000).songs.some(([, , each]) => typeof each === 'number')).toBe(true)
    expect(browseData(log, 2_000).left.songs).toBeGreaterThan(100)
  })
})

test('without script the page has no dead controls, and says what is left out', async () => {
  const text = renderReport(await gatherReport(sourceOf(tablesOf({ plays: log() }))), { title: 'Our week & more' })
  expect(text).toContain('<section id="browse" aria-labelledby="browse-title" class="browse" hidden>')
  expect(text).toContain('<h1>Our week &amp; more</h1>')
  expect(text).not.toContain('has everything')
})

const hostile = '</script><img src=x onerror=alert(1)>\u2028'

function log(): GivenPlay[] {
  return [
    play('Queen', 'Bicycle', 'KAAA', 0),
    play('Queen', 'Bicycle', 'KAAA', 30),
    play('Queen', 'Bicycle', 'KBBB', 50),
    play('Queen', 'Killer', 'KAAA', 26),
    play('Beyoncé', 'Halo', 'KBBB', 3),
    play('Beyoncé', 'Halo', 'KBBB', 4.5),
    play(hostile, hostile, 'KCCC', 70),
    play('Unknown', 'Jingle', 'KAAA', 71),
  ]
}

const executablePath = '/usr/bin/chromium'
const inBrowser = existsSync(executablePath) ? describe : describe.skip
if (!existsSync(executablePath)) console.warn(`skipped: ${executablePath} is not there`)

inBrowser('in Chromium', () => {
  let browser: Browser
  let file: string
  beforeAll(async () => {
    file = write(folder, renderReport(await gatherReport(sourceOf(tablesOf({ plays: log() })))), 'report.html')
    browser = await chromium.launch({ executablePath, args: ['--headless', '--no-sandbox', '--disable-gpu'] })
  })
  afterAll(async () => {
    await browser?.close()
  })

  async function open(hash = '', options: Parameters<Browser['newPage']>[0] = {}) {
    const page = await browser.newPage(options)
    const events: string[] = []
    page.on('dialog', (dialog) => void dialog.dismiss().then(() => events.push(dialog.message())))
    page.on('console', (message) => events.push(message.text()))
    page.on('pageerror', (error) => events.push(error.message))
    await page.goto(`file://${file}${hash}`)
    return { page, events }
  }
  const said = (page: Page) => page.locator('#browse-said').textContent()
  const titled = (page: Page, name: string) => page.locator('#browse h3', { hasText: name }).waitFor()
  const cells = (page: Page, table: string, column: number) =>
    page
      .locator(`#browse [aria-label="Table: ${table}"] tbody tr`)
      .evaluateAll(
        (rows, at) =>
          rows.map((row) => (row as unknown as { cells: { textContent: string }[] }).cells[at]!.textContent),
        column,
      )

  test('station, period and search choose the plays; the address keeps them', async () => {
    const { page, events } = await open()
    expect(await said(page)).toBe('2014-06-16 to 2014-06-18: 8 plays of 5 songs by 4 artists.')
    // No Unknown in a ranking, though its play counts.
    expect(await cells(page, 'Artists', 0)).toEqual(['Queen', 'Beyoncé', hostile.replace('\u2028', '\\u2028')])
    await page.selectOption('#browse-station', 'KAAA')
    await page.fill('#browse-from', '2014-06-17')
    expect(await said(page)).toBe('KAAA, 2014-06-17 to 2014-06-18: 3 plays of 3 songs by 2 artists.')
    const address = page.url()
    expect(address).toMatch(/#browse&station=KAAA&from=2014-06-17$/)
    await page.click('#browse-reset')
    await page.fill('#browse-search', 'beyonce HALO')
    // It answers when nobody types any more.
    await page.locator('#browse-said', { hasText: 'beyonce' }).waitFor()
    expect(await said(page)).toBe('2014-06-16 to 2014-06-18 for “beyonce HALO”: 2 plays of 1 song by 1 artist.')
    await page.goto('about:blank')
    await page.goto(address)
    expect(await said(page)).toBe('KAAA, 2014-06-17 to 2014-06-18: 3 plays of 3 songs by 2 artists.')
    expect(events).toEqual([])
    await page.close()
  })

  test('from an artist to its songs to their plays and back, with the keyboard', async () => {
    const { page, events } = await open()
    await page.locator('#browse a', { hasText: 'Queen' }).first().focus()
    await page.keyboard.press('Enter')
    await titled(page, 'Queen')
    expect(await page.evaluate('document.activeElement.id')).toBe('browse-view')
    expect(await cells(page, 'Songs', 0)).toEqual(['Bicycle', 'Killer'])
    await page.locator('#browse a', { hasText: 'Bicycle' }).focus()
    await page.keyboard.press('Enter')
    await titled(page, 'Bicycle')
    expect(await cells(page, 'Plays', 0)).toEqual(['2014-06-16 00:00', '2014-06-17 06:00', '2014-06-18 02:00'])
    expect(await cells(page, 'Plays', 1)).toEqual(['KAAA', 'KAAA', 'KBBB'])
    await page.goBack()
    await titled(page, 'Queen')
    expect(await cells(page, 'Songs', 0)).toEqual(['Bicycle', 'Killer'])
    await page.goBack()
    await titled(page, 'All stations')
    expect(await said(page)).toContain('8 plays')
    expect(events).toEqual([])
    await page.close()
  })

  test('every table sorts by its headers: numbers as numbers, from the largest', async () => {
    const { page } = await open()
    const names = () => page.locator('#stations table').first().locator('tbody th').allTextContents()
    const header = page.locator('#stations table').first().locator('th', { hasText: 'Spins' }).first()
    await header.locator('button').focus()
    await page.keyboard.press('Enter')
    expect([await header.getAttribute('aria-sort'), await names()]).toEqual(['descending', ['KAAA', 'KBBB', 'KCCC']])
    await page.keyboard.press('Enter')
    expect([await header.getAttribute('aria-sort'), await names()]).toEqual(['ascending', ['KCCC', 'KBBB', 'KAAA']])
    await page.locator('#browse [aria-label="Table: Artists"] button', { hasText: 'Artist' }).click()
    expect((await cells(page, 'Artists', 0)).slice(-2)).toEqual(['Beyoncé', 'Queen'])
    await page.close()
  })

  test('a name has a card on focus, which Escape puts away; names in tables lead to their plays', async () => {
    const { page } = await open()
    await page.locator('#plays summary').click()
    await page.locator('#plays a', { hasText: 'Queen' }).waitFor()
    await page.keyboard.press('Tab')
    await page.locator('#browse a', { hasText: 'Queen' }).first().focus()
    expect(await page.locator('#browse-card').innerText()).toContain('4 plays on 2 stations')
    await page.keyboard.press('Escape')
    expect(await page.locator('#browse-card').isVisible()).toBe(false)
    await page.locator('#plays a', { hasText: 'Queen' }).click()
    expect(page.url()).toMatch(/#browse&artist=Queen$/)
    await page.close()
  })

  test.each([
    ['wide, light', { viewport: { width: 1280, height: 800 }, colorScheme: 'light' as const }],
    ['narrow, dark', { viewport: { width: 390, height: 800 }, colorScheme: 'dark' as const }],
  ])('axe finds nothing in an answer: %s', async (_name, options) => {
    const { page } = await open('#browse&artist=Queen&station=KAAA', options)
    await page.locator('#browse a[data-song]').first().focus()
    await page.evaluate(readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8'))
    const violations = await page.evaluate(async () => {
      const { axe } = globalThis as unknown as {
        axe: { run(of: string[]): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> }
      }
      const result = await axe.run(['#browse', '#browse-card'])
      return result.violations.map(({ id, nodes }) => `${id}: ${nodes[0]!.html}`)
    })
    expect(violations).toEqual([])
    const wide = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')
    expect(wide).toBeLessThanOrEqual(0)
    await page.close()
  })

  test('without script it reads as before', async () => {
    const context = await browser.newContext({ javaScriptEnabled: false })
    const page = await context.newPage()
    await page.goto(`file://${file}`)
    expect(await page.locator('#browse').isVisible()).toBe(false)
    expect(await page.locator('nav a[href="#browse"]').isVisible()).toBe(false)
    expect(await page.locator('#plays').isVisible()).toBe(true)
    await context.close()
  })
})
