import { type Html, type HtmlValue, html } from '../../report/index.ts'
import type { PlaysOverTime } from '../../store/index.ts'
import { plural } from '../../terminal.ts'
import { rowsLink, songLink, storedCell, timeMarkup } from '../cells.ts'
import { link } from '../document.ts'
import { spellingsOf, stepsOf } from '../explain.ts'
import { type Result, resultOf } from '../render.ts'
import { periodsOf, timeline } from '../timeline.ts'
import type { Grid, View } from '../view.ts'
import { type Asked, given } from './asked.ts'

const songsShown = 50

/** An artist: picture, timeline, stations, songs, and why its spellings are one. */
export async function artistPage(asked: Asked): Promise<View> {
  const name = given(asked, 'name')
  const explained = await asked.ask('artist', { name })
  if (explained.length === 0)
    return { title: `Artist: ${name}`, intro: html`<p>No artist has this name.</p>`, grids: [] }
  const [{ artist, lookup, spellings }] = [explained[0]!]
  const { artist_clean } = artist
  const plays = await asked.ask('playsOverTime', { artist: artist_clean })
  const filters = [{ column: 'artist_clean', value: artist_clean }]
  const rows = await asked.ask('rows', { table: 'songs', limit: songsShown, filters, sort: mostPlayed })
  const songs = only(rows, ['artist_clean', 'song_clean', 'plays', 'stations', 'first_play_unix', 'last_play_unix'])
  const picture = pictureOf(lookup?.image_thumb_url ?? lookup?.image_url, artist_clean)
  const facts: readonly [string, HtmlValue][] = [
    ['plays', rowsLink('plays', { artist_clean }, plural(artist.plays, 'play'))],
    ['songs', rowsLink('songs', { artist_clean }, plural(artist.songs, 'song'))],
    ['stations', plural(artist.stations, 'station')],
    ['first play', timeMarkup(Number(artist.first_play_unix), asked.clock)],
    ['last play', timeMarkup(Number(artist.last_play_unix), asked.clock)],
    ['known elsewhere as', lookup?.artist_lastfm ?? lookup?.canonical_name],
    ['MusicBrainz id', lookup?.mbid],
    ['genres', lookup?.genres],
    ['picture', picture && (lookup?.attribution ?? lookup?.image_provider)],
  ]
  const others = explained
    .slice(1)
    .map((each) => link('/artist', { name: each.artist.artist_clean }, each.artist.artist_clean))
  return {
    title: `Artist: ${artist_clean}`,
    intro: html`${others.length > 0 && html`<p>Also called “${name}”: ${others.map((each, i) => html`${i > 0 && ', '}${each}`)}</p>`}
      ${picture?.markup}${factsMarkup(facts)}${lifeMarkup(plays, asked)}`,
    grids: [
      storedGrid('songs', 'Songs', songs, asked),
      stationsGrid(plays),
      {
        name: 'spellings',
        caption: 'Spellings, and why they are this artist',
        result: spellingsOf([{ artist, lookup, spellings }]),
      },
    ],
    ...(picture ? { pictures: [picture.origin] } : {}),
  }
}

const mostPlayed = { column: 'plays', descending: true } as const

/** A song: cover, timeline, stations, and why its spellings are one. */
export async function songPage(asked: Asked): Promise<View> {
  const [artist, title] = [given(asked, 'artist'), given(asked, 'title')]
  const explained = await asked.ask('song', { artist, title })
  if (explained === null)
    return { title: `Song: ${title}`, intro: html`<p>No song of ${artist} has this title.</p>`, grids: [] }
  const { song, lookup, spellings } = explained
  const plays = await asked.ask('playsOverTime', { artist, song: title })
  const picture = pictureOf(lookup?.cover_url, title)
  const facts: readonly [string, HtmlValue][] = [
    ['artist', link('/artist', { name: artist }, artist)],
    ['plays', rowsLink('plays', { artist_clean: artist, song_clean: title }, plural(song.plays, 'play'))],
    ['stations', plural(song.stations, 'station')],
    ['first play', timeMarkup(Number(song.first_play_unix), asked.clock)],
    ['last play', timeMarkup(Number(song.last_play_unix), asked.clock)],
    ['album', lookup?.album],
    ['first released', lookup?.first_release_year],
    ['length', lookup?.duration_ms ? minutes(Number(lookup.duration_ms)) : null],
    ['recording', lookup?.recording_mbid],
  ]
  const columns = ['raw_artist', 'raw_song', 'cleaned', 'name_key', 'method', 'score', 'evidence', 'plays'] as const
  return {
    title: `Song: ${title}`,
    intro: html`${picture?.markup}${factsMarkup(facts)}${lifeMarkup(plays, asked)}`,
    grids: [
      stationsGrid(plays),
      { name: 'spellings', caption: 'Spellings, and why they are this song', result: resultOf(columns, spellings) },
    ],
    ...(picture ? { pictures: [picture.origin] } : {}),
  }
}

