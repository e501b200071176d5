import {
  enoughOfAnHour,
  fiveFacts,
  localText,
  type StationView,
  weekdays,
  type ZoneClock,
  zoneClock,
} from '../stations/index.ts'
import { barChart, heatMap, shown } from './charts.ts'
import type { ReportData } from './data.ts'
import { type Html, type HtmlValue, html } from './html.ts'
import { type Cell, empty, figure, number, type Section, table } from './section.ts'

const stationsOnPaper = 2
const tooLittle = 'Too little log: it covers less than two hours.'

/** How each of the largest stations sounds: five facts, the week by hour, and a table for each question. */
export function stations({ stationViews: { views, of }, timezone }: ReportData): Section {
  const title = 'How each station sounds'
  if (views.length === 0) return empty('stations', title, 'There are no plays.')
  const clock = zoneClock(timezone)
  const caption = 'The stations at a glance'
  const head = [
    'Station',
    'Spins',
    'Titles',
    'Spins in a covered hour',
    'Hours until a title returns',
    'Repeats within an hour',
    'Nearest',
    'Hours silent',
  ]
  return {
    id: 'stations',
    title,
    body: html`<p>A log is silent for a gap where two spins are further apart than 20 minutes and four times the station’s median. Rates divide by the hours without gaps, and spins with a gap between them say nothing of when a title or an act returns.${of > views.length && html` The ${views.length} stations with the most plays, of ${of}; <code>npm run stats -- --station NAME</code> shows any.`}</p>${table(
      caption,
      head,
      views.map((view, i) => glance(view, i)),
    )}${views.map((view, i) => station(view, i, clock))}${views.length > stationsOnPaper && html`<p class="paper">On paper the first ${stationsOnPaper} stations stand here; the page has ${number(views.length)}.</p>`}`,
  }
}

function glance({ callsign, volume, turnover, repeats, likeness, silences }: StationView, i: number): Cell[] {
  return [
    html`<a href="#station-${i}"><bdi>${callsign}</bdi></a>`,
    volume.spins,
    volume.titles,
    volume.spinsPerHour ?? 'too little log',
    turnover.medianHours ?? 'none returned',
    repeats.withinHours[0]!.spins,
    likeness?.nearest[0]?.callsign ?? null,
    silences.hours,
  ]
}

function station(view: StationView, i: number, clock: ZoneClock): Html {
  const id = `station-${i}`
  const { callsign } = view
  const facts = fiveFacts(view, clock).map(({ from, text }) => html`<li><a href="#${id}-${from}">${text}</a></li>`)
  return html`<article class="station${i >= stationsOnPaper && ' offpaper'}" id="${id}" aria-labelledby="${id}-title"><h3 id="${id}-title"><bdi>${callsign}</bdi></h3>
<ul>${facts}</ul>
${week(view, id)}
${[...airplay(view, clock), ...music(view), ...neighbours(view), ...silence(view, clock)].map(
  ({
    key,
    summary,
    body,
  }) => html`<details><summary>${summary}<span class="unseen"> of ${callsign}</span></summary><div id="${id}-${key}">${body}</div></details>
`,
)}</article>
`
}

function week({ callsign, week: days, volume }: StationView, id: string): Html {
  const batches =
    volume.sameTimeShare > 0.25 &&
    ` ${percent(volume.sameTimeShare)} of the spins have the time of the spin before: the log was written in batches and does not say when each was on air.`
  if (days === null) return html`<p id="${id}-volume">${tooLittle}${batches}</p>`
  const hours = Array.from({ length: 24 }, (_, hour) => String(hour))
  const caption = `The week of ${callsign}: spins in a covered hour`
  const values = days.map((day) =>
    day.map(({ spinsPerHour, coveredHours }) => (coveredHours < enoughOfAnHour ? null : spinsPerHour)),
  )
  const chart = heatMap(caption, {
    rows: weekdays,
    columns: hours,
    values,
    rowName: 'weekday',
    columnName: 'hour of the day',
    unit: 'spins in a covered hour',
    blank: 'not covered',
  })
  return html`<div id="${id}-volume">${figure(
    chart,
    caption,
    ['Weekday', ...hours],
    values.map((day, i) => [weekdays[i]!, ...day]),
  )}</div>`
}

interface Part {
  readonly key: string
  readonly summary: string
  readonly body: HtmlValue
}

const percent = (share: number) => `${shown(share * 100)} %`

function airplay(view: StationView, clock: ZoneClock): Part[] {
  return [turnover(view), repeats(view, clock), separation(view, clock), dayparts(view), rotation(view)]
}

