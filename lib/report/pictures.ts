import type { ArtistPicture, RankedArtist } from './data.ts'
import { type Html, html, safeUrl } from './html.ts'
import { empty, type Section, table } from './section.ts'

/** A picture that the page shows: its address checked, and the class of the style sheet that holds it. */
export interface ShownPicture extends ArtistPicture {
  readonly address: string
  readonly className: string
}

/** The pictures of these artists whose address a page may load, each once. */
export function shownPictures(artists: readonly RankedArtist[]): ReadonlyMap<string, ShownPicture> {
  const pictures = new Map<string, ShownPicture>()
  for (const { artist, picture } of artists) {
    const address = safeUrl(picture?.url)
    if (picture && address && !pictures.has(artist)) {
      pictures.set(artist, { ...picture, address, className: `p${pictures.size}` })
    }
  }
  return pictures
}

export function credits(pictures: ReadonlyMap<string, ArtistPicture>, wanted: boolean): Section {
  const title = 'Pictures: authors and licences'
  if (!wanted) return empty('credits', title, 'This report was made without pictures.')
  if (pictures.size === 0)
    return empty('credits', title, 'No artist of this report has a picture yet. npm run job:enrich looks for them.')
  const rows = [...pictures]
    .sort((a, b) => (a[0] < b[0] ? -1 : 1))
    .map(([artist, picture]) => [
      artist,
      picture.author ?? 'not given',
      linked(picture.licence ?? 'not given', picture.licenceUrl),
      linked(picture.provider ?? 'source', picture.page),
    ])
  return {
    id: 'credits',
    title,
    body: table(title, ['Artist', 'Author, or the text that the author asks for', 'Licence', 'Source'], rows),
  }
}

// The address stands beside its name, so that print and a copy of the text carry it too: licences ask for that.
function linked(label: string, address: string | null): Html {
  const url = safeUrl(address)
  return url ? html`<a href="${url}" rel="noreferrer">${label}</a> <code>${url}</code>` : html`${label}`
}
