import { type SettingName, type Settings, settings } from '../../config.ts'
import { AppError } from '../../errors.ts'
import { baseAddress } from '../http/addresses.ts'
import { commons } from './commons.ts'
import { deezer } from './deezer.ts'
import { fanartTv } from './fanarttv.ts'
import { itunes } from './itunes.ts'
import { lastfm } from './lastfm.ts'
import { listenBrainz } from './listenbrainz.ts'
import { musicBrainz } from './musicbrainz.ts'
import type { Service, SharedLimit } from './service.ts'
import { theAudioDb } from './theaudiodb.ts'
import { wikidata, wikidataQuery } from './wikidata.ts'

/** Every outside service. Whatever the rest of this folder knows of services follows from these objects. */
export const services: readonly Service[] = [
  musicBrainz,
  listenBrainz,
  wikidataQuery,
  wikidata,
  commons,
  lastfm,
  deezer,
  itunes,
  theAudioDb,
  fanartTv,
]

/** Who plays a part that nobody else can: the rest of this project knows each of them by its part. */
export const roles = {
  /** Says who is who. */
  identities: musicBrainz,
  /** Matches pairs of names with recordings, with a token. */
  songMatches: listenBrainz,
  /** Knows acts by name and by id, and the files of their pictures. */
  items: wikidataQuery,
  /** Stands in for it. */
  itemsByNumber: wikidata,
  /** Has the files of pictures with their licence. */
  files: commons,
  /** Knows the names that listeners use, with a key. */
  listenerNames: lastfm,
} as const

/** Services that are asked only when they are named: their pictures carry no free licence. */
export const optionalProviders: readonly string[] = services.filter((one) => one.optIn).map((one) => one.name)

/** The settings that services have: addresses, keys, tokens, and what listeners' names are asked for. */
export const serviceSettings: readonly SettingName[] = [
  roles.listenerNames.modeSetting,
  ...services.flatMap((one) => [
    ...(one.addressSetting ? [one.addressSetting] : []),
    ...(one.key ? [one.key.setting] : []),
  ]),
]

/** Base addresses by service; default: the services' own. Beyond loopback they need `allowCustomHosts`. */
export type BaseAddresses = Readonly<Record<string, string | undefined>>
/** Keys and tokens by service. */
export type ServiceKeys = Readonly<Record<string, string | undefined>>

/** What the settings say of services: addresses, keys, and what listeners' names are asked for. */
export function serviceOptions(values: Settings): {
  readonly bases: BaseAddresses
  readonly keys: ServiceKeys
  readonly listenerMode: Settings[typeof roles.listenerNames.modeSetting]
} {
  const of = (setting: SettingName | undefined) => (setting === undefined ? undefined : (values[setting] as string))
  return {
    bases: Object.fromEntries(services.map((one) => [one.name, of(one.addressSetting)])),
    keys: Object.fromEntries(services.map((one) => [one.name, of(one.key?.setting)])),
    listenerMode: values[roles.listenerNames.modeSetting],
  }
}

/** The service of that name. Throws for an unknown one: names come from the list. */
export function serviceNamed(name: string): Service {
  const found = services.find((one) => one.name === name)
  if (found === undefined) throw new Error(`unknown service ${name}`)
  return found
}

/**
 * The address of every service by its name: the given one, else its own.
 *
 * *Errors:* AppError `usage` for an address that is not allowed.
 */
export function baseAddresses(given: BaseAddresses = {}, allowCustomHosts = false): ReadonlyMap<string, URL> {
  return new Map(
    services.map((one) => {
      const setting = one.addressSetting ? settings[one.addressSetting].env : `base address of ${one.limit.title}`
      return [one.name, baseAddress(given[one.name], one.address, setting, allowCustomHosts)]
    }),
  )
}

/**
 * The services that a run names with `--providers`.
 *
 * *Errors:* AppError `usage` for one that needs a key and has none.
 */
export function optInServices(names: readonly string[], keys: ServiceKeys): readonly Service[] {
  return names.map((name) => {
    const service = serviceNamed(name)
    if (service.key?.required && !keys[name]) {
      throw new AppError('usage', `${service.limit.title} answers only with a key`, {
        place: `--providers ${name}`,
        remedy: `set ${settings[service.key.setting].env}, or leave the provider out`,
      })
    }
    return service
  })
}

/** The limit that a service counts against: another one for whoever names no contact. */
export const limitOf = (service: Service, identified: boolean): SharedLimit =>
  identified ? service.limit : (service.unidentifiedLimit ?? service.limit)

/** Hosts that a redirect within a limit may name. */
export const hostsWithin = (limit: SharedLimit): readonly string[] =>
  services.flatMap((one) => (one.limit.name === limit.name || one.unidentifiedLimit === limit ? one.hosts : []))
