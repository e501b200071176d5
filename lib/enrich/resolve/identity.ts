import type { ArtistRow } from '../../model/lookups.ts'
import { fileTitle } from '../images.ts'
import { roles } from '../services/list.ts'
import { sourceOf } from '../services/service.ts'

/** Who an artist is. */
export interface Identity {
  readonly mbid: string
  readonly name: string
  readonly source: string
  readonly method: string
  readonly score: number
  readonly ambiguous: boolean
  readonly qid: string | null
  /** Commons file that came with the name. */
  readonly file: string | null
  /** The answer that named the act told its picture too, or that it has none. */
  readonly toldPicture: boolean
}

/** An act that may be ours. */
export interface Candidate {
  readonly mbid: string
  readonly name: string
  readonly score: number
  /** How well known; breaks ties only. */
  readonly weight: number
  readonly qid: string | null
  readonly file: string | null
  readonly source: string
  readonly toldPicture: boolean
  /** What keeps it from being sure: MusicBrainz did not confirm it, or it is one of several acts that our name names. */
  readonly doubt: '' | ':unverified' | ':part'
}

/** What an identity has unless something says more. */
export const plainIdentity = {
  source: sourceOf(roles.identities),
  ambiguous: false,
  qid: null,
  file: null,
  toldPicture: false,
} as const

/** The identity that a chosen candidate is. */
export function identityOf(
  candidate: Candidate,
  chosen: { readonly score: number; readonly ambiguous: boolean; readonly method: string },
): Identity {
  const { mbid, name, source, qid, file, toldPicture, doubt } = candidate
  return {
    mbid,
    name,
    source,
    method: `${chosen.method}${doubt}`,
    score: chosen.score,
    ambiguous: chosen.ambiguous,
    qid,
    file: file === null ? null : fileTitle(file),
    toldPicture,
  }
}

/** Who a row of ours already says it is; null: it does not. */
export function knownIdentity(row: ArtistRow): Identity | null {
  if (row.mbid === null) return null
  return {
    ...plainIdentity,
    mbid: row.mbid,
    name: row.canonical_name ?? row.artist_clean,
    source: row.canonical_source ?? plainIdentity.source,
    method: row.match_method ?? 'name',
    score: row.match_score ?? 1,
    ambiguous: row.ambiguous === 1,
    qid: row.wikidata_qid,
  }
}
