import type { ReportRelation, ReportSource } from '../../lib/report/index.ts'
import type { GivenPlay } from './filled-store.ts'

/** A row of a relation. */
export type Row = Record<string, unknown>

/** Relations in memory, in batches of three. */
export function sourceOf(tables: Partial<Record<ReportRelation, readonly Row[]>>): ReportSource {
  return {
    async *batches(relation, options = {}) {
      const rows = tables[relation] ?? []
      const names = options.columns ?? Object.keys(rows[0] ?? {})
      for (const row of rows)
        for (const name of names) if (!(name in row)) throw new Error(`${relation} has no ${name}`)
      for (let at = 0; at < rows.length; at += 3) {
        const part = rows.slice(at, at + 3)
        // Integers come as bigint from a database.
        const columns = names.map((name) =>
          part.map((row) => (Number.isInteger(row[name]) ? BigInt(row[name] as number) : row[name])),
        )
        yield { numRows: part.length, names, columns }
      }
    },
  }
}

/** A row of `artist_images`. */
export const picture = (artist: string, more: Row = {}): Row => ({
  artist_clean: artist,
  identity_status: 'found',
  image_status: 'found',
  image_url: `https://upload.example/${encodeURIComponent(artist)}.jpg`,
  image_thumb_url: null,
  image_page_url: 'https://commons.example/page',
  attribution: 'A. Photographer',
  licence: 'CC BY-SA 4.0',
  licence_url: 'https://creativecommons.org/licenses/by-sa/4.0',
  image_provider: 'commons',
  genres: null,
  ...more,
})
/** A row of `track_info`. */
export const duration = (artist: string, song: string, ms: number | null, more: Row = {}): Row => ({
  artist_clean: artist,
  song_clean: song,
  duration_ms: ms,
  first_release_year: null,
  genres: null,
  ...more,
})

/** 2014-06-16 00:00 UTC. */
export const monday = 1_402_876_800
export const hour = 3600

/** A play so many hours after that Monday began. */
export function play(
  artist: string,
  song: string,
  callsign: string,
  hours: number,
  more: Partial<GivenPlay> = {},
): GivenPlay {
  return { artist, song, callsign, timeUnix: monday + hours * hour, ...more }
}
