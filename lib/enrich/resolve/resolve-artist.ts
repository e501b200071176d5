import { isSpecialArtist } from '../match/artists.ts'
import { ActDescriptions } from '../match/descriptions.ts'
import { type ArtistProvenance, finishArtist } from './artist.ts'
import type { ResolveOptions } from './context.ts'
import { decidedIdentity } from './decided-identity.ts'
import { identify } from './identify.ts'
import { knownIdentity } from './identity.ts'
import type { Job } from './job.ts'
import { requestListenerNames } from './listener-names.ts'
import { lookUpPairs } from './pairs.ts'
import { decidedPicture, findPicture } from './picture.ts'
import { Provenance } from './provenance.ts'
import { type Resolved, specialRows } from './rows.ts'
import { resolveSong } from './song.ts'

/** Resolves one artist and its songs from first request to last row. Asks nothing that the cache still knows. */
export async function resolveArtist(job: Job, options: ResolveOptions): Promise<Resolved> {
  const { store, batcher, clock, random, chain, observer } = options
  const decided = options.decisions.of(job.artist)
  if (isSpecialArtist(job.artist) && decided.mbid === null) return specialRows(job, clock.now(), random())
  const [oldArtist, oldTracks] = await batcher.during(
    Promise.all([
      job.due === 'new' ? null : store.artistRow(job.artist),
      job.songs.some((song) => song.due !== 'new') ? store.trackRows(job.artist) : [],
    ]),
  )
  const old = new Map(oldTracks.map((row) => [row.song_clean, row]))
  const images = options.images && decided.picture !== 'none'
  const context = { ...options, images, job, decided, descriptions: new ActDescriptions() }
  const provenance: ArtistProvenance = { identity: new Provenance(), image: new Provenance() }
  const names = options.listenerNames === 'off' ? null : requestListenerNames(context)
  const titled = job.songs.filter(({ song }) => song.trim() !== '').map(({ song }) => song)
  const nameless = job.songs.filter(({ song }) => song.trim() === '')

  const pairs = await lookUpPairs(context, titled)
  // What the cache says of its other songs tells who it is, too.
  const others = job.due === null ? [] : [...(await lookUpPairs(context, job.known))]
  observer?.voted()
  const known =
    (await decidedIdentity(context, provenance.identity)) ??
    (job.due === null && oldArtist?.identity_status === 'found' ? knownIdentity(oldArtist) : null)
  const found = known
    ? { identity: known, candidates: [], hits: new Map() }
    : await identify(
        context,
        new Map([...others.filter(([, pair]) => pair.match !== null), ...pairs]),
        provenance.identity,
      )
  observer?.identified()
  const picture =
    images && job.due !== null
      ? (decidedPicture(context, provenance.image) ??
        findPicture(job.due, found.identity, chain.pictures, provenance.image, options.smallRun))
      : null
  const tracks = await Promise.all(
    titled.map((song) => resolveSong(context, song, pairs.get(song), found, old.get(song) ?? null, names)),
  )
  const artist =
    job.due === null ? null : await finishArtist(context, found.identity, picture, names, oldArtist, provenance)
  return {
    artist: artist === 'left' ? null : artist,
    tracks: [
      ...tracks.filter((row) => row !== 'left'),
      ...specialRows({ ...job, due: null, songs: nameless }, clock.now(), random()).tracks,
    ],
    left: tracks.filter((row) => row === 'left').length + Number(artist === 'left'),
  }
}
