import { fiveFacts, localText, type Separation, type StationView, weekdays, type ZoneClock } from '../stations/index.ts'
import { table } from '../terminal.ts'

const rowsShown = 10
const tooLittle = 'too little log: under two covered hours'

/** The view of a station for people: five facts, then a table for each question. */
export function stationText(view: StationView, clock: ZoneClock): string {
  const facts = fiveFacts(view, clock).map(({ text }) => text)
  const parts = stationSections(view, clock).map(([title, body]) => `${title}\n${body.replace(/^/gm, '  ')}`)
  return [facts.join('\n'), ...parts].join('\n\n')
}

/** A title and a table for each question that the log answers. */
export function stationSections(view: StationView, clock: ZoneClock): Sections {
  const sections: Sections = [
    ...spinsText(view, clock),
    ...repeatsText(view, clock),
    ...spreadText(view),
    ...weekText(view),
    ...musicText(view),
    ...othersText(view),
    ...silenceText(view, clock),
  ]
  return sections.filter(([, body]) => body !== '')
}

const number = (value: number | null, digits = 1) => (value === null ? '' : Number(value.toFixed(digits)))
const percent = (share: number) => `${(share * 100).toFixed(1)} %`
type Sections = readonly [string, string][]

function spinsText(view: StationView, clock: ZoneClock): Sections {
  const { volume, turnover } = view
  const at = (unix: number) => localText(clock(unix))
  return [
    [
      'Spins',
      table([
        ['spins, titles, acts', `${volume.spins}, ${volume.titles}, ${volume.acts}`],
        ['first and last spin', `${at(volume.firstUnix)} and ${at(volume.lastUnix)}`],
        [
          'covered hours',
          `${number(volume.coveredHours)}${volume.coveredShare === null ? '' : ` (${percent(volume.coveredShare)})`}`,
        ],
        ['spins at the time of the spin before', percent(volume.sameTimeShare)],
        ['spins in a covered hour', volume.spinsPerHour === null ? tooLittle : String(number(volume.spinsPerHour))],
      ]),
    ],
    [
      'Hours until a title returns',
      table([
        ['median', number(turnover.medianHours, 2)],
        ['quartiles', `${number(turnover.lowerQuartileHours, 2)} to ${number(turnover.upperQuartileHours, 2)}`],
        ['returns measured', turnover.pairs],
        ['left out: a gap lies between', turnover.pairsAcrossGaps],
      ]),
    ],
    [
      'Fastest titles',
      table(
        turnover.fastest
          .slice(0, rowsShown)
          .map((each) => [each.song, each.artist, `${number(each.medianHours, 2)} h`, each.spins]),
      ),
    ],
  ]
}

function repeatsText({ repeats }: StationView, clock: ZoneClock): Sections {
  const at = (unix: number) => localText(clock(unix))
  return [
    [
      'Repeats',
      table(repeats.withinHours.map(({ limit, spins, share }) => [`within ${limit} h`, spins, percent(share)])),
    ],
    [
      'Shortest repeats',
      table(
        repeats.list.slice(0, rowsShown).map((each) => [each.song, each.artist, at(each.unixBefore), at(each.unix)]),
      ),
    ],
  ]
}

function spreadText(view: StationView): Sections {
  const { separation, rotation, depth } = view
  return [
    ['Minutes between spins of an act', separationText(separation)],
    ['The same, guests included', separationText(view.separationWithGuests)],
    [
      'Rotation',
      table(
        [
          [
            'hours of the day before one comes again',
            rotation.medianShare === null ? 'no title has eight spins' : percent(rotation.medianShare),
          ],
          ['spins in the hour of the day before', `${rotation.vertical.spins} (${percent(rotation.vertical.share)})`],
        ],
        50,
      ),
    ],
    [
      'Depth',
      table([
        ...depth.top.map(({ titles, share }) => [`share of the top ${titles} titles`, percent(share)]),
        ['effective titles, acts', `${number(depth.effectiveTitles)}, ${number(depth.effectiveActs)}`],
      ]),
    ],
  ]
}

