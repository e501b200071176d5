import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import axe from 'axe-core'
import { chromium } from 'playwright-core'
import { type ExplorerServer, Sandbox, serveExplorer } from '../../lib/explore/index.ts'
import { silent } from '../../lib/log.ts'
import type { NameDoubt } from '../../lib/store/index.ts'
import { fillStore, type GivenPlay } from '../support/filled-store.ts'
import { scratch } from '../support/input-files.ts'

const folder = scratch()
const browserPath = '/usr/bin/chromium'
const overrides = join(folder, 'overrides.csv')
const header = 'verdict;a;b;artist\r\n# by hand\r\n'

function played(artist: string, artistClean: string, method: string, songs: readonly string[], callsign: string) {
  return songs.map(
    (song, i): GivenPlay => ({ artist, artistClean, method, song, callsign, timeUnix: 1_402_876_800 + i }),
  )
}

const plays: readonly GivenPlay[] = [
  ...played('Evans', 'Evens', 'spelling', ['Up', 'Up', 'Down'], 'KAAA'),
  ...played('Evens', 'Evens', 'exact', ['Up', 'Up', 'Over', 'Under'], 'KAAA'),
  ...played('BTO', 'Overdrive', 'alias', ['Takin', 'Hey'], 'KAAA'),
  ...played('Overdrive', 'Overdrive', 'exact', ['Takin', 'Roll', 'Roll'], 'WBBB'),
  ...played('<i>Quoted; "X"</i>', '<i>Quoted; "X"</i>', 'exact', ['La'], 'KAAA'),
  ...played('Quoted X', 'Quoted X', 'exact', ['La', 'Li'], 'WBBB'),
]
const doubts: readonly NameDoubt[] = [
  {
    ...{ kind: 'artist', artist: '', a: '<i>quoted; "x"</i>', z: 'quoted x', rule: 'spelling', score: 0.9, plays: 3 },
    ...{ verdict: 'different', why: 'too little evidence' },
  },
  // Listed as a merge, too; and the other way round.
  {
    ...{ kind: 'artist', artist: '', a: 'evens', z: 'evans', rule: 'spelling', score: 0.95, plays: 7 },
    ...{ verdict: 'same', why: 'both played a lot' },
  },
]

let sandbox: Sandbox
let server: ExplorerServer
beforeAll(async () => {
  const url = `sqlite:${join(folder, 'plays.db')}`
  await fillStore(url, { plays, doubts })
  sandbox = new Sandbox(url, { workers: 1, limitMs: 20_000 })
  server = await serveExplorer(sandbox, { port: 0, database: 'plays.db', timezone: 'UTC', overrides, log: silent })
}, 60_000)
afterAll(async () => {
  await server.close()
  sandbox.close()
})

interface Got {
  readonly status: number
  readonly headers: { readonly location?: string }
  readonly body: string
}

function send(method: string, path: string, headers: Record<string, string> = {}, body = ''): Promise<Got> {
  const { hostname, port } = new URL(server.url)
  return new Promise((resolve, reject) => {
    const asked = request({ hostname, port, path, method, headers, agent: false }, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (part: string) => {
        text += part
      })
      const headers = response.headers as Got['headers']
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers, body: text }))
    })
    asked.once('error', reject)
    asked.end(body)
  })
}

const form = 'application/x-www-form-urlencoded'
const origin = () => new URL(server.url).origin
const post = (path: string, fields: Record<string, string>, headers: Record<string, string> = {}) =>
  send('POST', path, { origin: origin(), 'content-type': form, ...headers }, String(new URLSearchParams(fields)))

/** The first page, with its token and its cards in order: names with their ids. */
async function load(path = '/review') {
  const { body } = await send('GET', path)
  const cards = [...body.matchAll(/<article tabindex="-1" id="([^"]+)"><h2>(.*?)<\/h2>(.*?)<\/dl>/gs)].map(
    ([, id, title, facts]) => ({
      id: id!,
      title: title!.replace(/<[^>]+>/g, ''),
      facts: facts!.replace(/<[^>]+>/g, ' '),
    }),
  )
  return { body, token: /name="token" value="([^"]+)"/.exec(body)![1]!, cards }
}

