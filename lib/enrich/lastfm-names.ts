import type { Case } from './case.ts'
import type { Answer } from './questions.ts'
import type { LastfmArtist, LastfmTrack } from './services/lastfm.ts'

/** What Last.fm was asked and has perhaps not answered yet. */
export interface LastfmAnswers {
  readonly artist: Promise<Answer<LastfmArtist>>
  readonly tracks: ReadonlyMap<string, Promise<Answer<LastfmTrack>>>
}

/** Asks Last.fm about an artist and, in mode `all`, its songs; the slow lane starts first and is waited for last. */
export function askLastfm({ job, chain, lastfm }: Case): LastfmAnswers {
  const { artist, due, songs } = job
  const wanted = lastfm === 'all' ? songs.filter(({ due, song }) => due !== null && song.trim() !== '') : []
  return {
    artist:
      due === null
        ? Promise.resolve({ kind: 'failed', why: 'off', text: '', retryAt: null })
        : chain.lastfmArtists.ask(artist),
    tracks: new Map(wanted.map(({ song }) => [song, chain.lastfmTracks.ask({ artist, title: song })])),
  }
}
