import { readFileSync } from 'node:fs'

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

function product(): { readonly version: string; readonly homepage?: string } {
  return JSON.parse(read('../package.json'))
}

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8')
