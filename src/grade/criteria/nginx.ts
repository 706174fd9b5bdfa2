import { type Judged, lost, won } from '../check.ts';
import type { Submission } from '../submission.ts';

/** Whether nginx has its status page, and finds an API that comes back under another address. */
export function upstream({ files }: Submission): Judged[] {
  const configs = files
    .filter(({ role }) => role === 'nginx')
    .map((one) => ({ ...one, text: bare(one.text) }));
  const [first] = configs;
  if (!first) return [lost('no-nginx-conf', {}, { file: 'nginx/nginx.conf', line: 1 })];
  const status = configs.find(({ text }) => /^\s*stub_status\s*;/m.test(text));
  const resolver = configs.some(({ text }) => /\bresolver\s/.test(text));
  const passes = configs.flatMap(({ text, path }) =>
    [...text.matchAll(/\bproxy_pass\s+([^\s;]+)/g)].map((match) => ({
      to: match[1]!,
      at: { file: path, line: text.slice(0, match.index).split('\n').length },
      // A group whose members are resolved as they are asked for.
      again: /\bserver\s+[^;]*\bresolve\b/.test(text),
    })),
  );
  const [pass] = passes;
  const fixed = passes.find(
    ({ to, again }) => !(resolver && (to.includes('$') || again)) && !/:\/\/[\d.]+[:/]?/.test(to),
  );
  return [
    status
      ? won('stub_status', { file: status.path, line: 1 })
      : lost('no-stub-status', {}, { file: first.path, line: 1 }),
    fixed || !pass
      ? lost(
          'upstream-resolved-once',
          { upstream: fixed?.to ?? 'http://api:5000' },
          fixed?.at ?? { file: first.path, line: 1 },
        )
      : won(`proxy_pass ${pass.to}`, pass.at),
  ];
}

/** Comments out, line by line, so that lines keep their numbers. */
function bare(text: string): string {
  return text.replace(/#.*$/gm, '');
}
