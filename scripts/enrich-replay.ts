import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runCommand } from '../lib/cli/index.ts'
import { isUnderstood, type RecordedAnswer, replayAnswers, replayText, roles } from '../lib/enrich/index.ts'
import { AppError } from '../lib/errors.ts'

const ownAnswers = fileURLToPath(new URL('../sample/answers', import.meta.url))

await runCommand<{ readonly against: string }>({
  name: 'enrich:replay',
  summary:
    'Checks that recorded answers of services are still understood, and names fields that are new, gone or changed.',
  examples: ['npm run enrich:replay -- answers', 'npm run enrich:replay -- answers --against answers-of-last-year'],
  settings: [],
  configure: (command) =>
    command
      .argument('<folder>', 'answers that npm run enrich:record has written')
      .option('--against <folder>', 'answers to compare with (default: those of this project)', ownAnswers),
  async run({ options, args, print }) {
    const replayed = replayAnswers(answersIn(args[0] ?? ''), answersIn(options.against))
    print(replayText(replayed))
    if (!replayed.every(isUnderstood)) {
      throw new AppError('check', 'a service answers in another way than this project expects', {
        remedy: 'report it with the lines above: its reader must be adapted',
      })
    }
  },
})

function answersIn(folder: string): RecordedAnswer[] {
  let files: string[]
  try {
    files = readdirSync(folder).filter((name) => name.endsWith('.json'))
  } catch {
    throw new AppError('input', 'cannot read the folder of answers', {
      place: folder,
      remedy: `npm run enrich:record -- --service ${roles.identities.name} --out answers`,
    })
  }
  return files.sort().map((name) => {
    try {
      return JSON.parse(readFileSync(join(folder, name), 'utf8')) as RecordedAnswer
    } catch {
      throw new AppError('input', 'not a recorded answer', { place: join(folder, name), remedy: 'record it again' })
    }
  })
}
