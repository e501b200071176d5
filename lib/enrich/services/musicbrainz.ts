import type { HttpRequest } from '../http/client.ts'
import { byStatus, minWaitMs, rateLimited, said } from '../http/outcome.ts'
import { fileTitle } from '../images.ts'
import { isRecord, itemId, type Json, mbid, number, record, records, text, year } from '../json.ts'
import { artistScore, spokenForms } from '../match/artists.ts'
import { described } from '../match/descriptions.ts'
import { batchSizes } from '../requests/batch-sizes.ts'
import { answersTo, type RequestSpec } from '../requests/request-spec.ts'
import { type ArtistPictureLinks, type KnownAct, namesOf } from './answers.ts'
import { phrase, search } from './lucene.ts'
import { lengthRequest, songRequest, wideSongRequest } from './recordings.ts'
import type { Service } from './service.ts'

/*
 * MusicBrainz WS/2 (https://musicbrainz.org/doc/MusicBrainz_API): requests and answers, no rate and no decision.
 *
 * Searches are packed: a query names many entities and the answers are told apart by comparing. Lookup and search differ
 * in shape (`relations`/`relation-list`, `media[].tracks`/`media[].track`, `video` false/null); both are read.
 */

const lookupBytes = 4 << 20

/** Up to 100 ids: `arid:(a OR b)`. Verifies them; ids that were merged or deleted are missing from the answer. */
export function artistsById(mbids: readonly string[]): HttpRequest {
  return search('artist', `arid:(${mbids.join(' OR ')})`)
}

/** Up to about five names, each also as an alias. */
export function artistsByName(names: readonly string[]): HttpRequest {
  return search(
    'artist',
    names
      .flatMap(spokenForms)
      .map((name) => `artist:${phrase(name)} OR alias:${phrase(name)}`)
      .join(' OR '),
  )
}

/** One id: answers with its artist, 301 if it was merged into another, 404 if it is gone. */
export function artistLookup(id: string): HttpRequest {
  return { method: 'GET', path: `artist/${id}`, query: { inc: 'aliases', fmt: 'json' }, maxBytes: lookupBytes }
}

/** Image and Wikidata relations of up to about 50 artists, by a search for the addresses that point at them. */
export function artistLinks(mbids: readonly string[], offset = 0): HttpRequest {
  return search('url', `targetid:(${mbids.join(' OR ')}) AND relationtype:(image OR wikidata)`, offset)
}

function artist(value: Json): KnownAct | null {
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
    ...described({
      type: text(value.type, 40),
      country: /^[A-Z]{2}$/.exec(text(value.country, 10) ?? '')?.[0] ?? null,
      area: text(record(value.area).name, 100),
      beginYear: year(record(value['life-span']).begin),
    }),
  }
}

/** Artists of a search in its order; null if the answer has an unexpected shape. */
export function readArtists(json: unknown): { count: number; artists: KnownAct[] } | null {
  if (!isRecord(json) || !Array.isArray(json.artists)) return null
  const artists = records(json.artists)
    .map(artist)
    .filter((one) => one !== null)
  return { count: number(json.count) ?? artists.length, artists }
}

/** The artist of a lookup; null if the answer has an unexpected shape. */
export function readArtist(json: unknown): KnownAct | null {
  return isRecord(json) ? artist(json) : null
}

/** What a URL search says of one artist. */
export interface ArtistLink {
  readonly mbid: string
  readonly kind: 'image' | 'wikidata'
  readonly address: string
}

/** Relations of a URL search and how many URLs match in all; null if the answer has an unexpected shape. */
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

/** Ids to acts, as the index has them: merged and deleted ones are unknown. */
export const verifyRequest = (rank: number): RequestSpec<string, KnownAct> => ({
  kind: 'artist-by-id',
  step: 'verify',
  rank,
  term: 'identity',
  key: (id) => id,
  size: () => batchSizes.verify,
  httpRequest: artistsById,
  read(json, ids) {
    const found = readArtists(json)
    return found && answersTo(ids, new Map(found.artists.map((artist) => [artist.mbid, artist])))
  },
})

/** One id that the index does not know: merged into another (the answer comes from there) or gone. */
export const artistLookupRequest = (rank: number): RequestSpec<string, KnownAct> => ({
  kind: 'artist-lookup',
  step: 'verify',
  rank,
  term: 'identity',
  key: (id) => id,
  size: () => 1,
  httpRequest: ([id = '']) => artistLookup(id),
  read(json, [id = '']) {
    const artist = readArtist(json)
    return artist && { answers: new Map([[id, artist]]) }
  },
})