test('the pair that moves most comes first, with what is shared and what speaks against it', async () => {
  const { cards } = await load()
  expect(cards.map(({ title }) => title)).toEqual([
    'Evans now one Evens',
    'BTO now one Overdrive',
    '&lt;i&gt;Quoted; &quot;X&quot;&lt;/i&gt; now two Quoted X',
  ])
  expect(cards[0]!.facts).toMatch(/3 plays and 4 plays; 3 plays would move if they are different/)
  expect(cards[0]!.facts).toMatch(/1 title in common: Up .*1 station \(KAAA\) writes both names/)
  expect(cards[1]!.facts).toMatch(/1 title in common: Takin .*no station writes both names/)
  expect(cards[2]!.facts).toMatch(/1 play and 2 plays; 1 play would move if they are the same/)
})

test('without a script: a form writes the file, the page says the effect, undo restores the file', async () => {
  writeFileSync(overrides, header)
  const { token, cards } = await load()
  const done = await post('/review/decide', { token, card: cards[2]!.id, answer: 'same' })
  expect([done.status, done.headers.location]).toEqual([303, expect.stringMatching(/^\/review\?said=/)])
  expect(readFileSync(overrides, 'utf8')).toBe(`${header}same;"<i>Quoted; ""X""</i>";Quoted X;\r\n`)
  const after = await load(done.headers.location)
  expect(after.cards).toHaveLength(2)
  expect(after.body).toContain('1 play will move at the next run.')
  expect(after.body).toContain('1 decision waits for the next run: 1 play would move.')
  const later = await post('/review/decide', { token, card: cards[0]!.id, answer: 'later' })
  expect((await load(later.headers.location)).cards.map(({ id }) => id)).toEqual([cards[1]!.id, cards[0]!.id])
  expect((await post('/review/decide', { token, card: cards[2]!.id, answer: 'different' })).status).toBe(400)
  for (let i = 0; i < 2; i++) expect((await post('/review/undo', { token })).status).toBe(303)
  expect((await load()).cards.map(({ id }) => id)).toEqual(cards.map(({ id }) => id))
  expect(readFileSync(overrides, 'utf8')).toBe(header)
  expect((await post('/review/undo', { token })).status).toBe(400)
})

test('one card put off twice comes back with one undo; a row that went is not undone again', async () => {
  writeFileSync(overrides, header)
  const { token, cards } = await load()
  const [first, second, third] = cards.map(({ id }) => id)
  for (const card of [second!, first!, first!]) await post('/review/decide', { token, card, answer: 'later' })
  expect((await post('/review/undo', { token })).status).toBe(303)
  expect((await load()).cards.map(({ id }) => id)).toEqual([first, third, second])
  await post('/review/decide', { token, card: first!, answer: 'same' })
  const row = /name="row" value="([^"]+)"/.exec((await load()).body)![1]!
  for (const fields of [{ token, row }, { token }]) expect((await post('/review/undo', fields)).status).toBe(303)
  expect((await load()).cards.map(({ id }) => id)).toEqual([first, second, third])
})

test('a file of thousands of rows takes a decision', async () => {
  writeFileSync(overrides, header + Array.from({ length: 9000 }, (_, i) => `same;A${i};B${i};\r\n`).join(''))
  const { token, cards } = await load()
  expect((await post('/review/decide', { token, card: cards[0]!.id, answer: 'same' })).status).toBe(303)
})

test('what would contradict the file is refused, since a run would refuse the whole file', async () => {
  const chain = 'verdict,a,b,artist\nsame,Evens,Third,\nsame,EVANS,Third,\nsame,evans,EVANS,\nsame,Evans,evans,\n'
  writeFileSync(overrides, chain)
  const { token, cards } = await load()
  const refused = await post(
    '/review/decide',
    { token, card: cards[0]!.id, answer: 'different' },
    { accept: 'application/json' },
  )
  expect([refused.status, JSON.parse(refused.body).message]).toEqual([
    409,
    expect.stringMatching(
      /^that would contradict the overrides: “Evans” ≠ “Evens”; but the file says .*; undo one of them$/,
    ),
  ])
  expect(refused.body).toContain('Third = Evens')
  expect(readFileSync(overrides, 'utf8')).toBe(chain)
})

