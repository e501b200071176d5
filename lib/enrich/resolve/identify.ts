import { type ArtistCandidate, chooseArtist } from '../match/artist-choice.ts'
import { artistScore } from '../match/artists.ts'
import { chooseRecording, type Recording } from '../match/recordings.ts'
import type { AnswerSource } from '../requests/request-spec.ts'
import { actsOfName, candidatesByName } from './candidates.ts'
import type { ResolveContext } from './context.ts'
import type { ActDecisions } from './decisions.ts'
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
  // Titles are searched for even if the artist is unknown: they may tell who it is.
  const titles = [...pairs].filter(([, pair]) => pair.match === null).map(([title]) => title)
  const isUnplanned = (title: string) => degraded || pairs.get(title)?.degraded === true
  if (only) return identifyOnly(context, only, titles, isUnplanned, provenance)
  const candidates = named.map((act) => act.mbid)
  const hits = await searchRecordings(context, titles, candidates, isUnplanned)
  for (const hit of hits.values()) provenance.merge(hit.provenance)
  return { identity: chooseByTitles(context.job.artist, named, hits), candidates, hits }
}

/**
 * One act carries the name. Another one of that name may be ours all the same: where none of our titles is its, acts of the
 * name are searched for, and where our titles do not tell them apart it is taken with a doubt.
 */
async function identifyOnly(
  context: ResolveContext,
  only: Candidate,
  titles: readonly string[],
  isUnplanned: (title: string) => boolean,
  provenance: Provenance,
): Promise<Found> {
  const certain = identityOf(only, { score: only.score, ambiguous: false, method: 'name' })
  const hits = await searchRecordings(context, titles, [only.mbid], isUnplanned)
  const { artist } = context.job
  const isFound = ([title, { recordings }]: [string, Hits]) =>
    chooseRecording({ title, artist, artistMbids: [only.mbid] }, recordings) !== null
  const isFailed = [...hits.values()].some((hit) => hit.provenance.failures.length > 0 || hit.provenance.left)
  if (titles.length === 0 || isFailed || only.doubt !== '' || [...hits].some(isFound)) {
    return { identity: certain, candidates: [], hits }
  }
  const namesakes = (await actsOfName(context, provenance)).filter((act) => act.mbid !== only.mbid)
  if (namesakes.length === 0) return { identity: certain, candidates: [], hits }
  const wide = await searchWidely(context, titles, [])
  for (const hit of wide.values()) provenance.merge(hit.provenance)
  const identity = chooseByTitles(artist, [only, ...namesakes], wide)
  return { identity, candidates: [only, ...namesakes].map((act) => act.mbid), hits }
}

/** Searches for our titles in other words: by the artist's name, and by words of the title. */
export async function searchWidely(
  { chain, job: { artist }, decided }: ResolveContext,
  titles: readonly string[],
  artistMbids: readonly string[],
): Promise<Map<string, Hits>> {
  const searched = await Promise.all(
    titles.map(async (title) => {
      const provenance = new Provenance()
      const answer = await chain.wide.request({ artist, title, artistMbids, ...limitsOf(decided) })
      return [title, { recordings: provenance.record(answer) ?? [], provenance, from: answer.from }] as const
    }),
  )
  return new Map(searched)
}

/** Searches for recordings of our titles; by title. */
export async function searchRecordings(
  { chain, job: { artist }, observer, decided }: ResolveContext,
  titles: readonly string[],
  artistMbids: readonly string[],
  isUnplanned: (title: string) => boolean,
): Promise<Map<string, Hits>> {
  const searched = await Promise.all(
    titles.map(async (title) => {
      const provenance = new Provenance()
      observer?.song()
      const answer = await chain.recordings.request(
        { artist, title, artistMbids, ...limitsOf(decided) },
        isUnplanned(title),
      )
      return [title, { recordings: provenance.record(answer) ?? [], provenance, from: answer.from }] as const
    }),
  )
  return new Map(searched)
}

const limitsOf = ({ scope, refused }: ActDecisions) => (scope === '' ? {} : { scope, refused })

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
    // Of a joint name the first act stands for it, with a doubt.
    const own = artistScore(artist, credit)
    const { mbid, name } = credit
    credited.set(mbid, {
      ...plainIdentity,
      mbid,
      name,
      score: own || 0.9,
      weight: 0,
      doubt: own > 0 ? '' : ':part',
    })
  }
  return [...credited.values()]
}
