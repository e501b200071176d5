/*
 * Hides: how the fourteen questions about a station are answered, what a gap is and which time a log covers, and zones.
 * Needs: plays in any order: station, artist, song, time, guests; what public sources know of titles.
 * Never: samples, writes, or makes pictures.
 */

export type { Change, Changes } from './changes.ts'
export { enoughSeconds } from './coverage.ts'
export { type Daypart, type DaypartStarts, type Leaning, usualDayparts } from './dayparts.ts'
export { type Fact, fiveFacts, weekdays } from './five-facts.ts'
export { type Life, lifeOf } from './life.ts'
export type { MusicFacts } from './music.ts'
export { type PlayLog, PlayLogBuilder, type StationLog, type Title } from './play-log.ts'
export { type PlaySource, readMusicFacts, readPlayLog } from './read.ts'
export type { Separation } from './separation.ts'
export { type StationView, stationViews, type ViewOptions } from './station-view.ts'
export { enoughOfAnHour, hoursOfDay, type Week } from './week.ts'
export { dayOf, localText, type ZoneClock, zoneClock } from './zone-clock.ts'
