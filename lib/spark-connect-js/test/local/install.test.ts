import { spawnSync } from 'node:child_process'
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { serverFile } from '../../src/local/files.ts'
import type { LocalServerError } from '../../src/local/index.ts'
import { findJava, installSpark, sparkVersion, startLocalServer } from '../../src/local/index.ts'

const root = join(import.meta.dirname, '..', '..', '..', '..')
let folder = ''

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'install-test-'))
})

afterEach(async () => {
  await rm(folder, { recursive: true, force: true })
})

/** An executable shell script under `bin`, for programs that a test replaces. */
async function program(name: string, script: string): Promise<string> {
  const bin = join(folder, 'bin')
  await mkdir(bin, { recursive: true })
  await writeFile(join(bin, name), `#!/bin/sh\n${script}\n`)
  await chmod(join(bin, name), 0o755)
  return bin
}

/** SHA-256 of nothing. */
const emptyFile = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'
const checksums = () => join(folder, 'jars.sha256')

/** A `bin` with the real Java and with a Maven that notes each call and takes its time. */
async function slowMaven(): Promise<string> {
  const java = await findJava(process.env)
  const bin = await program(
    'mvn',
    `echo called >> ${folder}/calls
for a in "$@"; do case $a in -DoutputDirectory=*) out=\${a#*=};; esac; done
/bin/mkdir -p "$out"; /bin/sleep 0.3; : > "$out/spark-connect_2.13-${sparkVersion}.jar"; /bin/sleep 0.2; : > "$out/spark-sql_2.13-${sparkVersion}.jar"`,
  )
  await symlink(java.path, join(bin, 'java'))
  const names = [`spark-connect_2.13-${sparkVersion}.jar`, `spark-sql_2.13-${sparkVersion}.jar`]
  await writeFile(checksums(), names.map((name) => `${emptyFile}  ${name}\n`).join(''))
  return bin
}

const sentence = (error: unknown): string => {
  const { what, place, remedy } = error as LocalServerError
  return [what, place, remedy].join(' | ')
}

test('the version that is looked for is the one that pom.xml pins', async () => {
  const pom = await readFile(join(import.meta.dirname, '..', '..', 'server', 'pom.xml'), 'utf8')
  expect(/<spark\.version>(.*)<\/spark\.version>/.exec(pom)?.[1]).toBe(sparkVersion)
})

describe('what is missing is one sentence with the remedy', () => {
  test('no Java', async () => {
    const error = await installSpark({ home: folder, env: { PATH: '/nowhere' } }).catch((e: unknown) => e)
    expect(error).toMatchObject({ name: 'SparkConnectError', code: 'UNAVAILABLE' })
    expect(sentence(error)).toMatch(
      /^Java 17 or later is needed .* install a Java runtime.*use a server that runs already/,
    )
  })

  test('JAVA_HOME without a Java', async () => {
    const error = await findJava({ PATH: process.env.PATH, JAVA_HOME: folder }).catch((e: unknown) => e)
    expect(error).toMatchObject({ place: folder })
    expect(sentence(error)).toContain('correct JAVA_HOME')
  })

  test.each(['11.0.2', '1.8.0_392'])('a Java that is too old: %s', async (version) => {
    await program('java', 'exit 1')
    await writeFile(join(folder, 'release'), `JAVA_VERSION="${version}"\n`)
    const error = await findJava({ PATH: '', JAVA_HOME: folder }).catch((e: unknown) => e)
    expect(error).toMatchObject({ what: `Java ${version} is too old for Spark 4` })
  })

  test('a Java that does not start, as on a Mac without one', async () => {
    const bin = await program('java', 'echo "Unable to locate a Java Runtime." >&2; exit 1')
    const error = await findJava({ PATH: bin }).catch((e: unknown) => e)
    expect(sentence(error)).toMatch(/^Java was found but does not start/)
  })

  test('a Java without a release file is asked', async () => {
    const bin = await program('java', `echo 'openjdk version "21.0.4" 2024-07-16' >&2`)
    expect(await findJava({ PATH: bin })).toMatchObject({ version: '21.0.4', major: 21 })
  })

  test('no Maven, and nothing to take instead', async () => {
    const bin = await slowMaven()
    await rm(join(bin, 'mvn'))
    const env = { PATH: bin }
    const error = await installSpark({ home: folder, sparkHome: '/nowhere', env }).catch((e: unknown) => e)
    expect(sentence(error)).toMatch(/^Maven is needed once.*SPARK_HOME=\/nowhere holds no Spark 4.*install Maven/)
  })

  test('a Maven that fails: its first error, and where all of it is', async () => {
    const bin = await slowMaven()
    await program('mvn', 'echo "[ERROR] Could not resolve dependencies"; exit 1')
    const error = await installSpark({ home: folder, env: { PATH: bin } }).catch((e: unknown) => e)
    expect(sentence(error)).toContain(': Could not resolve dependencies | ')
    expect(await readFile((error as LocalServerError).place!, 'utf8')).toContain('[ERROR]')
    expect(await readdir(join(folder, sparkVersion))).toEqual([])
  })
})

