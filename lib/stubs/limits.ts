import { lastfmError } from './lastfm.ts'
import { tooFast } from './musicbrainz.ts'
import type { ServiceName } from './names.ts'
import type { Handler, Reply } from './server.ts'
import { tooManyRequests } from './wikimedia.ts'

type Request = Parameters<Handler>[0]
type Refuse = (times: readonly number[], request: Request) => Reply | undefined

/** The handlers, answering as the services do to who is too fast. */
export function limited(handlers: Readonly<Record<ServiceName, Handler>>): Readonly<Record<ServiceName, Handler>> {
  const wikimedia = wikimediaLimit()
  return {
    // On average one a second: a burst of two is let pass, as the service's own counter does.
    musicbrainz: limit(handlers.musicbrainz, (times) => (within(times, 10_000) > 11 ? tooFast('1') : undefined)),
    listenbrainz: limit(handlers.listenbrainz, (times) => (within(times, 10_000) > 30 ? listenbrainzLimit : undefined)),
    wikidataQuery: limit(handlers.wikidataQuery, wikimedia),
    wikidata: limit(handlers.wikidata, wikimedia),
    // Pictures come from another host in the real world, which counts no requests.
    commons: limit(handlers.commons, (times, request) =>
      request.path === '/w/api.php' ? wikimedia(times, request) : undefined,
    ),
    lastfm: limit(handlers.lastfm, (times) => (within(times, 1_000) > 5 ? lastfmLimit : undefined)),
  }
}

function limit(handler: Handler, refuse: Refuse): Handler {
  const times: number[] = []
  return (request) => {
    times.push(request.at)
    return refuse(times, request) ?? handler(request)
  }
}

/** How many of the times are within so many milliseconds before the last. */
function within(times: readonly number[], ms: number): number {
  const last = times[times.length - 1] ?? 0
  return times.filter((time) => last - time < ms).length
}

/** One counter over all of Wikimedia; who names no contact of their own has ten requests a minute. */
function wikimediaLimit(): Refuse {
  const times: number[] = []
  return (_, request) => {
    times.push(request.at)
    const identified = !/operator not given/.test(request.headers['user-agent'] ?? '')
    return within(times, 60_000) > (identified ? 200 : 10) ? tooManyRequests('20') : undefined
  }
}

const listenbrainzLimit: Reply = {
  status: 429,
  headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset-in': '5' },
  body: { code: 429, error: 'You have exceeded your rate limit. See the X-RateLimit-* response headers' },
}

const lastfmLimit = lastfmError(29, 'Rate Limit Exceeded - Your IP has made too many requests in a short period', 429)
