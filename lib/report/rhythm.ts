import { heatMap, shown, timeChart } from './charts.ts'
import type { ReportData } from './data.ts'
import { html } from './html.ts'
import { empty, figure, number, type Section } from './section.ts'

export function overTime({ overTime: { unit, points, partial }, timezone }: ReportData): Section {
  const title = 'Plays over time'
  if (points.length === 0) return empty('time', title, 'There are no plays.')
  const caption = `Plays by ${unit}`
  const chart = timeChart(
    caption,
    'plays',
    `${unit} (${timezone})`,
    points.map((point) => ({ label: point.label, value: point.plays, isPartial: partial.includes(point.label) })),
  )
  return {
    id: 'time',
    title,
    body: html`${partial.length > 0 && html`<p>Partial, since the log begins or ends within: ${partial.join(', ')}.</p>`}${figure(
      chart,
      caption,
      [unit === 'week' ? 'Week from' : unit === 'day' ? 'Day' : 'Hour', 'Plays'],
      points.map((point) => [partial.includes(point.label) ? `${point.label} (partial)` : point.label, point.plays]),
    )}`,
  }
}

export function heat({ heat: each, timezone }: ReportData): Section {
  const title = 'Stations by hour of the day'
  if (each.stations.length === 0) return empty('hours', title, 'There are no plays.')
  const hours = Array.from({ length: 24 }, (_, hour) => String(hour))
  const caption = 'Plays per hour, by station and hour of the day'
  const chart = heatMap(caption, {
    rows: each.stations,
    columns: hours,
    values: each.perHour,
    rowName: 'station',
    columnName: `hour of the day (${timezone})`,
    unit: 'plays per hour',
    blank: 'not covered',
    to: usualMost(each.perHour.flat().filter((value) => value !== null)),
  })
  return {
    id: 'hours',
    title,
    body: html`<p>Plays in a covered hour: from a station’s first play to its last, without the silences that are longer than 20 minutes and four times its median.${each.of > each.stations.length && html` The ${each.stations.length} stations with the most plays, of ${each.of}.`}</p>${figure(
      chart,
      caption,
      ['Station', ...hours],
      each.stations.map((name, i) => [name, ...each.perHour[i]!]),
    )}`,
  }
}

/** The value that 98 in 100 do not exceed: stations that log a day's plays at midnight must not make all others look empty. */
function usualMost(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const most = sorted.at(-1) ?? 0
  const usual = sorted[Math.floor((sorted.length - 1) * 0.98)] ?? 0
  return usual > 0 && most > 3 * usual ? usual : most
}

const pairsShown = 40

export function alike({ alike: each }: ReportData): Section {
  const title = 'Stations that sound alike'
  if (each.stations.length < 2) return empty('alike', title, 'It takes two stations to compare.')
  const pairs = each.stations
    .flatMap((a, i) => each.stations.slice(i + 1).map((b, j) => [a, b, each.cosine[i]![i + 1 + j]!] as const))
    .sort((a, b) => b[2] - a[2] || (a[0] < b[0] ? -1 : 1))
  const low = Math.floor(Math.min(...pairs.map((pair) => pair[2])) * 20) / 20
  const caption = 'How alike two stations are in the artists that they play'
  const chart = heatMap(caption, {
    rows: each.stations,
    columns: each.stations,
    values: each.cosine.map((row, i) => row.map((value, j) => (i === j ? null : value))),
    rowName: 'station',
    columnName: '',
    unit: 'alikeness (1 = the same artists equally often)',
    from: low,
    to: 1,
  })
  const closest = pairs[0]!
  return {
    id: 'alike',
    title,
    body: html`<p>The cosine between the stations’ plays by artist. Closest: ${closest[0]} and ${closest[1]} (${shown(closest[2])}).${each.of > each.stations.length && html` The ${each.stations.length} stations with the most plays, of ${each.of}.`}</p>${figure(
      chart,
      caption,
      ['Station', 'Other station', 'Alikeness'],
      pairs.slice(0, pairsShown).map(([a, b, value]) => [a, b, value]),
    )}${pairs.length > pairsShown && html`<p>The table has the ${pairsShown} closest of ${number(pairs.length)} pairs.</p>`}`,
  }
}
