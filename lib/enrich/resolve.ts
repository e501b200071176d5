import { type ArtistEvidence, finishArtist } from './artist.ts'
import type { ResolveOptions } from './case.ts'
import type { Job } from './due.ts'
import { Evidence } from './evidence.ts'
import { identify, knownIdentity } from './identify.ts'
import { askLastfm } from './lastfm-names.ts'
import { isSpecialArtist } from './match.ts'
import { askPairs } from './pairs.ts'
import { findPicture } from './picture.ts'
import { type Resolved, specialRows } from './rows.ts'
import { resolveSong } from './song.ts'

/** Resolves one artist and its songs from first question to last row. Asks nothing that memory still knows. */
export async function resolveArtist(job: Job, options: ResolveOptions): Promise<Resolved> {
  const { store, desk, clock, random, chain } = options
  if (isSpecialArtist(job.artist)) return specialRows(job, clock.now(), random())
  const [oldArtist, oldTracks] = await desk.during(
    Promise.all([
      job.due === 'new' ? null : store.artistRow(job.artist),
      job.songs.some((song) => song.due !== 'new') ? store.trackRows(job.artist) : [],
    ]),
  )
  const old = new Map(oldTracks.map((row) => [row.song_clean, row]))
  const one = { ...options, job }
  const evidence: ArtistEvidence = { identity: new Evidence(), image: new Evidence() }
  const lastfm = options.lastfm === 'off' ? null : askLastfm(one)
  const titled = job.songs.filter(({ song }) => song.trim() !== '')
  const nameless = job.songs.filter(({ song }) => song.trim() === '')

  const pairs = await askPairs(
    one,
    titled.map(({ song }) => song),
  )
  // What memory says of its other songs tells who it is, too.
  const told = job.due === null ? [] : [...(await askPairs(one, job.told))].filter(([, pair]) => pair.match !== null)
  options.told?.voted()
  const known = job.due === null && oldArtist?.identity_status === 'found' ? knownIdentity(oldArtist) : null
  const found = known
    ? { identity: known, candidates: [], hits: new Map() }
    : await identify(one, new Map([...told, ...pairs]), evidence.identity)
  options.told?.identified()
  const picture =
    options.images && job.due !== null
      ? findPicture(job.due, found.identity, chain.pictures, evidence.image, options.few)
      : null
  const tracks = await Promise.all(
    titled.map(({ song }) => resolveSong(one, song, pairs.get(song), found, old.get(song) ?? null, lastfm)),
  )
  const artist = job.due === null ? null : await finishArtist(one, found.identity, picture, lastfm, oldArtist, evidence)
  return {
    artist: artist === 'left' ? null : artist,
    tracks: [
      ...tracks.filter((row) => row !== 'left'),
      ...specialRows({ ...job, due: null, songs: nameless }, clock.now(), random()).tracks,
    ],
    left: tracks.filter((row) => row === 'left').length + Number(artist === 'left'),
  }
}
