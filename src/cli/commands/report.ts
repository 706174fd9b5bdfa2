import type { CommandModule } from 'yargs';
import { ChaosError } from '../../core/errors.ts';
import { helpEnd } from '../options.ts';

interface Args {
  record?: string[];
  reports: string;
  junit?: string;
  markdown?: string;
  openmetrics?: string;
  annotate?: string;
  compare: boolean;
}

const command: CommandModule<object, Args> = {
  command: 'report [record..]',
  describe:
    'make the HTML page of recorded runs from their records alone, and an index of all; JUnit, Markdown, OpenMetrics',
  builder: (yargs) =>
    yargs
      .positional('record', {
        type: 'string',
        array: true,
        describe: 'a run.json, or the folder it lies in; by default every run in --reports, and their index',
      })
      .option('reports', { type: 'string', default: 'reports', describe: 'folder of run records' })
      .option('compare', {
        type: 'boolean',
        default: false,
        describe: 'lay two runs side by side in a page in --reports',
      })
      .option('junit', { type: 'string', describe: 'also write JUnit XML of them to this file' })
      .option('markdown', { type: 'string', describe: 'also write a summary in Markdown to this file' })
      .option('openmetrics', {
        type: 'string',
        describe: 'also write them to this file as OpenMetrics, the newest run of each scenario',
      })
      .option('annotate', {
        type: 'string',
        describe: 'also mark runs and faults in the Grafana at this URL; CHAOS_GRAFANA_TOKEN lets it',
      })
      .example('$0 report', 'every run, and reports/index.html')
      .example('$0 report --compare reports/A reports/B', 'what a change has made of the same incident')
      .example('$0 report reports/2026-* --junit junit.xml', 'for a server that shows test results')
      .epilogue(helpEnd('0 written; 2 a record that is none, or was changed', 'ci')) as never,
  async handler({
    record: paths = [],
    reports,
    compare,
    junit: junitFile,
    markdown: markdownFile,
    openmetrics: metricsFile,
    annotate: grafana,
  }) {
    const token = process.env.CHAOS_GRAFANA_TOKEN;
    if (grafana !== undefined && !/^https?:\/\/[^/?#@]/.test(grafana))
      throw new ChaosError('usage', '--annotate needs the URL of a Grafana.', {
        hint: 'chaos report --annotate https://grafana.example.org',
      });
    if (grafana !== undefined && !token)
      throw new ChaosError('usage', 'Grafana lets nobody write annotations without a token.', {
        hint: 'make one for a service account that may write annotations, and put it into CHAOS_GRAFANA_TOKEN',
      });
    if (compare && paths.length !== 2)
      throw new ChaosError('usage', 'Two records are compared: name both.', {
        hint: 'chaos report --compare reports/A reports/B',
      });
    const [
      { readRecordAt, readRecordFiles },
      { check },
      { writeComparison, writeIndex, writePage, writeText },
      { say },
    ] = await Promise.all([
      import('../../report/read-records.ts'),
      import('../show-regrade.ts'),
      import('../../report/pages.ts'),
      import('../terminal.ts'),
    ]);
    const files = paths.length > 0 ? paths.map(readRecordAt) : readRecordFiles(reports);
    if (files.length === 0)
      throw new ChaosError('usage', `No run is recorded in ${reports}.`, { hint: 'chaos run all' });
    for (const file of files) check(file);
    if (compare) {
      const [a, b] = files.map(({ record }) => record);
      say(await writeComparison(reports, a!, b!));
      return;
    }
    for (const file of files) say(await writePage(file));
    if (paths.length === 0) say(await writeIndex(reports, files));
    const records = files.map(({ record }) => record);
    if (junitFile !== undefined) {
      const { junit } = await import('../../report/junit.ts');
      say(await writeText(junitFile, junit(records)));
    }
    if (markdownFile !== undefined) {
      const { markdown } = await import('../../report/markdown.ts');
      say(await writeText(markdownFile, markdown(records)));
    }
    if (metricsFile !== undefined) {
      const { openMetrics } = await import('../../report/openmetrics.ts');
      say(await writeText(metricsFile, await openMetrics(records)));
    }
    if (grafana !== undefined && token) {
      const { annotate } = await import('../annotate.ts');
      for (const record of records) say(await annotate(grafana, { token }, record));
    }
  },
};

export default command;
