/** A person's word about a look-up: it beats what every service says. */
export interface Decision {
  /** `mbid`: who the act, or which recording the song is · `picture`: a file of Commons or an address. */
  readonly verdict: 'mbid' | 'not mbid' | 'picture' | 'no picture'
  readonly artist: string
  /** Of a song; undefined: about the act. */
  readonly title?: string
  /** Id, file or address; empty for `no picture`. */
  readonly value: string
  /** Row of the file, from 1. */
  readonly row: number
}
