import { enrich, fastClock } from '../../lib/enrich/index.ts'
import { silent } from '../../lib/log.ts'
import { openLookups, openStore } from '../../lib/store/index.ts'

/*
 * A whole enrichment in a process of its own, for tests that kill it. Its clock is the parent's: `speed` times as fast
 * as the machine's since `origin` (machine's ms), when it showed `start`.
 */
const { file, bases, speed, origin, start } = JSON.parse(process.argv[2] ?? '{}')
const store = await openStore(`sqlite:${file}`, { log: silent })
const result = await enrich({
  store: openLookups(store),
  log: silent,
  version: '0.1.0',
  contact: 'ops@plays.fm',
  bases,
  clock: fastClock(speed, start + (Date.now() - origin) * speed),
  random: () => 0.5,
  timeoutMs: 10_000 * speed,
})
await store.close()
process.stdout.write(JSON.stringify({ end: result.end, requests: result.requests }))
