import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, test } from '@jest/globals'
import { catalogueDamage, generateCatalogue } from '../../scripts/generate/catalogue.ts'
import { type Damage, type DamageKind, defaultDamage, misspell, mojibake, typo } from '../../scripts/generate/damage.ts'
import { inventWorld, type Language, languages, lookalike, plainKey } from '../../scripts/generate/names.ts'
import { type Form, generatePlays, type PlaysOptions, type Written } from '../../scripts/generate/plays.ts'
import { hash, random, weighted } from '../../scripts/generate/random.ts'
import { readAll, scratch, write } from '../support/input-files.ts'

const folder = scratch()
const none = Object.fromEntries(Object.keys(defaultDamage).map((kind) => [kind, 0])) as Damage
const english = new Map<Language, number>([['en', 1]])
const all = new Map(languages.map((language) => [language, 1]))

function generate(options: Partial<PlaysOptions>) {
  const written: Written = {
    rows: 0,
    damaged: Object.fromEntries(Object.keys(defaultDamage).map((kind) => [kind, 0])) as Record<DamageKind, number>,
  }
  const parts = [
    ...generatePlays(
      { plays: 2000, seed: 1, form: 'real', damage: none, stations: 10, artists: 60, languages: english, ...options },
      written,
    ),
  ]
  const log = Buffer.concat(parts.map((part) => part.log))
  const truth = parts.map((part) => part.truth).join('')
  return { log, truth, written, lines: log.toString().split(/\r?\n/).slice(1, -1) }
}

test('the committed sample is what the generator writes', async () => {
  const log = join(folder, 'plays.csv')
  const truth = join(folder, 'truth.csv')
  await promisify(execFile)(process.execPath, [
    'scripts/generate.ts',
    '--plays',
    '5000',
    '--seed',
    '1',
    '--out',
    log,
    '--truth',
    truth,
  ])
  expect(readFileSync(log).equals(readFileSync('sample/plays.csv'))).toBe(true)
  expect(readFileSync(truth).equals(readFileSync('sample/truth.csv'))).toBe(true)
})

test.each<[string, string[], number, RegExp]>([
  [
    'a kind of damage that there is not',
    ['--damage', 'tpyo=1'],
    2,
    /^error: --damage: unknown kind "tpyo"\n {2}do: kinds are case, /,
  ],
  ['a share beyond one', ['--damage', 'typo=2'], 2, /must be a share from 0 to 1/],
  ['no plays', ['--plays', '0'], 2, /^error: --plays is "0" but must be a whole number from 1 to /],
  ['a language that there is not', ['--languages', 'xx'], 2, /"xx" is not a language/],
  ['a place that cannot be written', ['--out', '/dev/null/plays.csv'], 2, /^error: \/dev\/null is not a folder/],
  ['a folder in the place of the file', ['--out', 'test'], 2, /^error: test is a folder/],
])('%s', async (_name, args, code, message) => {
  const ended = await promisify(execFile)(process.execPath, ['scripts/generate.ts', ...args]).catch(
    (error: { code: number; stderr: string }) => error,
  )
  expect(ended).toMatchObject({ code, stderr: expect.stringMatching(message) })
  expect(ended.stderr.trimEnd().split('\n').length).toBeLessThanOrEqual(4)
})

describe('the sample', () => {
  const text = readFileSync('sample/plays.csv', 'latin1')
  const lines = text.split('\r\n').slice(1, -1)
  const truth = readFileSync('sample/truth.csv', 'utf8').trimEnd().split('\n').slice(1)

  test('has the size and form of its kind', () => {
    expect(text.length).toBeLessThan(2 ** 20)
    expect(lines).toHaveLength(5000)
    expect(text.startsWith('RAW_SONG;RAW_ARTIST;CALLSIGN;TIME;UNIQUE_ID;COMBINED;First?;;;;;;;\r\n')).toBe(true)
  })

  test('has every kind of damage', () => {
    const seen = new Set(truth.flatMap((line) => line.slice(line.lastIndexOf(',') + 1).split('+')))
    // Rows without an id of their own are in no truth.
    const elsewhere = ['cut_row', 'duplicate', 'conflict']
    expect(Object.keys(defaultDamage).filter((kind) => !seen.has(kind) && !elsewhere.includes(kind))).toEqual([])
    expect(lines.filter((line) => /^[^;]*;{13}$/.test(line)).length).toBeGreaterThan(0)
    expect(new Set(lines).size).toBeLessThan(lines.length)
    const ids = new Map<string, Set<string>>()
    for (const line of new Set(lines)) {
      const id = /;([KW][A-Z]{3}\d{4,});/.exec(line)?.[1]
      if (id) ids.set(id, (ids.get(id) ?? new Set()).add(line))
    }
    expect([...ids.values()].some((rows) => rows.size > 1)).toBe(true)
    expect(truth.length).toBe(ids.size)
  })

  test('torn rows can be put together again: anchor, and COMBINED right of it', () => {
    const torn = truth.filter((line) => line.endsWith('shifted')).map((line) => line.slice(0, line.indexOf(',')))
    expect(torn.length).toBeGreaterThan(80)
    for (const id of torn) {
      const line = lines.find((each) => each.includes(`;${id};`))!
      const match = /^(.*?);([KW][A-Z]{2,3});(\d{10}|[^;]*);(\2\d+);(.*?);([01]);*$/.exec(line)!
      expect(match[1]!.split(';').length).not.toBe(2)
      expect(match[5]).toContain(' by ')
    }
  })
})

