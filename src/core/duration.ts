/** Milliseconds in each unit of the Prometheus duration grammar, largest first: the order the grammar demands. */
const UNITS = [
  ['y', 31_536_000_000],
  ['w', 604_800_000],
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
  ['ms', 1],
] as const;

const GRAMMAR = /^(?:(\d+)y)?(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:(\d+)ms)?$/;

/**
 * Reads a duration as Prometheus does: whole numbers with units y w d h m s ms in that order, no spaces
 * (https://prometheus.io/docs/prometheus/latest/configuration/configuration/, `<duration>`). A lone `0` is allowed.
 * @returns milliseconds, or undefined where the text is no duration
 */
export function parseDuration(text: string): number | undefined {
  if (text === '0') return 0;
  const match = GRAMMAR.exec(text);
  if (!match || text === '') return undefined;
  return UNITS.reduce((sum, [, ms], i) => sum + Number(match[i + 1] ?? 0) * ms, 0);
}

/**
 * Writes milliseconds in the same grammar, rounded to whole milliseconds: 90000 → `1m30s`.
 * Weeks and years are not used, as nobody writes a `for:` in them.
 */
export function formatDuration(ms: number): string {
  let rest = Math.round(ms);
  if (rest < 0) return `-${formatDuration(-rest)}`;
  if (rest === 0) return '0s';
  let text = '';
  for (const [unit, size] of UNITS.slice(2)) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0) text += `${count}${unit}`;
  }
  return text;
}

/** For people: `7.4s`, `1m14s`, `3m`; tenths below a minute, none above. */
export function humanDuration(ms: number): string {
  const sign = ms < 0 ? '-' : '';
  const size = Math.abs(ms);
  if (size < 59_950) return `${sign}${(size / 1000).toFixed(1).replace(/\.0$/, '')}s`;
  return sign + formatDuration(Math.round(size / 1000) * 1000);
}
