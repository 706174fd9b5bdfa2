// Game days as a team and a facilitator play them, by what their pages send and are sent.
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { type GameEvent, parseLog } from '../../src/gameday/events.ts';
import type { Result } from '../../src/gameday/result.ts';
import type { FacilitatorView, TeamView } from '../../src/gameday/views.ts';
import { docker, LAB, startChaos } from '../support/lab.ts';

const folder = mkdtempSync(join(tmpdir(), 'chaos-gameday-'));
const reports = join(folder, 'reports');
const schedule = join(folder, 'terminal.yaml');

// Nothing begins but at the facilitator's word. Of a machine that is busy with other things these fire by themselves.
writeFileSync(
  schedule,
  `name: terminal
title: Four incidents
traffic: { connections: 3, requests: [{ url: /api/products }, { url: /api/order, method: POST }] }
tolerate: [{ alert: HighCPU }, { alert: HighMemory }, { alert: DiskSpaceLow }, { alert: HighLatencyP95 }, { alert: SLOLatencyBreach }]
schedule:
  - { incident: stall.yaml, after: 5h, limit: 60m, cause: Redis is stalled; docker restart ends it. }
  - { incident: exporter.yaml, after: 5h, limit: 60m, cause: The exporter was stopped. }
  - { incident: pg-lock, after: 5h, limit: 60m, cause: A transaction holds orders. }
  - { incident: exporter.yaml, after: 5h, limit: 60m, cause: The exporter was stopped. }
  - quiet: 1h
`,
);
writeFileSync(
  join(folder, 'stall.yaml'),
  `name: stall
title: The cache does not answer
timeline: [{ fault: { type: redis-stall, for: 1m } }]
expect: [{ alert: RedisDown }]
`,
);
// Of this one nothing lingers in a window, which the next incident would have to wait for.
writeFileSync(
  join(folder, 'exporter.yaml'),
  `name: exporter
title: Nobody sees nginx
timeline: [{ fault: { type: container-stop, target: nginx-exporter, for: 1m } }]
expect: [{ alert: InstanceDown }]
`,
);

async function until<T>(
  what: string,
  look: () => T | null | undefined | Promise<T | null | undefined>,
): Promise<T> {
  const giveUpAt = performance.now() + 90_000;
  for (;;) {
    const seen = await look();
    if (seen) return seen;
    assert.ok(performance.now() < giveUpAt, what);
    await pause(200);
  }
}

/** One browser's end of a page. */
class Page<View> {
  readonly #url: URL;
  readonly #token: string;

  constructor(address: string) {
    this.#url = new URL(address);
    this.#token = this.#url.hash.slice(1);
  }

