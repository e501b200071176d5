import { afterAll, expect, jest, test } from '@jest/globals'
import { expr } from 'spark-connect-js'
import { type AcceptedPlay, resolveNames } from '../../lib/plays/index.ts'
import { spark, stopSpark } from './evaluate.ts'

jest.setTimeout(240_000)
afterAll(stopSpark)

/** Numbers from a seed: the same names and edits in every run (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

const random = seeded(20140616)
const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!
const times = (n: number, make: () => string) => Array.from({ length: n }, make).join('')
const onsets = [
  'b',
  'br',
  'c',
  'd',
  'dr',
  'f',
  'g',
  'gl',
  'h',
  'j',
  'k',
  'l',
  'm',
  'n',
  'p',
  'qu',
  'r',
  's',
  'st',
  't',
  'tr',
  'v',
  'w',
  'z',
]
const nuclei = ['a', 'e', 'i', 'o', 'u', 'ai', 'ea', 'oo', 'ö', 'é']
const codas = ['', '', 'n', 'r', 's', 'l', 'th', 'ck', 'nd', 'm']
const syllable = () => pick(onsets) + pick(nuclei) + pick(codas)
const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1)
const word = (least: number) => capital(times(least + Math.floor(random() * 2), syllable))
const name = () =>
  pick([
    () => word(2),
    () => `The ${word(2)}s`,
    () => `${word(1)} ${word(2)}`,
    () => `${word(2)} & The ${word(2)}s`,
    () => `${word(1)} ${word(1)} ${word(2)}`,
  ])()
const title = () => `${word(1)} ${pick(['of', 'in', 'and', 'without'])} ${word(2)}`

/** One random edit, of the kinds that people and machines make. */
function corrupted(text: string): string {
  const at = 1 + Math.floor(random() * (text.length - 1))
  const kind = pick(['insert', 'delete', 'swap', 'case', 'accent', 'the', 'and'])
  switch (kind) {
    case 'insert':
      return text.slice(0, at) + pick([...'aeiourstln']) + text.slice(at)
    case 'delete':
      return text.slice(0, at) + text.slice(at + 1)
    case 'swap':
      return text.slice(0, at - 1) + (text[at] ?? '') + text[at - 1]! + text.slice(at + 1)
    case 'case':
      return random() < 0.5 ? text.toUpperCase() : text.toLowerCase()
    case 'accent':
      return /[aeiou]/.test(text)
        ? text.replace(/[aeiou]/, (v) => `${v}\u0301`.normalize('NFC'))
        : text.normalize('NFD')
    case 'the':
      return text.startsWith('The ') ? text.slice(4) : `The ${text}`
    default:
      return text.includes('&') ? text.replace('&', 'and') : text.toUpperCase()
  }
}

test('of 1,000 names with one edit, 97 % come back to the name they share a title with, and 0.1 % at most to another', async () => {
  const names = [...new Set(Array.from({ length: 1300 }, name))].slice(0, 1000)
  expect(names).toHaveLength(1000)
  const heard: { artist: string; song: string; plays: number }[] = []
  const pairs: { name: string; wrong: string }[] = []
  for (const original of names) {
    const songs = [title(), title(), title(), title()]
    for (const song of songs) heard.push({ artist: original, song, plays: 5 })
    const wrong = corrupted(original)
    if (wrong === original || names.includes(wrong)) continue
    pairs.push({ name: original, wrong })
    heard.push({ artist: wrong, song: songs[0]!, plays: 1 })
  }
  const session = await spark()
  const frame = await session.createDataFrame<{ artist: string; song: string; plays: number }>(
    heard,
    'artist string, song string, plays int',
  )
  const plays = frame
    .select({
      raw_artist: expr<string>('artist'),
      raw_song: expr<string>('song'),
      callsign: expr<string>("'KGB'"),
      time_unix: expr<bigint>('1402943314L'),
      n: expr<number[]>('explode(sequence(1, plays))'),
    })
    .$castTo<AcceptedPlay>()
  const resolved = await resolveNames(session, plays)
  const clean = new Map((await resolved.artistNames.collect()).map((row) => [row.raw_artist, row.artist_clean]))

  const lost = pairs.filter(({ name: original, wrong }) => clean.get(wrong) !== clean.get(original))
  const owners = new Map<string, Set<string>>()
  for (const [i, original] of names.entries()) {
    const shown = clean.get(original)!
    owners.set(shown, (owners.get(shown) ?? new Set()).add(String(i)))
  }
  for (const { name: original, wrong } of pairs) owners.get(clean.get(wrong)!)?.add(String(names.indexOf(original)))
  const merged = [...owners.values()].filter((set) => set.size > 1)
  const returned = 1 - lost.length / pairs.length
  const wrong = merged.length / names.length
  console.info(
    `corruption: ${(100 * returned).toFixed(2)} % of ${pairs.length} misspelled names come back (97 % at least), ${(100 * wrong).toFixed(2)} % of ${names.length} names are merged wrongly (0.1 % at most)`,
  )
  expect(pairs.length).toBeGreaterThan(900)
  expect({ enough: returned >= 0.97, lost: lost.slice(0, 40) }).toMatchObject({ enough: true })
  expect(wrong).toBeLessThanOrEqual(0.001)
})
