import { type Changes, changesOf } from './changes.ts'
import { type Daypart, type DaypartStarts, daypartsOf } from './dayparts.ts'
import { type Depth, depthOf } from './depth.ts'
import { type Exclusives, exclusivesOf, wherePlayed } from './exclusives.ts'
import { type Likeness, likenessOf, mixesOf } from './likeness.ts'
import { type Music, type MusicFacts, musicOf } from './music.ts'
import type { PlayLog, StationLog } from './play-log.ts'
import { type Repeats, repeatsOf } from './repeats.ts'
import { type Rotation, rotationOf } from './rotation.ts'
import { type Separation, separationOf } from './separation.ts'
import { type Silences, silencesOf } from './silences.ts'
import { type Turnover, turnoverOf } from './turnover.ts'
import { type Volume, volumeOf } from './volume.ts'
import { type Week, weekOf } from './week.ts'

/** What a programme director asks of one station; each part is one question, defined where its type is. */
export interface StationView {
  readonly callsign: string
  readonly volume: Volume
  readonly turnover: Turnover
  readonly repeats: Repeats
  readonly separation: Separation
  /** The same with guests as acts of their own. */
  readonly separationWithGuests: Separation
  readonly rotation: Rotation
  readonly dayparts: readonly Daypart[]
  readonly week: Week
  readonly depth: Depth
  readonly music: Music
  readonly changes: Changes | null
  readonly exclusives: Exclusives | null
  readonly likeness: Likeness | null
  readonly silences: Silences
}

/** What the view of a station may use. */
export interface ViewOptions {
  /** Default: nothing is known. */
  readonly facts?: MusicFacts
  readonly dayparts?: DaypartStarts
}

const nothing: MusicFacts = { year: () => null, genres: () => [] }

/**
 * Gives the view of stations of the log.
 *
 * *Cost:* what the stations have in common is made once; a view is a few passes over the station's spins.
 */
export function stationViews(log: PlayLog, { facts = nothing, dayparts }: ViewOptions = {}) {
  const where = wherePlayed(log)
  const mixes = mixesOf(log)
  return (station: StationLog): StationView => ({
    callsign: station.callsign,
    volume: volumeOf(log, station),
    turnover: turnoverOf(log, station),
    repeats: repeatsOf(log, station),
    separation: separationOf(log, station, { guests: false }),
    separationWithGuests: separationOf(log, station, { guests: true }),
    rotation: rotationOf(log, station),
    dayparts: daypartsOf(log, station, dayparts),
    week: weekOf(station),
    depth: depthOf(log, station),
    music: musicOf(log, station, facts),
    changes: changesOf(log, station),
    exclusives: exclusivesOf(log, station, where),
    likeness: likenessOf(log, station, mixes),
    silences: silencesOf(log, station),
  })
}
