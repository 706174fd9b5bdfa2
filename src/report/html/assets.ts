import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Assets } from './page.ts';

let assets: Assets | undefined;

/** uPlot, as its package has it; read once, however many pages are made. */
export function readAssets(): Assets {
  assets ??= read();
  return assets;
}

function read(): Assets {
  const { resolve } = createRequire(import.meta.url);
  const text = (file: string) => readFileSync(resolve(`uplot/dist/${file}`), 'utf8');
  return { script: text('uPlot.iife.min.js'), style: text('uPlot.min.css') };
}
