import type { ResolveContext } from './context.ts'
import { byHand } from './decisions.ts'
import { type Identity, plainIdentity } from './identity.ts'
import type { Provenance } from './provenance.ts'
import { verifiedAct } from './verify.ts'

/** Who a person says that the act is; null: nobody said so. The id stands even where MusicBrainz does not know it. */
export async function decidedIdentity(context: ResolveContext, provenance: Provenance): Promise<Identity | null> {
  const { decided, job } = context
  if (decided.mbid === null) return null
  const act = await verifiedAct(context, decided.mbid, true, provenance)
  const name = act === null || act === 'failed' ? job.artist : act.name
  return { ...plainIdentity, mbid: decided.mbid, name, source: byHand, method: byHand, score: 1 }
}
