import type { HttpRequest } from '../http/client.ts'
import { byStatus, clampWait, maxWaitMs, rateLimited, said } from '../http/outcome.ts'
import { isRecord, isrc, itemId, type Json, mbid, number, record, records, text, year } from '../json.ts'
import { described, earliest } from '../match/descriptions.ts'
import { normName } from '../match/names.ts'
import { maxFutileLookups } from '../requests/batch-sizes.ts'
import { pairKey } from '../requests/cache.ts'
import { answersTo, oneAnswer, type RequestSpec } from '../requests/request-spec.ts'
import type { Pair, PairMatch, RecordingMetadata } from './answers.ts'
import type { Service } from './service.ts'

/*
 * ListenBrainz (https://listenbrainz.readthedocs.io/en/latest/users/api/): pairs of names to recordings (needs a token
 * since 2025-12), recordings to lengths, artists, Wikidata items and covers (keyless).
 */

const answerBytes = 4 << 20

/** The most pairs in one look-up and characters in one pair; more is answered with 400. */
export const pairLimits = { pairs: 50, characters: 250 } as const
/** The most ids in one metadata request. */
export const metadataLimit = 1_000

/** True if the service takes the pair: each name and both together at most 250 characters. */
export function fitsLookup(pair: Pair): boolean {
  return Array.from(pair.artist).length + Array.from(pair.title).length <= pairLimits.characters
}

/** Up to 50 pairs. The token goes into the header, never into the address. */
export function lookupPairs(pairs: readonly Pair[], token: string): HttpRequest {
  return {
    method: 'POST',
    path: 'metadata/lookup/',
    headers: { Authorization: `Token ${token}` },
    json: { recordings: pairs.map(({ artist, title }) => ({ artist_name: artist, recording_name: title })) },
    maxBytes: answerBytes,
  }
}

/**
 * Matches by the position of the pair in the request; a pair that was not matched, or that the answer leaves out, has no
 * entry in `matches`; `answered` has every position that the answer mentions. Null if the answer has an unexpected shape.
 */
export function readLookup(
  json: unknown,
  pairs: readonly Pair[],
): { matches: Map<number, PairMatch>; answered: Set<number> } | null {
  if (!Array.isArray(json)) return null
  const matches = new Map<number, PairMatch>()
  const answered = new Set<number>()
  for (const item of records(json)) {
    const index = number(item.index)
    if (index === null || !Number.isInteger(index)) continue
    const pair = pairs[index]
    if (pair === undefined) continue
    // The echo must be ours: an answer that is shifted by one must not give every song another's length.
    const artist = text(item.artist_name_arg, 1_000)
    const title = text(item.recording_name_arg, 1_000)
    if (artist !== null && normName(artist) !== normName(pair.artist)) continue
    if (title !== null && normName(title) !== normName(pair.title)) continue
    answered.add(index)
    const match = pairMatch(item)
    if (match !== null) matches.set(index, match)
  }
  return { matches, answered }
}

function pairMatch(item: Json): PairMatch | null {
  const id = mbid(item.recording_mbid)
  if (id === null) return null
  const artists = Array.isArray(item.artist_mbids) ? item.artist_mbids.map(mbid).filter((one) => one !== null) : []
  return {
    recordingMbid: id,
    title: text(item.recording_name),
    artistCredit: text(item.artist_credit_name),
    artistMbids: artists,
  }
}

/** Up to 1,000 recordings. */
export function recordingMetadata(mbids: readonly string[]): HttpRequest {
  return {
    method: 'POST',
    path: 'metadata/recording/',
    json: { recording_mbids: mbids, inc: 'artist release tag' },
    // Tags of a thousand songs of well-known acts; an answer that is larger is asked for in halves.
    maxBytes: answerBytes * 4,
  }
}

/** True for an error that came as an answer: `{"code": 500, "error": "…"}`. What is unknown is left out instead. */
const isError = (json: Json) => typeof json.error === 'string'

/** By recording id; unknown ones are left out. Null if the answer has an unexpected shape. */
export function readMetadata(json: unknown): Map<string, RecordingMetadata> | null {
  if (!isRecord(json) || isError(json)) return null
  const found = new Map<string, RecordingMetadata>()
  for (const [key, value] of Object.entries(json)) {
    const id = mbid(key)
    if (id === null || !isRecord(value)) continue
    const recording = record(value.recording)
    const release = record(value.release)
    const tags = record(value.tag)
    const artists = records(record(value.artist).artists).flatMap((one) => {
      const who = mbid(one.artist_mbid)
      const name = text(one.name)
      if (who === null || name === null) return []
      const description = {
        type: text(one.type, 40),
        area: text(one.area, 100),
        beginYear: year(one.begin_year),
        genres: genresOf(
          records(tags.artist).filter((tag) => mbid(tag.artist_mbid) === who),
          5,
        ),
      }
      return [{ mbid: who, name, qid: itemId(record(one.rels).wikidata), ...described(description) }]
    })
    found.set(id, {
      title: text(recording.name),
      lengthMs: number(recording.length),
      artists,
      coverRelease: mbid(release.caa_release_mbid),
      coverId: number(release.caa_id),
      ...described({
        year: earliest([year(recording.first_release_date), year(release.year)]),
        album: text(release.name),
        isrc: isrcs(recording.isrcs)[0] ?? null,
        genres: genresOf(records(tags.recording), 3) ?? genresOf(records(tags.release_group), 3),
      }),
    })
  }
  return found
}

