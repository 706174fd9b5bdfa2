import type * as cog from '@grafana/grafana-foundation-sdk/cog';
import * as common from '@grafana/grafana-foundation-sdk/common';
import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import * as gauge from '@grafana/grafana-foundation-sdk/gauge';
import * as prometheus from '@grafana/grafana-foundation-sdk/prometheus';
import * as stat from '@grafana/grafana-foundation-sdk/stat';
import * as timeseries from '@grafana/grafana-foundation-sdk/timeseries';

/** As in provisioning/datasources. */
const PROMETHEUS = { type: 'prometheus', uid: 'prometheus' };
/** Grafana's own, which is there without provisioning; it holds what was posted to /api/annotations. */
const GRAFANA = { type: 'grafana', uid: '-- Grafana --' };

/** Where Grafana serves stack/runbooks: compose.yml mounts it there. */
const RUNBOOKS = '/public/runbooks';

/** The scrape interval: no panel is finer, however short the time it shows. */
const MIN_STEP = '15s';

type Query = cog.Builder<cog.Dataquery>;

/** What every panel has. */
export interface About {
  title: string;
  /** What it shows, and what its colours stand for. */
  description: string;
  /** As Grafana names it: `percent`, `s`, `reqps`. */
  unit: string;
  /** The alerts that watch what it shows; each is a link to its runbook. */
  alerts: readonly string[];
}

/** A colour from a value on, and the colour below all of them. */
export type Steps = readonly [below: string, ...from: (readonly [number, string])[]];

/** The query of a graph. */
export function range(expr: string, legend: string): prometheus.DataqueryBuilder {
  return query(expr, legend).range().interval(MIN_STEP);
}

/** The query of a single value: as of now. */
export function instant(expr: string, legend = '__auto'): prometheus.DataqueryBuilder {
  return query(expr, legend).instant();
}

function query(expr: string, legend: string): prometheus.DataqueryBuilder {
  return new prometheus.DataqueryBuilder().datasource(PROMETHEUS).expr(expr).legendFormat(legend);
}

/** For a ratio: without traffic it is NaN, which Grafana's reducers make null. */
export const NO_TRAFFIC: dashboard.SpecialValueMap = {
  type: dashboard.MappingType.SpecialValue,
  options: { match: dashboard.SpecialValueMatch.NullAndNan, result: { text: 'no traffic' } },
};

/** A single value, in the colour of its threshold. */
export function statPanel(about: About, steps: Steps, ...queries: Query[]): stat.PanelBuilder {
  return described(new stat.PanelBuilder(), about, queries)
    .thresholds(thresholds(steps))
    .reduceOptions(latest())
    .graphMode(common.BigValueGraphMode.None)
    .colorMode(common.BigValueColorMode.Value);
}

/** A share in percent on a dial. */
export function gaugePanel(about: About, steps: Steps, ...queries: Query[]): gauge.PanelBuilder {
  return described(new gauge.PanelBuilder(), about, queries)
    .thresholds(thresholds(steps))
    .reduceOptions(latest())
    .min(0)
    .max(100);
}

/** A graph over time; with steps, their values are lines across it. */
export function graphPanel(about: About, queries: Query[], steps?: Steps): timeseries.PanelBuilder {
  const panel = described(new timeseries.PanelBuilder(), about, queries)
    .legend(
      new common.VizLegendOptionsBuilder()
        .showLegend(true)
        .displayMode(common.LegendDisplayMode.List)
        .placement(common.LegendPlacement.Bottom)
        .calcs(['lastNotNull', 'max']),
    )
    .tooltip(new common.VizTooltipOptionsBuilder().mode(common.TooltipDisplayMode.Multi))
    .fillOpacity(10)
    .min(0);
  if (!steps) return panel;
  return panel
    .thresholds(thresholds(steps))
    .thresholdsStyle(
      new common.GraphThresholdsStyleConfigBuilder().mode(common.GraphThresholdsStyleMode.Dashed),
    );
}

/** The setters that every kind of panel has, which the SDK gives no common type. */
interface Panel<T> extends cog.Builder<dashboard.Panel> {
  title(title: string): T;
  description(description: string): T;
  datasource(datasource: common.DataSourceRef): T;
  unit(unit: string): T;
  links(links: cog.Builder<dashboard.DashboardLink>[]): T;
  targets(targets: Query[]): T;
}

