import type { Statistics } from '../store/index.ts'
import { count, table } from '../terminal.ts'

/** The statistics for people: a table for each part. */
export function statisticsText(found: Statistics): string {
  const { images, records } = found
  const rate =
    images.successRate === null ? 'nothing was looked up yet' : percent(images.found, images.found + images.notFound)
  const open = images.open > 0 ? `, ${count(images.open)} still to be answered` : ''
  const sections: readonly [string, string][] = [
    [
      'Plays',
      table([
        ['plays', records, ''],
        ['with timestamps', found.recordsWithTimestamp, percent(found.recordsWithTimestamp, records)],
        ['with duration', found.recordsWithDuration, percent(found.recordsWithDuration, records)],
        ['artists', found.artists, ''],
        ['songs', found.songs, ''],
      ]),
    ],
    [
      'Looked up',
      table(
        [
          ['artists', found.cachedArtists, ''],
          ['songs', found.cachedTracks, ''],
          ['songs with duration', found.tracksWithDuration, percent(found.tracksWithDuration, found.cachedTracks)],
          ['images found', images.found, `${rate}${open}`],
        ],
        60,
      ),
    ],
    [
      'Artists looked up, for example',
      table(
        found.artistSamples.map((each) => [each.artist, each.mbid ?? 'no id', each.image ?? 'no picture']),
        60,
      ),
    ],
    [
      'Songs looked up, for example',
      table(
        found.trackSamples.map((each) => [
          each.artist,
          each.song,
          each.durationMs === null ? 'no duration' : minutes(each.durationMs),
          each.mbid ?? 'no id',
        ]),
      ),
    ],
    [`Top ${found.topByPlays.length} artists by plays`, ranking(found.topByPlays, ({ plays }) => [plays])],
    [
      `Top ${found.topByListening.length} artists by listening time`,
      ranking(found.topByListening, ({ listenedMs, plays }) => [hours(listenedMs), plays]),
    ],
    [`Bottom ${found.bottomByPlays.length} artists by plays`, ranking(found.bottomByPlays, ({ plays }) => [plays])],
    ['Plays per station', table(found.recordsPerStation.map((each) => [each.callsign, each.records]))],
  ]
  return sections
    .filter(([, body]) => body !== '')
    .map(([title, body]) => `${title}\n${body.replace(/^/gm, '  ')}`)
    .join('\n\n')
}

function ranking<T extends { readonly artist: string }>(
  rows: readonly T[],
  values: (row: T) => readonly (string | number)[],
): string {
  return table(rows.map((row, i) => [i + 1, row.artist, ...values(row)]))
}

function percent(part: number, whole: number): string {
  return whole === 0 ? '' : `${((part / whole) * 100).toFixed(1)} %`
}

function hours(ms: number): string {
  return `${(ms / 3_600_000).toFixed(1)} h`
}

function minutes(ms: number): string {
  const seconds = Math.round(ms / 1000)
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}
