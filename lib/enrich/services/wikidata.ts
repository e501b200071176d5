import type { HttpRequest } from '../http/client.ts'
import { byStatus, rateLimited, transient } from '../http/outcome.ts'
import { fileTitle } from '../images.ts'
import { isRecord, itemId, type Json, mbid, number, record, records } from '../json.ts'
import { labelVariants } from '../match/artists.ts'
import { batchSizes } from '../requests/batch-sizes.ts'
import { answersTo, type RequestSpec } from '../requests/request-spec.ts'
import type { ItemImage, NamedItem } from './answers.ts'
import type { Service } from './service.ts'
import { classifyMediaWiki, unidentifiedLimit, wikimediaLimit } from './wikimedia.ts'

/*
 * Wikidata: the query service (SPARQL, https://www.mediawiki.org/wiki/Wikidata_Query_Service/User_Manual) for names,
 * MusicBrainz ids and items in batches, and the action API as its stand-in for items.
 */

const queryBytes = 8 << 20
const entityBytes = 16 << 20

const sparql = (query: string): HttpRequest => ({
  method: 'POST',
  path: '',
  headers: { Accept: 'application/sparql-results+json' },
  form: { query },
  maxBytes: queryBytes,
})

function literal(value: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a line break would end the literal
  const clean = value.replace(/[\u0000-\u001f\u007f]/g, ' ').replace(/[\\"]/g, '\\$&')
  return `"${clean}"`
}

/**
 * Up to 40 names with their usual spellings, because labels are compared exactly, in English and in the language-neutral
 * form that many names have moved to.
 */
export function itemsByName(names: readonly string[]): HttpRequest {
  const labels = [...new Set(names.flatMap(labelVariants))].flatMap((name) => [
    `${literal(name)}@en`,
    `${literal(name)}@mul`,
  ])
  return sparql(
    `SELECT ?label ?item ?mbid ?img ?n WHERE { VALUES ?label { ${labels.join(' ')} } { ?item rdfs:label ?label } UNION { ?item skos:altLabel ?label } ` +
      '?item wdt:P434 ?mbid; wikibase:sitelinks ?n. OPTIONAL { ?item wdt:P18 ?img } }',
  )
}

/** Up to 200 items: their pictures. */
export function imagesByItem(qids: readonly string[]): HttpRequest {
  const items = qids.map((qid) => `wd:${qid}`).join(' ')
  return sparql(
    `SELECT ?item ?img ?n WHERE { VALUES ?item { ${items} } ?item wikibase:sitelinks ?n. OPTIONAL { ?item wdt:P18 ?img } }`,
  )
}

/** Up to 200 MusicBrainz artist ids: their items and pictures. */
export function imagesByArtist(mbids: readonly string[]): HttpRequest {
  const ids = mbids.map(literal).join(' ')
  return sparql(
    `SELECT ?mbid ?item ?img ?n WHERE { VALUES ?mbid { ${ids} } ?item wdt:P434 ?mbid; wikibase:sitelinks ?n. OPTIONAL { ?item wdt:P18 ?img } }`,
  )
}

interface Row {
  readonly label: string | null
  readonly qid: string
  readonly mbid: string | null
  readonly file: string | null
  readonly links: number
}

function rows(json: unknown): Row[] | null {
  const bindings = record(record(json).results).bindings
  if (!Array.isArray(bindings)) return null
  const value = (row: Json, name: string) => record(row[name]).value
  return records(bindings).flatMap((row) => {
    const qid = itemId(value(row, 'item'))
    if (qid === null) return []
    const label = value(row, 'label')
    return [
      {
        label: typeof label === 'string' ? label : null,
        qid,
        mbid: mbid(value(row, 'mbid')),
        file: fileTitle(value(row, 'img')),
        links: number(value(row, 'n')) ?? 0,
      },
    ]
  })
}

// Several items or pictures for one act: most linked item first, then the lower number, then the first file by name.
function better(a: Row, b: Row): number {
  return (
    b.links - a.links ||
    Number(a.qid.slice(1)) - Number(b.qid.slice(1)) ||
    Number(b.file !== null) - Number(a.file !== null) ||
    (a.file ?? '').localeCompare(b.file ?? '', 'en')
  )
}

/** By name as it was asked: the acts of that name, best known first, one entry per MusicBrainz id. Null: another shape. */
export function readItemsByName(json: unknown, names: readonly string[]): Map<string, NamedItem[]> | null {
  const found = rows(json)
  if (found === null) return null
  const byLabel = new Map<string, Row[]>()
  for (const row of found) {
    if (row.label === null || row.mbid === null) continue
    const list = byLabel.get(row.label)
    if (list) list.push(row)
    else byLabel.set(row.label, [row])
  }
  const result = new Map<string, NamedItem[]>()
  for (const name of names) {
    const best = new Map<string, NamedItem>()
    const all = labelVariants(name).flatMap((variant) => byLabel.get(variant) ?? [])
    for (const row of all.sort(better)) {
      if (row.mbid !== null && !best.has(row.mbid))
        best.set(row.mbid, { qid: row.qid, mbid: row.mbid, file: row.file, links: row.links })
    }
    result.set(name, [...best.values()])
  }
  return result
}

/** By item: its picture; items without one are left out. Null: another shape. */
export function readImagesByItem(json: unknown): Map<string, ItemImage> | null {
  const found = rows(json)
  if (found === null) return null
  const result = new Map<string, ItemImage>()
  for (const row of found.sort(better)) {
    if (row.file !== null && !result.has(row.qid)) result.set(row.qid, { qid: row.qid, file: row.file })
  }
  return result
}

/** By MusicBrainz id: item and picture. Null: another shape. */
export function readImagesByArtist(json: unknown): Map<string, ItemImage> | null {
  const found = rows(json)
  if (found === null) return null
  const result = new Map<string, ItemImage>()
  for (const row of found.sort(better)) {
    if (row.mbid !== null && !result.has(row.mbid)) result.set(row.mbid, { qid: row.qid, file: row.file })
  }
  return result
}

/** Up to 25 items by the action API (50 are allowed, but famous acts have large bodies). */
export function entities(qids: readonly string[]): HttpRequest {
  return {
    method: 'GET',
    path: '',
    query: {
      action: 'wbgetentities',
      ids: qids.join('|'),
      props: 'claims',
      format: 'json',
      formatversion: '2',
      maxlag: '5',
    },
    maxBytes: entityBytes,
  }
}

/** By item: its best-ranked picture; deprecated statements and "no value" do not count. Null: another shape. */
export function readEntities(json: unknown): Map<string, ItemImage> | null {
  const all = record(json).entities
  if (!isRecord(all)) return null
  const result = new Map<string, ItemImage>()
  for (const [key, value] of Object.entries(all)) {
    const qid = itemId(key)
    if (qid === null || !isRecord(value) || value.missing !== undefined) continue
    const claims = records(record(value.claims).P18)
      .filter((claim) => claim.rank !== 'deprecated' && record(claim.mainsnak).snaktype === 'value')
      .sort((a, b) => Number(b.rank === 'preferred') - Number(a.rank === 'preferred'))
    const file = claims.flatMap((claim) => fileTitle(record(record(claim.mainsnak).datavalue).value) ?? [])[0]
    if (file !== undefined) result.set(qid, { qid, file })
  }
  return result
}

/** Names to acts. */
export const nameRequest = (rank: number): RequestSpec<string, NamedItem[]> => ({
  kind: 'artist-name',
  step: 'names',
  rank,
  term: 'identity',
  key: (name) => name,
  size: () => batchSizes.names,
  httpRequest: itemsByName,
  read(json, names) {
    const found = readItemsByName(json, names)
    if (found === null) return null
    for (const [name, items] of found) if (items.length === 0) found.delete(name)
    return answersTo(names, found)
  },
})

/** MusicBrainz ids to pictures. */
export const artistImageRequest = (rank: number): RequestSpec<string, ItemImage> => ({
  kind: 'artist-image',
  step: 'images',
  rank,
  term: 'image',
  key: (id) => id,
  size: () => batchSizes.items,
  httpRequest: imagesByArtist,
  read: (json, ids) => answersTo(ids, readImagesByArtist(json)),
})

/** Items to pictures. */
export const itemImageRequest = (rank: number): RequestSpec<string, ItemImage> => ({
  kind: 'item-image',
  step: 'images',
  rank,
  term: 'image',
  key: (qid) => qid,
  size: () => batchSizes.items,
  httpRequest: imagesByItem,
  read: (json, qids) => answersTo(qids, readImagesByItem(json)),
})

/** Items to pictures, by the action API: stands in for the query service. */
export const entityRequest = (rank: number): RequestSpec<string, ItemImage> => ({
  kind: 'item-image',
  step: 'entities',
  rank,
  term: 'image',
  key: (qid) => qid,
  size: () => batchSizes.entities,
  httpRequest: entities,
  read: (json, qids) => answersTo(qids, readEntities(json)),
})

const queries = { name: nameRequest, artistImage: artistImageRequest, itemImage: itemImageRequest }

/** Wikidata's query service: 60 s of answering a minute. */
export const wikidataQuery: Service & { readonly requests: typeof queries } = {
  requests: queries,
  name: 'wikidata-query',
  source: 'wikidata',
  address: 'https://query.wikidata.org/sparql',
  addressSetting: 'wikidataQueryUrl',
  hosts: ['query.wikidata.org'],
  // Its slow answers are slow again when they are asked again.
  splitsOnTimeout: true,
  limit: {
    name: 'wikidata-query',
    title: 'Wikidata query',
    limits: { maxConcurrent: 1, minTimeMs: 1_000, timeoutMs: 65_000, workMsPerMinute: 60_000 },
  },
  unidentifiedLimit,
  classify(answer) {
    const { status, body, json, waitMs } = answer
    if (status === 403)
      return { kind: 'fatal', text: 'HTTP 403', hint: 'the query service refuses us; set ENRICH_CONTACT' }
    if (status === 429) return rateLimited(waitMs, 'HTTP 429', 9_000)
    const timedOut =
      /TimeoutException|QueryTimeout/.test(body.slice(0, 2_000)) || /TimeoutException/.test(body.slice(-20_000))
    if (timedOut && (status === 500 || (status === 200 && json === undefined))) {
      return { kind: 'split', text: `query timed out (HTTP ${status})` }
    }
    if (status === 200 && json === undefined) return transient('answer breaks off')
    if (status === 400 || status === 500) return { kind: 'split', text: `HTTP ${status}` }
    return byStatus(answer)
  },
}

const requests = { entity: entityRequest }

/** Wikidata itself: stands in for its query service. */
export const wikidata: Service & { readonly requests: typeof requests } = {
  requests,
  name: 'wikidata',
  address: 'https://www.wikidata.org/w/api.php',
  addressSetting: 'wikidataUrl',
  hosts: ['www.wikidata.org'],
  limit: wikimediaLimit,
  unidentifiedLimit,
  classify: classifyMediaWiki,
}