function turnover({ callsign, turnover: each }: StationView): Part {
  const bars = each.histogram.filter(({ pairs }) => pairs > 0)
  const caption = `Hours between spins of a title on ${callsign}`
  const label = (bar: (typeof bars)[number]) =>
    `${bar.fromHours}${bar.toHours === null ? ' and more' : `–${bar.toHours}`} h`
  const quartiles = `the middle half between ${shown(each.lowerQuartileHours ?? 0)} and ${shown(each.upperQuartileHours ?? 0)} h`
  const body =
    each.medianHours === null
      ? html`<p>No title came back before the log had a gap.</p>`
      : html`<p>Median ${shown(each.medianHours)} h, ${quartiles}, over ${number(each.pairs)} returns; ${number(each.pairsAcrossGaps)} more have a gap between the spins.</p>${figure(
          barChart(
            caption,
            'returns',
            bars.map((bar) => ({ label: label(bar), value: bar.pairs })),
          ),
          caption,
          ['Hours', 'Returns'],
          bars.map((bar) => [label(bar), bar.pairs]),
        )}${table(
          `The titles that return fastest on ${callsign}`,
          ['Song', 'Artist', 'Spins', 'Median hours'],
          each.fastest.map(({ song, artist, spins, medianHours }) => [song, artist, spins, medianHours]),
        )}`
  return { key: 'turnover', summary: 'How fast titles return', body }
}

function repeats({ callsign, repeats: { withinHours, list, total } }: StationView, clock: ZoneClock): Part {
  const shares = withinHours.map(({ limit, spins, share }) => `${number(spins)} within ${limit} h (${percent(share)})`)
  return {
    key: 'repeats',
    summary: 'Repeats',
    body: html`<p>Spins after the title’s spin before: ${shares.join(', ')}.${total > list.length && ` The shortest ${list.length} of ${number(total)} within a day.`}</p>${
      list.length > 0 &&
      table(
        `Repeats on ${callsign}`,
        ['Song', 'Artist', 'Before', 'Again'],
        list.map((each) => [each.song, each.artist, localText(clock(each.unixBefore)), localText(clock(each.unix))]),
      )
    }`,
  }
}

function separation({ callsign, separation: each, separationWithGuests }: StationView, clock: ZoneClock): Part {
  const said = ({ medianMinutes, minMinutes, withinMinutes }: typeof each) =>
    medianMinutes === null
      ? 'no act came back before the log had a gap'
      : `median ${shown(medianMinutes)} minutes, shortest ${shown(minMinutes!)}; ${withinMinutes.map(({ limit, spins, share }) => `${number(spins)} within ${limit} minutes (${percent(share)})`).join(', ')}`
  return {
    key: 'separation',
    summary: 'How far acts stand apart',
    body: html`<p>Between spins of an act: ${said(each)}. With guests: ${said(separationWithGuests)}.</p>${
      each.list.length > 0 &&
      table(
        `The closest spins of an act on ${callsign}`,
        ['Artist', 'Song before', 'At', 'Song', 'At'],
        each.list
          .slice(0, 20)
          .map((pair) => [
            pair.artist,
            pair.songBefore,
            localText(clock(pair.unixBefore)),
            pair.song,
            localText(clock(pair.unix)),
          ]),
      )
    }`,
  }
}

function dayparts({ callsign, dayparts: parts }: StationView): Part {
  const rows = parts.flatMap(({ fromHour, toHour, more, less }) =>
    [...more, ...less].map(
      (each) =>
        [
          `${fromHour}–${toHour} h`,
          each.artist,
          each.song ?? 'all songs',
          `${each.spins} of ${each.of}`,
          each.index,
        ] as const,
    ),
  )
  return {
    key: 'dayparts',
    summary: 'Parts of the day',
    body: html`${table(
      `Parts of the day of ${callsign}`,
      ['Hours', 'Spins', 'Covered hours', 'Spins in a covered hour'],
      parts.map((part) => [
        `${part.fromHour}–${part.toHour} h`,
        part.spins,
        part.coveredHours,
        part.spinsPerHour ?? 'too little log',
      ]),
    )}${
      rows.length > 0
        ? html`<p>Acts and songs of ten spins or more whose share there differs from their share of the day; an index of 2 is twice as often.</p>${table(`More or less than usual on ${callsign}`, ['Hours', 'Artist', 'Song', 'Spins there', 'Index'], rows)}`
        : html`<p>No act and no song of ten spins or more stands out in a part of the day.</p>`
    }`,
  }
}

