import { sql } from 'kysely'
import { kyselyOf } from '../kysely-of.ts'
import type { Reader } from './reader.ts'
import type { ReviewedPair } from './review-names.ts'

/** One of two names, with what is said of it: of all spellings that are compared as one. */
export interface NameSide {
  /** What the name is compared by; null: it is not among the names. */
  readonly key: string | null
  readonly plays: number
  /** Plays of the artist or song that the name belongs to now. */
  readonly groupPlays: number
  readonly spellings: readonly string[]
  /** Different titles of an artist; of a song 1. */
  readonly titles: number
  readonly stations: readonly { readonly callsign: string; readonly plays: number }[]
  /** MusicBrainz id of the act or recording. */
  readonly mbid: string | null
  /** Of an act: type, area, year; of a song: its ISRC. */
  readonly about: string | null
  readonly durationMs: number | null
}

/** A pair with both sides, and the plays that get another name if the pair is decided the other way. */
export interface PairFacts {
  readonly pair: ReviewedPair
  readonly a: NameSide
  readonly b: NameSide
  /** Titles that both artists have, most played first, and how many there are. */
  readonly commonTitles: { readonly first: readonly string[]; readonly count: number }
  /** Plays that get another name if the two become, or stay, the same, and if they become, or stay, different. */
  readonly moves: { readonly same: number; readonly different: number }
}

interface Spelling {
  readonly artist: string
  readonly song: string | null
  readonly key: string | null
  readonly group: string
  readonly clean: string
  readonly cleanArtist: string
  readonly plays: number
}

/**
 * What speaks for and against each pair, the one that moves most plays first.
 *
 * *Cost:* a scan of the tables of names, and one of `plays` for all pairs together.
 */
export async function pairFacts(reader: Reader, listed: readonly ReviewedPair[]): Promise<readonly PairFacts[]> {
  const artists = await artistSpellings(reader, listed)
  const songs = await songSpellings(reader, listed)
  const pairs = listed.map((pair) => rarerFirst(pair, pair.kind === 'artist' ? artists : songs))
  const sides = pairs.map((pair) => sidesOf(pair, pair.kind === 'artist' ? artists : songs))
  const plays = await playsOf(
    reader,
    sides.flat().flatMap((side) => side.spellings),
  )
  const known = await lookupsOf(reader, sides.flat())
  const facts = pairs.map((pair, i): PairFacts => {
    const [sideA, sideB] = sides[i]!
    const [rowsA, rowsB] = [rowsOf(sideA, plays), rowsOf(sideB, plays)]
    const [a, b] = [nameSide(pair.kind, sideA, rowsA, known), nameSide(pair.kind, sideB, rowsB, known)]
    const joined = pair.verdict === 'same'
    const moves = {
      same: joined ? 0 : Math.min(a.groupPlays, b.groupPlays),
      different: joined ? a.plays : 0,
    }
    return { pair, a, b, commonTitles: commonTitles(pair.kind, rowsA, rowsB), moves }
  })
  const moved = ({ moves }: PairFacts) => Math.max(moves.same, moves.different)
  return onePerPair(facts).toSorted((x, y) => moved(y) - moved(x))
}

/** A pair may be listed as a merge and as one on thin evidence; the evidence of the merge says more. */
function onePerPair(facts: readonly PairFacts[]): readonly PairFacts[] {
  const first = new Map<string, PairFacts>()
  for (const each of facts) {
    const { kind, artist, verdict, a, b } = each.pair
    const keys = verdict === 'mbid' ? [a, b] : [each.a.key ?? a, each.b.key ?? b].toSorted()
    const name = JSON.stringify([kind, artist, verdict === 'mbid', ...keys])
    const known = first.get(name)
    if (known === undefined || known.pair.why === bothPlayed) first.set(name, each)
  }
  return [...first.values()]
}

const bothPlayed = 'both played a lot'

/** Of two names that are one now, the rarer one is the one that would go. */
function rarerFirst(pair: ReviewedPair, all: readonly Spelling[]): ReviewedPair {
  if (pair.verdict !== 'same') return pair
  const plays = (name: string) => {
    const one = writtenAs(pair, name, all)
    return one === undefined ? 0 : sum(all.filter(({ group, key }) => group === one.group && key === one.key))
  }
  return plays(pair.a) <= plays(pair.b) ? pair : { ...pair, a: pair.b, b: pair.a }
}

