import { Command, InvalidArgumentError, Option } from 'commander'
import { endWithReader, report } from '../lib/cli/index.ts'
import { AppError } from '../lib/errors.ts'
import { type EraName, eraNames, keyEnvironment, startStubs } from '../lib/stubs/index.ts'

function firstPort(text: string): number {
  const port = Number(text)
  if (!/^\d+$/.test(text) || port < 1 || port > 65_530) {
    throw new InvalidArgumentError('It must be a whole number from 1 to 65530.')
  }
  return port
}

/*
 * Starts made-up stand-ins of all services on this machine, with the real shapes and limits, so that `job:enrich` can be
 * tried offline from end to end. Prints the lines that point the job at them; ends with Ctrl-C.
 */
endWithReader()
const { world, port } = new Command('npm run stubs --')
  .description('Starts made-up stand-ins of all services on this machine and prints the settings that lead to them.')
  .addHelpText('before', 'Examples:\n  npm run stubs\n  STUBS_PORT=9000 npm run stubs\n')
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))
  .addOption(
    new Option('--world <name>', 'how they answer: kindly as in 2025, as today, or badly')
      .choices(eraNames)
      .default('2026'),
  )
  .addOption(new Option('--port <n>', 'first of six ports').env('STUBS_PORT').argParser(firstPort).default(8801))
  .parse()
  .opts<{ world: `${EraName}`; port: number }>()

const stubs = await startStubs({ enforceLimits: true, ownPictures: true, era: world, port }).catch(
  (error: NodeJS.ErrnoException & { port?: number }) => {
    if (error.syscall !== 'listen') throw error
    const what = error.code === 'EADDRINUSE' ? 'is taken' : `cannot be listened on (${error.code})`
    const remedy = 'name the first of six others: npm run stubs -- --port 9000'
    process.exit(report(new AppError('usage', `port ${error.port} ${what}`, { place: '--port', remedy, cause: error })))
  },
)
const exports = (environment: Readonly<Record<string, string>>) =>
  Object.entries(environment).map(([name, value]) => `export ${name}=${value}\n`)
process.stdout.write(
  `# paste into the shell in which you run npm run job:enrich\n${exports(stubs.environment).join('')}`,
)
process.stdout.write('# optional: fewer requests, and the names that listeners use\n')
process.stdout.write(
  exports(keyEnvironment())
    .map((line) => `# ${line}`)
    .join(''),
)
process.stderr.write(`the stub services are running (world ${world}); Ctrl-C ends them\n`)

const stop = async () => {
  const sent = Object.entries(stubs.servers).map(([name, server]) => `${name} ${server.seen.length}`)
  process.stderr.write(`requests that arrived: ${sent.join(', ')}; ${stubs.total()} in all\n`)
  await stubs.close()
}
process.once('SIGINT', stop)
process.once('SIGTERM', stop)
