import { visibleText } from '../html.ts'
import type { HttpRequest } from '../http/client.ts'
import { fileTitle, imageAddress } from '../images.ts'
import { count, isRecord, type Json, record, records, text } from '../json.ts'
import type { RequestSpec } from '../requests/request-spec.ts'
import type { Picture } from './answers.ts'
import type { Service } from './service.ts'
import { classifyMediaWiki, unidentifiedLimit, wikimediaLimit } from './wikimedia.ts'

/*
 * Wikimedia Commons (https://commons.wikimedia.org/w/api.php, prop=imageinfo): the address, size, licence and author of up
 * to 50 files. Thumbnail addresses are always asked for, never built: only some widths exist and others are refused.
 */

/** How many titles one request may name. */
export const titleLimit = 50

/**
 * Up to 50 files.
 *
 * @param more the `continue` part of an answer, for its next page
 */
export function pictures(files: readonly string[], more: Readonly<Record<string, string>> = {}): HttpRequest {
  return {
    method: 'POST',
    path: '',
    form: {
      action: 'query',
      format: 'json',
      formatversion: '2',
      prop: 'imageinfo',
      iiprop: 'url|size|mime|thumbmime|mediatype|extmetadata',
      iiurlwidth: '500',
      iiextmetadatafilter:
        'LicenseShortName|LicenseUrl|UsageTerms|Artist|Credit|Attribution|AttributionRequired|Restrictions',
      iiextmetadatalanguage: 'en',
      redirects: '1',
      maxlag: '5',
      titles: files.map((file) => `File:${file}`).join('|'),
      ...more,
    },
    maxBytes: 4 << 20,
  }
}

/**
 * By file as it was asked: its picture, null if the wiki has none or it cannot be shown; and what to send for the next
 * page. Normalised titles and redirects are followed back to the name that was asked. Null: another shape.
 *
 * @param base where Commons was asked; a stand-in on this machine has pictures of its own
 */
export function readPictures(
  json: unknown,
  files: readonly string[],
  base?: URL,
): { found: Map<string, Picture | null>; more: Record<string, string> | null } | null {
  const query = record(record(json).query)
  if (!Array.isArray(query.pages)) return null
  const moved = new Map<string, string>()
  for (const step of [...records(query.normalized), ...records(query.redirects)]) {
    const from = text(step.from, 1_000)
    const to = text(step.to, 1_000)
    if (from !== null && to !== null) moved.set(from, to)
  }
  const pages = new Map<string, Json>()
  for (const page of records(query.pages)) {
    const title = text(page.title, 1_000)
    if (title !== null) pages.set(title, page)
  }
  const found = new Map<string, Picture | null>()
  for (const file of files) {
    let title = `File:${file}`
    for (let steps = 0; steps < 5 && moved.has(title); steps++) title = moved.get(title) ?? title
    const page = pages.get(title)
    if (page === undefined) continue
    const info = records(page.imageinfo)[0]
    if (info === undefined) {
      // The information may come on a later page; a page without a file never has any.
      const later = isRecord(record(json).continue)
      if (page.missing !== undefined || page.invalid !== undefined || !later) found.set(file, null)
      continue
    }
    found.set(file, picture(title, info, base))
  }
  const next = record(json).continue
  const more = isRecord(next)
    ? Object.fromEntries(Object.entries(next).map(([name, value]) => [name, String(value)]))
    : null
  return { found, more }
}

// What browsers show as it is; of everything else the thumbnail is (SVG and TIFF have PNG or JPEG ones).
const shownAsIs = /^image\/(jpeg|png|gif|webp)$/

function picture(title: string, info: Json, base?: URL): Picture | null {
  const checked = (value: unknown): string | null => {
    const address = imageAddress(value, [], base)
    return 'url' in address ? address.url : null
  }
  if (/^(AUDIO|VIDEO|MULTIMEDIA|ARCHIVE|EXECUTABLE|TEXT|OFFICE|3D)$/.test(String(info.mediatype ?? ''))) {
    // A PDF is OFFICE and has a thumbnail, but it is not a portrait.
    return null
  }
  const mime = text(info.mime, 100)
  const original = checked(info.url)
  const thumb = checked(info.thumburl)
  const asIs = mime === null || shownAsIs.test(mime)
  const url = asIs ? (original ?? thumb) : thumb
  if (url === null) return null
  const useThumb = !asIs
  const meta = record(info.extmetadata)
  const value = (name: string) => record(meta[name]).value
  const licence = visibleText(value('LicenseShortName'), 200) ?? visibleText(value('UsageTerms'), 200)
  const licenceUrl = text(value('LicenseUrl'), 500)
  const required = text(value('AttributionRequired'), 10)
  return {
    file: fileTitle(title) ?? title.replace(/^File:/, ''),
    url,
    thumbUrl: thumb ?? (useThumb ? null : original),
    pageUrl: checked(info.descriptionurl),
    mime: useThumb ? (text(info.thumbmime, 100) ?? thumbMime(url)) : mime,
    width: count(useThumb ? info.thumbwidth : info.width),
    height: count(useThumb ? info.thumbheight : info.height),
    licence,
    licenceUrl: licenceUrl !== null && /^https?:\/\//.test(licenceUrl) ? licenceUrl : null,
    attribution: attribution(value),
    attributionRequired: required === null ? null : required === 'true' || required === '1',
  }
}

// What the author demands goes before who the author is; restrictions (trademarks, personality rights) are told with it.
function attribution(value: (name: string) => unknown): string | null {
  const author = ['Attribution', 'Artist', 'Credit'].map((name) => visibleText(value(name), 400)).find(Boolean) ?? null
  const restrictions = visibleText(value('Restrictions'), 90)
  if (restrictions === null) return author
  return author === null ? `restrictions: ${restrictions}` : `${author} (restrictions: ${restrictions})`
}

const thumbMime = (url: string) => (/\.png$/i.test(url) ? 'image/png' : /\.jpe?g$/i.test(url) ? 'image/jpeg' : null)

/** Commons files to pictures. */
export const fileRequest = (rank: number, base: URL): RequestSpec<string, Picture> => ({
  kind: 'file',
  step: 'pictures',
  rank,
  term: 'image',
  key: (file) => file,
  size: () => titleLimit,
  httpRequest: (files) => pictures(files),
  read(json, files) {
    const found = readPictures(json, files, base)
    if (found === null) return null
    return { answers: found.found, ...(found.more ? { next: pictures(files, found.more) } : {}) }
  },
})

const requests = { file: fileRequest }

/** Wikimedia Commons: pictures with their licence and author, from free licences only. */
export const commons: Service & { readonly requests: typeof requests } = {
  requests,
  name: 'commons',
  address: 'https://commons.wikimedia.org/w/api.php',
  addressSetting: 'commonsUrl',
  hosts: ['commons.wikimedia.org'],
  imageHosts: ['upload.wikimedia.org', 'thumb.wikimedia.org', 'commons.wikimedia.org'],
  limit: wikimediaLimit,
  unidentifiedLimit,
  classify: classifyMediaWiki,
}
