import type { KnownAct } from '../services/answers.ts'
import type { Chain } from './chain.ts'
import type { ResolveContext } from './context.ts'
import type { Provenance } from './provenance.ts'

/** The act of an id as MusicBrainz has it now: merged ids are followed, deleted ones are null. */
export async function verifiedAct(
  context: ResolveContext,
  mbid: string,
  unplanned: boolean,
  provenance: Provenance,
  chain: Pick<Chain, 'verify' | 'lookup'> = context.chain,
): Promise<KnownAct | null | 'failed'> {
  const answer = await chain.verify.request(mbid, unplanned)
  const found = provenance.record(answer)
  if (found !== null) return describedAct(context, found)
  if (answer.kind === 'failed') return 'failed'
  const alone = await chain.lookup.request(mbid, unplanned)
  const act = provenance.record(alone)
  return act ? describedAct(context, act) : alone.kind === 'failed' ? 'failed' : null
}

function describedAct({ descriptions }: ResolveContext, act: KnownAct): KnownAct {
  descriptions.add(act.mbid, act.description)
  return act
}
