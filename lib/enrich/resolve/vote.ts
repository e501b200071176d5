import { actsIn } from '../match/acts.ts'
import { type ArtistCandidate, chooseArtist } from '../match/artist-choice.ts'
import { artistScore, isSpecialPurpose } from '../match/artists.ts'
import { namesOf } from '../services/answers.ts'
import { roles } from '../services/list.ts'
import { sourceOf } from '../services/service.ts'
import type { ResolveContext } from './context.ts'
import { type Identity, plainIdentity } from './identity.ts'
import type { PairAnswer } from './pairs.ts'
import type { Provenance } from './provenance.ts'
import { verifiedAct } from './verify.ts'

interface Vote {
  readonly name: string | null
  readonly qid: string | null
  readonly titles: number
}

/** The act that most of our titles' matches credit under our name. */
export async function vote(
  context: ResolveContext,
  pairs: ReadonlyMap<string, PairAnswer>,
  provenance: Provenance,
): Promise<Identity | null> {
  const { artist } = context.job
  const votes = countVotes(pairs, provenance)
  if (votes.size === 0) return null
  const chosen = chooseArtist(
    [...votes].map(
      ([mbid, { name, titles }]): ArtistCandidate => ({
        mbid,
        score: name === null ? 0 : artistScore(artist, { name }),
        titles,
        weight: titles,
      }),
    ),
  )
  if (chosen === null) return byAlias(context, votes, provenance)
  const { name, qid } = votes.get(chosen.mbid) ?? { name: null, qid: null }
  return {
    ...plainIdentity,
    mbid: chosen.mbid,
    name: name ?? artist,
    source: sourceOf(roles.songMatches),
    method: 'titles',
    score: chosen.score,
    ambiguous: chosen.ambiguous,
    qid,
  }
}

function countVotes(pairs: ReadonlyMap<string, PairAnswer>, provenance: Provenance): Map<string, Vote> {
  const votes = new Map<string, Vote>()
  for (const { match, metadata, provenance: answers } of pairs.values()) {
    if (match === null) continue
    const single = match.artistMbids.length === 1
    for (const id of match.artistMbids.filter((mbid) => !isSpecialPurpose({ mbid }))) {
      const act = metadata?.artists.find((other) => other.mbid === id)
      const before = votes.get(id) ?? { name: null, qid: null, titles: 0 }
      votes.set(id, {
        name: before.name ?? act?.name ?? (single ? match.artistCredit : null),
        qid: before.qid ?? act?.qid ?? null,
        titles: before.titles + 1,
      })
    }
    provenance.sources.add(sourceOf(roles.songMatches))
    provenance.foundUntil = Math.min(provenance.foundUntil, answers.foundUntil)
  }
  return votes
}

/** Nobody of that name: is it an alias of the act that most titles name? */
async function byAlias(
  context: ResolveContext,
  votes: ReadonlyMap<string, Vote>,
  provenance: Provenance,
): Promise<Identity | null> {
  const [first, second] = [...votes].sort((a, b) => b[1].titles - a[1].titles || (a[0] < b[0] ? -1 : 1))
  if (!first) return null
  const joint = jointVote(context.job.artist, votes)
  if (joint) return joint
  if (second && second[1].titles === first[1].titles) return null
  const known = await verifiedAct(context, first[0], false, provenance)
  if (known === null || known === 'failed') return null
  const score = artistScore(context.job.artist, namesOf(known))
  if (score < 0.95 && first[1].titles < 3) return null
  const { mbid, name } = known
  return { ...plainIdentity, mbid, name, method: 'titles', score: score || 0.9, qid: first[1].qid }
}

/** Of a joint name the first act stands for it, with a doubt. */
function jointVote(artist: string, votes: ReadonlyMap<string, Vote>): Identity | null {
  const [lead, ...others] = actsIn(artist)
  if (lead === undefined || others.length === 0) return null
  for (const [mbid, { name, qid }] of votes) {
    if (name === null || artistScore(lead, { name }) < 0.95) continue
    return {
      ...plainIdentity,
      mbid,
      name,
      source: sourceOf(roles.songMatches),
      method: 'titles:part',
      score: 0.95,
      qid,
    }
  }
  return null
}
