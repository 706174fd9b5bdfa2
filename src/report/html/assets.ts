import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Assets } from './page.ts';

/** uPlot, as its package has it. */
export function readAssets(): Assets {
  const { resolve } = createRequire(import.meta.url);
  const text = (file: string) => readFileSync(resolve(`uplot/dist/${file}`), 'utf8');
  return { script: text('uPlot.iife.min.js'), style: text('uPlot.min.css') };
}
