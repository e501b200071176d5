import { execFile } from 'node:child_process'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { scratch } from './support/input-files.ts'

const run = promisify(execFile)
const script = fileURLToPath(new URL('./support/sample-command.ts', import.meta.url))
const folder = scratch()
// A newer one may bring more than is sent here.
const packages = [
  '@opentelemetry/sdk-metrics@2',
  '@opentelemetry/resources@2',
  '@opentelemetry/exporter-metrics-otlp-http@0.223',
]

// Without what `npm test` gives to its children: its folder is not this one.
const ownEnv = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^npm_(?!config_(?:registry|proxy))/.test(name)),
)
const installed = await run('npm', ['install', '--no-audit', '--no-fund', '--prefix', folder, ...packages], {
  cwd: folder,
  env: ownEnv,
}).then(
  () => true,
  () => false,
)
if (!installed) console.warn('skipped: metrics by OTLP are not sent, since npm reaches no registry from here')

const sample = (endpoint: string, cwd = folder, more: Record<string, string> = {}) =>
  run(process.execPath, [script, '--end', 'done'], {
    cwd,
    env: { ...ownEnv, LOG_LEVEL: 'warn', OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, ...more },
  })

test('says what to install where the packages are not there', async () => {
  const { stdout, stderr } = await sample('http://127.0.0.1:1', '/')
  expect(stdout).toBe('zone UTC\n')
  expect(stderr).toContain('needs @opentelemetry/sdk-metrics, which is not installed')
  expect(stderr).toContain('npm install --no-save @opentelemetry/sdk-metrics @opentelemetry/resources')
})

;(installed ? describe : describe.skip)('OTEL_EXPORTER_OTLP_ENDPOINT', () => {
  const bodies: { path: string | undefined; key: unknown; body: any }[] = []
  let status = 200
  const collector = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part) => parts.push(part))
    request.on('end', () => {
      const { url: path, headers } = request
      bodies.push({ path, key: headers['x-key'], body: JSON.parse(Buffer.concat(parts).toString()) })
      response.writeHead(status, { 'content-type': 'application/json' }).end('{}')
    })
  })
  let endpoint = ''
  beforeAll(async () => {
    await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve))
    endpoint = `http://127.0.0.1:${(collector.address() as AddressInfo).port}`
  })
  afterAll(() => void collector.close())

  test('gets the figures of the run, once', async () => {
    const own = { OTEL_EXPORTER_OTLP_HEADERS: 'x-key=k1', OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment=test' }
    expect(await sample(endpoint, folder, own)).toEqual({ stdout: 'zone UTC\n', stderr: '' })
    expect(bodies.map(({ path, key }) => [path, key])).toEqual([['/v1/metrics', 'k1']])
    const [{ resource, scopeMetrics }] = bodies[0]!.body.resourceMetrics
    const attributes = Object.fromEntries(resource.attributes.map(({ key, value }: any) => [key, value.stringValue]))
    expect(attributes).toMatchObject({ 'service.name': 'radio-plays', 'deployment.environment': 'test' })
    const points = Object.fromEntries(
      scopeMetrics[0].metrics.map(({ name, gauge }: any) => [name, gauge.dataPoints[0]]),
    )
    expect(points.radio_plays_run_exit_code).toMatchObject({ asDouble: 0 })
    expect(points.radio_plays_run_duration_seconds.attributes).toEqual([
      { key: 'command', value: { stringValue: 'sample' } },
    ])
  })

  test('that refuses or is not there ends no run otherwise', async () => {
    status = 401
    const refused = await sample(endpoint)
    expect([refused.stdout, refused.stderr]).toEqual(['zone UTC\n', expect.stringContaining('Unauthorized')])
    const gone = await sample('http://user:hush-hush@127.0.0.1:1')
    expect([gone.stdout, gone.stderr]).toEqual(['zone UTC\n', expect.stringContaining('ECONNREFUSED')])
    expect(gone.stderr).not.toContain('hush')
  }, 30_000)
})
