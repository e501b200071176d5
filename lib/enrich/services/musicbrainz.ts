import type { HttpRequest } from './http.ts'
import type { Credit, Recording } from './match.ts'
import { readTitle } from './match.ts'
import { isRecord, itemId, type Json, mbid, number, record, records, text } from './wire.ts'

/*
 * MusicBrainz WS/2 (https://musicbrainz.org/doc/MusicBrainz_API): requests and answers, no rate and no decision.
 *
 * Searches are packed: a query names many entities and the answers are told apart by comparing. Lookup and search differ
 * in shape (`relations`/`relation-list`, `media[].tracks`/`media[].track`, `video` false/null); both are read.
 */

const searchBytes = 16 << 20
const lookupBytes = 4 << 20

export interface MbArtist {
  readonly mbid: string
  readonly name: string
  readonly sortName: string | null
  readonly aliases: readonly string[]
}

/** A song to find: its artist by id (any of several), else by name. */
export interface SongQuestion {
  readonly artist: string
  readonly title: string
  readonly artistMbids: readonly string[]
}

const search = (entity: string, query: string, offset = 0): HttpRequest => ({
  method: 'GET',
  path: entity,
  query: { query, limit: '100', fmt: 'json', ...(offset > 0 ? { offset: String(offset) } : {}) },
  maxBytes: searchBytes,
})

/** A Lucene phrase: special characters escaped, lower case so that no AND, OR or NOT is taken for an operator. */
export function phrase(value: string): string {
  const clean = value
    .normalize('NFC')
    .toLowerCase()
    .replace(/[+\-&|!(){}[\]^"~*?:\\/]/g, '\\$&')
    .replace(/\s+/g, ' ')
    .trim()
  return `"${clean}"`
}

/** Up to 100 ids: `arid:(a OR b)`. Verifies them; ids that were merged or deleted are missing from the answer. */
export function artistsById(mbids: readonly string[]): HttpRequest {
  return search('artist', `arid:(${mbids.join(' OR ')})`)
}

/** Up to about five names, each also as an alias. */
export function artistsByName(names: readonly string[]): HttpRequest {
  return search('artist', names.map((name) => `artist:${phrase(name)} OR alias:${phrase(name)}`).join(' OR '))
}

/** One id: answers with its artist, 301 if it was merged into another, 404 if it is gone. */
export function artistLookup(id: string): HttpRequest {
  return { method: 'GET', path: `artist/${id}`, query: { inc: 'aliases', fmt: 'json' }, maxBytes: lookupBytes }
}

/** Image and Wikidata relations of up to about 50 artists, by a search for the addresses that point at them. */
export function artistLinks(mbids: readonly string[], offset = 0): HttpRequest {
  return search('url', `targetid:(${mbids.join(' OR ')}) AND relationtype:(image OR wikidata)`, offset)
}

/** Lengths and titles of up to 100 recordings. */
export function recordingsById(mbids: readonly string[]): HttpRequest {
  return search('recording', `rid:(${mbids.join(' OR ')})`)
}

/**
 * Several songs of several artists in one search.
 *
 * @param official only recordings of official releases: it keeps bootlegs of popular songs from filling the 100 rows
 */
export function recordingsOf(songs: readonly SongQuestion[], official: boolean): HttpRequest {
  const byArtist = new Map<string, string[]>()
  for (const song of songs) {
    const artist = song.artistMbids.length > 0 ? `arid:${oneOf(song.artistMbids)}` : `artist:${phrase(song.artist)}`
    const titles = byArtist.get(artist) ?? []
    titles.push(phrase(readTitle(song.title).shown))
    byArtist.set(artist, titles)
  }
  const parts = [...byArtist].map(([artist, titles]) => `(${artist} AND recording:${oneOf(titles)})`)
  const filters = official ? ' AND video:false AND status:official' : ' AND video:false'
  return search('recording', `(${parts.join(' OR ')})${filters}`)
}

const oneOf = (terms: readonly string[]) => (terms.length === 1 ? terms[0]! : `(${[...new Set(terms)].join(' OR ')})`)

function artist(value: Json): MbArtist | null {
  const id = mbid(value.id)
  const name = text(value.name)
  if (id === null || name === null) return null
  const aliases = records(value.aliases).flatMap((alias) => [text(alias.name), text(alias['sort-name'])])
  return {
    mbid: id,
    name,
    sortName: text(value['sort-name']),
    // Famous acts have dozens in every script; all are compared, none is stored beyond these.
    aliases: [...new Set(aliases.filter((alias) => alias !== null))].slice(0, 60),
  }
}

/** Artists of a search in its order; null if the answer has another shape. */
export function readArtists(json: unknown): { count: number; artists: MbArtist[] } | null {
  if (!isRecord(json) || !Array.isArray(json.artists)) return null
  const artists = records(json.artists)
    .map(artist)
    .filter((one) => one !== null)
  return { count: number(json.count) ?? artists.length, artists }
}

/** The artist of a lookup; null if the answer has another shape. */
export function readArtist(json: unknown): MbArtist | null {
  return isRecord(json) ? artist(json) : null
}

/** What a URL search says of one artist. */
export interface ArtistLink {
  readonly mbid: string
  readonly kind: 'image' | 'wikidata'
  readonly address: string
}

/** Relations of a URL search and how many URLs match in all; null if the answer has another shape. */
export function readLinks(json: unknown): { count: number; rows: number; links: ArtistLink[] } | null {
  if (!isRecord(json) || !Array.isArray(json.urls)) return null
  const links: ArtistLink[] = []
  const urls = records(json.urls)
  for (const url of urls) {
    const address = text(url.resource, 2_048)
    if (address === null) continue
    const relations = [
      ...records(url['relation-list']).flatMap((list) => records(list.relations)),
      ...records(url.relations),
    ]
    for (const relation of relations) {
      const id = mbid(record(relation.artist).id)
      const type = text(relation.type)
      if (id === null) continue
      if (type === 'image') links.push({ mbid: id, kind: 'image', address })
      else if (type === 'wikidata' && itemId(address) !== null) links.push({ mbid: id, kind: 'wikidata', address })
    }
  }
  return { count: number(json.count) ?? urls.length, rows: urls.length, links }
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
    const name = text(of.name) ?? text(credit.name)
    if (who !== null && name !== null) credits.push({ mbid: who, name })
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
  }
}

/** Recordings of a search and how many match in all; null if the answer has another shape. */
export function readRecordings(json: unknown): { count: number; recordings: Recording[] } | null {
  if (!isRecord(json) || !Array.isArray(json.recordings)) return null
  const recordings = records(json.recordings)
    .map(recording)
    .filter((one) => one !== null)
  return { count: number(json.count) ?? recordings.length, recordings }
}
