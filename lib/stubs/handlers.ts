import { lastfm } from './lastfm.ts'
import { listenbrainz } from './listenbrainz.ts'
import { musicbrainz, shed } from './musicbrainz.ts'
import { type ServiceName, stubKey, stubToken } from './names.ts'
import type { Handler } from './server.ts'
import { commons, wikidata, wikidataQuery } from './wikimedia.ts'
import { chance, type World } from './world.ts'
import type { Era } from './worlds.ts'

/** Per service, what answers its requests. */
export function handlersOf(
  world: World,
  era: Pick<Era, 'since2026' | 'shed'>,
  options: { readonly ownPictures?: boolean } = {},
): Readonly<Record<ServiceName, Handler>> {
  return {
    musicbrainz: shedding(musicbrainz(world), era.shed),
    listenbrainz: listenbrainz(world, stubToken, era.since2026),
    wikidataQuery: wikidataQuery(world),
    wikidata: wikidata(world),
    commons: commons(world, options.ownPictures, era.since2026),
    lastfm: lastfm(world, stubKey),
  }
}

/** Answers a share of requests as a service does that is too busy for anybody; which ones follows from their number. */
function shedding(handler: Handler, share: number): Handler {
  let requests = 0
  return (request) => {
    requests++
    return share > 0 && chance(`shed ${requests}`) < share ? shed : handler(request)
  }
}
