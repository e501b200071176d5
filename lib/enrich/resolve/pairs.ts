import { readTitle, titleScore } from '../match/titles.ts'
import type { AnswerSource } from '../requests/request-spec.ts'
import type { PairMatch, RecordingMetadata } from '../services/answers.ts'
import { roles } from '../services/list.ts'
import { sourceOf } from '../services/service.ts'
import type { ResolveContext } from './context.ts'
import { broken, Provenance } from './provenance.ts'

/** What the look-up of names said about one of our songs. */
export interface PairAnswer {
  readonly match: PairMatch | null
  readonly metadata: RecordingMetadata | null
  readonly provenance: Provenance
  /** Where `metadata` is from. */
  readonly from: AnswerSource | null
  /** The look-up could not answer: a search stands in. */
  readonly degraded: boolean
}

/** Looks up our songs by their names, and what is known of the recordings that they were matched with; by title. */
export async function lookUpPairs(
  { job: { artist }, chain, pairs, decided }: ResolveContext,
  songs: readonly string[],
): Promise<Map<string, PairAnswer>> {
  const answers = await Promise.all(
    songs.map(async (title): Promise<[string, PairAnswer]> => {
      const provenance = new Provenance()
      // Too long for the look-up: searched for instead.
      if (!pairs || !roles.songMatches.fitsLookup({ artist, title })) {
        if (pairs) provenance.sources.add(sourceOf(roles.songMatches))
        return [title, { match: null, metadata: null, provenance, from: null, degraded: false }]
      }
      const answer = await chain.pairs.request({ artist, title })
      const match = provenance.record(answer)
      const fits =
        match &&
        decided.allows(match.artistMbids) &&
        (match.title === null || titleScore(readTitle(title), readTitle(match.title)) > 0)
      if (!fits) return [title, { match: null, metadata: null, provenance, from: null, degraded: broken(answer) }]
      const described = await chain.pairMetadata.request(match.recordingMbid)
      return [
        title,
        { match, metadata: provenance.record(described), provenance, from: described.from, degraded: false },
      ]
    }),
  )
  return new Map(answers)
}
