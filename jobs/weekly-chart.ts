import { count, date_add, date_trunc, desc, row_number, timestamp_seconds, to_date, Window } from 'spark-connect-js'
import { defineJob, readPlays, wholeNumber } from '../lib/own-job/index.ts'

await defineJob<{ readonly top: number }>({
  name: 'job:weekly-chart',
  summary: 'Writes the chart of each station and week: position, song, spins, and the position of the week before.',
  examples: ['npm run job:weekly-chart', 'npm run job:weekly-chart -- --top 40 --timezone America/New_York'],
  configure: (command) => command.option('--top <n>', 'positions of a chart', wholeNumber(1, 1000), 20),
  async run({ server, store, options, check, startedAt }) {
    const plays = await readPlays(server)
    await check(
      'no play in the future',
      plays.filter((c) => c.time_unix.gt(startedAt.getTime() / 1000 + 86_400)).select('unique_id', 'callsign', 'time'),
    )
    const chart = plays
      .groupBy((c) => ({
        // A week begins on Monday, in the zone of TIMEZONE.
        week: to_date(date_trunc('week', timestamp_seconds(c.time_unix))),
        station: c.callsign,
        artist: c.artist_clean,
        song: c.song_clean,
      }))
      .agg({ spins: count('*') })
      .withColumn(
        'position',
        row_number().over(Window.partitionBy('station', 'week').orderBy(desc('spins'), 'artist', 'song')),
      )
      .filter((c) => c.position.leq(options.top))
    const weekBefore = chart.select((c) => ({
      week: date_add(c.week, 7),
      station: c.station,
      artist: c.artist,
      song: c.song,
      position_before: c.position,
    }))
    await store.writeTable('weekly_chart', chart.join(weekBefore, ['week', 'station', 'artist', 'song'], 'left'), {
      key: ['week', 'station', 'position'],
      summary: 'A position of the chart of a station in a week; position_before is null for a new entry',
    })
  },
})
