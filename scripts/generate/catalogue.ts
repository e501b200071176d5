import { type Damage, defaultDamage, misspell } from './damage.ts'
import { inventWorld, type Language, lookalike, plainKey } from './names.ts'
import type { Part } from './plays.ts'
import { hash, type Random, random } from './random.ts'
import { type CatalogueRow, seriesOf } from './series.ts'

export interface CatalogueOptions {
  /** Distinct acts, look-alikes among them. */
  readonly names: number
  readonly seed: number
  readonly damage: Damage
  readonly languages: ReadonlyMap<Language, number>
  /** Share of acts that have a look-alike: a name that differs by little and means somebody else. */
  readonly lookalikes: number
  /** Spellings of each act beside the right one: from 0 to so many. */
  readonly spellings: number
  /** Share of acts with recordings, series, look-alike titles and the like, see `seriesOf`. Default: none. */
  readonly series?: number
}

/** The damage of a catalogue unless another is asked for: no torn or cut rows, but what people do who type names by hand. */
export const catalogueDamage: Damage = {
  ...defaultDamage,
  case: 0.15,
  article: 0.1,
  punctuation: 0.12,
  accents: 0.15,
  typo: 0.15,
  version: 0.1,
  featured: 0.06,
  last_first: 0.1,
  mojibake: 0.02,
  decomposed: 0.02,
  shifted: 0,
  cut_row: 0,
  bytes: 0,
  bad_time: 0,
  missing: 0,
  duplicate: 0,
  conflict: 0,
}

const firstSecond = 1_402_876_800
const quote = (cell: string) => (/[,"\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)

/**
 * A catalogue of acts and songs in many spellings, as a log of plays with the label beside each row in COMBINED (`song by
 * artist`) and in the truth. Every act has 2 to 6 songs; each spelling plays some of them, so that songs are evidence for acts.
 * Look-alikes have songs of their own: whoever merges them has looked at the names alone.
 */
export function* generateCatalogue(
  options: CatalogueOptions,
): Generator<Part, { rows: number; acts: number }, undefined> {
  const from = random(hash('catalogue', options.seed))
  const { acts, guests } = inventActs(options, from)
  let rows = 0
  let log: string[] = ['RAW_SONG,RAW_ARTIST,CALLSIGN,TIME,UNIQUE_ID,COMBINED,First?\n']
  let truth: string[] = ['unique_id,artist,song,featured,version,damage\n']
  const forSeries = random(hash('series', options.seed))
  for (const act of acts) {
    const hasSeries = forSeries.next() < (options.series ?? 0)
    const rowsOfSeries = hasSeries ? seriesOf(act, forSeries.pick(guests), forSeries) : []
    for (const { written, meant, rest } of [...playsOf(act, guests, options, from), ...rowsOfSeries]) {
      const id = `KCAT${String(rows).padStart(7, '0')}`
      const label = quote(`${meant.song} by ${meant.artist}`)
      log.push(`${quote(written.song)},${quote(written.artist)},KCAT,${firstSecond + rows * 60},${id},${label},1\n`)
      truth.push(`${id},${quote(meant.artist)},${quote(meant.song)},${rest}\n`)
      rows++
    }
    if (log.length > 2000) {
      yield { log: Buffer.from(log.join('')), truth: truth.join('') }
      log = []
      truth = []
    }
  }
  yield { log: Buffer.from(log.join('')), truth: truth.join('') }
  return { rows, acts: acts.length }
}

interface Act {
  readonly name: string
  readonly language: Language
  readonly person: boolean
  readonly songs: readonly string[]
}

/** The acts, look-alikes last, and the names that appear as guests. */
function inventActs(options: CatalogueOptions, from: Random): { acts: Act[]; guests: readonly string[] } {
  const twins = Math.floor((options.names * options.lookalikes) / (1 + options.lookalikes))
  const world = inventWorld(options.seed, options.names - twins, options.languages)
  const songsOf = new Map<number, string[]>()
  for (const { title, artist } of world.songs) songsOf.set(artist, [...(songsOf.get(artist) ?? []), title].slice(0, 6))
  const acts: Act[] = world.artists.map((artist, i) => ({ ...artist, songs: songsOf.get(i) ?? [] }))
  const known = new Set(acts.map((act) => plainKey(act.name)))
  // Songs for look-alikes come from a second world, so that no pair shares one.
  const others = inventWorld(options.seed + 1, Math.max(1, twins), options.languages).songs
  let otherSong = 0
  for (let tries = 0; acts.length < options.names && tries < 20 * options.names; tries++) {
    const model = acts[from.below(world.artists.length)]!
    const name = lookalike(model.name, from)
    if (name === null || known.has(plainKey(name))) continue
    known.add(plainKey(name))
    const songs = [0, 1, 2].map(() => others[otherSong++ % others.length]!.title)
    acts.push({ name, language: model.language, person: model.person, songs })
  }
  return { acts, guests: world.artists.map((artist) => artist.name) }
}

/** The plays of an act: its songs in the right spelling, then some of them in each other one. */
function* playsOf(
  act: Act,
  guests: readonly string[],
  options: CatalogueOptions,
  from: Random,
): Generator<CatalogueRow> {
  const spellings = 1 + from.below(options.spellings + 1)
  for (let spelling = 0; spelling < spellings; spelling++) {
    // The right spelling is the most frequent, as in life.
    const plays = spelling === 0 ? act.songs.length : 1 + from.below(Math.min(3, act.songs.length))
    const damage = spelling === 0 ? noDamage : options.damage
    const artist = misspell('', act.name, act.person, '', { ...damage, version: 0, featured: 0 }, from)
    const songDamage = { ...noDamage, version: damage.version, featured: damage.featured, typo: damage.typo / 2 }
    for (let i = 0; i < plays; i++) {
      const song = act.songs[spelling === 0 ? i : from.below(act.songs.length)]!
      const written = misspell(song, artist.artist, false, from.pick(guests), songDamage, from)
      const kinds = [...new Set([...artist.kinds, ...written.kinds])].join('+')
      const rest = [quote(written.featured ?? ''), written.version ?? '', kinds].join(',')
      yield { written, meant: { artist: act.name, song }, rest }
    }
  }
}

const noDamage = Object.fromEntries(Object.keys(defaultDamage).map((kind) => [kind, 0])) as Damage
