import type { Case } from './case.ts'
import { broken, Evidence } from './evidence.ts'
import { readTitle, titleScore } from './match.ts'
import { fitsLookup, type PairMatch, type RecordingMetadata } from './services/listenbrainz.ts'

/** What ListenBrainz' look-up said about one of our songs. */
export interface PairEvidence {
  readonly match: PairMatch | null
  readonly metadata: RecordingMetadata | null
  readonly evidence: Evidence
  /** The look-up could not answer: MusicBrainz stands in. */
  readonly degraded: boolean
}

/** Asks ListenBrainz about our songs, and what it knows of the recordings that it matched them with; by title. */
export async function askPairs(
  { job: { artist }, chain, pairs }: Case,
  songs: readonly string[],
): Promise<Map<string, PairEvidence>> {
  const answers = await Promise.all(
    songs.map(async (title): Promise<[string, PairEvidence]> => {
      const evidence = new Evidence()
      // Too long for the look-up: sent to MusicBrainz instead.
      if (!pairs || !fitsLookup({ artist, title })) {
        if (pairs) evidence.providers.add('listenbrainz')
        return [title, { match: null, metadata: null, evidence, degraded: false }]
      }
      const answer = await chain.pairs.ask({ artist, title })
      const match = evidence.take('listenbrainz', answer)
      const fits = match && (match.title === null || titleScore(readTitle(title), readTitle(match.title)) > 0)
      if (!fits) return [title, { match: null, metadata: null, evidence, degraded: broken(answer) }]
      const metadata = evidence.take('listenbrainz', await chain.pairMetadata.ask(match.recordingMbid))
      return [title, { match, metadata, evidence, degraded: false }]
    }),
  )
  return new Map(answers)
}
