import { artistScore, firstAct, isSpecialPurpose } from '../match/artists.ts'
import type { Answer } from '../requests/request-spec.ts'
import { type KnownAct, namesOf } from '../services/answers.ts'
import type { ResolveContext } from './context.ts'
import { type Candidate, plainIdentity } from './identity.ts'
import { broken, type Provenance } from './provenance.ts'
import { verifiedAct } from './verify.ts'

/**
 * Acts that carry our name, by Wikidata's labels, else by MusicBrainz' search; each with its score, best known first.
 *
 * @param unmatched none of its songs was matched. Such an act is rarely in Wikidata, and what Wikidata names MusicBrainz has
 * to confirm: it is searched there at once, which is one request instead of two or three
 */
export async function candidatesByName(
  context: ResolveContext,
  unmatched: boolean,
  unplanned: boolean,
  provenance: Provenance,
): Promise<Candidate[]> {
  const { chain, job } = context
  if (unmatched) {
    const answer = await chain.search.request(job.artist)
    if (!broken(answer)) return searched(context, answer, unplanned, provenance)
  }
  const answer = await chain.names.request(job.artist, unplanned)
  const items = (provenance.record(answer) ?? []).filter((item) => !isSpecialPurpose(item)).slice(0, 3)
  const known = await Promise.all(
    items.map(async (item): Promise<Candidate | null> => {
      const act = await verifiedAct(context, item.mbid, unplanned, provenance)
      if (act === null || (act !== 'failed' && isSpecialPurpose(act))) return null
      const rest = {
        weight: item.links,
        qid: item.qid,
        file: item.file,
        source: answer.from.name,
        toldPicture: true,
      }
      // MusicBrainz does not answer: Wikidata's label is our name, that must do until the next run.
      if (act === 'failed') return { mbid: item.mbid, name: job.artist, score: 0.95, doubt: ':unverified', ...rest }
      const score = artistScore(job.artist, namesOf(act))
      return score > 0 ? { mbid: act.mbid, name: act.name, score, doubt: '', ...rest } : null
    }),
  )
  const fitting = known.filter((act) => act !== null).filter((act) => context.decided.allows([act.mbid]))
  if (fitting.length > 0) return fitting
  const insteadOfNames = unplanned || broken(answer)
  return searched(context, await chain.search.request(job.artist, insteadOfNames), insteadOfNames, provenance)
}

/** The acts of MusicBrainz' answer to the whole name; without any, those of the first act in it ("A feat. B"). */
async function searched(
  context: ResolveContext,
  whole: Answer<KnownAct[]>,
  unplanned: boolean,
  provenance: Provenance,
): Promise<Candidate[]> {
  const { chain, job } = context
  const acts = fittingActs(context, job.artist, provenance.record(whole))
  if (acts.length > 0) return acts
  const head = firstAct(job.artist)
  if (head === null) return []
  const part = fittingActs(context, head, provenance.record(await chain.search.request(head, unplanned)))
  return part.map((act) => ({ ...act, doubt: ':part' }))
}

/** Acts of MusicBrainz that carry our name. */
export async function actsOfName(context: ResolveContext, provenance: Provenance): Promise<Candidate[]> {
  const { chain, job } = context
  const acts = fittingActs(context, job.artist, provenance.record(await chain.search.request(job.artist)))
  return acts.filter((act) => act.score >= 0.95)
}

function fittingActs(
  { descriptions, decided }: ResolveContext,
  name: string,
  hits: readonly KnownAct[] | null,
): Candidate[] {
  const acts = (hits ?? []).filter((act) => !isSpecialPurpose(act) && decided.allows([act.mbid]))
  for (const act of acts) descriptions.add(act.mbid, act.description)
  const scored = acts.map(
    (act, at): Candidate => ({
      ...plainIdentity,
      mbid: act.mbid,
      name: act.name,
      score: artistScore(name, namesOf(act)),
      // The search's order is only a hint; it decides between acts that nothing else tells apart.
      weight: -at,
      doubt: '',
    }),
  )
  const best = scored.filter((act) => act.score >= 0.95)
  return (best.length > 0 ? best : scored.filter((act) => act.score > 0)).slice(0, 3)
}
