import { type Bar, barChart, shown } from './charts.ts'
import type { RankedArtist, ReportData } from './data.ts'
import { html } from './html.ts'
import { empty, figure, number, type Section, type SectionId } from './section.ts'

type Pictures = ReadonlyMap<string, { readonly className: string }>

/** The artists by plays and by hours. */
export function rankings(data: ReportData, pictures: Pictures): Section[] {
  const plays = (each: RankedArtist) => each.plays
  const hours = (each: RankedArtist) => each.listenedMs / 3_600_000
  const listening = 'Most listened-to artists'
  return [
    ranking('plays', 'Most played artists', 'most plays', data.topByPlays, 'plays', plays, pictures),
    data.topByListening.length > 0
      ? ranking(
          'listening',
          listening,
          'most hours',
          data.topByListening,
          'hours',
          hours,
          pictures,
          listeningNote(data),
        )
      : empty('listening', listening, 'No song has a known duration yet. npm run job:enrich looks them up.'),
    rare(data),
  ]
}

/** A list of artists with one play each would mostly show leftovers of names. */
function rare({ playedOnce, totals }: ReportData): Section {
  const title = 'Rarely played artists'
  if (totals.artists === 0) return empty('rare', title, 'There are no plays.')
  const share = shown((playedOnce / totals.artists) * 100)
  const body = html`<p>${number(playedOnce)} of ${number(totals.artists)} artists (${share} %) were played once; what is new, and what only one station plays, stands <a href="#stations">with each station</a>.</p>`
  return { id: 'rare', title, body }
}

function ranking(
  id: SectionId,
  title: string,
  by: string,
  artists: readonly RankedArtist[],
  unit: string,
  value: (artist: RankedArtist) => number,
  pictures: Pictures,
  note?: string,
): Section {
  if (artists.length === 0) return empty(id, title, 'There are no plays.')
  const bars: Bar[] = artists.map((each) => ({
    label: each.artist,
    value: value(each),
    face: { initials: initials(each.artist), picture: pictures.get(each.artist)?.className ?? null },
  }))
  const caption = `The ${artists.length} artists with the ${by}`
  const rows = artists.map((each, i) => [
    each.artist,
    i + 1,
    each.plays,
    each.songs,
    each.stations,
    Math.round(each.listenedMs / 36_000) / 100,
  ])
  return {
    id,
    title,
    body: html`${note && html`<p>${note}</p>`}${figure(barChart(caption, unit, bars), caption, ['Artist', 'Rank', 'Plays', 'Songs', 'Stations', 'Hours'], rows)}`,
  }
}

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' })

/** One or two letters for an artist: the first of the first and the last word that has one. */
export function initials(name: string): string {
  const words = name
    .split(/[\s/&,.-]+/u)
    .filter((word) => /^[\p{L}\p{N}]/u.test(word) && !/^(the|and|feat)$/i.test(word))
  const firsts = (words.length > 1 ? [words[0]!, words.at(-1)!] : words).map(
    (word) => segmenter.segment(word)[Symbol.iterator]().next().value?.segment ?? '',
  )
  return firsts.join('').toUpperCase() || '?'
}

function listeningNote({ enriched }: ReportData): string {
  const known = enriched.find((each) => each.what === 'plays of songs with a duration')
  return known && known.of > 0
    ? `Plays times duration. Durations are known for ${shown((known.found / known.of) * 100)} % of the plays; the others count as nothing.`
    : ''
}

export function songs({ topSongs }: ReportData): Section {
  const title = 'Most played songs'
  if (topSongs.length === 0) return empty('songs', title, 'There are no plays.')
  const bars = topSongs.map((each) => ({ label: `${each.song} – ${each.artist}`, value: each.plays }))
  const caption = `The ${topSongs.length} songs with the most plays`
  const rows = topSongs.map((each, i) => [each.song, each.artist, i + 1, each.plays, each.stations])
  return {
    id: 'songs',
    title,
    body: figure(barChart(caption, 'plays', bars), caption, ['Song', 'Artist', 'Rank', 'Plays', 'Stations'], rows),
  }
}