/** The most played spelling that is written so, or compared by it. */
function writtenAs({ kind, artist }: ReviewedPair, name: string, all: readonly Spelling[]): Spelling | undefined {
  return all
    .filter((each) => kind === 'artist' || each.cleanArtist === artist)
    .filter((each) => (each.song ?? each.artist) === name || each.clean === name || each.key === name)
    .toSorted((x, y) => y.plays - x.plays)[0]
}

/** The spellings of a side, and all of the artist or song that it belongs to. */
interface Side {
  readonly key: string | null
  readonly spellings: readonly Spelling[]
  readonly groupPlays: number
}

function sidesOf(pair: ReviewedPair, all: readonly Spelling[]): readonly [Side, Side] {
  const own = pair.kind === 'artist' ? all : all.filter((each) => each.cleanArtist === pair.artist)
  const [a, b] = [writtenAs(pair, pair.a, own), writtenAs(pair, pair.b, own)]
  const inGroup = (group: string | undefined) => own.filter((each) => each.group === group)
  const side = (key: string | null, spellings: readonly Spelling[]): Side => ({
    key,
    spellings,
    groupPlays: sum(inGroup(spellings[0]?.group)),
  })
  const ofA = a === undefined ? [] : inGroup(a.group).filter((each) => each.key === a.key)
  if (pair.verdict === 'same' && a !== undefined) {
    const rest = inGroup(a.group).filter((each) => each.key !== a.key)
    return [side(a.key, ofA), side(b?.key ?? null, rest)]
  }
  const ofB = b === undefined ? [] : inGroup(b.group).filter((each) => each.key === b.key)
  return [side(a?.key ?? null, ofA), side(b?.key ?? null, ofB)]
}

const sum = (some: readonly { readonly plays: number }[]) => some.reduce((total, { plays }) => total + plays, 0)
const unique = (texts: readonly string[]) => [...new Set(texts)]
// A parameter for each name would be too many for a database.
const inList = (texts: readonly string[]) => sql<boolean>`(${sql.join(unique(texts).map((text) => sql`${text}`))})`

async function artistSpellings(reader: Reader, pairs: readonly ReviewedPair[]): Promise<readonly Spelling[]> {
  const names = pairs
    .filter(({ kind, verdict }) => kind === 'artist' && verdict !== 'mbid')
    .flatMap(({ a, b }) => [a, b])
  if (names.length === 0) return []
  const { rows } = await sql<Spelling>`select raw_artist as artist, null as song, name_key as ${sql.ref('key')},
      artist_id as ${sql.ref('group')}, artist_clean as clean, artist_clean as ${sql.ref('cleanArtist')}, plays
    from artist_names where artist_id in (select artist_id from artist_names
      where raw_artist in ${inList(names)} or name_key in ${inList(names)} or artist_clean in ${inList(names)})`.execute(
    kyselyOf(reader),
  )
  return rows
}

async function songSpellings(reader: Reader, pairs: readonly ReviewedPair[]): Promise<readonly Spelling[]> {
  const songs = pairs.filter(({ kind }) => kind === 'song')
  if (songs.length === 0) return []
  const names = inList(songs.flatMap(({ a, b }) => [a, b]))
  const { rows } = await sql<Spelling>`select raw_artist as artist, raw_song as song, name_key as ${sql.ref('key')},
      song_id as ${sql.ref('group')}, song_clean as clean, artist_clean as ${sql.ref('cleanArtist')}, plays
    from song_names where artist_clean in ${inList(songs.map(({ artist }) => artist ?? ''))} and song_id in (
      select song_id from song_names where raw_song in ${names} or name_key in ${names} or song_clean in ${names})`.execute(
    kyselyOf(reader),
  )
  return rows
}

interface CountedPlays {
  readonly artist: string
  readonly song: string
  readonly callsign: string
  readonly plays: number
}

/** Plays of all spellings by title and station, in one scan. */
async function playsOf(reader: Reader, spellings: readonly Spelling[]) {
  const byArtist = new Map<string, CountedPlays[]>()
  const artists = unique(spellings.map(({ artist }) => artist))
  for (let from = 0; from < artists.length; from += 5000) {
    const { rows } = await sql<CountedPlays>`select raw_artist as artist, raw_song as song, callsign, count(*) as plays
      from plays where raw_artist in ${inList(artists.slice(from, from + 5000))} group by 1, 2, 3`.execute(
      kyselyOf(reader),
    )
    for (const row of rows) {
      const known = byArtist.get(row.artist)
      if (known === undefined) byArtist.set(row.artist, [row])
      else known.push(row)
    }
  }
  return byArtist
}