test.each<[string, (token: string) => Promise<Got>, number]>([
  ['another origin', (token) => decide(token, { origin: 'https://evil.example' }), 403],
  ['no origin', (token) => send('POST', '/review/decide', { 'content-type': form }, `token=${token}`), 403],
  ['an opaque origin', (token) => decide(token, { origin: 'null' }), 403],
  ['another port of this machine', (token) => decide(token, { origin: 'http://127.0.0.1:1' }), 403],
  ['another site', (token) => decide(token, { 'sec-fetch-site': 'same-site' }), 403],
  ['another host', (token) => decide(token, { host: 'evil.example', origin: 'http://evil.example' }), 421],
  ['no token', () => decide(''), 403],
  ['a token made up', (token) => decide(`${token.split('.')[0]}.${'A'.repeat(43)}`), 403],
  ['not a form', (token) => decide(token, { 'content-type': 'text/plain' }), 400],
  ['GET', () => send('GET', '/review/decide?card=x'), 404],
  ['DELETE', () => send('DELETE', '/review/decide'), 405],
  ['POST elsewhere', (token) => post('/table?name=plays', { token }), 405],
  ['an answer that is none', (token) => post('/review/decide', { token, card: 'x', answer: 'perhaps' }), 400],
  ['an unknown card', (token) => post('/review/decide', { token, card: 'x', answer: 'same' }), 400],
])('%s writes nothing', async (_name, ask, status) => {
  writeFileSync(overrides, header)
  const { token } = await load()
  expect((await ask(token)).status).toBe(status)
  expect(readFileSync(overrides, 'utf8')).toBe(header)
})

async function decide(token: string, headers: Record<string, string> = {}): Promise<Got> {
  const { cards } = await load()
  return post('/review/decide', { token, card: cards[0]!.id, answer: 'same' }, headers)
}

test('in a browser: s, d, l and u, each in the file within two seconds, with no complaint of the policy', async () => {
  if (!existsSync(browserPath)) {
    console.warn(`skipped: there is no ${browserPath}`)
    return
  }
  writeFileSync(overrides, header)
  await using stack = new AsyncDisposableStack()
  const browser = await chromium.launch({ executablePath: browserPath, args: ['--no-sandbox'] })
  stack.defer(() => browser.close())
  const page = await browser.newPage()
  const complaints: string[] = []
  page.on('console', (message) => complaints.push(message.text()))
  await page.goto(`${server.url}review`)
  const file = () => readFileSync(overrides, 'utf8').slice(header.length)
  const press = async (key: string, said: RegExp) => {
    const started = performance.now()
    await page.keyboard.press(key)
    await page.locator('#said', { hasText: said }).waitFor()
    expect(performance.now() - started).toBeLessThan(2000)
    return file()
  }
  expect(await press('d', /Evans.*3 plays will move/)).toBe('different;Evans;Evens;\r\n')
  expect(await press('l', /BTO.*come again/)).toBe('different;Evans;Evens;\r\n')
  expect(await press('s', /Quoted X.*1 play will move/)).toContain('same;"<i>Quoted; ""X""</i>";Quoted X;\r\n')
  expect(await press('u', /Undone: .*Quoted X/)).toBe('different;Evans;Evens;\r\n')
  await page.reload()
  expect(await page.locator('article').count()).toBe(2)
  expect(await press('u', /back at its place/)).toBe('different;Evans;Evens;\r\n')
  expect(await press('u', /Undone: .*Evans/)).toBe('')
  await page.getByRole('button', { name: 'same s' }).nth(1).click()
  await page.locator('#said', { hasText: 'BTO' }).waitFor()
  expect(file()).toBe('same;BTO;Overdrive;\r\n')
  await page.locator('input[name=q]').fill('sdlu')
  expect(file()).toBe('same;BTO;Overdrive;\r\n')
  expect(complaints).toEqual([])
}, 60_000)

test('axe finds nothing on the pages, wide and light, narrow and dark; none is wider than a phone', async () => {
  if (!existsSync(browserPath)) {
    console.warn(`skipped: there is no ${browserPath}`)
    return
  }
  await using stack = new AsyncDisposableStack()
  const browser = await chromium.launch({ executablePath: browserPath, args: ['--no-sandbox'] })
  stack.defer(() => browser.close())
  for (const [width, colorScheme, paths] of [
    [1280, 'light', ['review', 'artist?name=Evens']],
    [390, 'dark', ['', 'review', 'table?name=plays&where=callsign%3DKAAA', 'station?name=KAAA']],
  ] as const) {
    // The script of axe is not ours, which the policy would refuse.
    const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme, bypassCSP: true })
    const page = await context.newPage()
    for (const path of paths) {
      await page.goto(`${server.url}${path}`)
      await page.addScriptTag({ content: axe.source })
      const found = await page.evaluate<[string[], boolean]>(
        `axe.run().then(({ violations }) => [violations.map(({ id }) => id), document.documentElement.scrollWidth > innerWidth])`,
      )
      expect({ path, width, found }).toEqual({ path, width, found: [[], false] })
    }
  }
}, 60_000)
