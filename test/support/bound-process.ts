import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

/** A server that ends with this process, however that ends, and what is to be done after it. */
export interface Bound {
  /** What it wrote. */
  output(): string;
  /** SIGTERM; resolves once it is gone and `after` is done. */
  end(): Promise<void>;
}

/**
 * Starts a server that stays in the foreground.
 * @param after a line of shell, run once it has ended
 */
export function startBound(program: string, args: string[], after = ':'): Bound {
  // The shell waits until there is nobody left who could write to it.
  const script = `"$@" </dev/null & server=$!; cat >/dev/null; kill "$server" 2>/dev/null; wait "$server"; ${after}`;
  const child: ChildProcess = spawn('sh', ['-c', script, 'sh', program, ...args], {
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout!, child.stderr!])
    stream.on('data', (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-20_000);
    });
  const gone = once(child, 'exit');
  return {
    output: () => output,
    async end() {
      child.stdin!.end();
      await gone;
    },
  };
}
