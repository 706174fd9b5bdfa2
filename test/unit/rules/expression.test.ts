import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readExpression, satisfies, selectorsOf } from '../../../src/rules/expression.ts';

test('an expression becomes a tree without parentheses', () => {
  assert.deepEqual(readExpression('100 - (avg by(i) (rate(c{m="x"}[5m])) * 1e2) > 80'), {
    kind: 'binary',
    op: '>',
    bool: false,
    matching: undefined,
    many: undefined,
    left: {
      kind: 'binary',
      op: '-',
      bool: false,
      matching: undefined,
      many: undefined,
      left: { kind: 'number', value: 100 },
      right: {
        kind: 'binary',
        op: '*',
        bool: false,
        matching: undefined,
        many: undefined,
        left: {
          kind: 'aggregate',
          op: 'avg',
          grouping: { only: true, labels: ['i'] },
          args: [
            {
              kind: 'call',
              name: 'rate',
              args: [
                {
                  kind: 'window',
                  windowMs: 300_000,
                  subquery: false,
                  of: {
                    kind: 'selector',
                    metric: 'c',
                    matchers: [{ label: 'm', op: '=', value: 'x' }],
                    from: 23,
                  },
                },
              ],
            },
          ],
        },
        right: { kind: 'number', value: 100 },
      },
    },
    right: { kind: 'number', value: 80 },
  });
});

test('matching, groups and modifiers are kept', () => {
  const read = readExpression('a / ignoring (x) group_right (z) b');
  assert.ok(read.kind === 'binary');
  assert.deepEqual(read.matching, { only: false, labels: ['x'] });
  assert.equal(read.many, 'right');
  const bool = readExpression('-a >= bool Inf');
  assert.ok(bool.kind === 'binary' && bool.bool && bool.left.kind === 'negative');
  assert.deepEqual(bool.right, { kind: 'number', value: Number.POSITIVE_INFINITY });
});

test('selectors are found wherever they stand, by any way of naming', () => {
  const text = 'max_over_time(rate(a[5m])[1h:1m] offset 5m) or {__name__="b"} and {"c.d", x!~"y"} @ 3';
  assert.deepEqual(
    selectorsOf(readExpression(text)).map(({ metric, matchers }) => [metric, matchers.length]),
    [
      ['a', 0],
      ['b', 0],
      ['c.d', 1],
    ],
  );
});

test('what is no PromQL is unknown, and no error', () => {
  assert.deepEqual(readExpression(''), { kind: 'unknown' });
});

test('patterns are anchored, and an absent label is empty', () => {
  assert.equal(satisfies('500', { label: 's', op: '=~', value: '5..' }), true);
  assert.equal(satisfies('1500', { label: 's', op: '=~', value: '5..' }), false);
  assert.equal(satisfies('', { label: 's', op: '!=', value: 'x' }), true);
  assert.equal(satisfies('x', { label: 's', op: '!~', value: '(' }), undefined);
});
