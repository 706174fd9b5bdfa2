import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import { PromQueryFormat } from '@grafana/grafana-foundation-sdk/prometheus';
import * as table from '@grafana/grafana-foundation-sdk/table';
import { type About, described, instant } from './shared.ts';

/**
 * A table of the labels, and of what each query gives for them.
 * @param values heading and unit of the values, by the names that Grafana gives their columns; others are not shown
 */
export function tableOf(
  about: About,
  labels: readonly string[],
  values: Record<string, readonly [string, string]>,
  ...exprs: string[]
) {
  const headings = Object.fromEntries(Object.entries(values).map(([name, [heading]]) => [name, heading]));
  const panel = described(
    new table.PanelBuilder(),
    about,
    exprs.map((expr) => instant(expr).format(PromQueryFormat.Table)),
  )
    .withTransformation({ id: 'merge', options: {} })
    .withTransformation(ordered([...labels, ...Object.keys(values)], headings));
  for (const [heading, unit] of Object.values(values))
    panel.overrideByName(heading, [{ id: 'unit', value: unit }]);
  return panel;
}

/** Columns in this order, under other headings, without what else a query gives. */
export function ordered(columns: readonly string[], headings: Record<string, string> = {}) {
  return {
    id: 'organize',
    options: {
      indexByName: Object.fromEntries(columns.map((column, i) => [column, i])),
      renameByName: headings,
      excludeByName: Object.fromEntries(
        ['Time', 'Value'].filter((name) => !columns.includes(name)).map((name) => [name, true]),
      ),
    },
  };
}

/** Words for values, each in its colour. */
export function mapped(values: Record<string, readonly [text: string, color: string]>): dashboard.ValueMap {
  const options = Object.entries(values).map(([value, [text, color]], index) => [
    value,
    { text, color, index },
  ]);
  return { type: dashboard.MappingType.ValueToText, options: Object.fromEntries(options) };
}

/** Properties of a column of words, each in its colour. */
export function coloured(colors: Record<string, string>): dashboard.DynamicConfigValue[] {
  const words = Object.entries(colors).map(([word, color]) => [word, [word, color] as const]);
  return [
    { id: 'mappings', value: [mapped(Object.fromEntries(words))] },
    { id: 'custom.cellOptions', value: { type: 'color-text' } },
  ];
}