interface Known {
  readonly mbid: string | null
  readonly about: string | null
  readonly durationMs: number | null
}

async function lookupsOf(reader: Reader, sides: readonly Side[]): Promise<ReadonlyMap<string, Known>> {
  const db = kyselyOf(reader)
  const spellings = sides.flatMap((side) => side.spellings)
  const artists = unique(spellings.filter(({ song }) => song === null).map(({ clean }) => clean))
  const songs = spellings.filter(({ song }) => song !== null)
  const known = new Map<string, Known>()
  if (artists.length > 0) {
    const rows = await db
      .selectFrom('artist_images')
      .select(['artist_clean', 'mbid', 'act_type', 'area', 'begin_year'])
      .where('artist_clean', 'in', artists)
      .execute()
    for (const { artist_clean, mbid, act_type, area, begin_year } of rows) {
      const about = [act_type, area, begin_year].filter((part) => part !== null).join(', ')
      known.set(lookupKey('', artist_clean), { mbid, about: about || null, durationMs: null })
    }
  }
  if (songs.length > 0) {
    const rows = await db
      .selectFrom('track_info')
      .select(['artist_clean', 'song_clean', 'recording_mbid', 'isrc', 'duration_ms'])
      .where('artist_clean', 'in', unique(songs.map(({ cleanArtist }) => cleanArtist)))
      .where('song_clean', 'in', unique(songs.map(({ clean }) => clean)))
      .execute()
    for (const { artist_clean, song_clean, recording_mbid, isrc, duration_ms } of rows) {
      known.set(lookupKey(artist_clean, song_clean), {
        mbid: recording_mbid,
        about: isrc,
        durationMs: duration_ms === null ? null : Number(duration_ms),
      })
    }
  }
  return known
}

const lookupKey = (artist: string, name: string) => JSON.stringify([artist, name])

function rowsOf({ spellings }: Side, plays: ReadonlyMap<string, readonly CountedPlays[]>): readonly CountedPlays[] {
  return spellings.flatMap(({ artist, song }) =>
    (plays.get(artist) ?? []).filter((row) => song === null || row.song === song),
  )
}

/** The rows in groups, most played first. */
function totals(rows: readonly CountedPlays[], of: (row: CountedPlays) => string) {
  return [...Map.groupBy(rows, of)]
    .map(([name, some]) => ({ name, plays: sum(some), first: some[0]! }))
    .toSorted((x, y) => y.plays - x.plays)
}

/** Titles are compared by their letters and digits. */
const folded = (title: string) =>
  title
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '') || title

function commonTitles(kind: ReviewedPair['kind'], a: readonly CountedPlays[], b: readonly CountedPlays[]) {
  if (kind === 'song') return { first: [], count: 0 }
  const ofB = new Set(b.map(({ song }) => folded(song)))
  const common = totals(
    a.filter(({ song }) => ofB.has(folded(song))),
    ({ song }) => folded(song),
  )
  return { first: common.slice(0, 5).map(({ first }) => first.song), count: common.length }
}

function nameSide(
  kind: ReviewedPair['kind'],
  { key, spellings, groupPlays }: Side,
  rows: readonly CountedPlays[],
  known: ReadonlyMap<string, Known>,
): NameSide {
  const [first] = spellings
  const lookup = first && known.get(lookupKey(kind === 'artist' ? '' : first.cleanArtist, first.clean))
  return {
    key,
    plays: sum(spellings),
    groupPlays,
    spellings: unique(spellings.toSorted((x, y) => y.plays - x.plays).map(({ artist, song }) => song ?? artist)).slice(
      0,
      20,
    ),
    titles: new Set(rows.map(({ song }) => folded(song))).size,
    stations: totals(rows, ({ callsign }) => callsign).map(({ name, plays }) => ({ callsign: name, plays })),
    mbid: lookup?.mbid ?? null,
    about: lookup?.about ?? null,
    durationMs: lookup?.durationMs ?? null,
  }
}
