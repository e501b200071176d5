import type { Case } from './case.ts'
import type { PictureChain } from './chain.ts'
import { broken, type Evidence } from './evidence.ts'
import type { Identity } from './identify.ts'
import { imageAddress, isPlaceholder } from './images.ts'
import type { ArtistRow, Reason } from './memory.ts'
import type { Answer } from './questions.ts'
import type { Picture } from './services/commons.ts'
import type { LastfmArtist } from './services/lastfm.ts'
import type { ItemImage } from './services/wikidata.ts'

export type ImageColumns = Pick<
  ArtistRow,
  | 'image_url'
  | 'image_thumb_url'
  | 'image_mime'
  | 'image_width'
  | 'image_height'
  | 'image_provider'
  | 'image_page_url'
  | 'licence'
  | 'licence_url'
  | 'attribution'
  | 'attribution_required'
>

/** The columns of an artist without a picture. */
export const noPicture: ImageColumns = {
  image_url: null,
  image_thumb_url: null,
  image_mime: null,
  image_width: null,
  image_height: null,
  image_provider: null,
  image_page_url: null,
  licence: null,
  licence_url: null,
  attribution: null,
  attribution_required: null,
}

/** The picture's columns of a row. */
export function pictureOf(row: ArtistRow): ImageColumns {
  const kept = Object.keys(noPicture) as (keyof ImageColumns)[]
  return Object.fromEntries(kept.map((name) => [name, row[name]])) as unknown as ImageColumns
}

/**
 * The first picture that can be shown, over all sources of file names, asked one after the other.
 *
 * @param few where few artists are due, one request of each source holds them all, whoever needs it: asked at once, they
 * make the run's number of requests known beforehand. What is found does not depend on it
 */
export async function findPicture(
  due: Reason | null,
  identity: Identity | null,
  chain: PictureChain,
  evidence: Evidence,
  few: boolean,
): Promise<{ readonly picture: Picture | null; readonly qid: string | null }> {
  if (identity === null) return { picture: null, qid: null }
  if (few) {
    void chain.byArtist.ask(identity.mbid)
    void chain.links.ask(identity.mbid)
  }
  const tried = new Set<string>()
  let qid = identity.qid
  const shown = async (file: string | null | undefined): Promise<Picture | null> => {
    if (!file || tried.has(file)) return null
    tried.add(file)
    return evidence.take('commons', await chain.files.ask(file))
  }
  // The query service is down: Wikidata itself knows its items too.
  const file = async (answer: Answer<ItemImage>, item: string | null): Promise<string | null> => {
    if (!broken(answer) || item === null) return evidence.take('wikidata', answer)?.file ?? null
    const entity = await chain.entities.ask(item, true)
    if (broken(entity)) evidence.take('wikidata', answer)
    return evidence.take('wikidata', entity)?.file ?? null
  }
  let picture = await shown(identity.file)
  if (picture !== null) return { picture, qid }
  // An answer of this run that named the act told its picture too; months later that is asked anew.
  if (identity.source !== 'wikidata' || due !== 'new') {
    const answer = await chain.byArtist.ask(identity.mbid)
    if (answer.kind === 'found') qid = answer.value.qid
    picture = await shown(await file(answer, qid))
    if (picture !== null) return { picture, qid }
  }
  const links = evidence.take('musicbrainz', await chain.links.ask(identity.mbid))
  for (const one of links?.files ?? []) {
    picture = await shown(one)
    if (picture !== null) return { picture, qid }
  }
  const linked = links?.qids.find((one) => one !== qid)
  if (linked === undefined) return { picture: null, qid }
  picture = await shown(await file(await chain.items.ask(linked), linked))
  return { picture, qid: picture === null ? (qid ?? linked) : linked }
}

/** The picture to store: Commons' own, else Last.fm's, else that of a service that was named; null: none. */
export async function shownPicture(
  { job, chain, images, deezer, theaudiodb, fanarttv }: Case,
  picture: Picture | null,
  echo: LastfmArtist | null,
  who: Identity | null,
  evidence: Evidence,
): Promise<ImageColumns | null> {
  if (!images) return null
  if (picture) {
    return {
      image_url: picture.url,
      image_thumb_url: picture.thumbUrl,
      image_mime: picture.mime,
      image_width: picture.width,
      image_height: picture.height,
      image_provider: 'commons',
      image_page_url: picture.pageUrl,
      licence: picture.licence,
      licence_url: picture.licenceUrl,
      attribution: picture.attribution,
      attribution_required: picture.attributionRequired === null ? null : Number(picture.attributionRequired),
    }
  }
  const other = (url: string | null | undefined, provider: string, page: string | null): ImageColumns | null => {
    if (!url || isPlaceholder(url)) return null
    const checked = imageAddress(url, [provider])
    if (!('url' in checked)) return null
    return { ...noPicture, image_url: checked.url, image_provider: provider, image_page_url: page }
  }
  const lastfm = other(echo?.image, 'lastfm', echo?.pageUrl ?? null)
  if (lastfm) return lastfm
  if (deezer) {
    const found = evidence.take('deezer', await chain.deezerArtists.ask(job.artist))
    const image = other(found?.image, 'deezer', found?.page ?? null)
    if (image) return image
  }
  if (theaudiodb && who) {
    const image = other(evidence.take('theaudiodb', await chain.audioDbArtists.ask(who.mbid)), 'theaudiodb', null)
    if (image) return image
  }
  if (fanarttv && who) {
    const image = other(evidence.take('fanarttv', await chain.fanartArtists.ask(who.mbid)), 'fanarttv', null)
    if (image) return image
  }
  return null
}
