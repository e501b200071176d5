import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { runCommand } from '../lib/cli/index.ts'
import { roles } from '../lib/enrich/index.ts'
import { AppError, kindOfExit } from '../lib/errors.ts'
import { keyEnvironment, startStubs } from '../lib/stubs/index.ts'
import { seconds } from '../lib/terminal.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const database = 'sqlite:data/demo.db'
const page = 'data/demo.html'

await runCommand({
  name: 'demo',
  summary: 'Shows the whole way on the sample: tables, look-ups against made-up services of this machine, the report.',
  examples: ['npm run demo'],
  settings: [],
  async run({ signal, print }) {
    const started = performance.now()
    await using stack = new AsyncDisposableStack()
    const stubs = await startStubs({ ownPictures: true })
    stack.defer(() => stubs.close())
    const env = { ...process.env, ...stubs.environment, ...keyEnvironment([roles.songMatches]), DATABASE_URL: database }

    await job(['aggregate', '--input', 'sample/plays.csv'], env, signal)
    await job(['enrich', '--contact', 'me@radio.fm'], env, signal)
    await job(['report', '--out', page], env, signal)
    print(`
The demo took ${seconds(performance.now() - started)}. Open ${page} in a browser. Its artists are made up, and so are their pictures.
Next:
  npm run explore -- serve --database-url ${database}     look around in the tables
  npm run data:fetch && npm run job:aggregate                 the real week of 25 stations
  npm run job:aggregate -- --input your/logs/                 your own`)
    if (process.stdin.isTTY && process.stdout.isTTY) {
      print('\nThe pictures are shown as long as this runs; Ctrl-C ends it.')
      await new Promise<void>((resolve) => {
        signal.addEventListener('abort', () => resolve(), { once: true })
      })
    }
  },
})

/** Runs a job as a user would, with its output on this terminal. *Errors:* those of the job, with its exit code's kind. */
async function job(args: readonly string[], env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<void> {
  const [name, ...flags] = args
  process.stderr.write(`\n$ npm run ${name === 'report' ? name : `job:${name}`} -- ${flags.join(' ')}\n`)
  const child = spawn(process.execPath, [`${root}jobs/${name}.ts`, ...flags], { cwd: root, env, stdio: 'inherit' })
  const stop = () => child.kill('SIGTERM')
  signal.addEventListener('abort', stop, { once: true })
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject).once('close', resolve)
  })
  signal.removeEventListener('abort', stop)
  signal.throwIfAborted()
  if (code !== 0) {
    throw new AppError(kindOfExit(code), `the demo stopped at ${name}`, {
      remedy: 'see above; npm run doctor says what is missing',
    })
  }
}
