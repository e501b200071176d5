import { silent } from '../../lib/log.ts'
import { type ArtistRow, noActFacts, noSongFacts, type TrackRow } from '../../lib/model/lookups.ts'
import { openLookups, openStore } from '../../lib/store/index.ts'

/** What public sources are said to know, as a test states it. */
export interface GivenLookups {
  readonly artists?: readonly (Partial<ArtistRow> & { readonly artist_clean: string })[]
  readonly tracks?: readonly (Partial<TrackRow> & { readonly artist_clean: string; readonly song_clean: string })[]
}

const term = {
  providers_asked: 'musicbrainz',
  fetched_at: '2026-03-01T12:00:00.000Z',
  expires_at: '2026-09-01T12:00:00.000Z',
  attempts: 1,
  next_attempt_at: null,
  last_error: null,
  match_method: null,
  match_score: null,
  artist_lastfm: null,
  canonical_source: null,
}

/** Saves look-ups into the database at the address, as a run of enrichment would; all that is not given is null. */
export async function fillLookups(url: string, given: GivenLookups): Promise<void> {
  const store = await openStore(url, { log: silent })
  try {
    await openLookups(store).save({
      artists: (given.artists ?? []).map((each) => ({
        ...term,
        ...noActFacts,
        canonical_name: null,
        mbid: null,
        wikidata_qid: null,
        image_url: null,
        image_thumb_url: null,
        image_mime: null,
        image_width: null,
        image_height: null,
        image_provider: null,
        image_page_url: null,
        licence: null,
        licence_url: null,
        attribution: null,
        attribution_required: null,
        identity_status: 'found',
        image_status: each.image_url ? 'found' : 'not_found',
        ambiguous: 0,
        // A sure match, as a run of enrichment writes it down.
        ...(each.mbid != null && { match_method: 'name', match_score: 1 }),
        ...each,
      })),
      tracks: (given.tracks ?? []).map((each) => ({
        ...term,
        ...noSongFacts,
        song_lastfm: null,
        canonical_artist: null,
        canonical_title: null,
        recording_mbid: null,
        duration_ms: null,
        duration_source: null,
        duration_spread_ms: null,
        cover_url: null,
        status: each.duration_ms ? 'found' : 'not_found',
        ...each,
      })),
    })
  } finally {
    await store.close()
  }
}
