import { type ArtistCandidate, chooseArtist } from '../match/artist-choice.ts'
import { artistScore } from '../match/artists.ts'
import { chooseRecording, type Recording } from '../match/recordings.ts'
import type { AnswerSource } from '../requests/request-spec.ts'
import { candidatesByName } from './candidates.ts'
import type { ResolveContext } from './context.ts'
import { type Candidate, type Identity, identityOf, plainIdentity } from './identity.ts'
import type { PairAnswer } from './pairs.ts'
import { Provenance } from './provenance.ts'
import { vote } from './vote.ts'

/** What a search brought for one title. */
export interface Hits {
  readonly recordings: readonly Recording[]
  readonly provenance: Provenance
  readonly from: AnswerSource
}

export interface Found {
  readonly identity: Identity | null
  /** Acts of that name when our titles are to decide. */
  readonly candidates: readonly string[]
  readonly hits: ReadonlyMap<string, Hits>
}

/**
 * Who our artist is: by the matches of its songs, else by name, and by titles where several carry it.
 *
 * @param provenance gets who answered and what failed
 */
export async function identify(
  context: ResolveContext,
  pairs: ReadonlyMap<string, PairAnswer>,
  provenance: Provenance,
): Promise<Found> {
  const voted = await vote(context, pairs, provenance)
  if (voted) return { identity: voted, candidates: [], hits: new Map() }
  const degraded = [...pairs.values()].some((pair) => pair.degraded)
  const unmatched = context.pairs && pairs.size > 0 && !degraded
  const named = await candidatesByName(context, unmatched, degraded, provenance)
  const only = named.length === 1 && named[0] !== undefined && named[0].score >= 0.95 ? named[0] : null
  if (only) {
    const identity = identityOf(only, { score: only.score, ambiguous: false, method: 'name' })
    return { identity, candidates: [], hits: new Map() }
  }
  // Titles are searched for even if the artist is unknown: they may tell who it is.
  const titles = [...pairs].filter(([, pair]) => pair.match === null).map(([title]) => title)
  const candidates = named.map((act) => act.mbid)
  const isUnplanned = (title: string) => degraded || pairs.get(title)?.degraded === true
  const hits = await searchRecordings(context, titles, candidates, isUnplanned)
  for (const hit of hits.values()) provenance.merge(hit.provenance)
  return { identity: chooseByTitles(context.job.artist, named, hits), candidates, hits }
}

/** Searches for recordings of our titles; by title. */
export async function searchRecordings(
  { chain, job: { artist }, observer }: ResolveContext,
  titles: readonly string[],
  artistMbids: readonly string[],
  isUnplanned: (title: string) => boolean,
): Promise<Map<string, Hits>> {
  const searched = await Promise.all(
    titles.map(async (title) => {
      const provenance = new Provenance()
      observer?.song()
      const answer = await chain.recordings.request({ artist, title, artistMbids }, isUnplanned(title))
      return [title, { recordings: provenance.record(answer) ?? [], provenance, from: answer.from }] as const
    }),
  )
  return new Map(searched)
}

function chooseByTitles(
  artist: string,
  named: readonly Candidate[],
  hits: ReadonlyMap<string, Pick<Hits, 'recordings'>>,
): Identity | null {
  const candidates = named.length > 0 ? named : creditedActs(artist, hits)
  const chosen = chooseArtist(
    candidates.map(({ mbid, score, weight }): ArtistCandidate => {
      let titles = 0
      for (const [title, { recordings }] of hits) {
        if (chooseRecording({ title, artist, artistMbids: [mbid] }, recordings)) titles++
      }
      return { mbid, score, titles, weight }
    }),
  )
  const candidate = candidates.find((one) => one.mbid === chosen?.mbid)
  return chosen && candidate ? identityOf(candidate, chosen) : null
}

/** Nobody knows the name: acts that are credited under it for our titles. */
function creditedActs(artist: string, hits: ReadonlyMap<string, Pick<Hits, 'recordings'>>): Candidate[] {
  const credited = new Map<string, Candidate>()
  for (const [title, { recordings }] of hits) {
    const credit = chooseRecording({ title, artist, artistMbids: [] }, recordings)?.credit
    if (!credit || credited.has(credit.mbid)) continue
    const score = artistScore(artist, credit)
    credited.set(credit.mbid, { ...plainIdentity, ...credit, score, weight: 0, doubt: '' })
  }
  return [...credited.values()]
}
