import assert from 'node:assert/strict';
import { test } from 'node:test';
import { orderMethods } from '../src/method_order';
import { readReplay, readSimulation } from '../src/reading';

const methods = [{ name: 'average', brier: 0.104 }, { name: 'glad', brier: 0.01, whole_file: true }, { name: 'hedged', brier: 0.0531 }];

test('the reading names the best method that does not see the whole file', () => {
  assert.equal(readReplay({ methods }), 'hedged has the lowest Brier score, 0.053; average 0.104.');
  assert.equal(readReplay({ methods: [{ name: 'average', brier: 0.1 }] }), 'average has the lowest Brier score, 0.100.');
  assert.equal(readReplay({ methods: [...methods, { name: 'bayes', brier: 0.05 }] }),
    'bayes has the lowest Brier score, 0.050; hedged 0.053; average 0.104.');
  assert.equal(readReplay({}), 'No slot has been settled, so no method could be scored.');
});

test('the reading of a simulation gives the range of slopes', () => {
  const scenario = (name: string, average: number, rule: number) =>
    ({ name, methods: [{ name: 'average', slope: average }, { name: 'weighted-score', slope: rule }] });
  assert.equal(readSimulation({ scenarios: [scenario('a', 1, 0.4), scenario('b', 0.98, 0.47)] }),
    'How fast regret grows in 2 scenarios (1: linear, ½: like √T): weighted-score 0.40 to 0.47, average 0.98 to 1.00.');
  const still = { name: 'c', methods: [{ name: 'average', slope: 1 }, { name: 'weighted-score', slope: null }] };
  assert.match(readSimulation({ scenarios: [scenario('a', 1, 0.5), still] }), /weighted-score 0\.50 or no growth, average 1\.00\.$/);
});

test('the subject comes first in the colours, and few methods are all shown', () => {
  const order = orderMethods(methods);
  assert.equal(order.key, 'hedged');
  assert.equal(order.colourOf('hedged'), 0);
  assert.ok(order.isMain('glad'));
});

test('of many methods the well-known ones are shown first', () => {
  const many = [...methods, ...Array.from({ length: 8 }, (_, k) => ({ name: `m${k}` }))];
  assert.ok(orderMethods(many).isMain('average'));
  assert.ok(!orderMethods(many).isMain('m3'));
});
