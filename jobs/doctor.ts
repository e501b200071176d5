import { runCommand } from '../lib/cli/index.ts'
import { loadSettings } from '../lib/config.ts'
import { checkFindings, diagnoseSettings, examine, findingsJson, findingsText } from '../lib/doctor/index.ts'
import { sparkFolder } from '../lib/spark/index.ts'
import { addDoctorFlags, type DoctorFlags, doctorSettings } from './flags/doctor.ts'

const { settings: validOnes, faults } = diagnoseSettings()
const isFaulty = faults.values.length + faults.names.length > 0

await runCommand<DoctorFlags>({
  name: 'doctor',
  summary: 'Looks whether everything is there that jobs need, and says what to do where it is not. Changes nothing.',
  examples: ['npm run doctor', 'npm run doctor -- --json', 'npm run doctor -- --deep'],
  settings: doctorSettings,
  configure: addDoctorFlags,
  // No other command starts with faulty settings; this one says what is wrong with them, and with the rest.
  loadSettings: isFaulty ? () => ({ ...validOnes, logLevel: 'error' }) : loadSettings,
  async run({ settings, options, log, print, signal }) {
    const started = performance.now()
    const findings = await examine({
      settings,
      faults,
      env: process.env,
      root: new URL('..', import.meta.url).pathname,
      dataFolder: 'data',
      sparkFolder,
      deep: options.deep ?? false,
      log,
      signal,
    })
    const ms = Math.round(performance.now() - started)
    print(options.json ? findingsJson(findings, ms) : findingsText(findings, ms))
    checkFindings(findings)
  },
})
