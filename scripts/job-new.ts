import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runCommand } from '../lib/cli/index.ts'
import { AppError } from '../lib/errors.ts'
import { ownTable } from '../lib/store/index.ts'

/** A job that runs as it is: the plays of each station and day. */
const skeleton = (name: string, table: string) => `import { count, timestamp_seconds, to_date } from 'spark-connect-js'
import { defineJob, readPlays } from '../lib/own-job/index.ts'

await defineJob({
  name: 'job:${name}',
  summary: 'Counts the plays of each station and day.',
  examples: ['npm run job:${name}', 'npm run job:${name} -- --timezone Europe/Amsterdam --json'],
  async run({ server, store, check }) {
    const plays = await readPlays(server)
    const days = plays
      .groupBy((c) => ({ day: to_date(timestamp_seconds(c.time_unix)), station: c.callsign }))
      .agg({ plays: count('*') })
    await check(
      'no day with more plays than minutes',
      days.filter((c) => c.plays.gt(24 * 60)),
      { level: 'warn' },
    )
    await store.writeTable('${table}', days, { key: ['day', 'station'], summary: 'A day of a station' })
  },
})
`

await runCommand({
  name: 'job:new',
  summary:
    'Writes the skeleton of a job of your own, which runs as it is: jobs/NAME.ts and its script in package.json.',
  examples: ['npm run job:new -- station-days', 'npm run job:station-days'],
  settings: [],
  configure: (command) => command.argument('<name>', 'name of the job: lower-case words joined by -'),
  async run({ args: [name = ''], print }) {
    if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name) || name.length > 40) {
      throw new AppError('usage', `${JSON.stringify(name)} cannot be the name of a job`, {
        remedy: 'take lower-case words joined by -, such as: npm run job:new -- station-days',
      })
    }
    const table = name.replaceAll('-', '_')
    // Refuses names that are taken.
    ownTable({ name: table, job: `job:${name}`, key: ['day'], columns: [{ name: 'day', kind: 'text' }] })
    const file = join('jobs', `${name}.ts`)
    const manifest = JSON.parse(readFileSync('package.json', 'utf8'))
    if (existsSync(file) || `job:${name}` in manifest.scripts) {
      throw new AppError('usage', `there is a job ${name}`, { place: file, remedy: 'choose another name' })
    }
    writeFileSync(file, skeleton(name, table), { flag: 'wx' })
    const command = `exec node --import ./lib/compile-cache.mjs ${file}`
    const scripts = Object.entries(manifest.scripts).flatMap((each) =>
      each[0] === 'job:new' ? [each, [`job:${name}`, command]] : [each],
    )
    writeFileSync('package.json', `${JSON.stringify({ ...manifest, scripts: Object.fromEntries(scripts) }, null, 2)}\n`)
    print(`${file} is there; it runs as it is: npm run job:${name}`)
    print('Guide: docs/own-job.md')
  },
})
