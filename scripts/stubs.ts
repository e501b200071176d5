import { Command } from 'commander'
import { startStubs, stubKey, stubToken } from '../lib/stubs/index.ts'

/*
 * Starts made-up stand-ins of all services on this machine, with the real shapes and limits, so that `job:enrich` can be
 * tried offline from end to end. Prints the lines that point the job at them; ends with Ctrl-C.
 */
new Command('npm run stubs --')
  .description('Starts made-up stand-ins of all services on this machine and prints the settings that lead to them.')
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))
  .parse()

const stubs = await startStubs({ enforceLimits: true, ownPictures: true, port: Number(process.env.STUBS_PORT ?? 8801) })
const lines = Object.entries(stubs.environment).map(([name, value]) => `export ${name}=${value}`)
process.stdout.write(`# paste into the shell in which you run npm run job:enrich\n${lines.join('\n')}\n`)
process.stdout.write(
  `# optional: fewer requests, and Last.fm's names\n# export LISTENBRAINZ_TOKEN=${stubToken}\n# export LASTFM_API_KEY=${stubKey}\n`,
)
process.stderr.write('the stub services are running; Ctrl-C ends them\n')

const stop = async () => {
  const sent = Object.entries(stubs.servers).map(([name, server]) => `${name} ${server.seen.length}`)
  process.stderr.write(`requests that arrived: ${sent.join(', ')}; ${stubs.total()} in all\n`)
  await stubs.close()
}
process.once('SIGINT', stop)
process.once('SIGTERM', stop)
