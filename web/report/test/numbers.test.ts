import assert from 'node:assert/strict';
import { test } from 'node:test';
import { linearTicks, logTicks } from '../src/axes';
import { sortRows, type Column } from '../src/data_table';
import { compact, count, fixed, percent, tick } from '../src/format';
import { wilson } from '../src/wilson';

test('numbers read as people write them', () => {
  assert.equal(count(104233), '104,233');
  assert.equal(fixed(4)(-0.05312), '−0.0531');
  assert.equal(fixed(2)(-0.001), '0.00');
  assert.equal(percent(0.9157), '91.6 %');
  assert.equal(fixed(3)(null), '–');
  assert.equal(compact(Number.NaN), '–');
  assert.deepEqual([12345.6, 123.45, 12.345, 0, 0.0431, 0.00123, 1.2e-7].map((x) => compact(x)),
    ['12,346', '123.5', '12.35', '0.00', '0.0431', '0.00123', '1.2e−7']);
  assert.deepEqual([0, 1000, 0.01, 1e-6, 1e8].map(tick), ['0', '1,000', '0.01', '1e−6', '1e8']);
});

test('logarithmic ticks are powers of ten, with 2 and 5 where there is room', () => {
  assert.deepEqual(logTicks(0.9, 1200, 8), [1, 10, 100, 1000]);
  assert.deepEqual(logTicks(1, 10, 8), [1, 2, 5, 10]);
  const wide = logTicks(1e-12, 1, 6);
  assert.ok(wide.length >= 4 && wide.length <= 7, String(wide));
});

test('linear ticks are round and start at a plain zero', () => {
  assert.deepEqual(linearTicks(-0.02, 1.02, 5), [0, 0.5, 1]);
  assert.deepEqual(linearTicks(1, 1840, 8), [500, 1000, 1500]);
  assert.ok(Object.is(linearTicks(-0.02, 1.02, 5)[0], 0));
});

test("Wilson's interval of 9 successes in 10 trials", () => {
  const [low, high] = wilson(0.9, 10);
  assert.ok(Math.abs(low - 0.5958) < 1e-3 && Math.abs(high - 0.9821) < 1e-3, `${low} ${high}`);
  assert.equal(wilson(0, 5)[0], 0);
});

test('missing values come last in either order', () => {
  const columns: Column<{ x: number | null }>[] = [{ label: 'x', help: '', value: (row) => row.x, cell: () => '' }];
  const rows = [{ x: null }, { x: 2 }, { x: -1 }];
  assert.deepEqual(sortRows(rows, columns, { column: 0, descending: false }).map((row) => row.x), [-1, 2, null]);
  assert.deepEqual(sortRows(rows, columns, { column: 0, descending: true }).map((row) => row.x), [2, -1, null]);
});
