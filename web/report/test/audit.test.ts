import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readAudit, rowsOf, shadeOf, type AuditRow } from '../src/audit_data';
import { rowName } from '../src/audit_instance';
import { certainty, gainText } from '../src/audit_matrix';
import { toneOf } from '../src/heat_map';

const row = (mechanism: string, utility: string, gain: number, exact = true): AuditRow =>
  ({ mechanism, utility, gain, exact, workers: 3, horizon: 1, coalition: 1 });

test('one shade for each power of ten, none for rounding', () => {
  assert.deepEqual([0, 1e-13, 2e-12, 1e-6, 1e-5, 3e-4, 0.001, 0.0894, 0.1, 5].map(shadeOf), [0, 0, 1, 1, 2, 3, 4, 5, 6, 6]);
});

test('a search claims no more than it found', () => {
  assert.equal(gainText(row('average', 'pay', 0.03, false)), '≥ 0.0300');
  assert.equal(gainText(row('average', 'sway', 0.0894)), '0.0894');
  assert.equal(gainText(row('average', 'pay', 1e-17)), '0');
  assert.deepEqual([row('a', 'pay', 0), row('a', 'pay', 0, false), row('a', 'pay', 1, false)].map(certainty), ['exact', 'none found', 'found']);
  assert.equal(rowName({ ...row('a', 'sway', 0.09), coalition: 2 }), '0.0900 — 3 workers, 1 slot, 2 liars');
});

test('the reading names who is safe and where lies pay most', () => {
  const rows = [row('weighted-score', 'next-weight', 0), row('weighted-score', 'pay', 0), row('weighted-score', 'sway', 0.0894),
    row('median', 'next-weight', 0), row('median', 'pay', 0, false)];
  const mechanisms = [{ name: 'weighted-score' }, { name: 'median' }];
  assert.equal(readAudit({ rows, mechanisms }),
    'No lie gains next weight or pay under weighted-score (exact). The largest gain found is 0.089, for a worker who wants sway under weighted-score.');
  assert.equal(readAudit({ rows: [row('average', 'pay', 0.03, false)], mechanisms: [{ name: 'average' }] }),
    'No mechanism here is proved safe for next weight and pay. The largest gain found is 0.030, for a worker who wants pay under average.');
  assert.equal(readAudit({}), 'Nothing was audited.');
});

test('the worst row of a cell comes first', () => {
  const rows = [row('average', 'sway', 0.0167), { ...row('average', 'sway', 0.09), coalition: 2 }, row('average', 'pay', 1)];
  assert.deepEqual(rowsOf(rows, 'average', 'sway').map((one) => one.gain), [0.09, 0.0167]);
});

test('gains and losses have their own scales, and zero its own tone', () => {
  const range = { most: 0.01, least: -0.64 };
  assert.deepEqual([0.01, 0.0001, 0, 1e-15, -0.01, -0.64].map((gain) => toneOf(gain, range)),
    ['gain-6', 'gain-1', 'even', 'even', 'loss-1', 'loss-6']);
});
