import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { visibleText } from '../../lib/enrich/html.ts'
import { gatherReport, renderReport } from '../../lib/report/index.ts'
import { type StubFile, TableWorld } from '../../lib/stubs/index.ts'
import { startWorld, type World } from './harness.ts'

/** A page of Commons about a file, and what a reader of the report has to see of it. */
interface Shape {
  readonly meta: Readonly<Record<string, string>> | null
  readonly author: string
  readonly licence: string
  readonly licenceUrl?: string
}

const free = { LicenseShortName: 'CC BY-SA 4.0', LicenseUrl: 'https://creativecommons.org/licenses/by-sa/4.0' }
const shared = { licence: 'CC BY-SA 4.0', licenceUrl: free.LicenseUrl }
const shapes: Readonly<Record<string, Shape>> = {
  'Linked Author': {
    meta: { ...free, Artist: '<a href="//commons.wikimedia.org/wiki/User:Ann">Ann &amp; Co</a>' },
    author: 'Ann & Co',
    ...shared,
  },
  'Demanded Text': {
    meta: { ...free, Artist: 'Bob', Attribution: '<b>Photo: Bob / Agency</b>', AttributionRequired: 'true' },
    author: 'Photo: Bob / Agency',
    ...shared,
  },
  'Unknown Author': {
    meta: {
      LicenseShortName: 'Public domain',
      Artist: '<bdi><a href="x">Unknown author</a></bdi><span style="display: none;">Unknown author</span>',
    },
    author: 'Unknown author',
    licence: 'Public domain',
  },
  'List Of Authors': {
    meta: { ...free, Artist: '<ul><li>Ann Other</li><li>Bob Else</li></ul>' },
    author: 'Ann Other, Bob Else',
    ...shared,
  },
  'Accented Author': { meta: { ...free, Artist: 'Fr&eacute;d&#233;ric' }, author: 'Frédéric', ...shared },
  'Restricted File': {
    meta: { ...free, Artist: 'Cy', Restrictions: 'personality|trademarked' },
    author: 'Cy (restrictions: personality|trademarked)',
    ...shared,
  },
  'Restricted Nobody': {
    meta: { ...free, Restrictions: 'insignia' },
    author: 'restrictions: insignia',
    ...shared,
  },
  'Credit Alone': {
    meta: { UsageTerms: 'Public domain', Credit: '<span>Own work</span>' },
    author: 'Own work',
    licence: 'Public domain',
  },
  'Markup Kept Out': {
    meta: { ...free, Artist: 'Eve &lt;script&gt;alert(1)&lt;/script&gt;<script>alert(2)</script>' },
    author: 'Eve alert(1)',
    ...shared,
  },
  'Bare Page': { meta: null, author: 'not given', licence: 'not given' },
}
const acts = Object.keys(shapes)
const mbid = (at: number) => `e000000${at}-0000-4000-8000-000000000000`
const files: StubFile[] = Object.entries(shapes).map(([name, { meta }]) => ({ file: `${name}.jpg`, meta }))

describe('what the pages of pictures say reaches the reader of the report as text', () => {
  let world: World
  let rows: Map<string, string>
  beforeAll(async () => {
    const artists = acts.map((name, at) => ({ mbid: mbid(at), name, qid: `Q${at + 1}`, file: `${name}.jpg` }))
    const catalogue = Object.fromEntries(acts.map((name) => [name, []]))
    world = await startWorld({ catalogue, speed: 200, stubs: { world: new TableWorld({ artists, files }) } })
    await world.run()
    const page = await world.database.store.snapshot(async (reader) => renderReport(await gatherReport(reader)))
    const credits = page.slice(page.indexOf('<section id="credits"'))
    const cells = (row: string) =>
      [...row.matchAll(/<t[hd][^>]*>(.*?)<\/t[hd]>/g)].map(([, cell]) => visibleText(cell) ?? '')
    rows = new Map(
      [...credits.matchAll(/<tr>(.*?)<\/tr>/gs)].map(([, row]) => [cells(row!)[0]!, cells(row!).join(' | ')]),
    )
  }, 60_000)
  afterAll(() => world.close())

  test.each(acts)('%s', (name) => {
    const { author, licence, licenceUrl } = shapes[name]!
    const page = `https://commons.wikimedia.org/wiki/File:${name.replace(/ /g, '_')}.jpg`
    expect(rows.get(name)).toBe(
      `${name} | ${author} | ${licence}${licenceUrl ? ` ${licenceUrl}` : ''} | commons ${page}`,
    )
  })
})
