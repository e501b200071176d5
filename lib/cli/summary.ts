import type { LakeFacts, RunFacts } from '../model/run-facts.ts'
import { colours, count, folded, plural, printable, seconds, table } from '../terminal.ts'

/** How a terminal shows a heading and what matters less. */
export interface Theme {
  bold(text: string): string
  dim(text: string): string
}

const plain: Theme = { bold: (text) => text, dim: (text) => text }

/** What a run of the main job prints at its end: JSON where that was asked for, else text in the colours of this terminal. */
export function closingText(facts: RunFacts, { json }: { readonly json?: boolean }): string {
  if (json) return JSON.stringify({ version: 1, ...facts })
  const { isTTY, columns } = process.stdout
  const text = summaryText(facts, colours)
  return isTTY && columns ? folded(text, columns) : text
}

/** The closing summary of a run, for people: at most 40 lines, every name made safe to print. */
export function summaryText(facts: RunFacts, { bold, dim }: Theme = plain): string {
  const quarantined = facts.quarantined.reduce((sum, { rows }) => sum + rows, 0)
  const changed = facts.changes.filter(({ inserted, updated, deleted }) => inserted + updated + deleted > 0)
  const inAll =
    facts.playsInAll === facts.plays
      ? `${plural(facts.repaired, 'play')} repaired`
      : `${plural(facts.playsInAll, 'play')} in total, ${count(facts.repaired)} repaired`
  const lines = [
    bold(
      `${plural(facts.rowsIn, 'row')} in = ${plural(facts.plays, 'play')} + ${count(quarantined)} quarantined + ${plural(facts.duplicates, 'duplicate')}`,
    ),
    `${inAll}, ${plural(facts.stations, 'station')}, ${plural(facts.artists, 'artist')}, ${plural(facts.songs, 'song')}${period(facts)}`,
  ]
  if (facts.skippedFiles.length > 0) {
    lines.push(`Skipped, for they cannot be read: ${facts.skippedFiles.map(printable).join(', ')}`)
  }
  if (facts.quarantined.length > 0) {
    lines.push(
      '',
      bold('Quarantined'),
      table(
        facts.quarantined.slice(0, 10).map(({ reason, rows }) => [rows, reason]),
        100,
      ),
    )
  }
  if (facts.topArtists.length > 0) {
    const rows = facts.topArtists.slice(0, 10).map(({ artist, plays }, i) => [i + 1, artist, plays])
    lines.push('', bold('Top artists by plays'), table(rows))
  }
  lines.push(
    '',
    dim(`Time: ${stagesText(facts)}${seconds(facts.totalMs)} in all, ${facts.peakMb} MB`),
    dim(`Spark: ${facts.spark}`),
    dim(`Database: ${facts.database}`),
    ...(facts.lake === undefined ? [] : [dim(lakeText(facts.lake))]),
    changed.length === 0
      ? 'Changed: nothing'
      : `Changed: ${changed.map((each) => `${each.table} ${changeText(each)}`).join(', ')}`,
    '',
    'Next: npm run job:enrich (pictures, durations, ids) · npm run export (CSV) · npm run report (HTML)',
  )
  return lines.join('\n')
}

/** The version of a lake, for people. */
export function lakeText({ address, version, slot, written }: LakeFacts): string {
  return `Lake: ${printable(address)}, version ${version} in ${slot}${written ? '' : ', nothing new'}`
}

function stagesText({ stages }: RunFacts): string {
  return stages.length === 0 ? '' : `${stages.map(({ stage, ms }) => `${stage} ${seconds(ms)}`).join(', ')}; `
}

function period({ firstPlay, lastPlay }: RunFacts): string {
  if (firstPlay === null || lastPlay === null) return ''
  const day = (unix: number) => new Date(unix * 1000).toISOString().slice(0, 10)
  return `, ${day(firstPlay)} to ${day(lastPlay)} (UTC)`
}

function changeText(change: { inserted: number; updated: number; deleted: number }): string {
  return [
    change.inserted > 0 ? `+${count(change.inserted)}` : '',
    change.updated > 0 ? `~${count(change.updated)}` : '',
    change.deleted > 0 ? `−${count(change.deleted)}` : '',
  ]
    .filter((part) => part !== '')
    .join(' ')
}