const isrcs = (value: unknown): string[] =>
  (Array.isArray(value) ? value : []).flatMap((code: unknown) => isrc(code) ?? []).sort()

/** The tags that are genres, most named first; the others are whatever listeners wrote. Null: none. */
function genresOf(tags: readonly Json[], most: number): string[] | null {
  const genres = tags
    .filter((tag) => mbid(tag.genre_mbid) !== null)
    .flatMap((tag) => {
      const name = text(tag.tag, 60)
      return name === null ? [] : [{ name, count: number(tag.count) ?? 0 }]
    })
    .sort((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1))
  const names = [...new Set(genres.map(({ name }) => name))].slice(0, most)
  return names.length > 0 ? names : null
}

/** Pairs of names to recordings. A refusal of the token switches off look-ups only. */
export const pairRequest = (rank: number, token: string): RequestSpec<Pair, PairMatch> => ({
  kind: 'pair',
  needs: 'listenbrainz look-up',
  step: 'lookup',
  rank,
  term: 'track',
  key: ({ artist, title }) => pairKey(artist, title),
  size: () => pairLimits.pairs,
  httpRequest: (pairs) => lookupPairs(pairs, token),
  read(json, pairs) {
    const found = readLookup(json, pairs)
    if (found === null) return null
    const answers = new Map<string, PairMatch | null>()
    pairs.forEach((pair, at) => {
      if (found.answered.has(at)) answers.set(pairKey(pair.artist, pair.title), found.matches.get(at) ?? null)
    })
    return { answers }
  },
})

/** One pair, by the fuzzy look-up that the one for many does without since December 2025. */
export function pairAloneRequest(rank: number, token: string): RequestSpec<Pair, PairMatch> {
  let missesInARow = 0
  return {
    kind: 'pair-alone',
    needs: 'listenbrainz look-up',
    step: 'alone',
    rank,
    term: 'track',
    key: ({ artist, title }) => pairKey(artist, title),
    size: () => 1,
    httpRequest: ([pair]) => ({
      method: 'GET',
      path: 'metadata/lookup/',
      query: { artist_name: pair?.artist ?? '', recording_name: pair?.title ?? '' },
      headers: { Authorization: `Token ${token}` },
      maxBytes: answerBytes,
    }),
    read(json, [pair]) {
      if (!isRecord(json) || isError(json)) return null
      const match = pairMatch(json)
      missesInARow = match === null ? missesInARow + 1 : 0
      return oneAnswer(pairKey(pair?.artist ?? '', pair?.title ?? ''), match)
    },
    isFutile: () => missesInARow >= maxFutileLookups,
  }
}

/** Recording ids to lengths, acts, items and covers. */
export const metadataRequest = (rank: number): RequestSpec<string, RecordingMetadata> => ({
  kind: 'recording-metadata',
  step: 'metadata',
  rank,
  term: 'track',
  key: (id) => id,
  size: () => metadataLimit,
  httpRequest: recordingMetadata,
  read: (json, ids) => answersTo(ids, readMetadata(json)),
})

const requests = { pair: pairRequest, pairAlone: pairAloneRequest, metadata: metadataRequest }

/** ListenBrainz: pairs of names to recordings (with a token), recordings to lengths, acts and covers (keyless). */
export const listenBrainz: Service & { readonly requests: typeof requests; readonly fitsLookup: typeof fitsLookup } = {
  requests,
  fitsLookup,
  name: 'listenbrainz',
  address: 'https://api.listenbrainz.org/1/',
  addressSetting: 'listenbrainzUrl',
  key: { setting: 'listenbrainzToken', word: 'token', required: false },
  hosts: ['api.listenbrainz.org'],
  extra: true,
  isReference: true,
  limit: {
    name: 'listenbrainz',
    title: 'ListenBrainz',
    limits: {
      maxConcurrent: 3,
      minTimeMs: 340,
      reservoir: { count: 30, perMs: 10_000 },
      timeoutMs: 25_000,
      // Every answer says how many requests are left in its window and when the next one begins.
      pauseMs(headers) {
        const left = headers['x-ratelimit-remaining']
        const resetS = Number(headers['x-ratelimit-reset-in'])
        return left !== undefined && Number(left) <= 0 && resetS > 0 ? Math.min(resetS * 1000, maxWaitMs) : 0
      },
    },
  },
  classify(answer) {
    const { status, headers, json, waitMs } = answer
    if (status === 401 || status === 403) {
      return { kind: 'fatal', text: said(status, json), hint: 'check LISTENBRAINZ_TOKEN; the keyless way is taken' }
    }
    if (status === 429) {
      const resetS = Number(headers['x-ratelimit-reset-in'])
      return rateLimited(resetS > 0 ? clampWait(resetS * 1000) : waitMs, said(status, json), 10_000)
    }
    // Its fuzzy part gives up after ten seconds: fewer pairs at once may pass, and one of them may be the poisoned one.
    if (status === 500) return { kind: 'split', text: said(status, json) }
    return byStatus(answer)
  },
}
