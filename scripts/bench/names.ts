import { createWriteStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { expr } from 'spark-connect-js'
import { frameLines, planInputs } from '../../lib/input/index.ts'
import { silent } from '../../lib/log.ts'
import { acceptPlays, parsePlays, resolveNames } from '../../lib/plays/index.ts'
import { openSpark, readLines } from '../../lib/spark/index.ts'
import { table } from '../../lib/terminal.ts'
import { catalogueDamage, generateCatalogue } from '../generate/catalogue.ts'
import { inSeconds } from './measure.ts'

// The generator makes 1.78 spellings of an act, as its defaults are.
const spellingsPerAct = 1.78

/**
 * Resolution of names alone, by distinct artist names: catalogues in many spellings and languages, each on a server of its
 * own with 4 GB. Seconds from accepted plays to both tables of names, the pairs that were estimated before the join, how
 * much longer than the size before it took, and this process's peak memory. One run each: sizes are the repetition.
 */
export async function benchNames(options: { names: string[] }): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-names-'))
  const rows: (string | number)[][] = []
  let before: number | undefined
  try {
    for (const names of options.names.map(Number)) {
      const log = join(folder, `${names}.csv`)
      const parts = generateCatalogue({
        names: Math.max(2, Math.round(names / spellingsPerAct)),
        seed: 1,
        damage: catalogueDamage,
        languages: new Map([
          ...(['en', 'de', 'fr', 'es', 'sv', 'pl'] as const).map((language) => [language, 4] as const),
          ...(['ru', 'el', 'tr', 'ar', 'ja', 'ko'] as const).map((language) => [language, 1] as const),
        ]),
        lookalikes: 0.1,
        spellings: 4,
      })
      await pipeline(function* () {
        for (const part of parts) yield part.log
      }, createWriteStream(log))
      const measured = await resolveFile(log)
      rows.push([
        measured.names,
        measured.plays,
        measured.pairs,
        inSeconds(measured.seconds),
        before === undefined ? '' : (measured.seconds / before).toFixed(1),
        Math.round(process.resourceUsage().maxRSS / 1024),
      ])
      before = measured.seconds
    }
    const header = ['artist names', 'plays', 'pairs', 'resolve s', 'times the one before', 'peak MB']
    process.stdout.write(`${table([header, ...rows])}\n`)
  } finally {
    await rm(folder, { recursive: true })
  }
}

async function resolveFile(path: string) {
  const plan = await planInputs([path])
  await using server = await openSpark({
    remote: process.env.SPARK_REMOTE ?? 'local[*]',
    driverMemory: '4g',
    inputBytes: plan.bytes,
    log: silent,
  })
  const [group] = plan.groups
  const lines = await readLines(server.session, frameLines(group!.files), { scratch: server.scratch })
  const { plays, ledger } = await acceptPlays(lines.transform(parsePlays(group!.dialect)))
  let pairs = 0
  const started = performance.now()
  const step = (text: string) =>
    process.stderr.write(`${ledger.plays} plays: ${text} after ${inSeconds((performance.now() - started) / 1000)} s\n`)
  const resolved = await resolveNames(server.session, plays, {
    onEstimate: (estimate) => {
      pairs = Number(estimate.reduce((sum, each) => sum + each.pairs, 0n))
      step(`${pairs} pairs to compare (${estimate.map((each) => `${each.rule} ${each.pairs}`).join(', ')})`)
    },
  })
  step('resolved')
  const [artists] = await resolved.artistNames.agg({ n: expr<bigint>('count(*)') }).collect()
  const [songs] = await resolved.songNames.agg({ n: expr<bigint>('count(*)') }).collect()
  step(`${artists!.n} names of artists, ${songs!.n} of titles`)
  return {
    names: Number(artists!.n),
    plays: Number(ledger.plays),
    pairs,
    seconds: (performance.now() - started) / 1000,
  }
}