/** A play: when and where, and what became of its names on the way. */
export async function playPage(asked: Asked): Promise<View> {
  const id = given(asked, 'id')
  const explained = await asked.ask('play', { id })
  if (explained === null) return { title: `Play ${id}`, intro: html`<p>No play has this id.</p>`, grids: [] }
  const { callsign, artist_clean, song_clean, time_unix, version, featured } = explained.play
  const facts: readonly [string, HtmlValue][] = [
    ['station', link('/station', { name: callsign }, callsign)],
    ['time', html`${timeMarkup(Number(time_unix), asked.clock)} (${asked.timezone})`],
    ['artist', link('/artist', { name: artist_clean }, artist_clean)],
    ['song', songLink(artist_clean, song_clean)],
    ['version', version],
    ['with', featured],
  ]
  const result = resultOf(['step', 'artist', 'song', 'how'], stepsOf(explained))
  return { title: `Play ${id}`, intro: factsMarkup(facts), grids: [{ name: 'steps', caption: 'Steps', result }] }
}

/** Some columns of a result. */
function only({ columns, rows, more }: Result, wanted: readonly string[]): Result {
  const places = wanted.map((column) => columns.indexOf(column))
  return { columns: wanted, rows: rows.map((row) => places.map((at) => row[at])), more }
}

function factsMarkup(facts: readonly (readonly [string, HtmlValue])[]): Html {
  const known = facts.filter(([, value]) => value !== null && value !== undefined && value !== false && value !== '')
  return html`<dl>${known.map(([label, value]) => html`<dt>${label}</dt><dd>${value}</dd>`)}</dl>`
}

function lifeMarkup(plays: readonly PlaysOverTime[], { clock, timezone }: Asked): HtmlValue {
  const periods = periodsOf(plays, clock)
  return (
    periods.length > 0 &&
    html`<figure>${timeline(periods)}<figcaption>Plays over time (${timezone})</figcaption></figure>`
  )
}

function stationsGrid(plays: readonly PlaysOverTime[]): Grid {
  const byStation = [...Map.groupBy(plays, ({ callsign }) => callsign)]
    .map(([callsign, some]) => ({ callsign, plays: some.reduce((sum, each) => sum + Number(each.plays), 0) }))
    .toSorted((a, b) => b.plays - a.plays)
  return {
    ...{ name: 'stations', caption: 'Stations', result: resultOf(['callsign', 'plays'], byStation) },
    cell: (value, column) =>
      column === 'callsign' ? link('/station', { name: String(value) }, String(value)) : undefined,
  }
}

function storedGrid(name: string, caption: string, result: Grid['result'], { clock }: Asked): Grid {
  const cell = storedCell(clock)
  return { name, caption, result, cell: (value, column, row) => cell(value, column, row, result.columns) }
}

/** A picture that a page may show: https, or this machine where stubs answer. */
function pictureOf(text: string | null | undefined, alt: string) {
  const url = text ? URL.parse(text) : null
  const isLocal = url?.protocol === 'http:' && ['localhost', '127.0.0.1'].includes(url.hostname)
  if (url === null || !(url.protocol === 'https:' || isLocal) || url.username !== '') return undefined
  return {
    origin: url.origin,
    markup: html`<img src="${url.href}" alt="${alt}" width="160" referrerpolicy="no-referrer">`,
  }
}

function minutes(ms: number): string {
  const all = Math.round(ms / 1000)
  return `${Math.floor(all / 60)}:${String(all % 60).padStart(2, '0')}`
}
