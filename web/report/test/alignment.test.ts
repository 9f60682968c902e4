import assert from 'node:assert/strict';
import { test } from 'node:test';
import { curveSet } from '../src/alignment_data';
import { readAlignment, stepText } from '../src/alignment_reading';
import { dotRange, panelRange } from '../src/ranges';
import { revealed } from '../src/samples';
import { ranked, readExperiment } from '../src/experiment_data';
import { readExperimentSentence } from '../src/experiment_reading';
import { extent, intervalOf } from '../src/loose';
import { formatOf, groupMeasures, intervalText, isShare, lineName, signedBy, tickOf } from '../src/measures';
import { smoothed, thinned, windowOf } from '../src/smoothing';

test('panels come in the order of a reader’s questions, twins and pairs together, unknown names last', () => {
  const groups = groupMeasures(['mine', 'grad_norm', 'rewards/rejected', 'eval_loss', 'rewards/chosen', 'loss', 'constructor', 'eval_mine', 'win_rate']);
  assert.deepEqual(groups.map((group) => [group.title, group.names]), [
    ['win_rate', ['win_rate']], ['loss', ['loss', 'eval_loss']], ['rewards', ['rewards/chosen', 'rewards/rejected']],
    ['grad_norm', ['grad_norm']], ['mine', ['mine', 'eval_mine']], ['constructor', ['constructor']],
  ]);
  const [, loss, rewards] = groups;
  assert.deepEqual(loss?.names.map((name) => lineName(name, loss)), ['training', 'held out']);
  assert.deepEqual(rewards?.names.map((name) => lineName(name, rewards)), ['chosen', 'rejected']);
  assert.equal(lineName('kl', { title: 'kl', about: '', names: ['kl'] }), 'kl');
});

test('shares are percentages, large values whole numbers, all values of a measure written alike', () => {
  assert.ok(isShare('eval_rewards/accuracies', [0.5, null, 1]));
  assert.ok(!isShare('malformed', [0, 12]), 'a count of malformed answers is no share');
  assert.ok(!isShare('learning_rate', [0.0005]));
  assert.deepEqual([640.4, 1512].map(formatOf('forecast_error', [640.4, 1512])), ['640', '1,512']);
  assert.deepEqual([31.25, -4].map(formatOf('regret', [31.25, -4])), ['31.3', '−4.0']);
  const share = formatOf('win_rate', [0.5, 0.72]);
  assert.equal(share(0.72) + intervalText(share, [0.68, 0.755]), '72.0 % [68.0, 75.5]');
  assert.equal(tickOf(share)(0.5), '50 %');
  assert.deepEqual([3, -3, 0].map(signedBy(formatOf('x', [500]))), ['+3', '−3', '0']);
  assert.equal(intervalText(share, null), '');
});

test('what is missing, null or of another type is left out', () => {
  const set = curveSet([1, 2, 2, 1, null, 5], [{ name: 'loss', value: [7, 8, 9, 10, 11, 12] }, { name: 'none', value: [null] }, null as never, { name: null, value: [null, 3] }]);
  assert.deepEqual(set.x, [1, 2, 5], 'x rises');
  assert.deepEqual(set.curves.map((curve) => [curve.name, curve.values]), [['loss', [7, 8, 12]], ['(no name)', [null, 3, null]]]);
  assert.deepEqual(curveSet(null, null), { x: [], curves: [] });
  assert.deepEqual([[2, 1], [1, null], 'x', null].map(intervalOf), [[1, 2], null, null, null]);
  assert.deepEqual(extent([3, null, Number.NaN, -1]), [-1, 3]);
  assert.equal(readAlignment({}), 'No measure was recorded before and after.');
  assert.equal(readExperimentSentence({}), 'No method was measured.');
  assert.equal(readExperimentSentence({ methods: [null as never, { name: null, value: null }], before: null, measure: null }), 'No method was measured.');
});

test('the mean of neighbours keeps a straight line straight away from its ends, and a constant everywhere', () => {
  const line = Array.from({ length: 100 }, (_, at) => at);
  const width = windowOf(line);
  assert.equal(width, 5);
  assert.deepEqual(smoothed(line, width).slice(2, 98), line.slice(2, 98));
  assert.deepEqual(smoothed(line, width).slice(0, 2), [1, 1.5]);
  assert.deepEqual(smoothed([4, null, 4, 4], 3), [4, null, 4, 4]);
  assert.deepEqual(smoothed([0, null, 3, 6], 3), [1.5, null, 3, 4.5], 'gaps are stepped over');
  assert.equal(windowOf(line.slice(0, 59)), 1);
  assert.deepEqual(thinned(5, 3), [0, 2, 4]);
  assert.deepEqual(thinned(2, 3), [0, 1]);
});

