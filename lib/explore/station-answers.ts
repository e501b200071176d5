import { fiveFacts, readMusicFacts, readPlayLog, stationViews } from '../stations/index.ts'
import type { Reader } from '../store/index.ts'
import type { Result } from './render.ts'
import { stationSections } from './station-text.ts'

/** What the page of a station shows. */
export interface StationAnswer {
  readonly facts: readonly string[]
  readonly sections: readonly (readonly [title: string, body: string])[]
  /** The figures that have a row for each station. */
  readonly data: Result
}

/** Reads every play once; answers for each station then, null for one that there is not. */
export async function stationAnswers(reader: Reader, timezone: string) {
  const log = await readPlayLog(reader, { timezone })
  const viewOf = stationViews(log, { facts: await readMusicFacts(reader) })
  return (callsign: string): StationAnswer | null => {
    const station = log.stations.find((each) => each.callsign === callsign)
    if (station === undefined) return null
    const view = viewOf(station)
    const figures = Object.entries(view.volume).filter(([, value]) => value === null || typeof value === 'number')
    return {
      facts: fiveFacts(view, log.clock).map(({ text }) => text),
      sections: stationSections(view, log.clock),
      data: { columns: ['what', 'value'], rows: figures, more: false },
    }
  }
}
