// Writes sample results, the shape the program writes: `node test/make_sample.mjs FOLDER` makes
// replay.json, simulation.json, audit.json and ledger-audit.json. The numbers are invented; the names are chosen to be awkward.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = process.argv[2] ?? '.';

let state = 12345;
const uniform = () => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return state / 4294967296;
};

const settled = 1840;
const workerCount = 1164;
const times = (end) => {
  const t = new Set();
  for (let k = 0; k <= 120; ++k) t.add(Math.round(end ** (k / 120)));
  return [...t].sort((a, b) => a - b);
};

// name, Brier, sees the whole file, regret at the end (before noise), exponent, bound
const methods = [
  ['average', 0.1043, false, 84, 1], ['median', 0.0987, false, 73, 0.98], ['trimmed-mean', 0.1002, false, 76, 0.99],
  ['majority', 0.1109, false, 96, 1], ['dawid-skene', 0.0561, true, -4, 0.6], ['dawid-skene-online', 0.0644, false, 11, 0.7],
  ['glad', 0.0588, true, 0.8, 0.6], ['exponential', 0.0702, false, 21, 0.55], ['best-worker', 0.0584, true, 0, 0],
  ['weighted-score', 0.0698, false, 20.6, 0.52, 148.2], ['weighted-log', 0.0671, false, 16, 0.53], ['extremised', 0.0655, false, 13, 0.62],
  ['bayes', 0.0571, false, -2.5, 0.5], ['bayes-0.5', 0.0552, false, -6, 0.5], ['bayes-0.25', 0.0563, false, -3.9, 0.5],
  ['hedged', 0.0531, false, 6.4, 0.34, 31.5],
];

const curve = (end, exponent, t, T) => {
  if (end === 0) return t.map(() => 0);
  let walk = 0;
  return t.map((now) => {
    walk = 0.9 * walk + 0.12 * (uniform() - 0.5);
    return end * (now / T) ** exponent * (1 + walk) + (end > 10 ? 0 : 0.4 * (uniform() - 0.5));
  });
};

const wander = (t, end) => {
  let walk = 0;
  return t.map((now) => {
    walk = 0.97 * walk + 0.16 * (uniform() - 0.5);
    return ((end * workerCount) ** (now / settled) / workerCount) * Math.exp(walk * Math.sqrt(now / settled));
  });
};

const bins = (sharpness) =>
  Array.from({ length: 10 }, (_, k) => {
    const predicted = (k + 0.5) / 10;
    const observed = Math.min(1, Math.max(0, 0.5 + (predicted - 0.5) * sharpness + 0.05 * (uniform() - 0.5)));
    return { predicted, observed, count: k === 4 ? 0 : Math.round(40 + 700 * Math.abs(predicted - 0.5) ** 2 * uniform() * 4) };
  });

const workerName = (k) =>
  k === 3 ? '</script><script>alert(1)</script>' : k === 7 ? '<img src=x onerror=alert(2)>'
    : k === 11 ? 'a-worker-with-a-very-long-name-such-as-a-hash-3f9c0a77d1b54e8f' : `w${String(k).padStart(4, '0')}`;

const skill = Array.from({ length: workerCount }, (_, k) => 0.1 + 0.9 * uniform() - (k % 97 === 3 ? 0.35 * uniform() : 0));
const total = skill.reduce((sum, one) => sum + Math.exp(-9 * one), 0);
const weights = skill.map((one, k) => ({
  worker: workerName(k), weight: Math.exp(-9 * one) / total, slots: Math.round(3 + 180 * uniform()), loss: Math.max(0.01, 0.12 + 0.3 * one),
}));
const ranked = [...weights].sort((a, b) => b.weight - a.weight);

const t = times(settled);
writeFileSync(join(folder, 'replay.json'), JSON.stringify({
  kind_of_report: 'replay', title: 'Traffic forecasts, June', version: '0.1.0',
  command: 'candor replay forecasts.csv.gz --baseline all --order time --report june.html',
  mechanism: 'weighted-score × hedged, full feedback, doubling step size', kind: 'pairwise', answers: ['A', 'B'],
  workers: workerCount, slots: 2000, settled, reports: 104233, duplicates: 17, step_size: 0.0431,
  methods: methods.map(([name, brier, whole_file, regret, , bound]) => ({
    name, brier, log_loss: brier * 3.1 + 0.01 * uniform(), accuracy: 0.99 - brier * 1.4, regret, bound: bound ?? null,
    ...(name === 'weighted-score' ? { drawn_loss: 0.0812 } : {}), whole_file,
  })),
  regret_curves: { t, series: methods.map(([name, , , end, exponent, bound]) => ({
    name, regret: curve(end, exponent, t, settled), ...(bound ? { bound: t.map((now) => bound * Math.sqrt(now / settled)) } : {}) })) },
  weight_curves: { t, series: [...ranked.slice(0, 8), ...ranked.slice(-8)].map((one) => ({
    worker: one.worker,
    weight: wander(t, one.weight) })) },
  reliability: methods.filter((_, k) => k % 3 === 0).map(([name], k) => ({ name, bins: bins(0.6 + 0.12 * k) })),
  weights,
}));

