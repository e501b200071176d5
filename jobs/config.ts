import { runCommand } from '../lib/cli/index.ts'
import { databaseUrl, loadSettings } from '../lib/config.ts'
import { diagnoseSettings } from '../lib/doctor/index.ts'
import { AppError } from '../lib/errors.ts'
import { maskedAddress, settingOrigins } from '../lib/setting-origins.ts'
import { table } from '../lib/terminal.ts'

const { settings: validOnes, faults } = diagnoseSettings()
const wrong = [...faults.values, ...faults.names]

await runCommand<{ readonly json?: true }>({
  name: 'config',
  summary: 'Shows every setting with its value and where it comes from; secrets are masked. Changes nothing.',
  examples: ['npm run config', 'npm run config -- --json'],
  settings: [],
  configure: (command) => command.option('--json', 'print the settings as JSON, with a version field'),
  // With invalid settings no other command starts; this one shows which they are.
  loadSettings: wrong.length > 0 ? () => ({ ...validOnes, logLevel: 'error' }) : loadSettings,
  async run({ options, settings, print }) {
    const origins = settingOrigins()
    const database = maskedAddress(databaseUrl(settings))
    if (options.json) print(JSON.stringify({ version: 1, database, settings: origins }))
    else {
      const rows = origins.map(({ name, value, origin, fault }) => [name, value ?? '', fault ?? origin])
      print(table([['setting', 'value', 'from'], ...rows], 80))
      print(`\nDatabase: ${database}`)
    }
    if (wrong.length === 0) return
    throw new AppError('usage', wrong.join('; '), { remedy: 'correct them in the environment or in .env' })
  },
})
