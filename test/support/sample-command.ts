import { runCommand } from '../../lib/cli/index.ts'
import { AppError, type ErrorKind } from '../../lib/errors.ts'

// A command for test/cli.test.ts: ends in the way that it is told to.
await runCommand<{ end: string }>({
  name: 'sample',
  summary: 'Ends as told.',
  examples: ['npm run sample -- --end spark'],
  settings: ['timezone', 'databaseUrl', 'listenbrainzToken'],
  configure: (command) => command.requiredOption('--end <how>', 'how to end'),
  async run({ options, signal, print, log, settings }) {
    if (options.end === 'done') return print(`zone ${settings.timezone}`)
    if (options.end === 'flood') {
      for (let i = 0; i < 200_000; i++) print(`line ${i} of a long answer`)
      return
    }
    if (options.end === 'wait') {
      const awake = setInterval(() => {}, 1000)
      log.info('waiting')
      try {
        await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
      } finally {
        clearInterval(awake)
      }
    }
    if (options.end === 'crash') throw new TypeError('token=canary is not a function\u001b[2J')
    throw new AppError(options.end as ErrorKind, 'it failed\nfor a\nreason', {
      place: 'plays.txt:7',
      remedy: 'try postgres://u:canary@h/x again',
    })
  },
})
