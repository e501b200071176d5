import { PassThrough } from 'node:stream'
import { expect, test } from '@jest/globals'
import { questionsTo } from '../../lib/cli/confirm.ts'
import { confirmReplacement, type Inputs, type ReplacementOptions } from '../../lib/load/index.ts'
import { silent } from '../../lib/log.ts'
import { openReadOnly } from '../../lib/store/index.ts'
import { onEachDatabase } from '../store/support/databases.ts'
import { fillStore, type GivenPlay } from '../support/filled-store.ts'

const noon = Date.UTC(2026, 1, 16, 12) / 1000
const play = (callsign: string, day: number): GivenPlay => ({
  ...{ artist: 'Boston', song: 'Amanda', callsign, timeUnix: noon + day * 86_400 },
})
const inputs = (labels: readonly string[], uris: readonly string[] = []) =>
  ({ groups: [], leftOut: [], bytes: 1, uris, files: labels.map((label) => ({ label })) }) as unknown as Inputs

onEachDatabase((database) => {
  /** What is said and asked before a run of these inputs, on a database with three plays of `plays.csv`. */
  async function before(given: Inputs, options: ReplacementOptions, answer?: boolean, source = 'plays.csv') {
    const url = await database.create()
    await fillStore(url, { plays: [play('KAAA', 0), play('WBBB', 1), play('KAAA', 2)] })
    if (source !== 'plays.csv') database.sql(url, `update plays set source_file = '${source}'`)
    const [said, asked]: [string[], string[]] = [[], []]
    const log = { ...silent, warn: (text: string) => void said.push(text) } as typeof silent
    const confirm = async (question: string) => asked.push(question) > 0 && answer === true
    await using store = await openReadOnly(url, { log: silent })
    const ended = await confirmReplacement(store, given, options, {
      log,
      ...(answer === undefined ? {} : { confirm }),
    }).catch((error: unknown) => error)
    return { said, asked, ended }
  }
  const others = inputs(['new/june.csv'])
  const input = ['new/june.csv', "it's new.csv"]
  const warning =
    /^this run takes away 3 plays that are not from its inputs: of plays\.csv; stations KAAA, WBBB; 2026-02-16 to 2026-02-18 \(UTC\); to keep them: npm run job:aggregate -- --append --input new\/june\.csv 'it'\\''s new\.csv'$/

  test('elsewhere than at a terminal, it warns with number, files, stations, days and the line to keep them', async () => {
    const { said, ended } = await before(others, { input })
    expect(said).toEqual([expect.stringMatching(warning)])
    expect(ended).toBeUndefined()
  })

  test('at a terminal it asks: no changes nothing, yes goes on, --yes is the answer', async () => {
    const no = await before(others, { input }, false)
    expect(no).toMatchObject({ said: [expect.stringMatching(warning)], asked: ['Replace them?'] })
    expect(no.ended).toMatchObject({ kind: 'usage', remedy: expect.stringContaining('with --yes') })
    expect(await before(others, { input }, true)).toMatchObject({ asked: ['Replace them?'], ended: undefined })
    expect(await before(others, { input, yes: true }, false)).toMatchObject({ asked: [], ended: undefined })
  })

  test.each<[string, Inputs, ReplacementOptions, string | undefined]>([
    ['where the file is among the inputs', inputs(['plays.csv', 'new/june.csv']), {}, undefined],
    ['with --append', others, { append: true }, undefined],
    ['where the plays are those of the sample', others, {}, '../somewhere/sample/plays.csv'],
  ])('nothing is said %s', async (_, given, options, source) => {
    expect(await before(given, options, false, source)).toEqual({ said: [], asked: [], ended: undefined })
  })
})

test('a question is asked at a terminal only, and only yes is yes', async () => {
  const terminal = () =>
    Object.assign(new PassThrough(), { isTTY: true }) as unknown as NodeJS.ReadStream & NodeJS.WriteStream
  const { signal } = new AbortController()
  expect(questionsTo({ stdin: terminal(), stderr: new PassThrough() as never }, signal)).toBeUndefined()
  for (const [typed, answer] of [
    ['y\n', true],
    ['Yes\n', true],
    ['\n', false],
    ['no\n', false],
  ] as const) {
    const [stdin, stderr] = [terminal(), terminal()]
    stdin.push(typed)
    expect(await questionsTo({ stdin, stderr }, signal)!('Go on?')).toBe(answer)
    expect(String(stderr.read())).toContain('Go on? [y/N] ')
  }
})
