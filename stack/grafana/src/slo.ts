import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import { dashboardOf, graphPanel, instant, NO_TRAFFIC, range, type Steps, statPanel } from './shared.ts';

/** Each window that the rules record, and how it reads. */
const WINDOWS = ['5m', '30m', '1h', '6h', '3d'] as const;
type Window = (typeof WINDOWS)[number];

const availability = (window: Window) => `sli:availability:ratio_rate${window}`;
const burnRate = (window: Window) => `(1 - ${availability(window)}) / (1 - 0.995)`;
const budgetLeft = (window: Window) => `100 * (1 - (${burnRate(window)}))`;

/** From a burn rate on, somebody is told: at 1 by a ticket, at 6 and 14.4 by a page. */
const BURN_STEPS: Steps = ['green', [1, 'yellow'], [6, 'orange'], [14.4, 'red']];

const BREACH = 'SLOAvailabilityBreach';
const BURNS = ['SLOAvailabilityFastBurn', 'SLOAvailabilitySlowBurn', 'SLOAvailabilityTicket'];

/** The objectives, what is left of the error budget, and how fast it goes. See stack/docs/slo.md. */
export function slo(): dashboard.Dashboard {
  return dashboardOf(
    {
      uid: 'slo',
      title: 'SLO',
      description:
        'Objectives, error budget, burn rates. The error budget is 0.5 % of the requests of 30 days.',
      from: 'now-6h',
    },
    [
      { title: 'Objectives', height: 4, panels: objectives() },
      { title: 'Error Budget', height: 4, panels: budget() },
      { title: 'Burn Rates', height: 8, panels: [burnRates()] },
      { title: 'Burn Rate Alerts', height: 4, panels: burnAlerts() },
      { title: 'Objectives over Time', height: 8, panels: objectivesOverTime() },
    ],
  );
}

function objectives() {
  return [
    statPanel(
      {
        title: 'Availability',
        description:
          'Of the last five minutes, as the API answered or as the probe through nginx saw it, whichever is worse. Objective: 99.5 %.',
        unit: 'percentunit',
        alerts: [BREACH],
      },
      ['red', [0.995, 'green']],
      instant(availability('5m')),
    ).decimals(2),
    statPanel(
      {
        title: 'Requests under 300 ms',
        description: 'Of the last five minutes. Objective: 95 %.',
        unit: 'percentunit',
        alerts: ['SLOLatencyBreach'],
      },
      ['red', [0.95, 'green']],
      instant('sli:latency:ratio_rate5m'),
    )
      .decimals(1)
      .mappings([NO_TRAFFIC]),
    statPanel(
      {
        title: 'Error Rate',
        description:
          'Share of the requests of the last five minutes answered with a 5xx. Objective: under 1 %.',
        unit: 'percentunit',
        alerts: ['SLOErrorRateBreach'],
      },
      ['green', [0.01, 'red']],
      instant('sli:errors:ratio_rate5m'),
    )
      .decimals(2)
      .mappings([NO_TRAFFIC]),
  ];
}

function budget() {
  return [
    statPanel(
      {
        title: 'Error Budget Remaining',
        description:
          'What would be left if all 30 days were as the last five minutes, and as the last three days. From half on, a tenth on, and none the policy of stack/docs/slo.md asks for more.',
        unit: 'percent',
        alerts: BURNS,
      },
      ['dark-red', [0, 'red'], [10, 'orange'], [50, 'green']],
      instant(budgetLeft('5m'), '5 minutes'),
      instant(budgetLeft('3d'), '3 days'),
    ).decimals(1),
    statPanel(
      {
        title: 'Burn Rate',
        description: 'Of the last five minutes. At 1 the budget is spent exactly when its 30 days end.',
        unit: 'suffix: x',
        alerts: BURNS,
      },
      BURN_STEPS,
      instant(burnRate('5m')),
    ).decimals(1),
    statPanel(
      {
        title: 'Time to Exhaustion',
        description:
          'How long a whole budget lasts at the burn rate of the last five minutes: 50 h at 14.4, 120 h at 6, 720 h at 1. Never, where nothing burns.',
        unit: 'h',
        alerts: BURNS,
      },
      ['red', [50, 'orange'], [120, 'yellow'], [720, 'green']],
      instant(`(1 - 0.995) * 30 * 24 / (1 - ${availability('5m')})`),
    )
      .decimals(0)
      // Nothing burns: the quotient is +Inf. By its name, since no JSON can say a range without an end.
      .mappings([
        {
          type: dashboard.MappingType.ValueToText,
          options: { Infinity: { text: 'never', color: 'green' } },
        },
      ]),
  ];
}

function burnRates() {
  return graphPanel(
    {
      title: 'Burn Rate by Window',
      description: 'Ticket at 1 over 3d and 6h, page at 6 over 6h and 30m, and at 14.4 over 1h and 5m.',
      unit: 'suffix: x',
      alerts: BURNS,
    },
    WINDOWS.map((window) => range(burnRate(window), window)),
    BURN_STEPS,
  );
}

function burnAlerts() {
  const alert = (title: string, name: string, factor: number, windows: [Window, Window], budget: string) =>
    statPanel(
      {
        title,
        description: `Fires while both windows burn faster than ${factor} times, ${budget}.`,
        unit: 'suffix: x',
        alerts: [name],
      },
      ['green', [factor, 'red']],
      ...windows.map((window) => instant(burnRate(window), window)),
    ).decimals(1);
  return [
    alert('Fast Burn', BURNS[0]!, 14.4, ['1h', '5m'], '2 % of the budget in an hour'),
    alert('Slow Burn', BURNS[1]!, 6, ['6h', '30m'], '5 % of the budget in six hours'),
    alert('Ticket', BURNS[2]!, 1, ['3d', '6h'], '10 % of the budget in three days'),
  ];
}

function objectivesOverTime() {
  return [
    graphPanel(
      {
        title: 'Availability by Window',
        description: 'Objective: 99.5 %.',
        unit: 'percentunit',
        alerts: [BREACH],
      },
      WINDOWS.map((window) => range(availability(window), window)),
      ['red', [0.995, 'transparent']],
    ).max(1),
    graphPanel(
      {
        title: 'Latency',
        description: 'Share of requests that took less than 300 ms. Objective: 95 %.',
        unit: 'percentunit',
        alerts: ['SLOLatencyBreach'],
      },
      [range('sli:latency:ratio_rate5m', 'under 300 ms')],
      ['red', [0.95, 'transparent']],
    ).max(1),
    graphPanel(
      {
        title: 'Errors',
        description: 'Share of requests answered with a 5xx. Objective: under 1 %.',
        unit: 'percentunit',
        alerts: ['SLOErrorRateBreach'],
      },
      [range('sli:errors:ratio_rate5m', '5xx')],
      ['transparent', [0.01, 'red']],
    ),
  ];
}