/**
 * Names to acts that carry them.
 *
 * @param size names per request
 */
export const searchRequest = (rank: number, size: () => number): RequestSpec<string, KnownAct[]> => ({
  kind: 'artist-search',
  step: 'search',
  rank,
  term: 'identity',
  key: (name) => name,
  size,
  httpRequest: artistsByName,
  read(json, names) {
    const found = readArtists(json)
    if (found === null) return null
    const answers = new Map<string, KnownAct[] | null>()
    const again: { keys: string[]; variant: string }[] = []
    for (const name of names) {
      const fitting = found.artists.filter((artist) => artistScore(name, namesOf(artist)) > 0).slice(0, 5)
      if (fitting.length > 0) answers.set(name, fitting)
      // One name can fill the hundred rows; the others are then asked alone.
      else if (names.length > 1 && found.count > 100) again.push({ keys: [name], variant: 'alone' })
      else answers.set(name, null)
    }
    return { answers, again }
  },
})

/** Ids to the files and items that MusicBrainz relates them to. */
export function linkRequest(rank: number): RequestSpec<string, ArtistPictureLinks> {
  // Pages of one batch are read one after the other; what they say is added up until the last one.
  const soFar = new Map<string, { links: ArtistLink[]; rows: number }>()
  return {
    kind: 'artist-links',
    step: 'links',
    rank,
    term: 'image',
    key: (id) => id,
    size: () => batchSizes.links,
    httpRequest: (mbids) => artistLinks(mbids),
    read(json, mbids) {
      const found = readLinks(json)
      if (found === null) return null
      const page = mbids.join()
      const before = soFar.get(page) ?? { links: [], rows: 0 }
      const links = [...before.links, ...found.links]
      const rows = before.rows + found.rows
      if (rows < found.count && found.rows > 0) {
        soFar.set(page, { links, rows })
        return { answers: new Map<string, ArtistPictureLinks | null>(), next: artistLinks(mbids, rows) }
      }
      soFar.delete(page)
      const answers = new Map<string, ArtistPictureLinks | null>()
      for (const id of mbids) {
        const own = links.filter((link) => link.mbid === id)
        const files = own.flatMap((link) => (link.kind === 'image' ? (fileTitle(link.address) ?? []) : []))
        const qids = own.flatMap((link) =>
          link.kind === 'wikidata' ? (/Q[1-9]\d*$/.exec(link.address.trim())?.[0] ?? []) : [],
        )
        const known = { files: [...new Set(files)].sort(), qids: [...new Set(qids)].sort() }
        answers.set(id, known.files.length + known.qids.length > 0 ? known : null)
      }
      return { answers }
    },
  }
}

const requests = {
  verify: verifyRequest,
  lookup: artistLookupRequest,
  search: searchRequest,
  links: linkRequest,
  song: songRequest,
  songWidely: wideSongRequest,
  length: lengthRequest,
}

/** MusicBrainz: who is who, recordings and their lengths; one request a second. */
export const musicBrainz: Service & { readonly requests: typeof requests } = {
  requests,
  name: 'musicbrainz',
  address: 'https://musicbrainz.org/ws/2/',
  addressSetting: 'musicbrainzUrl',
  hosts: ['musicbrainz.org', 'beta.musicbrainz.org'],
  isReference: true,
  // A quarter to a half, in two captures of 2026.
  busyShare: 0.5,
  limit: {
    name: 'musicbrainz',
    title: 'MusicBrainz',
    limits: { maxConcurrent: 1, minTimeMs: 1_100, timeoutMs: 25_000, noOtherWay: true },
  },
  classify(answer) {
    const { status, headers, json, waitMs } = answer
    const error = String(record(json).error ?? '')
    if (status === 403) {
      const unnamed = headers['x-ratelimit-who'] === 'ua-missing' || /not identified itself/.test(error)
      const hint = 'MusicBrainz wants to know who asks: set ENRICH_CONTACT to your web page or mail address'
      return { kind: 'fatal', text: said(status, json), hint: unnamed ? hint : null }
    }
    if (status === 503 || status === 429) {
      // Two different 503s. Ours names our address in the zone or says "exceeding"; the other one is for everybody.
      const zone = headers['x-ratelimit-zone'] ?? ''
      const ours = /exceeding the allowable rate/i.test(error) || /\bip=/.test(zone) || status === 429
      return ours ? rateLimited(waitMs, said(status, json), minWaitMs) : { kind: 'shed', text: said(status, json) }
    }
    return byStatus(answer)
  },
}