describe('generatePlays', () => {
  test('the same seed gives the same bytes, another seed others', () => {
    const options = { damage: defaultDamage, languages: all }
    expect(generate(options).log.equals(generate(options).log)).toBe(true)
    expect(generate(options).truth).toBe(generate(options).truth)
    expect(generate(options).log.equals(generate({ ...options, seed: 2 }).log)).toBe(false)
  })

  test.each<Form>(['real', 'publisher', 'plain'])('%s: as many lines as asked for, read as such', async (form) => {
    const { log, written } = generate({ form, damage: { ...defaultDamage, bytes: 0.02 }, languages: all })
    expect(written.rows).toBe(2000)
    const { rows, files } = await readAll([write(folder, log)])
    expect(rows).toHaveLength(2000)
    expect(files[0]?.joinedLines).toBe(0)
    expect(files[0]?.recodedLines).toBe(written.damaged.bytes)
  })

  test('without damage every play is its truth, and ids are unique', () => {
    const { lines, truth } = generate({})
    const rows = truth.trimEnd().split('\n').slice(1)
    expect(rows).toHaveLength(2000)
    lines.forEach((line, i) => {
      const [song, artist, callsign, , id, combined] = line.split(';')
      expect(id!.startsWith(callsign!)).toBe(true)
      expect(combined).toBe(`${song} by ${artist}`)
      expect(rows[i]!.startsWith(`${id},${artist},`)).toBe(true)
    })
    expect(new Set(lines.map((line) => line.split(';')[4])).size).toBe(2000)
  })

  test.each<[DamageKind, number]>([
    ['shifted', 0.1],
    ['case', 0.2],
    ['version', 0.2],
    ['bad_time', 0.05],
    ['missing', 0.05],
    ['duplicate', 0.05],
    ['cut_row', 0.05],
  ])('%s has the share that was asked for', (kind, share) => {
    const { written } = generate({ plays: 20_000, damage: { ...none, [kind]: share } })
    expect(written.damaged[kind] / 20_000).toBeGreaterThan(share * 0.7)
    expect(written.damaged[kind] / 20_000).toBeLessThan(share * 1.3)
    for (const [other, rows] of Object.entries(written.damaged))
      if (other !== kind) expect([other, rows]).toEqual([other, 0])
  })

  test('plays are in order of time, within the days that the pace of the real file gives', () => {
    const times = generate({}).lines.map((line) => Number(line.split(';')[3]))
    expect(times.every((time, i) => i === 0 || time >= times[i - 1]!)).toBe(true)
    expect((times.at(-1)! - times[0]!) / 86_400).toBeCloseTo(2000 / (10 * 215), 1)
  })

  test('few songs have many plays', () => {
    const plays = new Map<string, number>()
    for (const line of generate({ plays: 20_000 }).lines) {
      const artist = line.split(';')[1]!
      plays.set(artist, (plays.get(artist) ?? 0) + 1)
    }
    const sorted = [...plays.values()].sort((a, b) => b - a)
    const topTenth = sorted.slice(0, 6).reduce((sum, each) => sum + each, 0)
    expect(topTenth / 20_000).toBeGreaterThan(0.25)
    expect(sorted.at(-1)).toBeLessThan(20_000 / 60 / 2)
  })
})

