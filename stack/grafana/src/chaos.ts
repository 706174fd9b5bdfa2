import * as annotationslist from '@grafana/grafana-foundation-sdk/annotationslist';
import * as barchart from '@grafana/grafana-foundation-sdk/barchart';
import * as bargauge from '@grafana/grafana-foundation-sdk/bargauge';
import * as common from '@grafana/grafana-foundation-sdk/common';
import type * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import { PromQueryFormat } from '@grafana/grafana-foundation-sdk/prometheus';
import * as statetimeline from '@grafana/grafana-foundation-sdk/statetimeline';
import {
  type About,
  dashboardOf,
  described,
  instant,
  latest,
  range,
  runbookLink,
  type Steps,
  statPanel,
  thresholds,
  variable,
} from './shared.ts';
import { coloured, mapped, ordered, tableOf } from './tables.ts';

const VERDICTS = { pass: 'green', fail: 'red', inconclusive: 'orange' };
const OUTCOMES = {
  'on-time': 'green',
  late: 'orange',
  early: 'orange',
  unresolved: 'orange',
  inconclusive: 'orange',
  missed: 'red',
};

/** In their order, from the fault to the notification. */
const STRETCHES = ['first bad sample', 'pending', 'firing', 'received', 'notified'];

/** The last run of every scenario: what came of it, where the time went, and what is broken or firing now. */
export function chaos(): dashboard.Dashboard {
  return dashboardOf(
    {
      uid: 'chaos',
      title: 'Chaos',
      description:
        'The last run of each scenario. Regions are faults, as the runs post them; lines are alerts.',
      from: 'now-6h',
    },
    [
      { title: 'Now', height: 7, panels: [firing(), alerts(), annotations()] },
      { title: 'Last Runs', height: 10, panels: [scores(), runs()] },
      { title: 'Alerts of the Last Runs', height: 12, panels: [outcomes(), toFiring()] },
      { title: 'Delays', height: 12, panels: [delays()] },
    ],
  );
}

function firing() {
  return statPanel(
    {
      title: 'Alerts Firing',
      description: 'Alerts that fire now.',
      unit: 'short',
      alerts: [],
    },
    ['green', [1, 'red']],
    instant('count(ALERTS{alertstate="firing"}) or vector(0)'),
  );
}

function alerts() {
  return described(
    new statetimeline.PanelBuilder(),
    {
      title: 'Alerts',
      description: 'Every alert that was pending or firing. A click on one leads to its runbook.',
      unit: 'none',
      alerts: [],
    },
    [
      range(
        'max by (alertname) (ALERTS{alertstate="firing"} * 2 or ALERTS{alertstate="pending"})',
        '{{alertname}}',
      ),
    ],
  )
    .mappings([mapped({ 1: ['pending', 'orange'], 2: ['firing', 'red'] })])
    .dataLinks([runbookLink('Runbook', variable('__field.labels.alertname'))])
    .mergeValues(true)
    .showValue(common.VisibilityMode.Auto);
}

function annotations() {
  return new annotationslist.PanelBuilder()
    .title('Faults')
    .description('What runs have broken, the newest first.')
    .tags(['chaos'])
    .onlyInTimeRange(false)
    .limit(20)
    .showUser(false);
}

function scores() {
  return bars(
    { title: 'Score', description: 'Of 100; the pass mark is 70.', unit: 'none', alerts: [] },
    ['red', [70, 'green']],
    instant('sort_desc(chaos_run_score)', '{{scenario}}'),
  ).max(100);
}

function runs() {
  return tableOf(
    {
      title: 'Runs',
      description: 'Verdict, score, length and end of the last run of each scenario.',
      unit: 'none',
      alerts: [],
    },
    ['scenario', 'verdict'],
    {
      'Value #A': ['score', 'none'],
      'Value #B': ['seconds', 's'],
      'Value #C': ['ended', 'dateTimeFromNow'],
    },
    'max by (scenario, verdict) (chaos_run_score * on (scenario) group_left (verdict) (chaos_run_verdict == 1))',
    'max by (scenario) (chaos_run_duration_seconds)',
    'max by (scenario) (chaos_run_ended_timestamp_seconds) * 1000',
  ).overrideByName('verdict', coloured(VERDICTS));
}

function outcomes() {
  return tableOf(
    {
      title: 'Expected Alerts',
      description: 'What became of each alert that the last run of a scenario expected.',
      unit: 'none',
      alerts: [],
    },
    ['scenario', 'alert', 'match', 'outcome'],
    {},
    'max by (scenario, alert, match, outcome) (chaos_alert_outcome == 1)',
  )
    .overrideByName('outcome', coloured(OUTCOMES))
    .overrideByName('alert', [
      { id: 'links', value: [runbookLink('Runbook', variable('__value.text')).build()] },
    ]);
}

function toFiring() {
  return bars(
    {
      title: 'Fault to Firing',
      description:
        'From the first moment at which a fault could be felt to the alert, in seconds of wall time.',
      unit: 's',
      alerts: [],
    },
    ['blue'],
    instant(
      'sort_desc(sum by (scenario, alert, match) (chaos_alert_delay_seconds{stretch=~"first bad sample|pending|firing"}))',
      '{{scenario}}: {{alert}} {{match}}',
    ),
  );
}

/** The stretches follow each other, so they are stacked; groupingToMatrix makes a column of each. */
function delays() {
  return described(
    new barchart.PanelBuilder(),
    {
      title: 'Where the Time Went',
      description: `Stretches of each alert's way from the fault to a person, in seconds of wall time: ${STRETCHES.join(', ')}.`,
      unit: 's',
      alerts: [],
    },
    [
      instant(
        'max by (of, stretch) (label_join(chaos_alert_delay_seconds{stretch!="resolved"}, "of", " ", "scenario", "alert", "match"))',
      ).format(PromQueryFormat.Table),
    ],
  )
    .withTransformation({
      id: 'groupingToMatrix',
      options: { columnField: 'stretch', rowField: 'of', valueField: 'Value', emptyValue: 'null' },
    })
    .withTransformation(ordered(['of\\stretch', ...STRETCHES]))
    .orientation(common.VizOrientation.Horizontal)
    .stacking(common.StackingMode.Normal)
    .showValue(common.VisibilityMode.Never)
    .legend(
      new common.VizLegendOptionsBuilder()
        .showLegend(true)
        .displayMode(common.LegendDisplayMode.List)
        .placement(common.LegendPlacement.Bottom),
    );
}

/** One horizontal bar a series. */
function bars(about: About, steps: Steps, query: ReturnType<typeof instant>) {
  return described(new bargauge.PanelBuilder(), about, [query])
    .thresholds(thresholds(steps))
    .reduceOptions(latest())
    .orientation(common.VizOrientation.Horizontal)
    .displayMode(common.BarGaugeDisplayMode.Basic)
    .min(0);
}
