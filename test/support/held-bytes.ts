import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

/**
 * What this process holds after a full collection, in bytes: the heap and what lies outside it (buffers). Garbage does not
 * count, neither the test's own nor that of the files that ran in this process before, so only differences that grow with
 * the input tell of the code under test.
 */
export function heldBytes(): number {
  collect()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}
