import type { HttpRequest } from '../http/client.ts'
import { isRecord, isrc, type Json, mbid, number, record, records, text } from '../json.ts'
import { actsIn } from '../match/acts.ts'
import { spokenForms } from '../match/artists.ts'
import type { Credit } from '../match/credits.ts'
import { described } from '../match/descriptions.ts'
import { normName } from '../match/names.ts'
import { chooseRecording, fittingRecordings, type Recording } from '../match/recordings.ts'
import { inUsualSpelling, isVariable, readTitle } from '../match/titles.ts'
import type { BatchSize } from '../requests/batch-size.ts'
import { batchSizes } from '../requests/batch-sizes.ts'
import { pairKey } from '../requests/cache.ts'
import { answersTo, type Reading, type RequestSpec } from '../requests/request-spec.ts'
import type { WantedSong } from './answers.ts'
import { phrase, search } from './lucene.ts'

/*
 * Recordings: searches for several songs at once, told apart by comparing. The index stops after three
 * seconds and then answers with fewer rows, so that a song that one search does not bring is looked for once more.
 */

const songKey = ({ artist, title, scope }: WantedSong) =>
  scope === undefined ? pairKey(artist, title) : pairKey(artist, `${title}\u001f${scope}`)

/** Lengths and titles of up to 100 recordings. */
export function recordingsById(mbids: readonly string[]): HttpRequest {
  return search('recording', `rid:(${mbids.join(' OR ')})`)
}

/**
 * Several songs of several artists in one search.
 *
 * @param where `studio`: only official releases, no live ones unless the title says so: bootlegs and concerts of popular songs
 * would fill the hundred rows · `anywhere`
 */
export function recordingsOf(songs: readonly WantedSong[], where: 'studio' | 'anywhere'): HttpRequest {
  const byArtist = new Map<string, string[]>()
  for (const song of songs) {
    const { shown, tags } = readTitle(song.title)
    const artist = song.artistMbids.length > 0 ? `arid:${oneOf(song.artistMbids)}` : nameClause(song.artist)
    const live = where === 'anywhere' || tags.has('live') ? '' : ' NOT secondarytype:live'
    const group = byArtist.get(`${artist}\u001f${live}`) ?? []
    group.push(phrase(shown))
    byArtist.set(`${artist}\u001f${live}`, group)
  }
  const parts = [...byArtist].map(([group, titles]) => {
    const [artist, live] = group.split('\u001f')
    return `(${artist} AND recording:${oneOf(titles)}${live})`
  })
  const filters = where === 'studio' ? ' AND video:false AND status:official' : ' AND video:false'
  return search('recording', `(${parts.join(' OR ')})${filters}`)
}

/**
 * The same songs in other words: by the artist's name, which bands and joint credits carry too, and by the beginnings of the
 * title's longest words, which survive most spellings.
 */
export function recordingsWidely(songs: readonly WantedSong[]): HttpRequest {
  const parts = songs.flatMap((song) => {
    const { shown } = readTitle(song.title)
    const usual = inUsualSpelling(shown)
    const titles = usual === normName(shown) ? [shown] : [shown, usual]
    const names = `(${nameClause(song.artist)} AND recording:${oneOf(titles.map(phrase))})`
    const words = wordBeginnings(shown).map((word) => `recording:${word}*`)
    if (words.length === 0) return [names]
    const artist = song.artistMbids.length > 0 ? `arid:${oneOf(song.artistMbids)}` : nameClause(song.artist)
    return [names, `(${artist} AND ${words.join(' AND ')})`]
  })
  return search('recording', `(${parts.join(' OR ')}) AND video:false`)
}

const oneOf = (terms: readonly string[]) => (terms.length === 1 ? terms[0]! : `(${[...new Set(terms)].join(' OR ')})`)

// A joint name as it is, or all of its acts in whatever order.
function nameClause(artist: string): string {
  const whole = `artist:${oneOf(spokenForms(artist).map(phrase))}`
  const acts = actsIn(artist)
  return acts.length < 2 ? whole : `(${whole} OR (${acts.map((act) => `artist:${phrase(act)}`).join(' AND ')}))`
}