const scenarios = [
  ['average fails', 'Two good workers among many who repeat one mistake.'],
  ['median fails', 'More than half of the workers err together.'],
  ['EM fails', 'A clique agrees with itself and with nobody else.'],
  ['random crowd', 'Accuracies drawn uniformly from 0.5 to 0.9; 100 repetitions.'],
];
const rules = [['average', 1], ['median', 0.99], ['dawid-skene-online', 0.97], ['exponential', 0.48], ['weighted-score', 0.47], ['hedged', 0.22]];
const T = 10000;
const long = times(T);
const scenario = ([name, description], at) => ({
  name, description,
  methods: rules.map(([rule, slope]) => ({
    name: rule, brier: 0.2 - 0.1 * (1 - slope), log_loss: 0.4, accuracy: 0.8, regret: T ** slope * 0.2, regret_se: T ** slope * 0.008,
    bound: rule === 'weighted-score' ? 190 : null, slope: at === 3 && rule === 'hedged' ? null : slope - 0.02 * at, whole_file: false,
  })),
  regret_curves: { t: long, series: rules.map(([rule, slope]) => {
    const regret = long.map((now) => 0.2 * now ** slope * (1 + 0.05 * (uniform() - 0.5)));
    return { name: rule, regret, low: regret.map((x) => x * 0.8 - 0.1), high: regret.map((x) => x * 1.2 + 0.1),
      ...(rule === 'weighted-score' ? { bound: long.map((now) => 1.9 * Math.sqrt(now)) } : {}) };
  }) },
});
writeFileSync(join(folder, 'simulation.json'), JSON.stringify({
  kind_of_report: 'simulation', title: 'Counterexamples and a random crowd', version: '0.1.0',
  command: 'candor simulate --scenario all --slots 10000 --repeat 100 --seed 1 --report simulation.html',
  mechanism: 'weighted-score × hedged', kind: 'pairwise', answers: ['A', 'B'], workers: 50, slots: T, settled: T,
  methods: [], scenarios: scenarios.map(scenario),
}));

// Three workers, weights 1/2, 0.3, 0.2; the others report 0.3 and 0.4. The average pays for exaggeration.
const audited = ['weighted-score', 'average', 'median', 'vcg-pool </script><b>'];
const utilities = ['next-weight', 'total-weight', 'final-weight', 'pay', 'sway'];
const instance = (gain, coalition) => ({
  name: 'worst found', weights: [0.5, 0.3, 0.2], step_size: 0.5,
  slots: [{ belief: 0.7, reports: [0.7, 0.3, 0.4], honest: Array(coalition).fill(0.7), best: Array(coalition).fill(gain > 0 ? 1 : 0.7) }],
  honest_utility: 0.52, best_utility: 0.52 + gain, ...(gain > 0.05 ? { honest_label: 0.52, best_label: 0.67 } : {}),
  ...(gain > 0 ? {} : { search: { spacing: 0.005, note: 'a peak narrower than this can have been missed' } }),
});
const gains = [[0, 4e-4, 1.4e-3, 0, 0.0894], [0, 0, 0, 0.03, 0.0167], [0, 0, 0, 2e-6, 0], [null, null, null, 0, 0]];
const auditRows = audited.flatMap((mechanism, m) => utilities.flatMap((utility, u) => {
  const gain = gains[m][u];
  if (gain === null) return [];
  const row = { mechanism, utility, workers: 3, horizon: u === 1 || u === 2 ? 10 : 1, gain, exact: m !== 2,
    method: m === 2 ? 'search' : 'closed form', coalition: 1, instance: instance(gain, 1) };
  return m === 1 && u === 4 ? [row, { ...row, gain: 0.09, coalition: 2, instance: instance(0.09, 2) }] : [row];
}));
const grid = (size) => Array.from({ length: size }, (_, k) => k / (size - 1));
const heat = (mechanism, utility, gain) => ({
  mechanism, utility, beliefs: grid(21), reports: grid(41), note: 'the others report .3, .4',
  gain: grid(21).map((belief) => grid(41).map((report) => gain(belief, report))),
});
writeFileSync(join(folder, 'audit.json'), JSON.stringify({
  kind_of_report: 'audit', title: 'What a lie would have earned', version: '0.2.0', command: 'candor audit --all --report audit.html',
  mechanisms: audited.map((name) => ({ name, description: `What ${name} is.` })), utilities, rows: auditRows,
  heat: [
    heat('weighted-score', 'next-weight', (b, r) => -0.125 * (r - b) ** 2),
    heat('average', 'sway', (b, r) => (0.5 - b) ** 2 * 4 / 9 - ((r + 1) / 3 - b) ** 2),
  ],
}));

writeFileSync(join(folder, 'ledger-audit.json'), JSON.stringify({
  kind_of_report: 'ledger-audit', title: 'What distortions would have earned in June', version: '0.2.0',
  command: 'candor audit june.jsonl --report june-audit.html', mechanism: 'weighted-score x hedged x pay-by-weight', answers: ['A', 'B'],
  workers: 1164, slots: 2000, settled, pays: true, distortions: ['log-odds x 0.5', 'log-odds x 2', 'flip', 'always A'],
  how_to_read: 'With hindsight, 30 of 50 workers would have ended with more weight by the best of 16 fixed distortions; that is luck, or reports that were too bold or too timid, not a flaw of the rule.',
  rows: ranked.slice(0, 50).map((one, k) => ({
    worker: one.worker, slots: one.slots + 3, settled: one.slots,
    honest: { final_weight: one.weight, mean_weight: one.weight / 2, paid_micro: 1000 * one.slots },
    best: {
      final_weight: { distortion: k % 2 ? 'log-odds x 0.5' : 'log-odds x 2', gain: one.weight * (uniform() - 0.3), price: 1e-4 * uniform(), surprise: k % 9 ? 2 * uniform() : 4.2 },
      mean_weight: { distortion: 'flip', gain: -1e-5, price: null, surprise: null },
      pay: { distortion: 'log-odds x 2', gain: Math.round(400 * (uniform() - 0.3)), price: null, surprise: null },
    },
  })),
}));
