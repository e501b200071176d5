import type { Life, PlayLog, StationView } from '../stations/index.ts'

/** The relations that a report is made of, and how they are read: what `lib/store` gives. */
export type ReportRelation =
  | 'plays'
  | 'artists'
  | 'songs'
  | 'stations'
  | 'plays_by_hour'
  | 'artist_names'
  | 'song_names'
  | 'quarantined_plays'
  | 'artist_images'
  | 'track_info'

/** What the report reads from: relations in batches of columns. */
export interface ReportSource {
  /** Tables that jobs of one's own have written. */
  readonly own?: readonly {
    readonly name: string
    readonly summary: string
    readonly columns: readonly { readonly name: string }[]
  }[]
  counts?(names: readonly string[]): Promise<Readonly<Record<string, number>>>
  batches(
    relation: ReportRelation,
    options?: { readonly columns?: readonly string[]; readonly batchRows?: number },
  ): AsyncIterable<{
    readonly numRows: number
    readonly names: readonly string[]
    readonly columns: readonly ArrayLike<unknown>[]
  }>
}

/** A table of a job of one's own, with its first rows. */
export interface OwnTableData {
  readonly name: string
  readonly summary: string
  readonly rows: number
  readonly columns: readonly string[]
  readonly first: readonly (readonly (string | number | null)[])[]
}

export interface ArtistPicture {
  readonly url: string
  readonly page: string | null
  readonly author: string | null
  readonly licence: string | null
  readonly licenceUrl: string | null
  readonly provider: string | null
}

export interface RankedArtist {
  readonly artist: string
  readonly plays: number
  readonly songs: number
  readonly stations: number
  /** Milliseconds of all plays whose song's duration is known; 0 if none is. */
  readonly listenedMs: number
  readonly picture: ArtistPicture | null
}

/** Everything that a report shows, of one frozen state of the database. */
export interface ReportData {
  readonly timezone: string
  /** Every play, for the page's script. */
  readonly log: PlayLog
  readonly totals: {
    readonly plays: number
    readonly artists: number
    readonly songs: number
    readonly stations: number
    readonly repaired: number
    readonly quarantined: number
    readonly listenedMs: number
    /** Seconds since 1970, UTC; null without plays. */
    readonly firstUnix: number | null
    readonly lastUnix: number | null
  }
  readonly topByPlays: readonly RankedArtist[]
  readonly topByListening: readonly RankedArtist[]
  /** Artists that were played once. */
  readonly playedOnce: number
  readonly topSongs: readonly {
    readonly song: string
    readonly artist: string
    readonly plays: number
    readonly stations: number
  }[]
  /** One entry for each day (or hour, or week) from the first to the last, also without plays. */
  readonly overTime: {
    readonly unit: 'hour' | 'day' | 'week'
    readonly points: readonly { readonly label: string; readonly plays: number }[]
    /** Labels of the first and the last where the log begins or ends an hour or more within them. */
    readonly partial: readonly string[]
  }
  /** Stations, most plays first, by hour of the day: plays in a covered hour, null where too little is covered. */
  readonly heat: {
    readonly stations: readonly string[]
    readonly perHour: readonly (readonly (number | null)[])[]
    readonly of: number
  }
  /** Cosine of the angle between two stations' plays by artist, stations in an order that keeps the like together. */
  readonly alike: {
    readonly stations: readonly string[]
    readonly cosine: readonly (readonly number[])[]
    readonly of: number
  }
  /** Of the stations with the most plays; of how many. */
  readonly stationViews: { readonly views: readonly StationView[]; readonly of: number }
  /** Of the most played songs, with the spellings of title and artist. */
  readonly lives: readonly (Life & { readonly spellings: readonly string[] })[]
  readonly enriched: readonly { readonly what: string; readonly found: number; readonly of: number }[]
  /** Of the plays: those whose song has a known year, those of them that were new music, those with a known genre. */
  readonly repertoire: {
    readonly plays: number
    readonly datedPlays: number
    readonly freshPlays: number
    readonly genrePlays: number
    readonly decades: readonly { readonly decade: number; readonly songs: number; readonly plays: number }[]
    readonly genres: readonly { readonly genre: string; readonly songs: number; readonly plays: number }[]
  }
  readonly repairs: readonly { readonly rule: string; readonly plays: number }[]
  readonly refusals: readonly {
    readonly reason: string
    readonly rows: number
    readonly samples: readonly { readonly line: string; readonly place: string }[]
  }[]
  readonly methods: readonly { readonly method: string; readonly names: number; readonly plays: number }[]
  readonly ownTables: readonly OwnTableData[]
  readonly merges: readonly {
    readonly raw: string
    readonly clean: string
    readonly method: string
    readonly score: number | null
    readonly plays: number
  }[]
}