// Words that many titles hold, or that are written in many ways.
const common = new Set(
  'about with from your this that what when where have will dont cant part volume love baby song into over'.split(' '),
)

/** The beginnings of a title's longest telling words: `Taking Care Of Business` → `busi`, `tak`. */
export function wordBeginnings(title: string): string[] {
  const words = normName(title.replace(/\([^()]*\)|\[[^[\]]*\]/g, ' '))
    .split(' ')
    .filter((word) => /^[a-z]{4,}$/.test(word) && !common.has(word) && !isVariable(word))
    .sort((a, b) => b.length - a.length)
  return words.slice(0, 2).map((word) => word.slice(0, word.length >= 8 ? 4 : word.length >= 6 ? 3 : 2))
}

// Kinds of release groups that are not the record a station plays from.
const otherKinds = /live|remix|demo|karaoke|interview|audiobook|audio drama|spokenword|dj-mix|mixtape/i

function recording(value: Json): Recording | null {
  const id = mbid(value.id)
  const title = text(value.title)
  if (id === null || title === null) return null
  const credits: Credit[] = []
  for (const credit of records(value['artist-credit'])) {
    const of = record(credit.artist)
    const who = mbid(of.id)
    const credited = text(credit.name)
    const name = text(of.name) ?? credited
    if (who === null || name === null) continue
    const aliases = records(of.aliases).flatMap((alias) => text(alias.name) ?? [])
    credits.push({
      mbid: who,
      name,
      ...(credited !== null && credited !== name ? { credited } : {}),
      ...(aliases.length > 0 ? { aliases: aliases.slice(0, 30) } : {}),
      ...(typeof credit.joinphrase === 'string' && credit.joinphrase !== ''
        ? { join: credit.joinphrase.slice(0, 40) }
        : {}),
    })
  }
  const releases = records(value.releases)
  const kinds = releases.map((release) => {
    const group = record(release['release-group'])
    const secondary = Array.isArray(group['secondary-types']) ? group['secondary-types'].map(String) : []
    return {
      official: release.status === undefined || release.status === 'Official',
      main: /^(album|single|ep)$/i.test(String(group['primary-type'] ?? '')),
      other: secondary.some((kind) => otherKinds.test(kind)),
      live: secondary.some((kind) => /live/i.test(kind)),
    }
  })
  const says = text(value.disambiguation) ?? ''
  const saysLive = /\blive\b/i.test(says)
  return {
    mbid: id,
    title,
    lengthMs: number(value.length),
    video: value.video === true,
    credits,
    studio: !saysLive && kinds.some((kind) => kind.official && kind.main && !kind.other),
    live: saysLive || (kinds.length > 0 && kinds.every((kind) => kind.live)),
    releases: releases.length,
    firstDate: text(value['first-release-date'], 10),
    ...described({ album: albumOf(releases), isrc: isrcOf(value.isrcs) }),
  }
}

/** The first official album that is not a compilation, a concert or the like; null: none of them is one. */
function albumOf(releases: readonly Json[]): string | null {
  const albums = releases.filter((release) => {
    const group = record(release['release-group'])
    const plain = !Array.isArray(group['secondary-types']) || group['secondary-types'].length === 0
    return (
      plain &&
      /^album$/i.test(String(group['primary-type'] ?? '')) &&
      /^(official|undefined)$/i.test(String(release.status))
    )
  })
  const date = (release: Json) => text(release.date, 10) ?? '9999'
  const [first] = albums.sort((a, b) => (date(a) < date(b) ? -1 : date(a) > date(b) ? 1 : 0))
  return first ? (text(record(first['release-group']).title) ?? text(first.title)) : null
}

// The search lists codes, the look-up objects with an id.
function isrcOf(value: unknown): string | null {
  const codes = (Array.isArray(value) ? value : []).flatMap((one: unknown) => isrc(isRecord(one) ? one.id : one) ?? [])
  return codes.sort()[0] ?? null
}

