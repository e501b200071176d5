import { AppError } from '../../errors.ts'
import { stamp, systemClock } from '../clock.ts'
import { contactAddress } from '../http/addresses.ts'
import type { EnrichOptions } from '../options.ts'
import { Limiters } from '../run/limiters.ts'
import { Shutdown } from '../run/shutdown.ts'
import { baseAddresses, services } from '../services/list.ts'
import { samplesOf } from './samples.ts'

/** One answer as it is kept: small, and without keys. */
export interface RecordedAnswer {
  readonly service: string
  readonly sample: string
  /** ISO 8601, UTC. */
  readonly recordedAt: string
  readonly body: unknown
}

export interface RecordResult {
  readonly answers: readonly RecordedAnswer[]
  /** Samples that brought no answer, and why. */
  readonly failures: readonly { readonly sample: string; readonly why: string }[]
}

export type RecordOptions = Pick<
  EnrichOptions,
  'log' | 'version' | 'homepage' | 'contact' | 'keys' | 'bases' | 'allowCustomHosts' | 'signal' | 'clock'
>

/**
 * Asks a service one request of each kind, politely, and gives its answers: cut to a few items, without keys and tokens.
 *
 * *Errors:* AppError `usage` for an unknown service, or one that needs a key and has none.
 */
export async function recordAnswers(name: string, options: RecordOptions): Promise<RecordResult> {
  const service = services.find((one) => one.name === name)
  if (service === undefined) {
    throw new AppError('usage', `unknown service ${JSON.stringify(name)}`, {
      remedy: `choose one of ${services.map((one) => one.name).join(', ')}`,
    })
  }
  const key = options.keys?.[name] ?? ''
  const samples = samplesOf(service, key)
  if (samples.length === 0 || (service.key?.required && key === '')) {
    throw new AppError('usage', `${service.limit.title} answers only with a key`, { remedy: 'set its key in .env' })
  }
  const { clock = systemClock } = options
  const shutdown = new Shutdown(options)
  const limiters = new Limiters({ ...options, store: neverAsked }, contactAddress(options.contact), shutdown)
  const base = baseAddresses(options.bases, options.allowCustomHosts).get(name) ?? new URL(service.address)
  const answers: RecordedAnswer[] = []
  const failures: { sample: string; why: string }[] = []
  try {
    for (const { name: sample, spec, requests } of samples) {
      let body: unknown
      const result = await limiters.of(service).call({
        service,
        needs: spec.needs,
        base,
        request: spec.httpRequest(requests, ''),
        priority: 5,
        canAcquire: () => true,
        tryAcquire: () => true,
        accept: async (json) => {
          body = json
          return true
        },
        absent: async () => {},
      })
      if (result.kind === 'ok') {
        answers.push({ service: name, sample, recordedAt: stamp(clock.now()), body: redacted(body, key) })
      } else {
        failures.push({ sample, why: 'text' in result ? result.text : result.kind })
      }
    }
  } finally {
    shutdown.over()
    await limiters.close()
  }
  return { answers, failures }
}

// A recording stores nothing.
const neverAsked = null as unknown as EnrichOptions['store']

const maxItems = 3
const maxText = 300

/** A value cut to what shows its shape, without the key. */
export function redacted(value: unknown, key: string): unknown {
  if (typeof value === 'string') {
    const clean = key.length >= 4 ? value.split(key).join('***') : value
    return clean.length > maxText ? `${clean.slice(0, maxText)}…` : clean
  }
  if (Array.isArray(value)) return value.slice(0, maxItems).map((item) => redacted(item, key))
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, redacted(field, key)]))
}
