import { lastfm } from './lastfm.ts'
import { listenbrainz } from './listenbrainz.ts'
import { musicbrainz } from './musicbrainz.ts'
import { type ServiceName, stubKey, stubToken } from './names.ts'
import type { Handler } from './server.ts'
import { commons, wikidata, wikidataQuery } from './wikimedia.ts'
import type { World } from './world.ts'

/** Per service, what answers its requests. */
export function handlersOf(
  world: World,
  options: { readonly ownPictures?: boolean } = {},
): Readonly<Record<ServiceName, Handler>> {
  return {
    musicbrainz: musicbrainz(world),
    listenbrainz: listenbrainz(world, stubToken),
    wikidataQuery: wikidataQuery(world),
    wikidata: wikidata(world),
    commons: commons(world, options.ownPictures),
    lastfm: lastfm(world, stubKey),
  }
}
