import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { AppError } from '../errors.ts'
import { gaugesOf, type RunMetrics } from './metrics.ts'

// Nobody waits longer for a collector that does not answer.
const timeoutMillis = 5_000
const packages = ['@opentelemetry/sdk-metrics', '@opentelemetry/resources', '@opentelemetry/exporter-metrics-otlp-http']

interface Resource {
  merge(other: Resource): Resource
}

/** The part of OpenTelemetry's packages that is used. They are 37 MB, and so only there for who wants them. */
interface Telemetry {
  readonly MeterProvider: new (options: {
    readonly resource: Resource
    readonly readers: readonly unknown[]
  }) => {
    getMeter(
      name: string,
      version: string,
    ): {
      createGauge(
        name: string,
        options: { readonly description: string },
      ): {
        record(value: number, attributes: Readonly<Record<string, string>>): void
      }
    }
  }
  readonly PeriodicExportingMetricReader: new (options: {
    readonly exporter: unknown
    readonly exportIntervalMillis: number
  }) => { collect(): Promise<{ readonly resourceMetrics: unknown }> }
  readonly OTLPMetricExporter: new (options: {
    readonly url: string
    readonly timeoutMillis: number
  }) => {
    export(metrics: unknown, done: (result: { readonly code: number; readonly error?: Error }) => void): void
    shutdown(): Promise<void>
  }
  resourceFromAttributes(attributes: Readonly<Record<string, string>>): Resource
  detectResources(options: { readonly detectors: readonly unknown[] }): Resource
  readonly envDetector: unknown
}

/**
 * Sends what a run measured to a collector by OTLP (HTTP), once. OpenTelemetry's own variables count as well:
 * `OTEL_EXPORTER_OTLP_HEADERS`, `OTEL_RESOURCE_ATTRIBUTES`, `OTEL_SERVICE_NAME`.
 *
 * *Errors:* AppError `usage` where its packages are not installed, any error where the collector does not take them.
 */
export async function sendMetrics(endpoint: string, run: RunMetrics): Promise<void> {
  const telemetry = await loadTelemetry()
  const url = `${endpoint.replace(/\/+$/, '')}/v1/metrics`
  const exporter = new telemetry.OTLPMetricExporter({ url, timeoutMillis })
  // It is asked once, below: a reader that exports by itself tells nobody what became of it.
  const reader = new telemetry.PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 2 ** 31 - 1 })
  const ours = telemetry.resourceFromAttributes({ 'service.name': 'radio-plays', 'service.version': run.version })
  const resource = ours.merge(telemetry.detectResources({ detectors: [telemetry.envDetector] }))
  const meter = new telemetry.MeterProvider({ resource, readers: [reader] }).getMeter('radio-plays', run.version)
  for (const { name, help, samples } of gaugesOf(run)) {
    const gauge = meter.createGauge(name, { description: help })
    for (const [labels, value] of samples) gauge.record(value, labels)
  }
  const { resourceMetrics } = await reader.collect()
  try {
    await new Promise<void>((resolve, reject) => {
      exporter.export(resourceMetrics, ({ code, error }) => (code === 0 ? resolve() : reject(error)))
    })
  } finally {
    await exporter.shutdown()
  }
}

/** The packages of the folder that the command runs in, else ours. */
async function loadTelemetry(): Promise<Telemetry> {
  const load = async (name: string) => {
    const places = [join(process.cwd(), 'package.json'), import.meta.filename]
    for (const place of places) {
      try {
        return await import(pathToFileURL(createRequire(place).resolve(name)).href)
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw error
      }
    }
    throw new AppError('usage', `OTEL_EXPORTER_OTLP_ENDPOINT needs ${name}, which is not installed`, {
      remedy: `npm install --no-save ${packages.join(' ')}`,
    })
  }
  return Object.assign({}, ...(await Promise.all(packages.map(load))))
}
