import type { Case } from './case.ts'
import type { Chain } from './chain.ts'
import { broken, Evidence } from './evidence.ts'
import { commonsFile } from './images.ts'
import { type ArtistCandidate, artistScore, chooseArtist, chooseRecording, firstAct, type Recording } from './match.ts'
import type { ArtistRow } from './memory.ts'
import type { PairEvidence } from './pairs.ts'
import type { Answer } from './questions.ts'
import { type MbArtist, namesOf } from './services/musicbrainz.ts'

/** Who an artist is. */
export interface Identity {
  readonly mbid: string
  readonly name: string
  readonly source: string
  readonly method: string
  readonly score: number
  readonly ambiguous: boolean
  readonly qid: string | null
  /** Commons file that came with the name. */
  readonly file: string | null
}

/** What MusicBrainz' search brought for one title. */
export interface Hits {
  readonly recordings: readonly Recording[]
  readonly evidence: Evidence
}

export interface Found {
  readonly identity: Identity | null
  /** Acts of that name when our titles are to decide. */
  readonly candidates: readonly string[]
  readonly hits: ReadonlyMap<string, Hits>
}

/** Who a row of ours already says it is; null: it does not. */
export function knownIdentity(row: ArtistRow): Identity | null {
  if (row.mbid === null) return null
  return {
    mbid: row.mbid,
    name: row.canonical_name ?? row.artist_clean,
    source: row.canonical_source ?? 'musicbrainz',
    method: row.match_method ?? 'name',
    score: row.match_score ?? 1,
    ambiguous: row.ambiguous === 1,
    qid: row.wikidata_qid,
    file: null,
  }
}

interface Candidate {
  readonly mbid: string
  readonly name: string
  readonly score: number
  readonly weight: number
  readonly qid: string | null
  readonly file: string | null
  readonly by: string
  /** What keeps it from being sure: MusicBrainz did not confirm it, or it is one of several acts that our name names. */
  readonly doubt: '' | ':unverified' | ':part'
}

function identityOf(
  candidate: Candidate,
  chosen: { readonly score: number; readonly ambiguous: boolean; readonly method: string },
): Identity {
  return {
    mbid: candidate.mbid,
    name: candidate.name,
    source: candidate.by === 'wikidata' ? 'wikidata' : 'musicbrainz',
    method: `${chosen.method}${candidate.doubt}`,
    score: chosen.score,
    ambiguous: chosen.ambiguous,
    qid: candidate.qid,
    file: candidate.file === null ? null : commonsFile(candidate.file),
  }
}

/**
 * Who our artist is: by the matches of its songs, else by name, and by titles where several carry it.
 *
 * @param evidence gets who answered and what failed
 */
export async function identify(
  one: Case,
  pairs: ReadonlyMap<string, PairEvidence>,
  evidence: Evidence,
): Promise<Found> {
  const voted = await vote(one, pairs, evidence)
  if (voted) return { identity: voted, candidates: [], hits: new Map() }
  const degraded = [...pairs.values()].some((pair) => pair.degraded)
  const unmatched = one.pairs && pairs.size > 0 && !degraded
  const named = await candidatesByName(one, unmatched, degraded, evidence)
  // Titles are asked even if the artist is unknown: they may tell who it is.
  const titles = [...pairs].filter(([, pair]) => pair.match === null).map(([title]) => title)
  const only = named.length === 1 && named[0] !== undefined && named[0].score >= 0.95 ? named[0] : null
  if (only)
    return {
      identity: identityOf(only, { score: only.score, ambiguous: false, method: 'name' }),
      candidates: [],
      hits: new Map(),
    }
  const hits = await askRecordings(
    one,
    titles,
    named.map((act) => act.mbid),
    (title) => degraded || pairs.get(title)?.degraded === true,
  )
  for (const hit of hits.values()) evidence.lean(hit.evidence)
  const chosen = chooseByTitles(one.job.artist, named, hits)
  return { identity: chosen, candidates: named.map((act) => act.mbid), hits }
}