test('the reading of a campaign says what rose and what fell', () => {
  const by_round = { round: [0, 1, 2], series: [
    { name: 'kl', value: [0, 1, 2] }, { name: 'win_rate', value: [0.5, 0.6, 0.72] },
    { name: 'forecast_error', unit: 'vehicles an hour', value: [1512, 900, 640] }, { name: 'malformed', value: [0, null, 0] }] };
  assert.equal(readAlignment({ by_round }),
    'Forecast error fell from 1,512 to 640 vehicles an hour, win rate rose from 50.0 % to 72.0 % and share of malformed answers stayed at 0.0 % over 2 rounds.');
  assert.equal(readAlignment({ metrics: { step: [1, 2], series: [{ name: 'loss', value: [0.69, 0.41] }] } }), 'Loss fell from 0.690 to 0.410.');
});

const navigation = {
  unit: 'vehicles an hour', before: { forecast_error: 1512 },
  methods: [{ name: 'average', forecast_error: 1015 }, { name: 'oracle', forecast_error: 588 },
    { name: 'weighted-score-hedged', forecast_error: 640, forecast_error_ci: [600, 680] }, { name: 'median' }],
};

test('the reading of an experiment names the best rival, which the oracle is not', () => {
  assert.equal(readExperimentSentence(navigation),
    'weighted-score-hedged has the lowest forecast error, 640 vehicles an hour [600, 680]; average 1,015; before fine-tuning 1,512.');
  assert.deepEqual(ranked(readExperiment(navigation)).map((method) => method.name), ['oracle', 'weighted-score-hedged', 'average', 'median']);
});

test('an experiment may measure something else, where higher is better, and with strategic workers', () => {
  const arguments_ = {
    measure: { name: 'preference_accuracy', better: 'higher' },
    methods: [{ name: 'average', value: 0.735, value_strategic: 0.648 }, { name: 'hedged', value: 0.731, value_strategic: 0.721, value_strategic_ci: [0.7, 0.742] }],
  };
  assert.equal(readExperimentSentence(arguments_),
    'average has the highest preference accuracy, 73.5 %; hedged 73.1 %. With strategic workers in the crowd it is hedged, 72.1 % [70.0, 74.2]; average 64.8 %.');
});

test('the axis of the dots has room for every interval and for the line where all began', () => {
  const row = (value: number | null, interval: [number, number] | null) => ({ name: 'a', colour: 0, strong: false, tag: '', dots: [{ value, interval }] });
  assert.deepEqual(dotRange({ rows: [row(10, [5, 15]), row(null, null)], guide: { value: 30, interval: null } }), [4, 31]);
  const [low, high] = dotRange({ rows: [row(7, null)], guide: { value: null, interval: null } });
  assert.ok(low < 7 && high > 7, 'one value alone still has an axis');
});

test('a panel reaches zero where that costs little, and a share stays between none and all', () => {
  const line = (...values: number[]) => [{ label: '', values }];
  assert.deepEqual(panelRange(line(1, 10), false), [0, 10.63]);
  assert.deepEqual(panelRange(line(-10, 10), false), [-11.4, 11.4]);
  assert.deepEqual(panelRange(line(0.9, 1), true), [0.893, 1.005]);
  assert.deepEqual(panelRange([{ label: '', values: [5], low: [4], high: [14] }], false), [0, 14.7], 'ribbons count');
});

test('a round ends with the step that its mark names', () => {
  assert.deepEqual([1, 80, 81, 1600].map((step) => stepText(step, [80, 160])), ['step 1, round 1 of 2', 'step 80, round 1 of 2', 'step 81, round 2 of 2', 'step 1,600, round 2 of 2']);
  assert.equal(stepText(7, []), 'step 7');
});

test('characters that turn a text around are named, others left as they are', () => {
  assert.deepEqual(revealed('a\u202Ecba\u0007'), ['a', 'U+202E', 'cba', 'U+0007', '']);
  assert.deepEqual(revealed('two\nlines\t<b> é 中 اكتب'), ['two\nlines\t<b> é 中 اكتب']);
});
