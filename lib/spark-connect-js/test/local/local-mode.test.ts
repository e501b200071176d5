import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { type DataFrame, SparkConnectError, SparkSession } from '../../src/index.ts'
import { installSpark } from '../../src/local/index.ts'

// The jars of the project's own folder, so that the test brings none.
const home = join(import.meta.dirname, '..', '..', '..', '..', '.spark')
const previous = { home: process.env.SPARK_CONNECT_JS_HOME, memory: process.env.SPARK_DRIVER_MEMORY }

beforeAll(async () => {
  process.env.SPARK_CONNECT_JS_HOME = home
  process.env.SPARK_DRIVER_MEMORY = '512m'
  await installSpark({ home })
}, 600_000)

afterAll(() => {
  if (previous.home === undefined) delete process.env.SPARK_CONNECT_JS_HOME
  if (previous.memory === undefined) delete process.env.SPARK_DRIVER_MEMORY
})

const run = promisify(execFile)

/** The JVM of local mode below a process: java, of the shell that watches over it, of the process. */
async function jvmOf(parent: number): Promise<number | undefined> {
  const { stdout } = await run('ps', ['-ww', '-eo', 'pid=,ppid=,args='])
  const processes = stdout.split('\n').map((line) => /^ *(\d+) +(\d+) (.*)$/.exec(line)?.slice(1) ?? [])
  const shells = processes.filter(([, ppid, args]) => Number(ppid) === parent && args?.includes('lifeline.sh'))
  const java = processes.find(([, ppid, args]) => shells.some(([pid]) => pid === ppid) && args?.includes('jvm.args'))
  return java && Number(java[0])
}

const config = { 'spark.sql.warehouse.dir': '/nowhere', 'spark.app.name': 'local mode' }

test('builder().remote("local[*]") starts a server that sessions share and whose death is explained', async () => {
  const builder = () => SparkSession.builder().remote('local[*]').options({ config })
  const first = await builder().getOrCreate()
  const one = async (frame: DataFrame<{ id: bigint }>) => (await frame.collect())[0]?.id
  expect(await one(first.range(1))).toBe(0n)
  // A static setting, which no session could change.
  expect(await first.conf.get('spark.sql.warehouse.dir')).toBe('file:/nowhere')
  expect(await first.conf.get('spark.master')).toBe('local[*,4]')
  expect(await builder().config('spark.sql.shuffle.partitions', 3).getOrCreate()).toBe(first)
  expect(await first.conf.get('spark.sql.shuffle.partitions')).toBe('3')

  const applicationOf = (session: SparkSession) => session.conf.get('spark.app.id')
  const application = await applicationOf(first)
  const [second, third] = await Promise.all([first.newSession(), SparkSession.connect('local[*]', { config })])
  expect(await applicationOf(second)).toBe(application)
  expect(await applicationOf(third)).toBe(application)
  await first.stop()
  await third.stop()
  expect(await one(second.range(1))).toBe(0n)

  const long = second.range(0, 1_000_000_000_000n).filter('id < 0').count()
  const died = long.catch((error: unknown) => error)
  await new Promise((resolve) => setTimeout(resolve, 500))
  process.kill((await jvmOf(process.pid))!, 'SIGKILL')
  expect(await died).toBeInstanceOf(SparkConnectError)
  expect(((await died) as Error).message).toMatch(/^Spark was killed from outside.*\nat: .*\.log\nto do: lower SPARK_/)
  await second.stop()
}, 180_000)

test('the server ends with the last session, and nothing keeps the process', async () => {
  const index = join(import.meta.dirname, '..', '..', 'src', 'index.ts')
  const program = `
    import { SparkSession } from ${JSON.stringify(index)}
    const spark = await SparkSession.connect('local')
    console.log(await spark.range(3).count())
    process.stdin.once('data', () => process.stdin.destroy())
    process.stdin.once('close', () => spark.stop())`
  const args = ['--no-warnings', '--input-type=module-typescript', '--eval', program]
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] })
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
  const [printed] = (await once(child.stdout, 'data')) as [Buffer]
  expect(printed.toString()).toBe('3n\n')
  const jvm = (await jvmOf(child.pid!))!
  expect(() => process.kill(jvm, 0)).not.toThrow()
  child.stdin.end('stop')
  expect(await ended).toBe(0)
  expect(() => process.kill(jvm, 0)).toThrow('ESRCH')
}, 180_000)

test.each([
  ['local[0]', /begins with sc:\/\/ \(or is local\[\*\]\)/],
  ['local[x]', /begins with sc:\/\//],
])('%s is not a master', async (remote, message) => {
  await expect(SparkSession.connect(remote)).rejects.toThrow(message)
})

test('a machine without Java is told what to do', async () => {
  const { PATH, JAVA_HOME } = process.env
  process.env.PATH = '/nowhere'
  delete process.env.JAVA_HOME
  try {
    await expect(SparkSession.connect('local[1]')).rejects.toThrow(/^Java 17 or later is needed.*\nat: PATH\nto do: /)
  } finally {
    process.env.PATH = PATH
    if (JAVA_HOME !== undefined) process.env.JAVA_HOME = JAVA_HOME
  }
})
