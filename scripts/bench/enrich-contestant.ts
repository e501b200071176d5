import { enrich, type Limits, roles, services } from '../../lib/enrich/index.ts'
import { silent } from '../../lib/log.ts'
import { stubToken } from '../../lib/stubs/index.ts'
import { madeUpCatalogue, openDatabase } from '../../test/enrich/harness.ts'

// One whole enrichment through plan, match and cache, into a new database: prints {"seconds", "rows", "memoryMb", …}.
const { bases, artists, songs, token } = JSON.parse(process.env.BENCH_ENRICH!)
const database = await openDatabase(madeUpCatalogue(artists, songs))
const free: Limits = { maxConcurrent: 4, minTimeMs: 0, timeoutMs: 60_000 }
// What filling the database left behind is not the run's.
globalThis.gc?.()
const heap: number[] = []
const live: number[] = []
const sampler = setInterval(() => {
  heap.push(process.memoryUsage().rss / 1e6)
  if (heap.length % 16 !== 0) return
  globalThis.gc?.()
  live.push(process.memoryUsage().heapUsed / 1e6)
}, 500)
const cpu = process.cpuUsage()
const started = performance.now()
const result = await enrich({
  store: database.lookups,
  log: silent,
  version: '0.1.0',
  contact: 'ops@plays.fm',
  bases,
  limits: Object.fromEntries(services.map((service) => [service.limit.name, free])),
  ...(token ? { keys: { [roles.songMatches.name]: stubToken } } : {}),
})
const seconds = (performance.now() - started) / 1000
clearInterval(sampler)
await database.close()
// Flat memory: what the middle of the run needed and what its end needs.
const quarters = (samples: readonly number[]) =>
  [0.25, 0.5, 0.75, 1].map((at) => Math.round(samples[Math.floor((samples.length - 1) * at)] ?? 0))
console.log(
  JSON.stringify({
    seconds,
    rows: result.artists.total + result.tracks.total,
    requests: result.requests,
    planned: result.plan.requests,
    end: result.end,
    left: result.left,
    cpuSeconds: process.cpuUsage(cpu).user / 1e6,
    memoryMb: quarters(heap),
    liveMb: quarters(live),
  }),
)