describe('names', () => {
  test('acts are distinct however they are spelled, also where a language is small', () => {
    const world = inventWorld(1, 3000, all)
    expect(new Set(world.artists.map((artist) => plainKey(artist.name))).size).toBe(3000)
    for (const { title, artist } of world.songs) {
      expect(plainKey(title)).not.toBe('')
      expect(world.artists[artist]).toBeDefined()
      expect(title).not.toMatch(/ by /i)
    }
    expect(new Set(world.artists.map((artist) => artist.language)).size).toBe(languages.length)
  })

  test('a look-alike is another name', () => {
    const from = random(1)
    for (const name of ['Verity Selroslow', '38 Copper Calton', 'The Marble Jaxons']) {
      for (let i = 0; i < 20; i++) expect(plainKey(lookalike(name, from) ?? '')).not.toBe(plainKey(name))
    }
    expect(lookalike('Кино', from)).toBeNull()
  })
})

describe('damage', () => {
  const from = random(3)
  const one = (kind: DamageKind, song: string, artist: string, person = false) =>
    misspell(song, artist, person, 'Guest', { ...none, [kind]: 1 }, from)

  test('mojibake is undone by decoding as often as it was done', () => {
    expect(mojibake('Öyster', 1)).toBe('Ã\u0096yster')
    expect(Buffer.from(Buffer.from(mojibake('Öyster', 2), 'latin1').toString(), 'latin1').toString()).toBe('Öyster')
  })

  test.each<[DamageKind, string, string, boolean, RegExp]>([
    ['last_first', 'Song', 'Tom Petty', true, /^Petty, Tom$/],
    ['article', 'Song', 'The Beatles', false, /^(Beatles|Beatles, The)$/],
    ['accents', 'Song', 'Mötley Crüe', false, /^Motley Crue$/],
    ['question', 'Song', 'Mötley Crüe', false, /^M\?tley Cr\?e$/],
    ['entities', 'Song', 'Guns & Roses', false, /^Guns &amp; Roses$/],
    ['decomposed', 'Song', 'Mötley', false, /^Mo\u0308tley$/],
  ])('%s', (kind, song, artist, person, expected) => {
    const spelled = one(kind, song, artist, person)
    expect(spelled.artist).toMatch(expected)
    expect(spelled.kinds).toEqual([kind])
  })

  test('damage that changes nothing is not counted', () => {
    expect(one('entities', 'Song', 'Artist').kinds).toEqual([])
  })

  test('a typo is one edit of a letter', () => {
    for (let i = 0; i < 200; i++) {
      const changed = typo('Fleetwood Mac', from)
      expect(Math.abs(changed.length - 13)).toBeLessThanOrEqual(1)
      expect(changed[0]).toBe('F')
    }
  })

  test('a name never loses all its letters', () => {
    expect(one('question', 'Кино', 'Кино').artist).toBe('Кино')
  })
})

describe('catalogue', () => {
  const catalogue = (options = {}) => {
    const parts = [
      ...generateCatalogue({
        names: 400,
        seed: 2,
        damage: catalogueDamage,
        languages: all,
        lookalikes: 0.2,
        spellings: 4,
        ...options,
      }),
    ]
    return { log: Buffer.concat(parts.map((part) => part.log)), truth: parts.map((part) => part.truth).join('') }
  }
  const truths = (truth: string) => truth.trimEnd().split('\n').slice(1)

  test('is the same for a seed, has all acts, and its log reads as a play log with the label', async () => {
    const { log, truth } = catalogue()
    expect(catalogue().log.equals(log)).toBe(true)
    const acts = new Set(truths(truth).map((line) => line.split(',')[1]))
    expect(acts.size).toBe(400)
    const { rows } = await readAll([write(folder, log)])
    expect(rows.length).toBe(truths(truth).length)
    expect(rows.every((row) => row.text.includes(' by '))).toBe(true)
  })

  test('a clean one has no damage, and its look-alikes stay different names', () => {
    const { truth } = catalogue({ damage: none })
    expect(truths(truth).every((line) => line.endsWith(','))).toBe(true)
  })
})

describe('random', () => {
  test('is what it was: the sample depends on it', () => {
    const from = random(1)
    expect([from.below(1000), from.below(1000), from.below(1000)]).toEqual([594, 991, 423])
    expect(hash('plays', 1)).toBe(174215275)
  })

  test('the alias method draws in proportion to the weights', () => {
    const draw = weighted(Float64Array.of(1, 2, 7))
    const from = random(5)
    const counts = [0, 0, 0]
    for (let i = 0; i < 100_000; i++) counts[draw(from)]!++
    expect(counts.map((each) => Math.round(each / 1000))).toEqual([10, 20, 70])
  })
})
