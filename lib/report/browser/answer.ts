import { addressOf, dayText, type View } from './address.ts'
import { type Column, dataTable } from './data-table.ts'
import { counted, drawn, element } from './element.ts'
import { Links } from './links.ts'
import { countAll, coveredByHour, eachSpin, folded, isEverything, minutesOfDay, type Plays } from './plays.ts'

type Counts = ReturnType<typeof countAll>

/** What the page answers to a view: a sentence, pictures and tables. */
export function answerTo(plays: Plays, view: View): { readonly said: string; readonly shown: readonly Node[] } {
  const counts = countAll(plays, view.choice, chosenSongs(plays, view))
  const said = sentence(plays, view, counts)
  const shown = [...heading(plays, view), ...pictures(plays, view, counts)]
  const links = new Links(plays, view.choice)
  if (counts.total === 0) return { said, shown: heading(plays, view) }
  if (view.song !== null) shown.push(stationsTable(counts, links, plays), spinsTable(plays, view, links))
  else if (view.artist !== null) shown.push(songsTable(plays, counts, links), stationsTable(counts, links, plays))
  else
    shown.push(
      artistsTable(plays, counts, links),
      songsTable(plays, counts, links),
      stationsTable(counts, links, plays),
    )
  return { said, shown }
}

/** Null: all. */
function chosenSongs(plays: Plays, { query, artist, song }: View): readonly number[] | null {
  if (song !== null) return [song]
  if (artist !== null) return plays.songsOf[artist]!
  const words = folded(query)
    .split(/\s+/)
    .filter((word) => word !== '')
  if (words.length === 0) return null
  return [...plays.songs.keys()].filter((number) => {
    const text = `${plays.foldedArtists[plays.songs[number]!.artist]!} ${plays.foldedSongs[number]!}`
    return words.every((word) => text.includes(word))
  })
}

const few = (count: number, what: string) => `${counted(count)} ${what}${count === 1 ? '' : 's'}`

function sentence(plays: Plays, { choice, query, artist, song }: View, counts: Counts): string {
  const period =
    choice.from === choice.to ? `on ${dayText(choice.from)}` : `${dayText(choice.from)} to ${dayText(choice.to)}`
  const where = choice.station < 0 ? '' : `${plays.data.stations[choice.station]!}, `
  const songs = counts.bySong.filter((count) => count > 0).length
  const artists = counts.byArtist.filter((count) => count > 0).length
  const found = query !== '' && artist === null ? ` for “${query}”` : ''
  const what =
    song !== null
      ? few(counts.total, 'play')
      : artist !== null
        ? `${few(counts.total, 'play')} of ${few(songs, 'song')}`
        : `${few(counts.total, 'play')} of ${few(songs, 'song')} by ${few(artists, 'artist')}`
  const without =
    counts.withoutSpins > 0 && !isEverything(plays, choice)
      ? ` Not counted here: ${few(counts.withoutSpins, 'play')} whose time and station this page does not have.`
      : ''
  return `${where}${period}${found}: ${what}.${without}`
}

function heading(plays: Plays, view: View): Node[] {
  const links = new Links(plays, view.choice)
  const { data } = plays
  const name =
    view.song !== null
      ? plays.songs[view.song]!.title
      : view.artist !== null
        ? data.artists[view.artist]!
        : view.choice.station >= 0
          ? data.stations[view.choice.station]!
          : 'All stations'
  const title = element('h3', { id: 'browse-view', tabindex: '-1' }, element('bdi', {}, name))
  const everything = { ...view, artist: null, song: null }
  const crumbs = [
    view.artist !== null && element('a', { href: addressOf(plays, everything) }, 'All artists'),
    view.artist !== null && view.song !== null && links.artist(view.artist),
    view.choice.station >= 0 && stationLink(data.stations[view.choice.station]!),
  ].filter((crumb) => crumb !== false && crumb !== null)
  if (crumbs.length === 0) return [title]
  return [element('ul', { class: 'crumbs' }, ...crumbs.map((crumb) => element('li', {}, crumb))), title]
}

/** To the part of the page on a station, where it has one. */
function stationLink(name: string): HTMLElement | null {
  const article = [...document.querySelectorAll('.station')].find(
    (each) => each.querySelector('h3')?.textContent === name,
  )
  return article ? element('a', { href: `#${article.id}` }, `How ${name} sounds`) : null
}

// Less of an hour of the day than this says nothing about it.
const enoughMinutes = 30

function pictures(plays: Plays, { choice }: View, { byDay, byHour }: Counts): Node[] {
  const { data } = plays
  const covered = coveredByHour(plays, choice)
  // A log that begins or ends within a day has more of some hours than of others: only what it covers counts.
  const rates = [...byHour].map((count, hour) => ({
    label: `${hour}–${hour + 1} h`,
    value: covered[hour]! < enoughMinutes ? null : Math.round((count / covered[hour]!) * 6000) / 100,
  }))
  const hours = bars('Plays of a station in an hour, by hour of the day', 'Hour', rates)
  // At most some hundred bars.
  const daysOfBar = Math.ceil(byDay.length / 370)
  const days = Array.from({ length: Math.ceil(byDay.length / daysOfBar) }, (_, i) => ({
    label: dayText(data.firstDay + i * daysOfBar),
    value: byDay.subarray(i * daysOfBar, (i + 1) * daysOfBar).reduce((sum, each) => sum + each, 0),
  }))
  const by = daysOfBar === 1 ? 'day' : `${daysOfBar} days`
  return [element('div', { class: 'pair' }, days.length > 1 ? bars(`Plays by ${by}`, 'From', days) : null, hours)]
}

