import { kyselyOf } from '../kysely-of.ts'
import type { Reader } from './reader.ts'

/** An act whose look-up is not sure; with the verdict `not mbid` it is a row of the overrides. */
export interface DoubtfulIdentity {
  readonly kind: 'artist'
  readonly verdict: 'mbid'
  readonly a: string
  /** Its MusicBrainz id. */
  readonly b: string
  readonly artist: null
  readonly method: string
  readonly score: number | null
  readonly plays: number
  readonly why: string
}

/**
 * Acts that were found with a doubt, most plays first: several carry the name, MusicBrainz did not confirm it, it is one of several
 * that the name names, or a near spelling that no title confirms. What a person decided is not doubtful.
 */
export async function doubtfulIdentities(
  reader: Reader,
  { limit, maxScore }: { readonly limit: number; readonly maxScore?: number },
): Promise<readonly DoubtfulIdentity[]> {
  const rows = await kyselyOf(reader)
    .selectFrom('artist_images as i')
    .innerJoin('artists as a', 'a.artist_clean', 'i.artist_clean')
    .select(['i.artist_clean', 'i.mbid', 'i.canonical_name', 'i.match_method', 'i.match_score', 'i.ambiguous'])
    .select(['i.providers_asked', 'i.act_type', 'i.area', 'i.begin_year', 'a.plays'])
    .where('i.mbid', 'is not', null)
    .where('i.identity_status', '=', 'found')
    .where((e) =>
      e.or([
        e('i.ambiguous', '=', 1),
        e('i.match_method', 'like', '%:%'),
        e.and([e('i.match_score', '<', 0.95), e('i.match_method', 'not like', '%titles')]),
      ]),
    )
    .$if(maxScore !== undefined, (query) => query.where('i.match_score', '<=', maxScore!))
    .orderBy('a.plays', 'desc')
    .orderBy('i.artist_clean')
    .limit(limit)
    .execute()
  return rows.map((row) => ({
    kind: 'artist',
    verdict: 'mbid',
    a: row.artist_clean,
    b: row.mbid!,
    artist: null,
    method: row.match_method ?? 'not known',
    score: row.match_score,
    plays: Number(row.plays),
    why: evidence(row),
  }))
}

function evidence(row: {
  readonly canonical_name: string | null
  readonly match_method: string | null
  readonly match_score: number | null
  readonly ambiguous: number
  readonly providers_asked: string
  readonly act_type: string | null
  readonly area: string | null
  readonly begin_year: number | null
}): string {
  const about = [row.act_type, row.area, row.begin_year].filter((part) => part !== null).join(', ')
  const method = row.match_method ?? ''
  const doubts = [
    row.ambiguous === 1 ? 'several acts carry the name and the titles do not tell them apart' : '',
    method.endsWith(':unverified') ? 'MusicBrainz did not confirm it' : '',
    method.endsWith(':part') ? 'one of several acts that the name names' : '',
    (row.match_score ?? 1) < 0.95 && !method.includes(':') ? 'a near spelling that no title confirms' : '',
  ].filter((doubt) => doubt !== '')
  const who = `${row.canonical_name ?? 'no name'}${about === '' ? '' : ` (${about})`}`
  return `${who}: ${doubts.join('; ')}; asked: ${row.providers_asked.replaceAll(',', ', ')}`
}