/** A panel of any kind with what every panel has. */
export function described<T extends Panel<T>>(panel: T, about: About, queries: Query[]): T {
  return panel
    .title(about.title)
    .description(about.description)
    .datasource(PROMETHEUS)
    .unit(about.unit)
    .links(about.alerts.map((alert) => runbookLink(`Runbook: ${alert}`, alert)))
    .targets(queries);
}

/** In a tab of its own: Grafana would take an address in the same one for a page of its own. */
export function runbookLink(title: string, alert: string): dashboard.DashboardLinkBuilder {
  return new dashboard.DashboardLinkBuilder(title)
    .type(dashboard.DashboardLinkType.Link)
    .url(`${RUNBOOKS}/${alert}.md`)
    .targetBlank(true);
}

/** What Grafana puts into a link when it is followed. */
export function variable(name: string): string {
  return `\${${name}}`;
}

export function thresholds([below, ...from]: Steps): dashboard.ThresholdsConfigBuilder {
  return new dashboard.ThresholdsConfigBuilder()
    .mode(dashboard.ThresholdsMode.Absolute)
    .steps([{ value: null, color: below }, ...from.map(([value, color]) => ({ value, color }))]);
}

export function latest(): common.ReduceDataOptionsBuilder {
  return new common.ReduceDataOptionsBuilder().calcs(['lastNotNull']).values(false).fields('');
}

/** A row's title, and its panels side by side. Grafana's grid is 24 wide. */
export interface Row {
  title: string;
  height: number;
  panels: { span(width: number): cog.Builder<dashboard.Panel> }[];
}

/** A dashboard of rows, with what all of them have: annotations, links to the others, ids that stay. */
export function dashboardOf(
  about: { uid: string; title: string; description: string; from: string },
  rows: readonly Row[],
): dashboard.Dashboard {
  const builder = new dashboard.DashboardBuilder(about.title)
    .uid(about.uid)
    .description(about.description)
    .tags(['techshop'])
    .time({ from: about.from, to: 'now' })
    .refresh('10s')
    .tooltip(dashboard.DashboardCursorSync.Crosshair)
    .annotations([chaosAnnotations(), alertAnnotations()])
    .link(
      new dashboard.DashboardLinkBuilder('TechShop')
        .type(dashboard.DashboardLinkType.Dashboards)
        .tags(['techshop'])
        .keepTime(true),
    );
  for (const { title, height, panels } of rows) {
    builder.withRow(new dashboard.RowBuilder(title));
    for (const panel of panels) builder.withPanel(sized(panel.span(24 / panels.length), height));
  }
  const built = builder.build();
  for (const [index, panel] of (built.panels ?? []).entries()) {
    panel.id = index + 1;
    const targets = 'targets' in panel ? (panel.targets ?? []) : [];
    for (const [i, target] of targets.entries()) Object.assign(target, { refId: 'ABCDEFGH'[i] });
  }
  return built;
}

function sized(panel: cog.Builder<dashboard.Panel>, h: number): cog.Builder<dashboard.Panel> {
  const built = panel.build();
  if (built.gridPos) built.gridPos.h = h;
  return { build: () => built };
}

/** What runs post: one region a fault, tagged `chaos` and `fault`. */
function chaosAnnotations(): dashboard.AnnotationQueryBuilder {
  // Not a query to the SDK's types, though it says itself that it stands in for one.
  const tagged = new dashboard.AnnotationTargetBuilder()
    .type('tags')
    .tags(['chaos'])
    .matchAny(false)
    .limit(100);
  return new dashboard.AnnotationQueryBuilder()
    .name('Chaos')
    .datasource(GRAFANA)
    .enable(true)
    .iconColor('purple')
    .target({ build: () => ({ ...tagged.build(), _implementsDataqueryVariant() {} }) });
}

function alertAnnotations(): dashboard.AnnotationQueryBuilder {
  return new dashboard.AnnotationQueryBuilder()
    .name('Firing alerts')
    .datasource(PROMETHEUS)
    .enable(true)
    .iconColor('red')
    .expr('ALERTS{alertstate="firing"}')
    .step(MIN_STEP)
    .titleFormat('{{alertname}}')
    .textFormat('{{job}} {{instance}}')
    .tagKeys('severity');
}
