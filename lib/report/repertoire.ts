import { zoneClock } from '../stations/index.ts'
import { barChart, shareChart, shown } from './charts.ts'
import type { ReportData, ReportRelation } from './data.ts'
import { html } from './html.ts'
import { order, type Row, songKey, text } from './scan.ts'
import { empty, figure, number, type Section } from './section.ts'

const shownGenres = 15
const yearOf = (local: number) => new Date(local * 1000).getUTCFullYear()

/** How old the music is that was played, and of which genres, as far as public sources know. */
export class Repertoire {
  readonly #clock: (unix: number) => number
  readonly #artistGenres: ReadonlyMap<string, string>
  readonly #years = new Map<string, number>()
  readonly #genres = new Map<string, string>()
  readonly #decades = new Map<number, { songs: number; plays: number }>()
  readonly #byGenre = new Map<string, { songs: number; plays: number }>()
  /** Songs that were new in some of their plays only. */
  readonly #turning = new Map<string, number>()
  readonly #dated = { songs: 0, plays: 0, fresh: 0 }
  #withGenre = 0
  #plays = 0

  /** @param artistGenres stand in where a song's own are not known */
  constructor(timezone: string, artistGenres: ReadonlyMap<string, string>) {
    this.#clock = zoneClock(timezone)
    this.#artistGenres = artistGenres
  }

  /** A row of `track_info`. */
  addFacts(row: Row): void {
    if (row.first_release_year !== null) this.#years.set(songKey(row), Number(row.first_release_year))
    const genres = text(row.genres)
    if (genres !== null) this.#genres.set(songKey(row), genres)
  }

  /** A row of `songs`. */
  addSong(row: Row): void {
    const plays = Number(row.plays)
    const key = songKey(row)
    this.#plays += plays
    const genres = this.#genres.get(key) ?? this.#artistGenres.get(String(row.artist_clean))
    if (genres !== undefined) {
      this.#withGenre += plays
      for (const genre of genres.split(', ')) count(this.#byGenre, genre, plays)
    }
    const year = this.#years.get(key)
    if (year === undefined) return
    this.#dated.songs++
    this.#dated.plays += plays
    count(this.#decades, Math.floor(year / 10) * 10, plays)
    if (yearOf(this.#clock(Number(row.last_play_unix))) <= year + 1) this.#dated.fresh += plays
    else if (yearOf(this.#clock(Number(row.first_play_unix))) <= year + 1) this.#turning.set(key, year)
  }

  /** Reads the plays of the songs that were new in some of them; none: not at all. */
  async countTurning(
    rows: (relation: ReportRelation, columns: readonly string[]) => AsyncIterable<Row>,
  ): Promise<void> {
    if (this.#turning.size === 0) return
    for await (const row of rows('plays', ['artist_clean', 'song_clean', 'time_unix'])) {
      const year = this.#turning.get(songKey(row))
      if (year !== undefined && yearOf(this.#clock(Number(row.time_unix))) <= year + 1) this.#dated.fresh++
    }
  }

  figures(): ReportData['repertoire'] {
    const decades = [...this.#decades].sort((a, b) => a[0] - b[0])
    const genres = [...this.#byGenre].sort((a, b) => b[1].plays - a[1].plays || order(a[0], b[0]))
    return {
      plays: this.#plays,
      datedPlays: this.#dated.plays,
      freshPlays: this.#dated.fresh,
      genrePlays: this.#withGenre,
      decades: decades.map(([decade, counts]) => ({ decade, ...counts })),
      genres: genres.slice(0, shownGenres).map(([genre, counts]) => ({ genre, ...counts })),
    }
  }
}

function count<K>(counts: Map<K, { songs: number; plays: number }>, key: K, plays: number): void {
  const one = counts.get(key) ?? { songs: 0, plays: 0 }
  counts.set(key, one)
  one.songs++
  one.plays += plays
}

const percent = (part: number, of: number) => (of > 0 ? shown((part / of) * 100) : '0')

export function repertoire({ repertoire: data }: ReportData): Section {
  const title = 'How old the music is, and of which genres'
  const { decades, genres, plays, datedPlays, freshPlays, genrePlays } = data
  if (decades.length === 0 && genres.length === 0) {
    return empty('repertoire', title, 'No year and no genre of a song is known yet. npm run job:enrich looks them up.')
  }
  const byDecade = 'Plays by the decade in which the song was first released'
  const byGenre = `The ${genres.length} genres with the most plays`
  const fresh = 'New music: plays of songs first released in the year of the play or the year before'
  const share = {
    label: 'new music',
    share: freshPlays / (datedPlays || 1),
    detail: `${number(freshPlays)} of ${number(datedPlays)}`,
  }
  return {
    id: 'repertoire',
    title,
    body: html`${
      decades.length > 0 &&
      html`<p>The year is known for ${percent(datedPlays, plays)} % of the plays; the others are not counted.</p>${figure(
        barChart(
          byDecade,
          'plays',
          decades.map((each) => ({ label: `${each.decade}s`, value: each.plays })),
        ),
        byDecade,
        ['Decade', 'Plays', 'Songs'],
        decades.map((each) => [`${each.decade}s`, each.plays, each.songs]),
      )}${figure(shareChart(fresh, [share]), fresh, ['What', 'Plays', 'Of'], [['new music', freshPlays, datedPlays]])}`
    }${
      genres.length > 0 &&
      html`<p>A genre is known for ${percent(genrePlays, plays)} % of the plays: the song’s own, else its artist’s. A song counts for each of its genres.</p>${figure(
        barChart(
          byGenre,
          'plays',
          genres.map((each) => ({ label: each.genre, value: each.plays })),
        ),
        byGenre,
        ['Genre', 'Plays', 'Songs'],
        genres.map((each) => [each.genre, each.plays, each.songs]),
      )}`
    }`,
  }
}