describe('without Maven', () => {
  test('the jars of SPARK_HOME are taken if they are of Spark 4', async () => {
    const bin = await slowMaven()
    await rm(join(bin, 'mvn'))
    await mkdir(join(folder, 'spark', 'jars'), { recursive: true })
    await writeFile(join(folder, 'spark', 'jars', 'spark-connect_2.13-4.1.1.jar'), '')
    const jars = await installSpark({ home: folder, sparkHome: join(folder, 'spark'), env: { PATH: bin } })
    expect(jars).toMatchObject({ version: '4.1.1', folder: join(folder, 'spark', 'jars') })
  })

  test('the jars of a pyspark are taken', async () => {
    const bin = await slowMaven()
    await rm(join(bin, 'mvn'))
    await program('python3', `echo ${folder}/pyspark`)
    await mkdir(join(folder, 'pyspark', 'jars'), { recursive: true })
    await writeFile(join(folder, 'pyspark', 'jars', 'spark-connect_2.13-4.0.0.jar'), '')
    expect(await installSpark({ home: folder, env: { PATH: bin } })).toMatchObject({ version: '4.0.0' })
  })
})

describe('checksums', () => {
  const given = async (text: string) => {
    const bin = await slowMaven()
    await writeFile(checksums(), text)
    const options = { home: folder, env: { PATH: bin }, checksums: checksums() }
    return await installSpark(options).catch((error: unknown) => error)
  }
  const connect = `${emptyFile}  spark-connect_2.13-${sparkVersion}.jar\n`

  test('there is one for each jar of the version that is installed', async () => {
    const lines = (await readFile(serverFile('jars.sha256'), 'utf8')).trimEnd().split('\n')
    expect(lines.filter((line) => !/^[0-9a-f]{64} {2}[\w.-]+\.jar$/.test(line))).toEqual([])
    expect(lines.map((line) => line.slice(66))).toContain(`spark-connect_2.13-${sparkVersion}.jar`)
  })

  test('a damaged jar is named with its remedy, and nothing is installed', async () => {
    const error = await given(`${connect}${'0'.repeat(64)}  spark-sql_2.13-${sparkVersion}.jar\n`)
    expect(error).toMatchObject({ code: 'DATA_LOSS' })
    expect(sentence(error)).toMatch(
      /: spark-sql_2\.13-4\.2\.0\.jar is damaged \| .* find ~\/\.m2\/repository -name 'spark-sql_2\.13-4\.2\.0\.jar' \| xargs rm/,
    )
    expect(await readdir(join(folder, sparkVersion))).toEqual([])
  })

  test('a jar that nobody knows is not run', async () => {
    expect(sentence(await given(connect))).toContain(`spark-sql_2.13-${sparkVersion}.jar does not belong to Spark`)
  })

  test('a jar that is missing is named', async () => {
    const both = `${connect}${emptyFile}  spark-sql_2.13-${sparkVersion}.jar\n`
    expect(sentence(await given(`${both}${emptyFile}  zstd.jar\n`))).toContain('zstd.jar is missing')
  })

  test('where Spark does not start, a jar that changed since is named with its remedy', async () => {
    const real = await installSpark({ home: join(root, '.spark') })
    const jars = join(folder, sparkVersion, 'jars')
    await mkdir(jars, { recursive: true })
    for (const path of real.paths) await symlink(path, join(jars, basename(path)))
    const damaged = `scala-library-2.13.18.jar`
    await rm(join(jars, damaged))
    await writeFile(join(jars, damaged), 'half a jar')
    const start = startLocalServer({ home: folder })
    const error = await start.catch((e: unknown) => e)
    expect(error).toMatchObject({ code: 'DATA_LOSS', place: jars })
    expect(sentence(error)).toMatch(/installed: scala-library-\S+ is damaged .* rm -r '.*jars', and start again/)
  })
})

describe('installing', () => {
  test('happens once, however many ask for it at the same time', async () => {
    const bin = await slowMaven()
    const said: string[] = []
    const install = () =>
      installSpark({
        home: folder,
        env: { PATH: bin },
        checksums: checksums(),
        onProgress: (text) => void said.push(text),
      })
    const all = await Promise.all([install(), install(), install()])
    for (const jars of all) expect(jars.paths).toHaveLength(2)
    expect(await readFile(join(folder, 'calls'), 'utf8')).toBe('called\n')
    expect(said.filter((text) => text.startsWith('another run'))).toHaveLength(2)
    // Nothing is left of the work: neither a lock nor a half-filled folder.
    expect(await readdir(join(folder, sparkVersion))).toEqual(['jars'])
  })

  test('takes over from an installer that was killed', async () => {
    const bin = await slowMaven()
    await mkdir(join(folder, sparkVersion))
    const dead = spawnSync('/bin/sh', ['-c', 'echo $$'], { encoding: 'utf8' }).stdout.trim()
    const lock = join(folder, sparkVersion, 'install.lock')
    await writeFile(lock, JSON.stringify({ pid: Number(dead), host: hostname() }))
    expect((await installSpark({ home: folder, env: { PATH: bin }, checksums: checksums() })).paths).toHaveLength(2)
  })

  test('waits for a living installer only as long as it is wanted', async () => {
    const bin = await slowMaven()
    await mkdir(join(folder, sparkVersion))
    const lock = join(folder, sparkVersion, 'install.lock')
    await writeFile(lock, JSON.stringify({ pid: process.pid, host: hostname() }))
    const signal = AbortSignal.timeout(400)
    await expect(installSpark({ home: folder, env: { PATH: bin }, signal })).rejects.toThrow(/abort/i)
    expect(await readdir(join(folder, sparkVersion))).toEqual(['install.lock'])
  })
})
