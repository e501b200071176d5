import type { ActDescription, RecordingDescription } from '../match/descriptions.ts'

/*
 * What the services are asked about and what they answer, whoever it is that plays the part.
 */

/** An act with its id. */
export interface KnownAct {
  readonly mbid: string
  readonly name: string
  readonly sortName: string | null
  readonly aliases: readonly string[]
  /** Left out where nothing is known. */
  readonly description?: ActDescription
}

/** The names of an artist in the form that `artistScore` takes. */
export const namesOf = (artist: KnownAct) => ({
  name: artist.name,
  sortName: artist.sortName,
  aliases: artist.aliases,
})

/** An act that is known under a name. */
export interface NamedItem {
  readonly qid: string
  readonly mbid: string
  /** File name of its picture, or null. */
  readonly file: string | null
  /** Wikipedias and sister projects that have a page on it. */
  readonly links: number
}

/** The picture of an item. */
export interface ItemImage {
  readonly qid: string
  readonly file: string | null
}

/** Pictures that an act is related to. */
export interface ArtistPictureLinks {
  /** Files of image relations, in a fixed order. */
  readonly files: readonly string[]
  readonly qids: readonly string[]
}

/** A picture with its licence. */
export interface Picture {
  /** The title that the wiki uses in the end, without `File:`. */
  readonly file: string
  readonly url: string
  readonly thumbUrl: string | null
  readonly pageUrl: string | null
  readonly mime: string | null
  readonly width: number | null
  readonly height: number | null
  readonly licence: string | null
  readonly licenceUrl: string | null
  readonly attribution: string | null
  readonly attributionRequired: boolean | null
}

/** The names of a song. */
export interface Pair {
  readonly artist: string
  readonly title: string
}

/** What the look-up matched a pair with. */
export interface PairMatch {
  readonly recordingMbid: string
  readonly title: string | null
  readonly artistCredit: string | null
  readonly artistMbids: readonly string[]
}

/** What is known of a recording. */
export interface RecordingMetadata {
  readonly title: string | null
  readonly lengthMs: number | null
  readonly artists: readonly {
    readonly mbid: string
    readonly name: string
    readonly qid: string | null
    readonly description?: ActDescription
  }[]
  readonly coverRelease: string | null
  readonly coverId: number | null
  readonly description?: RecordingDescription
}

/** An act as listeners call it. */
export interface ListenerArtist {
  readonly name: string
  readonly mbid: string | null
  /** The largest picture that is not the star, or null. */
  readonly image: string | null
  readonly pageUrl: string | null
  /** Names, most similar first; left out where there are none. */
  readonly similar?: readonly string[]
}

/** A song as listeners call it. */
export interface ListenerTrack {
  readonly title: string
  readonly artist: string | null
  readonly mbid: string | null
  /** Null: it is not known. */
  readonly lengthMs: number | null
}

/** A song to find: its artist by id (any of several), else by name. */
export interface WantedSong {
  readonly artist: string
  readonly title: string
  readonly artistMbids: readonly string[]
  /** What a person said of the act: answers that were given without it do not count. */
  readonly scope?: string
  /** Acts that a person said it is not. */
  readonly refused?: ReadonlySet<string>
}
