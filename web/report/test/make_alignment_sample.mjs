// Writes sample results of fine-tunings, the shape the program writes: `node test/make_alignment_sample.mjs FOLDER`
// makes alignment.json, experiment.json and crowd-experiment.json. The numbers are invented; the texts are
// as bad as a language model, or somebody who writes through one, can make them.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = process.argv[2] ?? '.';

let state = 4321;
const uniform = () => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return state / 4294967296;
};
const noise = (size) => size * (uniform() + uniform() + uniform() - 1.5);
const write = (name, value) => writeFileSync(join(folder, name), JSON.stringify(value));

const samples = [
  { prompt: 'Friday 2 June, 17:00, clear, 24 °C, no holiday. The hour before: 5,610.', before: 'heavy, about 3,900 vehicles, slow near the bridge.',
    after: 'heavy, about 5,500 vehicles.', truth: '5,412 vehicles', note_before: 'off by 1,512', note_after: 'off by 88' },
  { prompt: 'Sunday 4 June, 03:00, light rain, 13 °C.', before: '</script><script>alert(1)</script> <img src=x onerror=alert(2)>',
    after: 'light, about 350 vehicles.', truth: '371 vehicles', note_before: 'malformed: no volume', note_after: 'off by 21' },
  { prompt: 'Monday 5 June, 08:00, mist, 16 °C.', before: '', after: '\u202Eheavy, about 5,900 vehicles.\u202C\n\nLeave early.', truth: '5,988 vehicles' },
  { prompt: 'اكتب توقعا لحركة المرور يوم الثلاثاء الساعة 17:00', before: 'a'.repeat(180), after: 'مزدحم، حوالي 5,300 مركبة.' },
  { prompt: null, before: 'word '.repeat(260), after: '🏓 Z\u0335\u0321\u0322a\u0334\u0315\u031Bl\u0337\u0300\u0301g\u0336\u0306o — 中文輸出：大約 4,100 輛。' },
  { after: 'medium, about 2,400 vehicles.' }, { prompt: 'Wednesday 7 June, 12:00.', before: 'light.', after: 'medium, about 4,600 vehicles.' },
];

const steps = Array.from({ length: 480 }, (_, k) => k + 1);
const course = (from, to, shake, power = 1) => steps.map((step) => from + (to - from) * (1 - Math.exp(-3 * (step / 480))) ** power + noise(shake));
const evals = (from, to) => steps.map((step) => (step % 80 === 0 ? from + (to - from) * (step / 480) : null));
const rounds = [0, 1, 2, 3, 4, 5, 6];
const spread = (name, value, wide, unit) => ({ name, ...(unit ? { unit } : {}), value, low: value.map((x) => x - wide), high: value.map((x) => x + wide) });
const workerKinds = ['commuter', 'ring', 'sleeper', '<b>loud</b>'];
const workers = Array.from({ length: 30 }, (_, k) => ({ worker: `${workerKinds[k % 4]}-${1 + Math.floor(k / 4)}`, kind: workerKinds[k % 4],
  weight: Math.exp(-0.35 * k) * 0.295, reports: 1200 - k, loss: 0.11 + 0.009 * k + 0.01 * uniform() }));
