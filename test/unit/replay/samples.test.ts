import assert from 'node:assert/strict';
import { test } from 'node:test';
import { remoteWriteBody } from '../../../src/replay/remote-write.ts';
import { marked, withEnds } from '../../../src/replay/stale.ts';

const series = (metric: Record<string, string>, ...seconds: number[]) => ({
  metric: { job: 'api', instance: 'api:1', ...metric },
  values: seconds.map((second): [number, string] => [second, '1']),
});
const ends = (points: readonly [number, string | undefined][]) =>
  points.filter(([, value]) => value === undefined).map(([at]) => at / 1000);

test('a series ends at the first scrape of its target without it, and up does not', () => {
  const [up, gauge, ended, other] = withEnds(
    [
      series({ __name__: 'up' }, 0, 1, 2.002, 3, 4),
      series({ __name__: 'gauge' }, 0, 1, 3, 4),
      series({ __name__: 'ended' }, 0, 1),
      series({ __name__: 'other', instance: 'db:1' }, 0, 4),
    ],
    1000,
  );
  assert.deepEqual(
    [up, gauge, ended, other].map((one) => ends(one!.points)),
    [[], [2.002], [2.002], []],
  );
  assert.deepEqual(
    gauge!.points.map(([at]) => at),
    [0, 1000, 2002, 3000, 4000],
  );
});

test('of a series whose timestamps are not those of the scrapes, no end is known', () => {
  const [, one] = withEnds(
    [series({ __name__: 'up' }, 0, 1, 2, 3), series({ __name__: 'pushed' }, 0.5, 2.7)],
    1000,
  );
  assert.deepEqual(ends(one!.points), []);
});

test('ALERTS ends at the evaluation that wrote none', () => {
  const [alerts] = withEnds([series({ __name__: 'ALERTS' }, 0, 1, 4)], 1000);
  assert.deepEqual(ends(alerts!.points), [2, 5]);
});

test('what is due a little later than it came is no end', () => {
  assert.deepEqual(
    marked(
      [
        [0, '1'],
        [1030, '1'],
      ],
      (at) => (at < 1000 ? at + 1000 : undefined),
    ).length,
    2,
  );
});

/** The first literals of a snappy block, joined. */
function unsnapped(body: Buffer): Buffer {
  let at = 0;
  let length = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = body[at++]!;
    length += (byte & 127) * 2 ** shift;
    if (byte < 128) break;
  }
  const parts: Buffer[] = [];
  while (at < body.length) {
    assert.equal(body[at], 0xf4);
    const size = body.readUInt16LE(at + 1) + 1;
    parts.push(body.subarray(at + 3, at + 3 + size));
    at += 3 + size;
  }
  const whole = Buffer.concat(parts);
  assert.equal(whole.length, length);
  return whole;
}

test('a remote write request is protobuf of labels in order and samples with whole milliseconds', () => {
  const body = remoteWriteBody([
    {
      metric: { job: 'a', __name__: 'x' },
      points: [
        [1_795_582_552_163, '-Inf'],
        [1_795_582_552_164, undefined],
      ],
    },
  ]);
  const hexOf = (text: string) => Buffer.from(text).toString('hex');
  const labels = `0a0d0a08${hexOf('__name__')}1201${hexOf('x')}0a080a03${hexOf('job')}1201${hexOf('a')}`;
  const sample = (value: string) => `121009${value}10(.{12})`;
  const whole = new RegExp(`^0a..${labels}${sample('000000000000f0ff')}${sample('020000000000f07f')}$`);
  const [, ...times] = whole.exec(unsnapped(body).toString('hex')) ?? [];
  const read = (hex: string) =>
    Buffer.from(hex, 'hex').reduce((sum, byte, i) => sum + (byte & 127) * 2 ** (7 * i), 0);
  assert.deepEqual(times.map(read), [1_795_582_552_163, 1_795_582_552_164]);
});

test('a request of more than a literal’s length is several', () => {
  const points = Array.from({ length: 9000 }, (_, i): [number, string] => [1_795_582_552_163 + i, String(i)]);
  const whole = unsnapped(remoteWriteBody([{ metric: { __name__: 'x' }, points }]));
  assert.ok(whole.length > 2 * 65_536);
  const last = Buffer.alloc(8);
  last.writeDoubleLE(8999);
  assert.ok(whole.includes(last));
});
