import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from '@jest/globals'
import { chromium } from 'playwright-core'
import { writeOutput } from '../../lib/output.ts'
import { gatherReport, renderReport } from '../../lib/report/index.ts'
import { madeUpCatalogue, startWorld, withToken } from '../enrich/harness.ts'
import { scratch } from '../support/input-files.ts'

const folder = scratch()
const browserPath = '/usr/bin/chromium'

test('look-ups against the stubs bring pictures that the report really shows', async () => {
  if (!existsSync(browserPath)) {
    console.warn(`skipped: there is no ${browserPath}`)
    return
  }
  await using stack = new AsyncDisposableStack()
  const world = await startWorld({ catalogue: madeUpCatalogue(12, 12), speed: 200, stubs: { ownPictures: true } })
  stack.defer(() => world.close())
  const { images } = await world.run(withToken)
  expect(images.found).toBeGreaterThan(8)
  const page = await world.database.store.snapshot(async (reader) =>
    renderReport(await gatherReport(reader, { timezone: 'UTC' })),
  )
  const file = join(folder, 'report.html')
  await writeOutput(file, page)

  const browser = await chromium.launch({ executablePath: browserPath, args: ['--no-sandbox'] })
  stack.defer(() => browser.close())
  const tab = await browser.newPage()
  const answers: { from: string; status: number; type: string | undefined }[] = []
  tab.on('response', (answer) => {
    if (answer.url().startsWith('http')) {
      const { origin } = new URL(answer.url())
      answers.push({ from: origin, status: answer.status(), type: answer.headers()['content-type'] })
    }
  })
  const complaints: string[] = []
  tab.on('console', (message) => complaints.push(message.text()))
  await tab.goto(pathToFileURL(file).href, { waitUntil: 'networkidle' })
  expect(complaints).toEqual([])
  expect(new Set(answers.map((answer) => JSON.stringify(answer)))).toEqual(
    new Set([JSON.stringify({ from: world.stubs.servers.commons.origin, status: 200, type: 'image/svg+xml' })]),
  )
  expect(answers.length).toBeGreaterThan(5)
  await tab.screenshot({ path: join(folder, 'report.png') })
}, 60_000)
