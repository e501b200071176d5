import { createHash } from 'node:crypto'
import { roles } from '../enrich/index.ts'
import { limited, within } from './limits.ts'
import type { Handler, Reply, Seen } from './server.ts'
import type { Behaviour, Stub } from './stub.ts'
import type { StubArtist, World } from './world.ts'

const literal = (value: string, language?: string) => ({
  type: 'literal',
  value,
  ...(language ? { 'xml:lang': language } : {}),
})
const uri = (value: string) => ({ type: 'uri', value })

/** A SPARQL query that ran into its time limit. */
export const queryTimeout: Reply = {
  status: 500,
  headers: { 'content-type': 'text/plain' },
  body: 'SPARQL-QUERY: …\njava.util.concurrent.TimeoutException\n\tat java.util.concurrent.FutureTask.get(FutureTask.java:205)',
}
/** The 429 of Wikimedia. */
export const tooManyRequests = (retryAfter = '9'): Reply => ({
  status: 429,
  headers: { 'content-type': 'text/html', 'retry-after': retryAfter },
  body: `<html><body>Too Many Requests - Please retry in ${retryAfter} seconds.</body></html>`,
})
/** The refusal while the databases lag. */
export const maxlag: Reply = {
  headers: { 'retry-after': '5', 'x-database-lag': '5' },
  body: { error: { code: 'maxlag', info: 'Waiting for db1: 5.2 seconds lagged', host: 'db1', lag: 5.2 } },
}

function binding(artist: StubArtist, label?: { value: string; language: string }) {
  return {
    ...(label ? { label: literal(label.value, label.language) } : {}),
    item: uri(`http://www.wikidata.org/entity/${artist.qid}`),
    mbid: literal(artist.mbid),
    n: literal(String(artist.sitelinks ?? 1)),
    ...(artist.file
      ? { img: uri(`http://commons.wikimedia.org/wiki/Special:FilePath/${encodeURIComponent(artist.file)}`) }
      : {}),
  }
}

/** The query service under `/sparql`: the three queries of names, items and MusicBrainz ids. */
function wikidataQuery(world: World): Handler {
  return (request) => {
    if (request.method !== 'POST' || request.path !== '/sparql') return { status: 404, body: 'not found' }
    const query = request.form.get('query') ?? ''
    const values = /VALUES\s+\?(label|mbid|item)\s*\{([^}]*)\}/.exec(query)
    if (!values) return { status: 400, body: 'MalformedQueryException' }
    const [, kind, list = ''] = values
    const bindings: unknown[] = []
    if (kind === 'label') {
      for (const [, quoted = '', language = ''] of list.matchAll(/"((?:\\.|[^"\\])*)"@(\w+)/g)) {
        const value = quoted.replace(/\\(.)/g, '$1')
        for (const artist of world.named(value)) {
          // Labels are compared exactly: the stub knows each act under its own spelling and its other labels.
          const known = [artist.name, ...(artist.labels ?? [])].some((label) => label === value)
          if (artist.qid && known && language === 'en') bindings.push(binding(artist, { value, language }))
        }
      }
    } else if (kind === 'mbid') {
      for (const [, id = ''] of list.matchAll(/"([^"]*)"/g)) {
        const artist = world.byId(id)
        if (artist?.qid) bindings.push(binding(artist))
      }
    } else {
      for (const [, qid = ''] of list.matchAll(/wd:(Q\d+)/g)) {
        const artist = world.byItem(qid)
        if (artist) bindings.push(binding(artist))
      }
    }
    return {
      headers: { 'content-type': 'application/sparql-results+json' },
      body: { head: { vars: ['label', 'item', 'mbid', 'img', 'n'] }, results: { bindings } },
    }
  }
}

/** Wikidata's action API: wbgetentities. */
function wikidata(world: World): Handler {
  return (request) => {
    const ids = (request.query.get('ids') ?? '').split('|')
    if (request.query.get('action') !== 'wbgetentities')
      return { body: { error: { code: 'badvalue', info: 'action' } } }
    if (ids.length > 50) return { body: { error: { code: 'toomanyvalues', info: 'too many ids' } } }
    const entities = Object.fromEntries(
      ids.map((id) => {
        const artist = world.byItem(id)
        if (!artist) return [id, { id, missing: '' }]
        const claim = (value: string, rank: string) => ({
          mainsnak: {
            snaktype: 'value',
            property: 'P18',
            datavalue: { value, type: 'string' },
            datatype: 'commonsMedia',
          },
          type: 'statement',
          rank,
        })
        return [
          id,
          {
            type: 'item',
            id,
            labels: { en: { language: 'en', value: artist.name } },
            claims: artist.file
              ? { P18: [claim('Deprecated old.jpg', 'deprecated'), claim(artist.file, 'normal')] }
              : {},
          },
        ]
      }),
    )
    return { body: { entities, success: 1 } }
  }
}

/**
 * Commons' action API: imageinfo.
 *
 * @param ownPictures the addresses of pictures are this server's own, and it has them
 * @param since2026 thumbnails stand on a host of their own, and addresses carry tracking parameters
 */
