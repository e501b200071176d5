import { byStatus, type HttpAnswer, type Outcome, rateLimited, transient } from '../http/outcome.ts'
import { record, text } from '../json.ts'
import type { SharedLimit } from './service.ts'

/*
 * What Wikimedia's services have in common: one counter of requests over all projects, and the errors of MediaWiki's API.
 */

/** 200 a minute for whoever names a contact, planned at 150. */
export const wikimediaLimit: SharedLimit = {
  name: 'wikimedia',
  title: 'Wikimedia',
  limits: {
    maxConcurrent: 2,
    minTimeMs: 400,
    reservoir: { count: 150, perMs: 60_000 },
    timeoutMs: 25_000,
    noOtherWay: true,
  },
}

/** Without a contact Wikimedia allows ten requests a minute over all its services: eight, under one limit. */
export const unidentifiedLimit: SharedLimit = {
  ...wikimediaLimit,
  limits: {
    maxConcurrent: 1,
    minTimeMs: 7_500,
    reservoir: { count: 8, perMs: 60_000 },
    timeoutMs: 65_000,
    noOtherWay: true,
  },
}

/** Errors of MediaWiki's API, which come as 200. */
export function classifyMediaWiki(answer: HttpAnswer): Outcome {
  const { status, json, waitMs } = answer
  const error = record(record(json).error)
  const code = text(error.code, 60)
  if (status === 429) return rateLimited(waitMs, 'HTTP 429', 20_000)
  if (code === 'maxlag') return transient('maxlag', waitMs ?? 5_000)
  if (code === 'ratelimited') return rateLimited(waitMs, 'ratelimited', 20_000)
  if (code === 'no-such-entity') {
    const id = text(error.id, 60)
    return { kind: 'not_found', code, ...(id === null ? {} : { id }) }
  }
  if (code === 'toomanyvalues') return { kind: 'split', text: code }
  if (code !== null && /^(readonly|internal_api_error|cirrussearch-)/.test(code)) return transient(code, waitMs)
  if (code !== null) return { kind: 'bad_request', text: `${code}: ${text(error.info, 120) ?? ''}` }
  return byStatus(answer)
}