/** The act that most of our titles' matches credit under our name. */
async function vote(one: Case, pairs: ReadonlyMap<string, PairEvidence>, evidence: Evidence): Promise<Identity | null> {
  const { artist } = one.job
  const votes = new Map<string, { name: string | null; qid: string | null; titles: number }>()
  for (const { match, metadata, evidence: told } of pairs.values()) {
    if (match === null) continue
    const single = match.artistMbids.length === 1
    for (const id of match.artistMbids) {
      const act = metadata?.artists.find((other) => other.mbid === id)
      const vote = votes.get(id) ?? { name: null, qid: null, titles: 0 }
      votes.set(id, {
        name: vote.name ?? act?.name ?? (single ? match.artistCredit : null),
        qid: vote.qid ?? act?.qid ?? null,
        titles: vote.titles + 1,
      })
    }
    evidence.providers.add('listenbrainz')
    evidence.foundUntil = Math.min(evidence.foundUntil, told.foundUntil)
  }
  if (votes.size === 0) return null
  const candidates = [...votes].map(
    ([mbid, vote]): ArtistCandidate => ({
      mbid,
      score: vote.name === null ? 0 : artistScore(artist, { name: vote.name }),
      titles: vote.titles,
      weight: vote.titles,
    }),
  )
  const chosen = chooseArtist(candidates)
  if (chosen) {
    const vote = votes.get(chosen.mbid)
    return {
      mbid: chosen.mbid,
      name: vote?.name ?? artist,
      source: 'listenbrainz',
      method: 'titles',
      score: chosen.score,
      ambiguous: chosen.ambiguous,
      qid: vote?.qid ?? null,
      file: null,
    }
  }
  // Nobody of that name: an alias of the act that most titles name?
  const [first, second] = [...votes].sort((a, b) => b[1].titles - a[1].titles || (a[0] < b[0] ? -1 : 1))
  if (!first || (second && second[1].titles === first[1].titles)) return null
  const known = await verified(one, first[0], false, evidence)
  if (known === null || known === 'failed') return null
  const score = artistScore(artist, namesOf(known))
  if (score < 0.95 && first[1].titles < 3) return null
  return {
    mbid: known.mbid,
    name: known.name,
    source: 'musicbrainz',
    method: 'titles',
    score: score || 0.9,
    ambiguous: false,
    qid: first[1].qid,
    file: null,
  }
}

/**
 * Acts that carry our name, by Wikidata's labels, else by MusicBrainz' search; each with its score, best known first.
 *
 * @param unmatched ListenBrainz knows none of its songs. Such an act is rarely in Wikidata, and what Wikidata names MusicBrainz
 * has to confirm: it is searched there at once, which is one request instead of two or three
 */
async function candidatesByName(
  one: Case,
  unmatched: boolean,
  unplanned: boolean,
  evidence: Evidence,
): Promise<Candidate[]> {
  const { artist } = one.job
  if (unmatched) {
    const answer = await one.chain.search.ask(artist)
    if (!broken(answer)) return searched(one, answer, unplanned, evidence)
  }
  const answer = await one.chain.names.ask(artist, unplanned)
  const items = (evidence.take('wikidata', answer) ?? []).slice(0, 3)
  const known = await Promise.all(
    items.map(async (item): Promise<Candidate | null> => {
      const act = await verified(one, item.mbid, unplanned, evidence)
      if (act === null) return null
      const rest = { weight: item.links, qid: item.qid, file: item.file, by: 'wikidata' }
      // MusicBrainz does not answer: Wikidata's label is our name, that must do until the next run.
      if (act === 'failed') return { mbid: item.mbid, name: artist, score: 0.95, doubt: ':unverified', ...rest }
      const score = artistScore(artist, namesOf(act))
      return score > 0 ? { mbid: act.mbid, name: act.name, score, doubt: '', ...rest } : null
    }),
  )
  const fitting = known.filter((act) => act !== null)
  if (fitting.length > 0) return fitting
  const insteadOfNames = unplanned || broken(answer)
  return searched(one, await one.chain.search.ask(artist, insteadOfNames), insteadOfNames, evidence)
}

