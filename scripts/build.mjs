// Bundles the command line, and each program that it starts, into dist or the folder that is named. One process loads ten
// to thirty files instead of three hundred; what a command does not use stays in chunks that it does not load.
import { chmodSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** What is a process of its own, by its path in src. */
const PROGRAMS = ['cli/main', 'load/generator', 'load/agent', 'load/hub', 'undo/reaper'];

/** These act on the world, load native parts or workers by path, and are loaded when a run needs them. */
const UNBUNDLED = ['autocannon', 'axios', 'docker-compose', 'dockerode', 'ioredis', 'pg', 'undici'];

/**
 * Measures printable ASCII, which is all of our help, by its length. string-width makes an Intl.Segmenter when it is
 * loaded, and that reads ICU's tables: 25 ms before anything is printed.
 */
const lazyStringWidth = {
  name: 'lazy-string-width',
  setup({ onResolve, onLoad, resolve }) {
    onResolve({ filter: /^string-width$/ }, async ({ path, pluginData, ...from }) => {
      if (from.namespace === 'lazy-width' || pluginData === 'the package') return undefined;
      const { kind, importer, resolveDir } = from;
      const found = await resolve(path, { kind, importer, resolveDir, pluginData: 'the package' });
      return { path: found.path, namespace: 'lazy-width', errors: found.errors };
    });
    onLoad({ filter: /.*/, namespace: 'lazy-width' }, ({ path }) => ({
      contents: `module.exports = (text, options) =>
        typeof text === 'string' && /^[ -~]*$/.test(text) ? text.length : width()(text, options);
      const width = () => { const found = require(${JSON.stringify(path)}); return found.default ?? found; };`,
      resolveDir: '/',
    }));
  },
};

/** Bundles programs into a folder, under the paths that they have in src. */
export async function bundle(programs, folder) {
  rmSync(folder, { recursive: true, force: true });
  await build({
    absWorkingDir: fileURLToPath(new URL('..', import.meta.url)),
    entryPoints: programs.map((program) => `src/${program}.ts`),
    outbase: 'src',
    outdir: folder,
    // One folder deep, as everything in src that asks for its own place (core/paths.ts).
    chunkNames: 'chunks/[name]-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    external: UNBUNDLED,
    plugins: [lazyStringWidth],
    // Its main file asks for its parts in a way that no bundler follows.
    alias: { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' },
    // Bundled CommonJS still asks for Node's own modules by require, and for its own place.
    banner: {
      js: `import { createRequire as bundledRequire } from 'node:module'; const require = (id) => bundledRequire(import.meta.url)(id); const __filename = new URL(import.meta.url).pathname;`,
    },
    sourcemap: true,
    logLevel: 'warning',
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const folder = resolve(process.argv[2] ?? 'dist');
  await bundle(PROGRAMS, folder);
  chmodSync(`${folder}/cli/main.js`, 0o755);
}
