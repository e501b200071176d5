import type { StageTime } from '../model/stage.ts'

/** What a run measured, for a Prometheus text file. */
export interface RunMetrics {
  readonly command: string
  readonly version: string
  readonly exitCode: number
  readonly startedAt: Date
  readonly finishedAt: Date
  readonly stages: readonly StageTime[]
  /** Figures of the command itself, by name. */
  readonly figures: Readonly<Record<string, number>>
}

/** One figure of a run, with a value for each combination of labels. */
export interface Gauge {
  readonly name: string
  readonly help: string
  readonly samples: readonly (readonly [labels: Readonly<Record<string, string>>, value: number])[]
}

/** What a run measured; what it has no values for is left out. */
export function gaugesOf(run: RunMetrics): readonly Gauge[] {
  const { command, version, exitCode, startedAt, finishedAt, stages, figures } = run
  const labels = { command }
  const finished = finishedAt.getTime() / 1000
  const gauge = (name: string, help: string, samples: Gauge['samples']): Gauge => ({
    name: `radio_plays_run_${name}`,
    help,
    samples,
  })
  return [
    gauge('info', 'The last run, by version.', [[{ command, version }, 1]]),
    gauge('exit_code', 'Exit code of the last run; 0 is success.', [[labels, exitCode]]),
    gauge('finished_timestamp_seconds', 'When the last run ended.', [[labels, finished]]),
    gauge('duration_seconds', 'How long the last run took.', [[labels, finished - startedAt.getTime() / 1000]]),
    gauge(
      'stage_duration_seconds',
      'How long each stage of the last run took.',
      stages.map(({ stage, ms }) => [{ command, stage }, ms / 1000]),
    ),
    gauge(
      'stage_rows',
      'Rows that came out of each stage of the last run.',
      stages.flatMap(({ stage, rows }) => (rows === undefined ? [] : [[{ command, stage }, rows] as const])),
    ),
    gauge(
      'rows',
      'Rows of the last run, by what became of them.',
      Object.entries(figures).map(([kind, value]) => [{ command, kind }, value]),
    ),
  ].filter(({ samples }) => samples.length > 0)
}

/**
 * The run in Prometheus' text format, for the textfile collector of node_exporter or for a push: gauges, one run each. The time of
 * the last success is not among them where the run failed, so that an alert on its age needs the file of each job kept.
 */
export function metricsText(run: RunMetrics): string {
  const lines = gaugesOf(run).flatMap(({ name, help, samples }) => [
    `# HELP ${name} ${help}`,
    `# TYPE ${name} gauge`,
    ...samples.map(([labels, value]) => `${name}{${Object.entries(labels).map(labelText).join(',')}} ${value}`),
  ])
  return [...lines, ''].join('\n')
}

const labelText = ([name, value]: [string, string]) =>
  `${name}="${value.replace(/[\\"]/g, '\\$&').replaceAll('\n', '\\n')}"`