/** Recordings of a search and how many match in all; null if the answer has an unexpected shape. */
export function readRecordings(json: unknown): { count: number; recordings: Recording[] } | null {
  if (!isRecord(json) || !Array.isArray(json.recordings)) return null
  const recordings = records(json.recordings)
    .map(recording)
    .filter((one) => one !== null)
  return { count: number(json.count) ?? recordings.length, recordings }
}

/** Recording ids to lengths. */
export const lengthRequest = (rank: number): RequestSpec<string, Recording> => ({
  kind: 'recording-by-id',
  step: 'lengths',
  rank,
  term: 'track',
  key: (id) => id,
  size: () => batchSizes.lengths,
  httpRequest: recordingsById,
  read(json, ids) {
    const found = readRecordings(json)
    return found && answersTo(ids, new Map(found.recordings.map((one) => [one.mbid, one])))
  },
})

/** Songs to recordings, several songs of several acts in one search. */
export const songRequest = (rank: number, batch: BatchSize): RequestSpec<WantedSong, Recording[]> => ({
  kind: 'song',
  step: 'recordings',
  rank,
  term: 'track',
  key: songKey,
  size: () => batch.size(),
  settled: () => batch.settled(),
  httpRequest: (songs, variant) => recordingsOf(songs, variant === 'open' ? 'anywhere' : 'studio'),
  read(json, songs, variant) {
    const found = readRecordings(json)
    if (found === null) return null
    const isCrowded = found.count > maxRows
    if (variant === '') batch.answered(isCrowded)
    return songAnswers(songs, found.recordings, isCrowded, variant, variant === 'alone' || isCrowded)
  },
})

/** Songs that the first search did not bring, or only live: in other words, once. */
export const wideSongRequest = (rank: number): RequestSpec<WantedSong, Recording[]> => ({
  kind: 'song-wide',
  step: 'wide',
  rank,
  term: 'track',
  key: songKey,
  size: () => batchSizes.wide,
  httpRequest: (songs) => recordingsWidely(songs),
  read(json, songs, variant) {
    const found = readRecordings(json)
    if (found === null) return null
    const isCrowded = found.count > maxRows
    const wanted = songs.map((song) => ({ ...song, byName: true }))
    return songAnswers(wanted, found.recordings, isCrowded, variant, isCrowded && songs.length > 1)
  },
})

/** Rows of one answer. */
const maxRows = 100

/** @param isOpen a song without a hit may have one in another search, so that it is not absent yet */
function songAnswers(
  songs: readonly (WantedSong & { readonly byName?: boolean })[],
  found: readonly Recording[],
  isCrowded: boolean,
  variant: string,
  isOpen: boolean,
): Reading<Recording[]> {
  const answers = new Map<string, Recording[] | null>()
  const unresolved: string[] = []
  for (const song of songs) {
    const { refused } = song
    const allowed = refused ? found.filter(({ credits }) => !credits.some(({ mbid }) => refused.has(mbid))) : found
    const fitting = fittingRecordings(song, allowed)
    const key = songKey(song)
    // In a crowd the studio recording may be among the rows that were cut off.
    const isFinal = fitting.length > 0 && !(isCrowded && songs.length > 1 && chooseRecording(song, fitting)?.demoted)
    if (isFinal) answers.set(key, fitting)
    else if (isOpen && variant !== 'open') unresolved.push(key)
    else answers.set(key, fitting.length > 0 ? fitting : null)
  }
  if (unresolved.length === 0) return { answers }
  // Something was found: the crowd was its, and the others get another chance together. Else each is asked alone, and in
  // the end also outside of official releases.
  const again =
    songs.length > 1 && unresolved.length > 1 && answers.size > 0
      ? [{ keys: unresolved, variant: 'again' }]
      : unresolved.map((key) => ({ keys: [key], variant: songs.length > 1 ? 'alone' : 'open' }))
  return { answers, again }
}
