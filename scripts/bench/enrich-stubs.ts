import { startStubs } from '../../lib/stubs/index.ts'

// The stub services in a process of their own: prints their addresses, ends when its input does.
const stubs = await startStubs()
process.stdout.write(`${JSON.stringify(stubs.bases)}\n`)
process.stdin.resume()
process.stdin.once('end', () => process.exit(0))
