import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** The version of the product, as `package.json` has it. */
export function version(): string {
  return product().version
}

/** The page of the product, as `package.json` has it; undefined while it has none. */
export function homepage(): string | undefined {
  return product().homepage
}

/** The versions that whoever reports a fault pastes. A running server says its own version to `npm run doctor`. */
export function versions(): string {
  const client = JSON.parse(read('spark-connect-js/package.json'))
  const spark = /<spark\.version>(.+)<\/spark\.version>/.exec(read('spark-connect-js/server/pom.xml'))?.[1]
  return [
    `radio-plays ${version()}`,
    `Node ${process.version.slice(1)}`,
    `spark-connect-js ${client.version}`,
    `Spark ${spark} (embedded server)`,
  ].join('\n')
}

// What a run is made of: programs, and what Spark is started with.
const codeFiles = /\.(?:ts|m?js|xml|args|json)$/
const notOfRuns = /(?:^|[\\/])(?:test|conformance|examples|node_modules|proto)[\\/]/

/** SHA-256 of the code of this product, hexadecimal: another one may make other tables of the same input. *Cost:* reads it, 70 ms. */
export function codeDigest(): string {
  const folder = fileURLToPath(new URL('.', import.meta.url))
  const files = (readdirSync(folder, { recursive: true }) as string[]).filter(
    (name) => codeFiles.test(name) && !notOfRuns.test(name),
  )
  const hash = createHash('sha256').update(process.version)
  for (const name of files.sort()) hash.update(`${name}\n`).update(readFileSync(`${folder}/${name}`))
  return hash.digest('hex')
}

function product(): { readonly version: string; readonly homepage?: string } {
  return JSON.parse(read('../package.json'))
}

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8')
