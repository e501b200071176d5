import type { Command } from 'commander'

export interface ReportFlags {
  readonly out: string
  readonly title: string
  readonly pictures: boolean
  readonly force?: true
}

export const addReportFlags = (command: Command): Command =>
  command
    .option('--out <file>', 'where the page goes; - for stdout', 'data/report.html')
    .option('--title <text>', 'its heading', 'Radio plays')
    .option('--no-pictures', 'link no pictures: the page asks no other machine for anything')
    .option('--force', 'replace a file that is not a report')
