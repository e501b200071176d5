import { localText, zoneClock } from '../stations/index.ts'
import type { ReportData } from './data.ts'
import { type Html, html } from './html.ts'
import { empty, figure, number, type Section } from './section.ts'

const left = 70
const plotPercent = 77
/** Strokes stand at one of so many places; thousands of plays stay small. */
const places = 720
const rowHeight = 20
const rows = 12

/** Each spin of the most played songs, by station and time. */
export function lives({ lives: songs, totals, timezone }: ReportData): Section {
  const title = 'The life of the most played songs'
  if (songs.length === 0) return empty('lives', title, 'There are no plays.')
  const clock = zoneClock(timezone)
  const [from, to] = [totals.firstUnix!, totals.lastUnix!]
  return {
    id: 'lives',
    title,
    body: songs.map((song, i) => {
      const caption = `Every spin of ${song.song} – ${song.artist}`
      const peak = song.byHour.indexOf(Math.max(...song.byHour))
      const more = song.stations.length > rows ? ` The ${rows} stations with the most spins are drawn.` : ''
      return html`<div${i > 0 && html` class="offpaper"`}><p>${number(song.spins)} spins on ${number(song.stations.length)} stations, first ${localText(clock(song.firstUnix))}, last ${localText(clock(song.lastUnix))}; most often from ${peak} to ${peak + 1} h (${song.byHour[peak]!}).${more}${song.spellings.length > 1 && html` Written as ${song.spellings.slice(0, 6).map((each, i) => html`${i > 0 && ', '}<q><bdi>${each}</bdi></q>`)}${song.spellings.length > 6 && ` and in ${song.spellings.length - 6} more ways`}.`}</p>${figure(
        strip(
          caption,
          song.stations.slice(0, rows),
          from,
          to,
          [from, to].map((at) => localText(clock(at))),
        ),
        caption,
        ['Station', 'Spins', 'First', 'Last'],
        song.stations.map(({ callsign, times }) => [
          callsign,
          times.length,
          localText(clock(times[0]!)),
          localText(clock(times.at(-1)!)),
        ]),
      )}</div>`
    }),
  }
}

function strip(
  name: string,
  stations: ReportData['lives'][number]['stations'],
  from: number,
  to: number,
  [begin, last]: readonly string[],
): Html {
  const bottom = 8 + stations.length * rowHeight
  const x = (unix: number) => Math.round(((unix - from) / (to - from || 1)) * places)
  const end = `${plotPercent}%`
  return html`<svg height="${bottom + 46}" role="img" aria-label="${name}">
${stations.map(({ callsign, times }, i) => {
  const y = 10 + i * rowHeight
  const strokes = [...new Set(times.map(x))].map((at) => `M${at} 0v14`).join('')
  return html`<text class="tick" x="${left - 6}" y="${y + 11}" text-anchor="end">${callsign.slice(0, 9)}</text><svg x="${left}" y="${y}" width="${end}" height="14" viewBox="0 0 ${places} 14" preserveAspectRatio="none"><path class="spin" d="${strokes}"><title>${callsign}: ${number(times.length)} spins</title></path></svg>`
})}
<g transform="translate(${left} 0)"><line class="axis" x1="0" x2="${end}" y1="${bottom}" y2="${bottom}"/>
<text class="tick" x="0" y="${bottom + 18}">${begin}</text><text class="tick" x="${end}" y="${bottom + 18}" text-anchor="end">${last}</text>
<text class="unit" x="${plotPercent / 2}%" y="${bottom + 38}" text-anchor="middle">each line is a spin</text></g>
</svg>`
}