  #ask(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = { authorization: `Bearer ${this.#token}`, origin: this.#url.origin, ...init.headers };
    return fetch(new URL(path, this.#url), { ...init, headers });
  }

  async view(): Promise<View> {
    return (await (await this.#ask('/state')).json()) as View;
  }

  async press(action: Record<string, string>): Promise<{ status: number; said: string }> {
    const headers = { 'content-type': 'application/json' };
    const answer = await this.#ask('/do', { method: 'POST', headers, body: JSON.stringify(action) });
    return { status: answer.status, said: ((await answer.json()) as { said: string }).said };
  }

  /** Again until it is taken: an incident begins in a lab that is well, and is over in one that is well again. */
  async pressUntilTaken(action: Record<string, string>): Promise<void> {
    let said = '';
    await until(`${action.do}: taken`, async () => {
      const answer = await this.press(action);
      said = answer.said;
      return answer.status === 200 || undefined;
    }).catch((error) => assert.fail(`${error.message}: ${said}`));
  }

  /** What a page that is opened now is shown first. */
  async opened(): Promise<Record<string, string>> {
    const leaving = new AbortController();
    const { body } = await this.#ask('/live', { signal: leaving.signal });
    const decoder = new TextDecoder();
    let text = '';
    for await (const part of body!) {
      text += decoder.decode(part as Uint8Array, { stream: true });
      if (text.includes('\n\n')) break;
    }
    leaving.abort();
    return JSON.parse(text.slice('data: '.length, text.indexOf('\n\n'))).shown.regions;
  }
}

async function started(...args: string[]) {
  const game = startChaos('gameday', ...args, '--name', LAB, '--reports', reports);
  const [, team, facilitator] = await until('its addresses', () => {
    assert.equal(game.child.exitCode, null, game.output());
    return /team +(\S+)\n +facilitator +(\S+)\n/.exec(game.output());
  });
  return {
    ...game,
    addresses: [team, facilitator],
    team: new Page<TeamView>(team!),
    facilitator: new Page<FacilitatorView>(facilitator!),
  };
}
type Started = Awaited<ReturnType<typeof started>>;

/** Begins the next incident, and waits until the lab shows it. */
async function begin({ facilitator, output }: Started, entry: number): Promise<void> {
  await facilitator
    .pressUntilTaken({ do: 'inject' })
    .catch((error) => assert.fail(`${error.message}\n${output()}`));
  await until(`incident ${entry} is felt`, async () => {
    const { entries } = await facilitator.view();
    return entries[entry]?.feltAt;
  });
}

/** Says that all is well until the incident is over, and how. */
async function mended({ team, facilitator }: Started, entry: number): Promise<string | null> {
  return await until(`incident ${entry} is over`, async () => {
    await team.press({ do: 'resolve' });
    const mine = (await facilitator.view()).entries[entry]!;
    return mine.status === 'over' ? mine.how : undefined;
  });
}

const dir = () => join(reports, readdirSync(reports)[0]!);
const logged = (): GameEvent[] => parseLog(readFileSync(join(dir(), 'events.jsonl'), 'utf8')).events;
const result = (): Result => JSON.parse(readFileSync(join(dir(), 'gameday.json'), 'utf8'));
const isRunning = async (service: string) =>
  (await docker('inspect', '-f', '{{.State.Running}}', `${LAB}-${service}`)).stdout.trim() === 'true';

test('a team mends what was broken, Ctrl-C takes back what is in force, and the facilitator ends the day', async (t) => {
  let game = await started(schedule, '--mystery');
  t.after(async () => {
    game.child.kill('SIGINT');
    await game.ended;
  });

  await t.test(
    'a stalled Redis is mended by docker restart; a page loaded again shows the same',
    async () => {
      await begin(game, 0);
      await game.team.press({ do: 'declare', note: 'the cache' });
      await game.team.press({ do: 'cause', service: 'redis', kind: 'frozen' });
      const other = new Page<TeamView>(game.addresses[0]!);
      // What is shown of alerts may change meanwhile.
      const { declared, board, hints } = await game.team.opened();
      assert.match(declared!, /the cache.*right/s);
      for (const again of [await game.team.opened(), await other.opened()])
        assert.deepEqual([again.declared, again.board, again.hints], [declared, board, hints]);
      assert.equal((await docker('restart', '-t', '2', `${LAB}-redis`)).code, 0);
      assert.equal(await mended(game, 0), 'mitigated');
    },
  );

  await t.test('Ctrl-C: taken back, written down, exit 130, and the same addresses go on', async () => {
    const { addresses } = game;
    await begin(game, 1);
    assert.equal(await isRunning('nginx-exporter'), false);
    await game.team.press({ do: 'declare', note: 'no metrics' });
    game.child.kill('SIGINT');
    const { code, stdout } = await game.ended;
    assert.deepEqual([code, await isRunning('nginx-exporter')], [130, true], game.output());
    assert.match(stdout, /To go on with it: chaos gameday --resume /);
    const log = logged().filter(({ event }) => event === 'ended' || event === 'interrupted');
    assert.deepEqual(
      log.slice(-2).map((one) => ('how' in one ? one.how : one.event)),
      ['interrupted', 'interrupted'],
    );
    assert.ok(existsSync(join(dir(), 'report.html')));
    const [stall, exporter] = result().entries;
    assert.deepEqual(
      [result().status, stall?.how, exporter?.how],
      ['interrupted', 'mitigated', 'interrupted'],
    );
    assert.match(exporter?.excuse ?? '', /interrupted/);

    game = await started();
    assert.deepEqual(game.addresses, addresses);
    const { entries, current } = await game.facilitator.view();
    assert.deepEqual([current, entries[1]?.how], [2, 'interrupted']);
  });

  await t.test('a lock in PostgreSQL is mended by pg_terminate_backend', async () => {
    await begin(game, 2);
    await game.team.press({ do: 'declare', note: 'orders hang' });
    await game.team.press({ do: 'cause', service: 'postgres', kind: 'locked' });
    const sql =
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE state = 'idle in transaction' AND pid IN (SELECT unnest(pg_blocking_pids(pid)) FROM pg_stat_activity)";
    // Who waits gives up after five seconds, and comes again.
    await until('one session is in the way of others, and is ended', async () => {
      const { stdout } = await docker('exec', `${LAB}-postgres`, 'psql', '-U', 'postgres', '-Atc', sql);
      return stdout.trim() === 't' || undefined;
    });
    assert.equal(await mended(game, 2), 'mitigated');
  });

  await t.test('the facilitator ends the day: taken back, and the report is there', async () => {
    await begin(game, 3);
    assert.equal(await isRunning('nginx-exporter'), false);
    assert.match((await game.facilitator.press({ do: 'stop' })).said, /taken back/);
    const { code } = await game.ended;
    assert.deepEqual([code, await isRunning('nginx-exporter')], [0, true], game.output());
    assert.deepEqual(readdirSync(dir()).sort(), ['events.jsonl', 'gameday.json', 'report.html', 'review.md']);
    const { status, restarts, entries } = result();
    assert.deepEqual([status, restarts], ['ended', 1]);
    assert.deepEqual(
      entries.map(({ how }) => how),
      ['mitigated', 'interrupted', 'mitigated', 'stopped', 'not played'],
    );
    for (const one of [entries[0]!, entries[2]!])
      assert.ok(one.of === 100 && one.parts.every(({ points }) => points > 0), JSON.stringify(one));
    assert.match(entries[3]?.excuse ?? '', /ended before its time/);
  });
});
