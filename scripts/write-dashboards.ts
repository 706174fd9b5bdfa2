import { writeFileSync } from 'node:fs';
import { dashboardFiles } from '../stack/grafana/src/index.ts';

for (const { name, text } of dashboardFiles())
  writeFileSync(new URL(`../stack/grafana/dashboards/${name}`, import.meta.url), text);