interface Bar {
  readonly label: string
  /** Null: not known. */
  readonly value: number | null
}

const valueText = (value: number | null) => (value === null ? 'not covered by the log' : counted(value))

function bars(name: string, head: string, values: readonly Bar[]): HTMLElement {
  const most = values.reduce((a, b) => ((b.value ?? 0) > (a.value ?? 0) ? b : a))
  const caption = `${name}: from ${values[0]!.label} to ${values.at(-1)!.label}, most ${most.label} (${valueText(most.value)})`
  const rects = values.map(({ label, value }, i) => {
    const height = ((value ?? 0) / (most.value || 1)) * 100
    const title = drawn('title', {}, document.createTextNode(`${label}: ${valueText(value)}`))
    return drawn('rect', { class: 'bar', x: i + 0.1, width: 0.8, y: 100 - height, height }, title)
  })
  const box = { viewBox: `0 0 ${values.length} 100`, preserveAspectRatio: 'none', role: 'img', 'aria-label': caption }
  const details = element('details', {}, element('summary', {}, 'As a table'))
  const columns: Column<Bar>[] = [
    { name: head, value: ({ label }) => label },
    {
      name: 'Plays',
      isNumber: true,
      value: ({ value }) => value ?? -1,
      cell: ({ value }) => document.createTextNode(valueText(value)),
    },
  ]
  const fill = () => details.append(dataTable(name, columns, values, { column: 0, descending: false }))
  details.addEventListener('toggle', fill, { once: true })
  return element(
    'figure',
    {},
    element('figcaption', {}, caption),
    drawn('svg', { class: 'bars', ...box }, ...rects),
    details,
  )
}

const byPlays = (column: number) => ({ column, descending: true })

function artistsTable(plays: Plays, counts: Counts, links: Links): HTMLElement {
  const rows = [...counts.byArtist.keys()].filter((each) => counts.byArtist[each]! > 0 && !plays.unranked.has(each))
  const columns: Column<number>[] = [
    { name: 'Artist', value: (each) => plays.data.artists[each]!, cell: (each) => links.artist(each) },
    { name: 'Plays', isNumber: true, value: (each) => counts.byArtist[each]! },
    shareColumn((each) => counts.byArtist[each]! / counts.total),
    { name: 'Songs', isNumber: true, value: (each) => counts.songsOfArtist[each]! },
  ]
  return dataTable('Artists', columns, rows, byPlays(1))
}

const shareColumn = (share: (row: number) => number): Column<number> => ({
  name: 'Percent',
  isNumber: true,
  value: share,
  cell: (row) => document.createTextNode((share(row) * 100).toFixed(2)),
})

function songsTable(plays: Plays, counts: Counts, links: Links): HTMLElement {
  const { songs, data } = plays
  const rows = [...songs.keys()].filter((each) => counts.bySong[each]! > 0 && !plays.unranked.has(songs[each]!.artist))
  const columns: Column<number>[] = [
    { name: 'Song', value: (each) => songs[each]!.title, cell: (each) => links.song(each) },
    {
      name: 'Artist',
      value: (each) => data.artists[songs[each]!.artist]!,
      cell: (each) => links.artist(songs[each]!.artist),
    },
    { name: 'Plays', isNumber: true, value: (each) => counts.bySong[each]! },
    {
      name: 'Stations',
      isNumber: true,
      // The page does not know where a song without spins was played.
      value: (each) => counts.stationsOfSong[each]!,
      cell: (each) =>
        document.createTextNode(songs[each]!.spins ? counted(counts.stationsOfSong[each]!) : 'not in this page'),
    },
  ]
  return dataTable('Songs', columns, rows, byPlays(2))
}

function stationsTable(counts: Counts, links: Links, plays: Plays): HTMLElement {
  const rows = [...counts.byStation.keys()].filter((each) => counts.byStation[each]! > 0)
  const all = counts.byStation.reduce((sum, each) => sum + each, 0)
  const columns: Column<number>[] = [
    { name: 'Station', value: (each) => plays.data.stations[each]!, cell: (each) => links.station(each) },
    { name: 'Plays', isNumber: true, value: (each) => counts.byStation[each]! },
    shareColumn((each) => counts.byStation[each]! / all),
  ]
  return dataTable('Stations', columns, rows, byPlays(1))
}

function spinsTable(plays: Plays, { choice, song }: View, links: Links): HTMLElement {
  const { hoursOnly } = plays.songs[song!]!
  const rows: { minute: number; station: number }[] = []
  eachSpin(plays.songs[song!]!, choice, (minute, station) => rows.push({ minute, station }))
  const time = (minute: number) => {
    const hour = Math.floor((minute % minutesOfDay) / 60)
    const rest = hoursOnly ? ' h' : `:${String(minute % 60).padStart(2, '0')}`
    return `${dayText(Math.floor(minute / minutesOfDay))} ${String(hour).padStart(2, '0')}${rest}`
  }
  const columns: Column<(typeof rows)[number]>[] = [
    { name: 'Time', value: ({ minute }) => time(minute) },
    {
      name: 'Station',
      value: ({ station }) => plays.data.stations[station]!,
      cell: ({ station }) => links.station(station),
    },
  ]
  return dataTable('Plays', columns, rows, { column: 0, descending: false })
}