function commons(world: World, ownPictures = false, since2026 = false): Handler {
  return (request) => {
    if (ownPictures && request.method === 'GET') return madeUpPicture(request.path)
    const origin = ownPictures ? `http://${request.headers.host}` : undefined
    const titles = (request.form.get('titles') ?? '').split('|').filter(Boolean)
    if (titles.length > 50) return { body: { error: { code: 'toomanyvalues', info: 'Too many values' } } }
    const normalized: unknown[] = []
    const redirects: unknown[] = []
    const pages: unknown[] = []
    for (const title of titles) {
      let name = title.replace(/_/g, ' ')
      if (name !== title) normalized.push({ fromencoded: false, from: title, to: name })
      let file = world.file(name.replace(/^File:/, ''))
      if (file?.redirectTo) {
        redirects.push({ from: name, to: `File:${file.redirectTo}` })
        name = `File:${file.redirectTo}`
        file = world.file(file.redirectTo)
      }
      pages.push(
        file && !file.missing
          ? {
              pageid: 7,
              ns: 6,
              title: name,
              imagerepository: 'local',
              imageinfo: [imageInfo(file.file, file, origin, since2026 && !ownPictures)],
            }
          : { ns: 6, title: name, missing: true, imagerepository: '' },
      )
    }
    return {
      body: {
        batchcomplete: true,
        query: {
          ...(normalized.length > 0 ? { normalized } : {}),
          ...(redirects.length > 0 ? { redirects } : {}),
          pages,
        },
      },
    }
  }
}

/** What Commons says of one file. */
export function imageInfo(
  name: string,
  file: {
    readonly mime?: string
    readonly mediatype?: string
    readonly width?: number
    readonly height?: number
    readonly meta?: Readonly<Record<string, string>> | null
  },
  origin = 'https://upload.wikimedia.org',
  since2026 = false,
) {
  const encoded = encodeURIComponent(name.replace(/ /g, '_'))
  const width = file.width ?? 1800
  const height = file.height ?? 1200
  const base = `${origin}/wikipedia/commons`
  const thumbBase = since2026 ? 'https://thumb.wikimedia.org/wikipedia/commons' : base
  const tracking = (content: string) =>
    since2026 ? `?utm_source=commons.wikimedia.org&utm_campaign=imageinfo&utm_content=${content}` : ''
  const mime = file.mime ?? 'image/jpeg'
  const suffix = mime === 'image/svg+xml' ? '.png' : mime === 'image/tiff' ? '.jpg' : ''
  const prefix = mime === 'image/tiff' ? 'lossy-page1-500px-' : '500px-'
  const small = width <= 500 && suffix === ''
  const meta: Readonly<Record<string, string>> | null =
    file.meta === undefined
      ? {
          LicenseShortName: 'CC BY-SA 4.0',
          LicenseUrl: 'https://creativecommons.org/licenses/by-sa/4.0',
          Artist: '<a href="//commons.wikimedia.org/wiki/User:X">X</a>',
          AttributionRequired: 'true',
        }
      : file.meta
  return {
    size: 99,
    width,
    height,
    thumburl: small
      ? `${base}/a/ab/${encoded}${tracking('original')}`
      : `${thumbBase}/thumb/a/ab/${encoded}/${prefix}${encoded}${suffix}${tracking('thumbnail')}`,
    thumbwidth: Math.min(500, width),
    thumbheight: Math.round((Math.min(500, width) / width) * height),
    url: `${base}/a/ab/${encoded}${tracking('original')}`,
    ...(since2026 ? { thumbmime: suffix === '.png' ? 'image/png' : 'image/jpeg' } : {}),
    descriptionurl: `https://commons.wikimedia.org/wiki/File:${encoded}`,
    mime,
    mediatype: file.mediatype ?? 'BITMAP',
    ...(meta === null
      ? {}
      : {
          extmetadata: Object.fromEntries(
            Object.entries(meta).map(([field, value]) => [field, { value, source: 'commons-desc-page' }]),
          ),
        }),
  }
}

/** A silhouette in colours that follow from the name of the file. */
function madeUpPicture(path: string): Reply {
  const file = path.slice(path.lastIndexOf('/') + 1).replace(/^\d+px-/, '')
  const [hue = 0, other = 0] = createHash('sha1').update(file).digest()
  return {
    headers: { 'content-type': 'image/svg+xml' },
    body: `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100"><rect width="100" height="100" fill="hsl(${hue * 1.4} 45% 72%)"/><g fill="hsl(${other * 1.4} 35% 33%)"><circle cx="50" cy="40" r="20"/><ellipse cx="50" cy="100" rx="37" ry="36"/></g></svg>`,
  }
}

/** One counter over all of Wikimedia; who names no contact of their own has ten requests a minute. */
function refuse(times: readonly number[], request: Seen): Reply | undefined {
  const identified = !/operator not given/.test(request.headers['user-agent'] ?? '')
  return within(times, 60_000) > (identified ? 200 : 10) ? tooManyRequests('20') : undefined
}

const sharing = (handler: Handler, behaviour: Behaviour) => limited(handler, behaviour, refuse, behaviour.sharedTimes)

export const wikimediaStubs = {
  wikidataQuery: {
    service: roles.items,
    handler: (world, behaviour) => sharing(wikidataQuery(world), behaviour),
  },
  wikidata: {
    service: roles.itemsByNumber,
    handler: (world, behaviour) => sharing(wikidata(world), behaviour),
  },
  commons: {
    service: roles.files,
    handler(world, behaviour) {
      const all = commons(world, behaviour.ownPictures, behaviour.since2026)
      const counted = sharing(all, behaviour)
      // Pictures come from another host in the real world, which counts no requests.
      return (request) => (request.path === '/w/api.php' ? counted(request) : all(request))
    },
  },
} satisfies Record<string, Stub>
