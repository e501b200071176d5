import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { LocalServerError } from './error.ts'

/** The folder of this package that the program has installed, or undefined where there is none. */
const installedPackage = (): string | undefined => {
  try {
    return dirname(createRequire(join(process.cwd(), 'x.js')).resolve('spark-connect-js/package.json'))
  } catch {
    return undefined
  }
}

let folder: string | undefined

/**
 * What the JVM is started with, plain files of this package's folder `server`: pom.xml, options, log settings, the shell
 * that watches. A bundle has them where they were copied to, or in the package beside it.
 */
const findFolder = (): string => {
  const module: string | undefined = import.meta.dirname
  const asked = process.env.SPARK_CONNECT_JS_SERVER_FILES
  const installed = installedPackage()
  const candidates = [
    ...(asked ? [asked] : []),
    ...(module === undefined ? [] : [join(module, '..', '..', 'server'), join(module, 'server')]),
    ...(installed === undefined ? [] : [join(installed, 'server')]),
  ]
  const found = candidates.find((each) => existsSync(join(each, 'lifeline.sh')) && existsSync(join(each, 'jvm.args')))
  if (found !== undefined) return found
  throw new LocalServerError(
    'local[*] needs the folder server of the package spark-connect-js, which a bundle does not hold',
    {
      code: 'FAILED_PRECONDITION',
      place: candidates.join(', ') || process.cwd(),
      remedy:
        'bundle with the package left out (esbuild --external:spark-connect-js), or copy node_modules/spark-connect-js/server ' +
        'beside the bundle, or set SPARK_CONNECT_JS_SERVER_FILES to it',
    },
  )
}

/** The path of one of these files. *Errors:* LocalServerError in a bundle that lacks them. */
export const serverFile = (name: string): string => {
  folder ??= findFolder()
  return join(folder, name)
}