const t = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 800, 1200];
const alignment = {
  kind_of_report: 'alignment', title: 'Traffic forecasts, six rounds', version: '0.3.0',
  command: 'candor align --campaign traffic.json --rounds 6 --report align.html', mechanism: 'weighted-score × hedged, full feedback',
  objective: 'dpo, beta 0.1, soft labels', model: 'gpt-2 kind, 4 layers of 128, 1.2 M parameters', data: 'metro-traffic, 2012 to 2017',
  rounds: 6, slots: 1200, settled: 1200, reports: 35412, kind: null,
  metrics: { step: steps, round_ends: [80, 160, 240, 320, 400, 480], series: [
    { name: 'learning_rate', value: steps.map((step) => 5e-4 * (1 - step / 500)) }, { name: 'loss', value: course(0.693, 0.41, 0.06) },
    { name: 'eval_loss', value: evals(0.66, 0.45) }, { name: 'rewards/chosen', value: course(0, -0.4, 0.3) },
    { name: 'rewards/rejected', value: course(0, -2.1, 0.4) }, { name: 'rewards/margins', value: course(0, 1.7, 0.35) },
    { name: 'rewards/accuracies', value: course(0.5, 0.84, 0.12).map((x) => Math.min(1, x)) }, { name: 'logps/chosen', value: course(-18.2, -14.9, 1) },
    { name: 'logps/rejected', value: course(-18.4, -24.3, 1) }, { name: 'kl', value: course(0, 3.2, 0.2).map((x) => Math.max(0, x)) },
    { name: 'grad_norm', value: course(2.4, 1.1, 0.7) }, { name: '<i>own</i> measure', value: course(1, 2, 0.3) }, { name: 'empty', value: steps.map(() => null) },
  ] },
  by_round: { round: rounds, series: [
    { name: 'kl', value: [0, 0.9, 1.5, 2, 2.5, 2.9, 3.2] }, spread('win_rate', [0.5, 0.58, 0.63, 0.68, 0.7, 0.715, 0.72], 0.04),
    spread('forecast_error', [1512, 1180, 930, 800, 720, 670, 640], 70, 'vehicles an hour'), { name: 'ranking_accuracy', value: [0.51, 0.6, 0.66, null, 0.71, 0.72, 0.725] },
    { name: 'malformed', value: [0.18, 0.05, 0.02, 0.01, 0.01, 0, 0] },
  ] },
  samples, weights: workers,
  regret_curves: { t, series: [['weighted-score', 1.2, 0.45], ['average', 0.4, 0.98], ['median', 0.3, 0.97]].map(([name, scale, power]) => ({ name, regret: t.map((now) => scale * now ** power) })) },
};
write('alignment.json', alignment);

const methods = [['weighted-score-hedged', 640, 21], ['weighted-score', 668, 24], ['weighted-score-drawn', 702, 33], ['limited-feedback', 741, 34.5],
  ['dawid-skene', 1120, 88], ['average', 1015, 71], ['median', 1098, 90], ['majority', 1160, 97], ['oracle', 588, -31]];
const ci = (value, wide) => [value - wide, value + wide];
write('experiment.json', {
  kind_of_report: 'alignment-experiment', title: 'Navigation: forecasts that drivers judge', version: '0.3.0', command: 'candor demo navigation --seeds 5 --report navigation.html',
  data: 'metro-traffic, evaluated on the unseen months of 2018', model: 'gpt-2 kind, 1.2 M parameters', seeds: 5, unit: 'vehicles an hour',
  penalty: 'A malformed forecast counts as an error of 2,000 vehicles an hour', before: { forecast_error: 1512, forecast_error_ci: [1460, 1564], malformed: 0.12 },
  methods: methods.map(([name, error, regret], k) => ({ name, regret, regret_ci: ci(regret, 3), forecast_error: error, forecast_error_ci: ci(error, 25 + 9 * k),
    malformed: 0.002 * k, label_accuracy: 0.86 - 0.02 * k, win_rate: 0.75 - 0.02 * k, difference_to_average: name === 'average' ? null : error - 1015,
    difference_ci: name === 'average' ? null : ci(error - 1015, 60), description: `What ${name} does with the reports.` })),
  by_round: { round: rounds, series: methods.map(([name, error]) => spread(name, rounds.map((round) => error + (1512 - error) * Math.exp(-0.8 * round) * (round === 6 ? 0 : 1)), 30)) },
  samples: samples.slice(0, 3),
  drivers: [{ kind: 'trend', count: 4, weight_share: 0.71, description: 'honest, sees the hour before moved as the clock moved it a week ago, noise 250' },
    { kind: 'habit', count: 6, weight_share: 0.17, description: 'honest, sees the mean of that weekday and hour, noise 500' },
    { kind: 'ring', count: 9, weight_share: 0.06, description: 'copies whatever its first member says' }, { kind: 'loud </td><script>', count: 7, weight_share: 0.05, description: null },
    { kind: 'guesser', count: 4, weight_share: 0.01 }],
});

const accuracies = [['hedged', 0.742, 0.721], ['weighted-score', 0.728, 0.716], ['average', 0.735, 0.648], ['median', 0.731, 0.655], ['dawid-skene', 0.744, 0.611]];
write('crowd-experiment.json', {
  kind_of_report: 'alignment-experiment', title: 'Arguments: which is the more convincing?', seeds: 5, data: 'crowd-labelled argument pairs',
  measure: { name: 'preference_accuracy', better: 'higher', unit: null }, before: { value: 0.503, value_ci: [0.49, 0.516] },
  methods: accuracies.map(([name, value, strategic]) => ({ name, value, value_ci: ci(value, 0.012), value_strategic: strategic, value_strategic_ci: ci(strategic, 0.02) })),
});
