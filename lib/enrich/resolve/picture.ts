import type { ArtistRow } from '../../model/lookups.ts'
import { imageAddress, isPlaceholder } from '../images.ts'
import type { Reason } from '../plan/due-reason.ts'
import type { Answer } from '../requests/request-spec.ts'
import type { ItemImage, ListenerArtist, Picture } from '../services/answers.ts'
import { roles } from '../services/list.ts'
import { sourceOf } from '../services/service.ts'
import type { PictureChain } from './chain.ts'
import type { ResolveContext } from './context.ts'
import { byHand } from './decisions.ts'
import type { Identity } from './identity.ts'
import { broken, type Provenance } from './provenance.ts'

/** The columns of an artist without a picture. */
export const noPicture = {
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
export type ImageColumns = Pick<ArtistRow, keyof typeof noPicture>

/** The picture's columns of a row. */
export function pictureOf(row: ArtistRow): ImageColumns {
  const kept = Object.keys(noPicture) as (keyof ImageColumns)[]
  return Object.fromEntries(kept.map((name) => [name, row[name]])) as unknown as ImageColumns
}

/**
 * The first picture that can be shown, over all sources of file names, asked one after the other.
 *
 * @param smallRun where few artists are due, one request of each source holds them all, whoever needs it: asked at once, they
 * make the run's number of requests known beforehand. What is found does not depend on it
 */
export async function findPicture(
  due: Reason | null,
  identity: Identity | null,
  chain: PictureChain,
  provenance: Provenance,
  smallRun: boolean,
): Promise<{ readonly picture: Picture | null; readonly qid: string | null }> {
  if (identity === null) return { picture: null, qid: null }
  if (smallRun) {
    void chain.byArtist.request(identity.mbid)
    void chain.links.request(identity.mbid)
  }
  const files = new FileSource(chain, provenance)
  let qid = identity.qid
  let picture = await files.picture(identity.file)
  if (picture !== null) return { picture, qid }
  // An answer of this run that named the act told its picture too; months later that is asked anew.
  if (!identity.toldPicture || due !== 'new') {
    const answer = await chain.byArtist.request(identity.mbid)
    if (answer.kind === 'found') qid = answer.value.qid
    picture = await files.picture(await files.fileOf(answer, qid))
    if (picture !== null) return { picture, qid }
  }
  const links = provenance.record(await chain.links.request(identity.mbid))
  for (const file of links?.files ?? []) {
    picture = await files.picture(file)
    if (picture !== null) return { picture, qid }
  }
  const linked = links?.qids.find((one) => one !== qid)
  if (linked === undefined) return { picture: null, qid }
  picture = await files.picture(await files.fileOf(await chain.items.request(linked), linked))
  return { picture, qid: picture === null ? (qid ?? linked) : linked }
}

/** The file that a person named; null: none was named. */
export function decidedPicture(
  { decided: { picture }, chain }: ResolveContext,
  provenance: Provenance,
): ReturnType<typeof findPicture> | null {
  if (picture === null || picture === 'none') return null
  if ('address' in picture) return Promise.resolve({ picture: null, qid: null })
  return chain.pictures.files
    .request(picture.file, true)
    .then((answer) => ({ picture: provenance.record(answer), qid: null }))
}

/** Files of one artist, each looked at once. */
class FileSource {
  readonly #chain: PictureChain
  readonly #provenance: Provenance
  readonly #tried = new Set<string>()

  constructor(chain: PictureChain, provenance: Provenance) {
    this.#chain = chain
    this.#provenance = provenance
  }

  async picture(file: string | null | undefined): Promise<Picture | null> {
    if (!file || this.#tried.has(file)) return null
    this.#tried.add(file)
    return this.#provenance.record(await this.#chain.files.request(file))
  }

  /** The file of an item. The query service may be down: Wikidata itself knows its items too. */
  async fileOf(answer: Answer<ItemImage>, item: string | null): Promise<string | null> {
    if (!broken(answer) || item === null) return this.#provenance.record(answer)?.file ?? null
    const entity = await this.#chain.entities.request(item, true)
    if (broken(entity)) this.#provenance.record(answer)
    return this.#provenance.record(entity)?.file ?? null
  }
}

/** The picture to store: Commons' own, else the listeners', else that of a service that was named; null: none. */
export async function shownPicture(
  context: ResolveContext,
  picture: Picture | null,
  echo: ListenerArtist | null,
  who: Identity | null,
  provenance: Provenance,
): Promise<ImageColumns | null> {
  if (!context.images) return null
  if (picture) return columnsOf(picture)
  const { decided } = context
  if (decided.picture !== null && decided.picture !== 'none') {
    // What a person named and is not to be had has no stand-in.
    if ('file' in decided.picture) return null
    return { ...noPicture, image_url: decided.picture.address, image_provider: byHand }
  }
  const { listenerNames } = roles
  const heard = otherPicture(
    echo?.image,
    echo?.pageUrl ?? null,
    sourceOf(listenerNames),
    listenerNames.imageHosts ?? [],
  )
  return heard ?? optInPicture(context, who, provenance)
}

function columnsOf(picture: Picture): ImageColumns {
  return {
    image_url: picture.url,
    image_thumb_url: picture.thumbUrl,
    image_mime: picture.mime,
    image_width: picture.width,
    image_height: picture.height,
    image_provider: sourceOf(roles.files),
    image_page_url: picture.pageUrl,
    licence: picture.licence,
    licence_url: picture.licenceUrl,
    attribution: picture.attribution,
    attribution_required: picture.attributionRequired === null ? null : Number(picture.attributionRequired),
  }
}

/** A picture of a service without licences, if it may be stored and is not a stand-in for "no picture". */
function otherPicture(
  url: string | null | undefined,
  page: string | null,
  source: string,
  hosts: readonly string[],
): ImageColumns | null {
  if (!url || isPlaceholder(url)) return null
  const checked = imageAddress(url, hosts)
  if (!('url' in checked)) return null
  return { ...noPicture, image_url: checked.url, image_provider: source, image_page_url: page }
}

async function optInPicture(
  { chain, job }: ResolveContext,
  who: Identity | null,
  provenance: Provenance,
): Promise<ImageColumns | null> {
  const act = { artist: job.artist, mbid: who?.mbid ?? null, title: job.title }
  for (const { artistPicture, source, imageHosts } of chain.optIn) {
    if (artistPicture === undefined || act[artistPicture.by] === null) continue
    const found = provenance.record(await artistPicture.queue.request(act))
    const image = otherPicture(found?.image, found?.page ?? null, source, imageHosts)
    if (image) return image
  }
  return null
}
