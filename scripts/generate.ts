import { runCommand } from '../lib/cli/index.ts'
import { AppError } from '../lib/errors.ts'
import { createOutput, stdoutMark } from '../lib/output.ts'
import { count, seconds } from '../lib/terminal.ts'
import { catalogueDamage, generateCatalogue } from './generate/catalogue.ts'
import { type Damage, type DamageKind, defaultDamage } from './generate/damage.ts'
import { type Language, languages } from './generate/names.ts'
import { type Form, generatePlays, type Part, suitableSizes, type Written } from './generate/plays.ts'

interface Options {
  readonly plays?: string
  readonly seed: string
  readonly out?: string
  readonly truth?: string
  readonly force?: true
  readonly damage?: string
  readonly form: string
  readonly stations?: string
  readonly artists?: string
  readonly languages?: string
  readonly catalogue?: true
  readonly names?: string
  readonly lookalikes: string
  readonly series: string
  readonly spellings: string
}

/** The languages of a log unless others are asked for: mostly English, as the real file's acts, with some of each other script. */
const defaultLanguages = 'en=40,de=2,fr=2,es=2,sv=2,pl,tr,vi,ru,el,ja,ko'

await runCommand<Options>({
  name: 'data:generate',
  summary:
    'Writes a made-up play log with every kind of damage, and the truth beside it; the same seed gives the same bytes.',
  examples: [
    'npm run -s data:generate -- --plays 1000000 --seed 7 --out data/million.csv --truth data/million-truth.csv',
    'npm run -s data:generate -- --plays 1000 --damage none',
    'npm run -s data:generate -- --plays 1000 --damage typo=0.1,shifted=0 --form publisher',
    'npm run -s data:generate -- --catalogue --names 10000 --languages ru,ja,en --out names.csv --truth names-truth.csv',
  ],
  settings: [],
  configure: (command) =>
    command
      .option('--plays <n>', 'rows to write (default 5000)')
      .option('--seed <n>', 'a whole number; the same one gives the same bytes', '1')
      .option('--out <file>', 'where the log goes (default: -, which is stdout)')
      .option('--truth <file>', 'where the right names go: unique_id,artist,song,featured,version,damage')
      .option('--force', 'replace files that are there')
      .option('--damage <kind=share,…>', `shares of plays, or none; kinds: ${Object.keys(defaultDamage).join(', ')}`)
      .option(
        '--form <form>',
        'real (as the real file), publisher (comma, quoted) or plain (five columns, many time formats)',
        'real',
      )
      .option('--stations <n>', 'default: one for each 1,500 plays, 10 to 100')
      .option('--artists <n>', 'default: three times the square root of the plays')
      .option('--languages <name=weight,…>', `of the names; there are ${languages.join(', ')}`)
      .option('--catalogue', 'a catalogue of names in many spellings instead of a log')
      .option('--names <n>', 'acts in the catalogue (default 1000)')
      .option('--lookalikes <share>', 'share of acts in the catalogue that have a look-alike', '0.1')
      .option('--spellings <n>', 'most wrong spellings of an act in the catalogue', '4')
      .option('--series <share>', 'share of acts in the catalogue with recordings, parts, tribute bands …', '0'),
  async run({ options, signal, log }) {
    const started = performance.now()
    const seed = whole('--seed', options.seed, 0, 2 ** 31 - 1)
    const names = languageWeights(options.languages ?? defaultLanguages)
    let parts: Iterable<Part>
    let summary: () => string
    if (options.catalogue) {
      const acts = whole('--names', options.names ?? '1000', 2, 5_000_000)
      let total = { rows: 0, acts: 0 }
      parts = (function* () {
        total = yield* generateCatalogue({
          names: acts,
          seed,
          damage: damageShares(options.damage, catalogueDamage),
          languages: names,
          lookalikes: share('--lookalikes', options.lookalikes),
          spellings: whole('--spellings', options.spellings, 0, 50),
          series: share('--series', options.series),
        })
      })()
      summary = () => `${count(total.rows)} rows of ${count(total.acts)} acts`
    } else {
      const plays = whole('--plays', options.plays ?? '5000', 1, 2_000_000_000)
      const sizes = suitableSizes(plays)
      const written: Written = { rows: 0, damaged: noneDamaged() }
      parts = generatePlays(
        {
          plays,
          seed,
          form: formOf(options.form),
          damage: damageShares(options.damage, defaultDamage),
          stations: whole('--stations', options.stations ?? String(sizes.stations), 1, 10_000),
          artists: whole('--artists', options.artists ?? String(sizes.artists), 1, 1_000_000),
          languages: names,
        },
        written,
      )
      summary = () => {
        const damaged = Object.entries(written.damaged).filter(([, rows]) => rows > 0)
        return `${count(written.rows)} rows; ${damaged.map(([kind, rows]) => `${kind} ${count(rows)}`).join(', ')}`
      }
    }
    await using stack = new AsyncDisposableStack()
    const { force } = options
    const plays = stack.use(await createOutput(options.out ?? stdoutMark, { force }))
    const truth =
      options.truth === undefined ? undefined : stack.use(await createOutput(options.truth, { force, flag: '--truth' }))
    for (const part of parts) {
      signal.throwIfAborted()
      await plays.write(part.log)
      await truth?.write(part.truth)
    }
    await plays.complete()
    await truth?.complete()
    await plays.publish()
    await truth?.publish()
    log.info(`${summary()} in ${seconds(performance.now() - started)}`)
  },
})

function whole(flag: string, text: string, min: number, max: number): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < min || value > max) {
    throw new AppError('usage', `${flag} is "${text}" but must be a whole number from ${min} to ${max}`)
  }
  return value
}

function share(flag: string, text: string): number {
  const value = Number(text)
  if (text.trim() === '' || !(value >= 0 && value <= 1)) {
    throw new AppError('usage', `${flag} is "${text}" but must be a share from 0 to 1`)
  }
  return value
}

function formOf(text: string): Form {
  if (text === 'real' || text === 'publisher' || text === 'plain') return text
  throw new AppError('usage', `--form is "${text}" but must be real, publisher or plain`)
}

function noneDamaged(): Record<DamageKind, number> {
  return Object.fromEntries(Object.keys(defaultDamage).map((kind) => [kind, 0])) as Record<DamageKind, number>
}

/** `none`, or shares that replace the defaults: `typo=0.1,shifted=0`; `none,typo=0.1` has nothing but typos. */
function damageShares(text: string | undefined, defaults: Damage): Damage {
  const shares: Record<DamageKind, number> = { ...defaults }
  for (const item of (text ?? '').split(',').filter((each) => each !== '')) {
    if (item === 'none') {
      Object.assign(shares, noneDamaged())
      continue
    }
    const [kind = '', value = ''] = item.split('=')
    if (!(kind in defaults)) {
      throw new AppError('usage', `--damage: unknown kind "${kind}"`, {
        remedy: `kinds are ${Object.keys(defaults).join(', ')}`,
      })
    }
    shares[kind as DamageKind] = share(`--damage ${kind}`, value)
  }
  return shares
}

function languageWeights(text: string): Map<Language, number> {
  const weights = new Map<Language, number>()
  for (const item of text.split(',')) {
    const [name = '', weight = '1'] = item.split('=')
    const language = languages.find((each) => each === name.trim())
    if (!language || !(Number(weight) > 0)) {
      throw new AppError('usage', `--languages: "${item}" is not a language with a weight`, {
        remedy: `there are ${languages.join(', ')}`,
      })
    }
    weights.set(language, Number(weight))
  }
  return weights
}
