import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { recordAnswers } from '../../lib/enrich/index.ts'
import { type RecordedAnswer, redacted } from '../../lib/enrich/record/record.ts'
import { isUnderstood, replayAnswers, replayText } from '../../lib/enrich/record/replay.ts'
import { compareShapes, shapeOf } from '../../lib/enrich/record/shape.ts'
import { silent } from '../../lib/log.ts'
import { type Stubs, startStubs, stubKeys } from '../../lib/stubs/index.ts'
import { runJob } from '../support/run-job.ts'

const root = new URL('../../', import.meta.url).pathname
const own = readdirSync(join(root, 'sample/answers')).map(
  (name) => JSON.parse(readFileSync(join(root, 'sample/answers', name), 'utf8')) as RecordedAnswer,
)

describe('the recorded answers of this project', () => {
  test.each(
    own.map((answer) => [`${answer.service} ${answer.sample}`, answer] as const),
  )('%s is understood', (_, answer) => {
    const [replayed] = replayAnswers([answer], own)
    expect(replayed).toMatchObject({ read: 'found', changes: { added: [], gone: [], changed: [] } })
  })

  test.each([
    'musicbrainz',
    'listenbrainz',
    'wikidata-query',
    'wikidata',
    'commons',
    'lastfm',
  ])('%s has some', (service) => {
    expect(own.filter((answer) => answer.service === service).length).toBeGreaterThan(0)
  })
})

describe('a service that has changed', () => {
  const names = own.find((one) => one.sample === 'artists-by-id')!
  const change = (edit: (text: string) => string) =>
    replayAnswers([{ ...names, body: JSON.parse(edit(JSON.stringify(names.body))) }], own)[0]!

  test('a field under another name: our reader finds nothing, and the fields are named', () => {
    const replayed = change((text) => text.replaceAll('"id"', '"gid"'))
    expect(replayed).toMatchObject({
      read: 'nothing found',
      changes: { added: ['artists[].gid'], gone: ['artists[].id'] },
    })
    expect(isUnderstood(replayed)).toBe(false)
    expect(replayText([replayed])).toContain('gone: artists[].id')
  })

  test('another type', () => {
    const replayed = change((text) => text.replace(/"count":\d+/, '"count":"1"'))
    expect(replayed.changes?.changed).toEqual(['count: number before, string now'])
    expect(isUnderstood(replayed)).toBe(false)
  })

  test('another shape', () => {
    expect(change(() => '{"artist-list":[]}').read).toBe('another shape')
  })

  test('a new field does no harm', () => {
    const replayed = change((text) => text.replace('"count"', '"now":true,"count"'))
    expect(replayed.changes?.added).toEqual(['now'])
    expect(isUnderstood(replayed)).toBe(true)
  })
})

test('keys that are ids count as one field, and nothing is no other type', () => {
  const known = shapeOf({ entities: { Q1: { label: 'a', more: null } } })
  expect([...known.keys()]).toEqual(['', '.entities', '.entities.*', '.entities.*.label', '.entities.*.more'])
  const now = shapeOf({ entities: { Q2: { label: null, more: 5 }, Q3: { label: 'b', more: 6 } } })
  expect(compareShapes(known, now)).toEqual({ added: [], gone: [], changed: [] })
})

test('what is kept is short and holds no key', () => {
  const body = { url: 'https://x/?api_key=secret-key', list: [1, 2, 3, 4], text: 'a'.repeat(900) }
  expect(JSON.stringify(redacted(body, 'secret-key'))).not.toContain('secret-key')
  expect(redacted(body, 'secret-key')).toMatchObject({ list: [1, 2, 3], text: `${'a'.repeat(300)}…` })
})

describe('recording', () => {
  let stubs: Stubs
  const folder = mkdtempSync(join(tmpdir(), 'answers-'))
  beforeAll(async () => {
    stubs = await startStubs({ era: '2026' })
  })
  afterAll(async () => {
    await stubs.close()
    rmSync(folder, { recursive: true, force: true })
  })
  const record = (service: string) =>
    recordAnswers(service, {
      log: silent,
      version: '0.1.0',
      contact: 'ops@plays.fm',
      keys: stubKeys,
      bases: stubs.bases,
    })

  test('asks one request of each kind, and what it keeps can be replayed', async () => {
    const { answers, failures } = await record('lastfm')
    expect(failures).toEqual([])
    expect(answers.map((one) => one.sample)).toEqual(['artist', 'track'])
    expect(stubs.servers.lastfm.seen).toHaveLength(2)
    expect(JSON.stringify(answers)).not.toContain(stubKeys.lastfm)
    cpSync(join(root, 'sample/answers'), folder, { recursive: true })
    for (const answer of answers) writeFileSync(join(folder, `lastfm-${answer.sample}.json`), JSON.stringify(answer))
    expect(replayAnswers(answers, own).every(isUnderstood)).toBe(true)
  })

  test('a service that fails is told, not recorded', async () => {
    stubs.servers.commons.fault = () => ({ status: 400, body: { error: { code: 'badvalue', info: 'no' } } })
    expect(await record('commons')).toEqual({ answers: [], failures: [{ sample: 'files', why: 'badvalue: no' }] })
  })

  test('the command replaces answers, and no other file', async () => {
    stubs.servers.commons.fault = null
    const out = join(folder, 'out')
    const command = (...more: string[]) =>
      runJob('../scripts/enrich-record', ['--service', 'commons', '--out', out, ...more], {
        env: { COMMONS_URL: stubs.bases.commons! },
      })
    for (const _ of [1, 2]) expect(await command()).toMatchObject({ code: 0, stderr: '' })
    const answer = join(out, 'commons-files.json')
    writeFileSync(answer, 'precious')
    expect(await command()).toMatchObject({ code: 2, stderr: expect.stringMatching(/this command did not create it/) })
    expect(readFileSync(answer, 'utf8')).toBe('precious')
    expect(await command('--force')).toMatchObject({ code: 0 })
    rmSync(answer)
    symlinkSync('elsewhere', answer)
    expect(await command('--force')).toMatchObject({ code: 2, stderr: expect.stringMatching(/is a link/) })
    expect(existsSync(join(out, 'elsewhere'))).toBe(false)
  })

  test.each([
    ['nobody', 'unknown service'],
    ['fanarttv', 'answers only with a key'],
  ])('%s is refused', async (service, message) => {
    await expect(record(service)).rejects.toMatchObject({ kind: 'usage', message: expect.stringContaining(message) })
  })
})
