import { join } from 'node:path'
import { Option } from 'commander'
import { runCommand } from '../lib/cli/index.ts'
import { recordAnswers, roles, serviceOptions, serviceSettings, services } from '../lib/enrich/index.ts'
import { AppError } from '../lib/errors.ts'
import { makeOutputFolder, writeOutput } from '../lib/output.ts'
import { homepage, version } from '../lib/version.ts'

const isAnswer = (start: Buffer) => /^\{\s*"service": "[^"]+",\s*"sample": /.test(start.toString())

await runCommand<{ readonly service: string; readonly out: string; readonly force?: true }>({
  name: 'enrich:record',
  summary: 'Asks a service one request of each kind and keeps its answers, cut short and without keys.',
  examples: [
    `npm run enrich:record -- --service ${roles.identities.name} --out answers`,
    'npm run enrich:replay -- answers',
  ],
  settings: ['enrichContact', ...serviceSettings, 'allowCustomHosts'],
  configure: (command) =>
    command
      .addOption(
        new Option('--service <name>', 'who is asked').choices(services.map((one) => one.name)).makeOptionMandatory(),
      )
      .requiredOption('--out <folder>', 'where the answers go, a file each')
      .option('--force', 'replace files that are not answers'),
  async run({ settings, options, log, signal, print }) {
    makeOutputFolder(options.out)
    const { answers, failures } = await recordAnswers(options.service, {
      log,
      signal,
      version: version(),
      homepage: homepage(),
      contact: settings.enrichContact,
      ...serviceOptions(settings),
      allowCustomHosts: settings.allowCustomHosts,
    })
    for (const answer of answers) {
      const file = join(options.out, `${answer.service}-${answer.sample}.json`)
      await writeOutput(file, `${JSON.stringify(answer, null, 2)}\n`, { isOurs: isAnswer, force: options.force })
      print(file)
    }
    if (failures.length === 0) return
    const why = failures.map((one) => `${one.sample}: ${one.why}`).join('; ')
    throw new AppError(
      'incomplete',
      `no answer to ${failures.length} of ${answers.length + failures.length} requests`,
      {
        place: why,
        remedy: 'see whether the service is reachable from here, then run it again',
      },
    )
  },
})
