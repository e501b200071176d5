import type { SettingName } from '../../config.ts'
import type { AnswerReader } from '../http/classify.ts'
import type { Limits } from '../http/limits.ts'
import type { RequestSpec } from '../requests/request-spec.ts'

/** The key or token that a run asks a service with. */
export interface ServiceKey {
  /** The setting that holds it. */
  readonly setting: SettingName
  readonly word: 'key' | 'token'
  readonly required: boolean
  /** What one looks like, as far as that is known. */
  readonly form?: { readonly pattern: RegExp; readonly title: string }
}

/** A limit that one or several services count against: Commons and Wikidata's API share a counter. */
export interface SharedLimit {
  /** Its id in plans, logs and summaries. */
  readonly name: string
  /** Its name for people. */
  readonly title: string
  readonly limits: Limits
}

/** A picture of an act at an opt-in service. */
export interface OtherPicture {
  readonly image: string
  readonly page: string | null
}

/** An act or a song as an opt-in service is asked about it. */
export interface NamedAct {
  readonly artist: string
  /** Its MusicBrainz id, where it is known. */
  readonly mbid: string | null
  /** Its most played title. */
  readonly title: string | null
}
export interface NamedSong {
  readonly artist: string
  readonly title: string
}

/**
 * One outside service: everything that is particular to it, in one file. What the run, the plan, the command line and the
 * summary need follows from the list of these objects.
 */
export interface Service extends AnswerReader {
  /** Its id in the database, in logs and on the command line. */
  readonly name: string
  /** What rows name as their source, where it differs: the query service answers with Wikidata's data. */
  readonly source?: string
  /** Its own address, and the setting that names another one. */
  readonly address: string
  readonly addressSetting?: SettingName
  readonly key?: ServiceKey
  /** Hosts that a redirect may name. */
  readonly hosts: readonly string[]
  /** Hosts of pictures that it names. */
  readonly imageHosts?: readonly string[]
  readonly limit: SharedLimit
  /** The limit of a run that names no contact. */
  readonly unidentifiedLimit?: SharedLimit
  /** It adds to a result that is complete without it: once it refused us, nothing waits for it. */
  readonly extra?: boolean
  /** It fills columns of its own: what others know does not make its failure good. */
  readonly ownColumns?: boolean
  /** Other sources of a length are judged by its data. */
  readonly isReference?: boolean
  /** Share of polite requests that it refuses at bad times because it is too busy for anybody. */
  readonly busyShare?: number
  /** Asked only when it is named with `--providers`, where nobody else knows. */
  readonly optIn?: OptIn
}

/** What an opt-in service can answer. */
export interface OptIn {
  readonly artistPicture?: {
    /** `mbid`: only about acts whose id is known · `title`: by name, and a title of it that tells it from a namesake. */
    readonly by: 'title' | 'mbid'
    request(rank: number, key: string): RequestSpec<NamedAct, OtherPicture>
  }
  /** Lengths in ms. */
  readonly songLength?: (rank: number, key: string) => RequestSpec<NamedSong, number>
}

/** What rows and summaries call the source of a service's answers. */
export const sourceOf = (service: Service): string => service.source ?? service.name
