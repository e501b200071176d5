import { type ActFacts, type ArtistRow, type LookupStatus, noActFacts } from '../../model/lookups.ts'
import { artistScore, isEcho } from '../match/artists.ts'
import { absentUntil } from '../requests/cache.ts'
import { type ListenerArtist, namesOf } from '../services/answers.ts'
import type { ResolveContext } from './context.ts'
import { type Identity, plainIdentity } from './identity.ts'
import { byListeners, byListenersId, type ListenerNames } from './listener-names.ts'
import { findPicture, type ImageColumns, noPicture, pictureOf, shownPicture } from './picture.ts'
import { Provenance } from './provenance.ts'
import { providerList, rowState } from './rows.ts'
import { verifiedAct } from './verify.ts'

/** What the two halves of an artist's row rest on. */
export interface ArtistProvenance {
  readonly identity: Provenance
  readonly image: Provenance
}

/**
 * The row of an artist whose songs have been asked about; `left` when the run ended before everything was known.
 *
 * @param picture what is being asked about the picture of `identity`; null: none is wanted
 */
export async function finishArtist(
  context: ResolveContext,
  identity: Identity | null,
  picture: ReturnType<typeof findPicture> | null,
  names: ListenerNames | null,
  old: ArtistRow | null,
  provenance: ArtistProvenance,
): Promise<ArtistRow | 'left'> {
  const { artist } = context.job
  const answer = await names?.artist
  const named = answer ? provenance.identity.record(answer) : null
  const echo = named !== null && isEcho(artist, named.name) ? named : null
  let who = identity
  let pictured = await picture
  if (who === null && echo?.mbid && context.decided.allows([echo.mbid])) {
    who = await echoIdentity(context, echo.mbid, provenance.identity)
    if (who !== null && context.images && context.decided.picture === null) {
      const { pictures } = context.chain.secondPass
      pictured = await findPicture(context.job.due, who, pictures, provenance.image, context.smallRun)
    }
  }
  const shown = await shownPicture(context, pictured?.picture ?? null, echo, who, provenance.image)
  if (provenance.identity.left || provenance.image.left) return 'left'
  return artistRow(context, { who, echo, shown, qid: pictured?.qid ?? null }, old, provenance)
}

/** The act of the id that listeners' names lead to, if it carries our name. */
async function echoIdentity(context: ResolveContext, mbid: string, provenance: Provenance): Promise<Identity | null> {
  const act = await verifiedAct(context, mbid, false, provenance, context.chain.secondPass)
  if (act === null || act === 'failed' || !context.decided.allows([act.mbid])) return null
  const score = artistScore(context.job.artist, namesOf(act))
  return score >= 0.9 ? { ...plainIdentity, mbid: act.mbid, name: act.name, method: byListenersId, score } : null
}

/**
 * What is known of the act beyond who it is.
 *
 * @param before its row of an earlier run, if that is about the same act
 */
function actFacts(
  { descriptions, similar }: ResolveContext,
  who: Identity | null,
  echo: ListenerArtist | null,
  before: ArtistRow | null,
): ActFacts {
  const known = before ?? noActFacts
  const id = who?.mbid ?? before?.mbid ?? null
  const named = similar ? (echo?.similar ?? []) : []
  return {
    ...descriptions.factsOf(id, known),
    similar_artists: named.length > 0 ? named.join(' · ') : known.similar_artists,
  }
}

function artistRow(
  context: ResolveContext,
  found: {
    readonly who: Identity | null
    /** What listeners call it, where that is about our artist. */
    readonly echo: ListenerArtist | null
    readonly shown: ImageColumns | null
    readonly qid: string | null
  },
  old: ArtistRow | null,
  { identity, image: picture }: ArtistProvenance,
): ArtistRow {
  const { who, echo, shown, qid } = found
  const known = who !== null || echo !== null
  const now = context.clock.now()
  if (who !== null && !who.method.endsWith(':unverified')) identity.close()
  if (shown !== null) picture.close()
  const first = rowState(known, identity, old?.attempts ?? 0, now, context.random())
  // Without an identity nobody could be asked for a picture: its state is the identity's.
  const image: LookupStatus = shown
    ? 'found'
    : picture.failures.length > 0 || first.status === 'transient_error'
      ? 'transient_error'
      : 'not_found'
  const all = new Provenance()
  all.merge(identity)
  all.merge(picture)
  const complete = known && (shown !== null || !context.images)
  const without =
    context.images && shown === null
      ? absentUntil((old?.attempts ?? 0) + 1, now, context.random())
      : Number.POSITIVE_INFINITY
  const until = Math.min(identity.until(known), picture.until(shown !== null), without)
  const state = rowState(complete, all, old?.attempts ?? 0, now, context.random(), until)
  const keepsName = first.status === 'transient_error' && old?.identity_status === 'found'
  const keepsImage = image === 'transient_error' && old?.image_status === 'found'
  const mine = keepsName && old ? old : null
  const theirs = keepsImage && old ? old : null
  return {
    artist_clean: context.job.artist,
    artist_lastfm: mine ? mine.artist_lastfm : (echo?.name ?? null),
    canonical_name: mine ? mine.canonical_name : (who?.name ?? echo?.name ?? null),
    canonical_source: mine ? mine.canonical_source : (who?.source ?? (echo ? byListeners : null)),
    mbid: mine ? mine.mbid : (who?.mbid ?? null),
    wikidata_qid: mine ? mine.wikidata_qid : (who?.qid ?? qid ?? null),
    ...(theirs ? pictureOf(theirs) : (shown ?? noPicture)),
    identity_status: mine ? 'found' : first.status,
    image_status: theirs ? 'found' : image,
    match_method: mine ? mine.match_method : (who?.method ?? (echo ? byListeners : null)),
    match_score: mine ? mine.match_score : (who?.score ?? (echo ? 0.9 : null)),
    ambiguous: mine ? mine.ambiguous : Number(who?.ambiguous ?? false),
    providers_asked: providerList(all.sources),
    ...actFacts(context, mine ? null : who, echo, mine ?? (old?.mbid === who?.mbid ? old : null)),
    ...state.columns,
    ...(mine || theirs ? { fetched_at: old?.fetched_at ?? null, expires_at: old?.expires_at ?? null } : {}),
  }
}
