import type { Case } from './case.ts'
import { Evidence } from './evidence.ts'
import { type Identity, verified } from './identify.ts'
import type { LastfmAnswers } from './lastfm-names.ts'
import { artistScore, isEcho } from './match.ts'
import { type ArtistRow, absentUntil, providerList, type Status } from './memory.ts'
import { findPicture, type ImageColumns, noPicture, pictureOf, shownPicture } from './picture.ts'
import { rowState } from './rows.ts'
import type { LastfmArtist } from './services/lastfm.ts'
import { namesOf } from './services/musicbrainz.ts'

/** What the two halves of an artist's row rest on. */
export interface ArtistEvidence {
  readonly identity: Evidence
  readonly image: Evidence
}

/**
 * The row of an artist whose songs have been asked about; `left` when the run ended before everything was known.
 *
 * @param picture what is being asked about the picture of `identity`; null: none is wanted
 */
export async function finishArtist(
  one: Case,
  identity: Identity | null,
  picture: ReturnType<typeof findPicture> | null,
  lastfm: LastfmAnswers | null,
  old: ArtistRow | null,
  evidence: ArtistEvidence,
): Promise<ArtistRow | 'left'> {
  const { chain, images } = one
  const { artist, due } = one.job
  const names = lastfm ? evidence.identity.take('lastfm', await lastfm.artist) : null
  const echo = names !== null && isEcho(artist, names.name) ? names : null
  let who = identity
  let pictured = await picture
  if (who === null && echo?.mbid) {
    const act = await verified(one, echo.mbid, false, evidence.identity, chain.late)
    const score = act === null || act === 'failed' ? 0 : artistScore(artist, namesOf(act))
    if (act !== null && act !== 'failed' && score >= 0.9) {
      who = {
        mbid: act.mbid,
        name: act.name,
        source: 'musicbrainz',
        method: 'lastfm+id',
        score,
        ambiguous: false,
        qid: null,
        file: null,
      }
      pictured = images ? await findPicture(due, who, chain.late.pictures, evidence.image, one.few) : null
    }
  }
  const shown = await shownPicture(one, pictured?.picture ?? null, echo, who, evidence.image)
  if (evidence.identity.left || evidence.image.left) return 'left'
  return artistRow(one, { who, echo, shown, qid: pictured?.qid ?? null }, old, evidence)
}

function artistRow(
  one: Case,
  found: {
    readonly who: Identity | null
    /** Last.fm's answer, where it is about our artist. */
    readonly echo: LastfmArtist | null
    readonly shown: ImageColumns | null
    readonly qid: string | null
  },
  old: ArtistRow | null,
  { identity, image: picture }: ArtistEvidence,
): ArtistRow {
  const { who, echo, shown, qid } = found
  const known = who !== null || echo !== null
  const now = one.clock.now()
  if (who !== null && !who.method.endsWith(':unverified')) identity.settle()
  if (shown !== null) picture.settle()
  const first = rowState(known, identity, old?.attempts ?? 0, now, one.random())
  // Without an identity nobody could be asked for a picture: its state is the identity's.
  const image: Status = shown
    ? 'found'
    : picture.failures.length > 0 || first.status === 'transient_error'
      ? 'transient_error'
      : 'not_found'
  const all = new Evidence()
  all.lean(identity)
  all.lean(picture)
  const complete = known && (shown !== null || !one.images)
  const without =
    one.images && shown === null ? absentUntil((old?.attempts ?? 0) + 1, now, one.random()) : Number.POSITIVE_INFINITY
  const until = Math.min(identity.until(known), picture.until(shown !== null), without)
  const state = rowState(complete, all, old?.attempts ?? 0, now, one.random(), until)
  const keepsName = first.status === 'transient_error' && old?.identity_status === 'found'
  const keepsImage = image === 'transient_error' && old?.image_status === 'found'
  const mine = keepsName && old ? old : null
  const theirs = keepsImage && old ? old : null
  return {
    artist_clean: one.job.artist,
    artist_lastfm: mine ? mine.artist_lastfm : (echo?.name ?? null),
    canonical_name: mine ? mine.canonical_name : (who?.name ?? echo?.name ?? null),
    canonical_source: mine ? mine.canonical_source : (who?.source ?? (echo ? 'lastfm' : null)),
    mbid: mine ? mine.mbid : (who?.mbid ?? null),
    wikidata_qid: mine ? mine.wikidata_qid : (who?.qid ?? qid ?? null),
    ...(theirs ? pictureOf(theirs) : (shown ?? noPicture)),
    identity_status: mine ? 'found' : first.status,
    image_status: theirs ? 'found' : image,
    match_method: mine ? mine.match_method : (who?.method ?? (echo ? 'lastfm' : null)),
    match_score: mine ? mine.match_score : (who?.score ?? (echo ? 0.9 : null)),
    ambiguous: mine ? mine.ambiguous : Number(who?.ambiguous ?? false),
    providers_asked: providerList(all.providers),
    ...state.columns,
    ...(mine || theirs ? { fetched_at: old?.fetched_at ?? null, expires_at: old?.expires_at ?? null } : {}),
  }
}