/** The acts of MusicBrainz' answer to the whole name; without any, those of the first act in it ("A feat. B"). */
async function searched(
  one: Case,
  whole: Answer<MbArtist[]>,
  unplanned: boolean,
  evidence: Evidence,
): Promise<Candidate[]> {
  const { artist } = one.job
  const acts = fittingActs(artist, evidence.take('musicbrainz', whole))
  if (acts.length > 0) return acts
  const head = firstAct(artist)
  if (head === null) return []
  const part = fittingActs(head, evidence.take('musicbrainz', await one.chain.search.ask(head, unplanned)))
  return part.map((act) => ({ ...act, doubt: ':part' }))
}

function fittingActs(name: string, hits: readonly MbArtist[] | null): Candidate[] {
  const scored = (hits ?? []).map(
    (act, at): Candidate => ({
      mbid: act.mbid,
      name: act.name,
      score: artistScore(name, namesOf(act)),
      // The search's order is only a hint; it decides between acts that nothing else tells apart.
      weight: -at,
      qid: null,
      file: null,
      by: 'musicbrainz',
      doubt: '',
    }),
  )
  const best = scored.filter((act) => act.score >= 0.95)
  return (best.length > 0 ? best : scored.filter((act) => act.score > 0)).slice(0, 3)
}

/** The act of an id as MusicBrainz has it now: merged ids are followed, deleted ones are null. */
export async function verified(
  one: Case,
  mbid: string,
  unplanned: boolean,
  evidence: Evidence,
  chain: Pick<Chain, 'verify' | 'lookup'> = one.chain,
): Promise<MbArtist | null | 'failed'> {
  const answer = await chain.verify.ask(mbid, unplanned)
  const found = evidence.take('musicbrainz', answer)
  if (found !== null) return found
  if (answer.kind === 'failed') return 'failed'
  const alone = await chain.lookup.ask(mbid, unplanned)
  return evidence.take('musicbrainz', alone) ?? (alone.kind === 'failed' ? 'failed' : null)
}

/** Asks MusicBrainz for recordings of our titles; by title. */
export async function askRecordings(
  one: Case,
  titles: readonly string[],
  artistMbids: readonly string[],
  unplanned: (title: string) => boolean,
): Promise<Map<string, Hits>> {
  const { artist } = one.job
  const asked = await Promise.all(
    titles.map(async (title) => {
      const evidence = new Evidence()
      one.told?.song()
      const answer = await one.chain.recordings.ask({ artist, title, artistMbids }, unplanned(title))
      return [title, { recordings: evidence.take('musicbrainz', answer) ?? [], evidence }] as const
    }),
  )
  return new Map(asked)
}

function chooseByTitles(
  artist: string,
  named: readonly Candidate[],
  hits: ReadonlyMap<string, { readonly recordings: readonly Recording[] }>,
): Identity | null {
  let candidates = [...named]
  if (candidates.length === 0) {
    // Nobody knows the name; whoever is credited under it for our titles is the act.
    const credited = new Map<string, Candidate>()
    for (const [title, { recordings }] of hits) {
      const credit = chooseRecording({ title, artist, artistMbids: [] }, recordings)?.credit
      if (!credit || credited.has(credit.mbid)) continue
      const score = artistScore(artist, credit)
      credited.set(credit.mbid, {
        ...credit,
        score,
        weight: 0,
        qid: null,
        file: null,
        by: 'musicbrainz',
        doubt: '',
      })
    }
    candidates = [...credited.values()]
  }
  const chosen = chooseArtist(
    candidates.map((one): ArtistCandidate => {
      let titles = 0
      for (const [title, { recordings }] of hits) {
        if (chooseRecording({ title, artist, artistMbids: [one.mbid] }, recordings)) titles++
      }
      return { mbid: one.mbid, score: one.score, titles, weight: one.weight }
    }),
  )
  const candidate = candidates.find((one) => one.mbid === chosen?.mbid)
  return chosen && candidate ? identityOf(candidate, chosen) : null
}