function separationText({ medianMinutes, minMinutes, withinMinutes }: Separation): string {
  return table([
    ['median, minimum', `${number(medianMinutes)}, ${number(minMinutes)}`],
    ...withinMinutes.map(({ limit, spins, share }) => [`within ${limit} minutes`, `${spins} (${percent(share)})`]),
  ])
}

function weekText({ dayparts, week }: StationView): Sections {
  const leaning = dayparts.flatMap(({ fromHour, toHour, more, less }) =>
    [...more, ...less].map((each) => [
      `${fromHour}–${toHour} h`,
      each.artist,
      each.song ?? '',
      `${each.spins} of ${each.of}`,
      number(each.index, 2),
    ]),
  )
  const rates = week?.map((day, i) => [
    weekdays[i]!.slice(0, 2),
    ...day.map(({ spinsPerHour }) => (spinsPerHour === null ? '·' : String(Math.round(spinsPerHour)).padStart(2))),
  ])
  const hours = Array.from({ length: 24 }, (_, hour) => String(hour).padStart(2))
  return [
    [
      'Parts of the day: spins, in a covered hour',
      table(
        dayparts.map((part) => [
          `${part.fromHour}–${part.toHour} h`,
          part.spins,
          part.spinsPerHour === null ? tooLittle : number(part.spinsPerHour),
        ]),
      ),
    ],
    ['More or less than usual in a part of the day (index)', table(leaning)],
    [
      'Spins in a covered hour by weekday and hour (· not covered)',
      rates ? table([['', ...hours], ...rates]) : tooLittle,
    ],
  ]
}

function musicText({ music, changes }: StationView): Sections {
  const change = (list: readonly { song: string; artist: string; before: number; now: number }[]) =>
    table(list.slice(0, rowsShown).map((each) => [each.song, each.artist, each.before, each.now]))
  return [
    [
      'Decades',
      table([
        ...music.decades.map(({ name, spins, share }) => [`${name}s`, spins, percent(share)]),
        ['not known', '', percent(music.yearUnknown)],
      ]),
    ],
    [
      'Genres',
      table([
        ...music.genres.map(({ name, spins, share }) => [name, spins, percent(share)]),
        ['not known', '', percent(music.genreUnknown)],
      ]),
    ],
    [
      'New (spins before, now)',
      changes === null ? 'too little log: it takes four covered days on each side' : change(changes.added),
    ],
    ['Gone', changes === null ? '' : change(changes.dropped)],
    ['Changed', changes === null ? '' : change(changes.changed)],
  ]
}

function othersText({ exclusives, likeness }: StationView): Sections {
  if (exclusives === null || likeness === null) return []
  const { titles, acts } = exclusives
  return [
    [
      'Only here',
      table([
        ['titles', titles.count, percent(titles.share)],
        ['acts', acts.count, percent(acts.share)],
      ]),
    ],
    ['Titles only here', table(titles.list.slice(0, rowsShown).map((each) => [each.song, each.artist, each.spins]))],
    [
      'Nearest stations (by acts, by titles)',
      table(likeness.nearest.map((each) => [each.callsign, number(each.acts, 2), number(each.titles, 2)])),
    ],
    ...likeness.nearest.map(({ callsign, differences }): [string, string] => [
      `What sets it apart from ${callsign} (spins here, there)`,
      table(differences.map((each) => [each.artist, each.here, each.there])),
    ]),
  ]
}

function silenceText({ silences }: StationView, clock: ZoneClock): Sections {
  const { gapMinutes, count, hours, list, days } = silences
  return [
    [
      `Silences over ${number(gapMinutes)} minutes`,
      table([
        ['gaps', count],
        ['hours in all', number(hours)],
        ['days without a spin', days.count],
      ]),
    ],
    [
      'Longest silences (minutes, before, after)',
      table(
        list
          .slice(0, rowsShown)
          .map((each) => [
            localText(clock(each.fromUnix)),
            number(each.seconds / 60),
            each.before.song,
            each.after.song,
          ]),
      ),
    ],
  ]
}
