import { barChart, shareChart } from './charts.ts'
import type { ReportData } from './data.ts'
import { html } from './html.ts'
import { empty, figure, number, type Section, table } from './section.ts'

export function enriched({ enriched: each }: ReportData): Section {
  const shares = each.map(({ what, found, of }) => ({
    label: what,
    share: of > 0 ? found / of : 0,
    detail: `${number(found)} of ${number(of)}`,
  }))
  const caption = 'Share of the data that public sources know'
  return {
    id: 'enriched',
    title: 'What public sources know',
    body: figure(
      shareChart(caption, shares),
      caption,
      ['What', 'Known', 'Of', 'Percent'],
      each.map(({ what, found, of }) => [what, found, of, of > 0 ? Math.round((found / of) * 1000) / 10 : 0]),
    ),
  }
}

export function quality({ repairs, refusals, totals }: ReportData): Section {
  const read = totals.plays + totals.quarantined
  const shares = [
    { label: 'rows read as they were', rows: totals.plays - totals.repaired },
    { label: 'rows repaired', rows: totals.repaired },
    { label: 'rows refused', rows: totals.quarantined },
  ].map(({ label, rows }) => ({
    label,
    share: read > 0 ? rows / read : 0,
    detail: `${number(rows)} of ${number(read)}`,
    rows,
  }))
  const caption = 'What became of the rows'
  const repairedBy =
    repairs.length > 0 &&
    figure(
      barChart(
        'Repaired rows by rule',
        'rows',
        repairs.map(({ rule, plays }) => ({ label: rule, value: plays })),
      ),
      'Repaired rows by rule',
      ['Rule', 'Rows'],
      repairs.map(({ rule, plays }) => [rule, plays]),
    )
  const refusedBy =
    refusals.length > 0 &&
    figure(
      barChart(
        'Refused rows by reason',
        'rows',
        refusals.map(({ reason, rows }) => ({ label: reason, value: rows })),
      ),
      'Refused rows by reason',
      ['Reason', 'Rows'],
      refusals.map(({ reason, rows }) => [reason, rows]),
    )
  const samples = refusals.flatMap(({ reason, samples: some }) =>
    some.map(({ line, place }) => [reason, place, html`<code>${line}</code>`] as const),
  )
  return {
    id: 'quality',
    title: 'Quality of the data',
    body: html`${figure(
      shareChart(caption, shares),
      caption,
      ['Rows', 'Number'],
      shares.map(({ label, rows }) => [label, rows]),
    )}${repairedBy}${refusedBy}${samples.length > 0 && html`<div class="offpaper"><h3>Refused rows, for example</h3>${table('Refused rows, for example', ['Reason', 'Place', 'Row as it was read'], samples)}</div>`}`,
  }
}

export function names({ methods, merges }: ReportData): Section {
  const title = 'Names that were brought together'
  if (methods.length === 0) return empty('names', title, 'There are no names.')
  const caption = 'Spellings of artists by how their name was found'
  return {
    id: 'names',
    title,
    body: html`${figure(
      barChart(
        caption,
        'spellings',
        methods.map(({ method, names: count }) => ({ label: method, value: count })),
      ),
      caption,
      ['Method', 'Spellings', 'Plays'],
      methods.map(({ method, names: count, plays }) => [method, count, plays]),
    )}${
      merges.length > 0 &&
      html`<h3>The most played spellings that became another name</h3>${table(
        'The most played spellings that became another name',
        ['As read', 'Name', 'Method', 'Score', 'Plays'],
        merges.map((each) => [each.raw, each.clean, each.method, each.score, each.plays]),
      )}`
    }`,
  }
}