function rotation({ callsign, rotation: { exposure, medianShare, vertical }, depth }: StationView): Part {
  const walk =
    medianShare === null
      ? 'No title has eight spins, too few to say whether titles walk through the day.'
      : `Titles of eight spins or more are heard in ${percent(medianShare)} of the hours of the day before one comes again (median).`
  return {
    key: 'rotation',
    summary: 'Rotation and depth',
    body: html`<p>${walk} ${number(vertical.spins)} spins (${percent(vertical.share)}) were in the same hour as the day before. The variety is that of ${shown(depth.effectiveTitles)} titles and ${shown(depth.effectiveActs)} acts played equally often.</p>${table(
      `Depth of ${callsign}`,
      ['Titles', 'Share of the spins'],
      depth.top.map(({ titles, share }) => [`top ${titles}`, percent(share)]),
    )}${
      exposure.length > 0 &&
      table(
        `Hours before a title comes again in one on ${callsign}`,
        ['Song', 'Artist', 'Spins', 'Hours of 24'],
        exposure.slice(0, 20).map((each) => [each.song, each.artist, each.spins, each.hours]),
      )
    }`,
  }
}

function music({ callsign, music: each, changes }: StationView): Part[] {
  const parts: Part[] = []
  if (each.decades.length + each.genres.length > 0) {
    const rows = [
      ...each.decades.map(({ name, spins, share }) => [`${name}s`, spins, percent(share)]),
      ...each.genres.map(({ name, spins, share }) => [name, spins, percent(share)]),
    ]
    parts.push({
      key: 'music',
      summary: 'Decades and genres',
      body: html`<p>The year is known for ${percent(1 - each.yearUnknown)} of the spins, a genre for ${percent(1 - each.genreUnknown)}; shares are of those.${each.freshShare !== null && ` New music is ${percent(each.freshShare)}.`}</p>${table(`Decades and genres of ${callsign}`, ['Decade or genre', 'Spins', 'Share'], rows)}`,
    })
  }
  const moves = (what: string, list: NonNullable<typeof changes>['added']) =>
    list.length > 0 &&
    table(
      `${what} on ${callsign}`,
      ['Song', 'Artist', 'What', 'Spins before', 'Spins now'],
      list.slice(0, 15).map((one) => [one.song, one.artist, what, one.before, one.now]),
    )
  parts.push({
    key: 'changes',
    summary: 'New and gone',
    body:
      changes === null
        ? html`<p>Too little log: it takes four covered days and as many before.</p>`
        : html`<p>New: three spins or more in the last ${shown((changes.endUnix - changes.nowUnix) / 86_400)} days and none in as many before; gone: the other way round.</p>${moves('New', changes.added)}${moves('Gone', changes.dropped)}${moves('Changed', changes.changed)}`,
  })
  return parts
}

function neighbours({ callsign, exclusives, likeness }: StationView): Part[] {
  if (exclusives === null || likeness === null) {
    return [{ key: 'likeness', summary: 'Nearest stations', body: html`<p>It is the only station of the log.</p>` }]
  }
  const { titles, acts } = exclusives
  return [
    {
      key: 'exclusives',
      summary: 'Only here',
      body: html`<p>While this log ran, no other station played ${number(titles.count)} of its titles (${percent(titles.share)} of its spins) and ${number(acts.count)} of its acts (${percent(acts.share)}).</p>${
        titles.list.length > 0 &&
        table(
          `Titles only on ${callsign}`,
          ['Song', 'Artist', 'Spins'],
          titles.list.map((each) => [each.song, each.artist, each.spins]),
        )
      }`,
    },
    {
      key: 'likeness',
      summary: 'Nearest stations',
      body: likeness.nearest.map(
        (each) =>
          html`<p><bdi>${each.callsign}</bdi>: likeness ${shown(each.acts)} by acts, ${shown(each.titles)} by titles. The acts that tell them apart:</p>${table(
            `${callsign} against ${each.callsign}`,
            ['Artist', 'Spins here', 'Spins there'],
            each.differences.map(({ artist, here, there }) => [artist, here, there]),
          )}`,
      ),
    },
  ]
}

function silence({ callsign, silences }: StationView, clock: ZoneClock): Part[] {
  const { gapMinutes, count, hours, list, days } = silences
  const empty =
    days.count > 0 &&
    ` Days without a spin: ${days.list.slice(0, 10).join(', ')}${days.count > 10 ? `, ${days.count - 10} more` : ''}.`
  return [
    {
      key: 'silences',
      summary: 'Silences',
      body: html`<p>${number(count)} gaps of more than ${shown(gapMinutes)} minutes, ${shown(hours)} hours in all.${empty}</p>${
        list.length > 0 &&
        table(
          `The longest silences of ${callsign}`,
          ['From', 'Minutes', 'Played before', 'Played after'],
          list
            .slice(0, 20)
            .map((each) => [
              localText(clock(each.fromUnix)),
              each.seconds / 60,
              `${each.before.song} – ${each.before.artist}`,
              `${each.after.song} – ${each.after.artist}`,
            ]),
        )
      }`,
    },
  ]
}
