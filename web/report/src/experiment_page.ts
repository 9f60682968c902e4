// An experiment: how good the model became under each method, by round, in its own words, and who judged.
import type { Curve } from './alignment_data';
import type { Value } from './data';
import { dotChart } from './dot_chart';
import { freshId, h } from './dom';
import { isCeiling, ranked, namesOf, readExperiment, type Experiment, type ExperimentReport } from './experiment_data';
import { driverSection, experimentTable } from './experiment_table';
import { figure, plainTable } from './figure';
import { count } from './format';
import type { MoreFacts } from './header';
import { extent, textOf } from './loose';
import { lineChart, type Line } from './line_chart';
import { formatOf, tickOf } from './measures';
import { orderMethods, type MethodOrder } from './method_order';
import { panelRange } from './ranges';
import { sampleSection } from './samples';

export function experimentFacts(data: ExperimentReport): MoreFacts {
  return { numbers: [['seeds', data.seeds]], words: [['model', textOf(data.model)], ['data', textOf(data.data)]] };
}


/** Colours are for the rivals; what is given the outcomes is grey. */
function orderFor(methods: { name: string }[]): MethodOrder {
  const order = orderMethods([...methods.filter((method) => !isCeiling(method)), ...methods.filter(isCeiling)]);
  return { ...order, colourOf: (name) => (isCeiling({ name }) ? -1 : order.colourOf(name)) };
}

const strategicNames = ['without strategic workers', 'with strategic workers'];

function penaltyNote(data: ExperimentReport, experiment: Experiment): string[] {
  const penalty = textOf(data.penalty).replace(/\.$/, '');
  const intervals = [experiment.before, ...experiment.methods.map((method) => method.result)].some((one) => one.interval);
  const seeds = typeof data.seeds === 'number' ? ` over ${count(data.seeds)} seeds` : '';
  const malformed = experiment.malformedBefore;
  const bad = malformed === null ? '' : ` Before fine-tuning ${formatOf('malformed', [malformed])(malformed)} were malformed.`;
  return [intervals ? `Dots: mean${seeds}; bars: its 95 % interval.` : '', penalty || bad ? `${penalty ? `${penalty}.` : ''}${bad}`.trim() : ''].filter(Boolean);
}

function resultPart(data: ExperimentReport, experiment: Experiment, order: MethodOrder): HTMLElement {
  const { measure, before } = experiment;
  const id = freshId('section');
  const unit = measure.unit && measure.unit !== '%' ? `, ${measure.unit}` : '';
  const rows = ranked(experiment).filter((method) => method.result.value !== null || method.strategic.value !== null);
  const chart = dotChart({
    rows: rows.map((method) => ({
      name: method.name, colour: order.colourOf(method.name), strong: method.name === order.key, tag: isCeiling(method) ? 'given outcomes' : '',
      dots: method.strategic.value === null ? [method.result] : [method.result, method.strategic],
    })),
    guide: { ...before, label: 'before' }, names: strategicNames, format: measure.format,
    axisName: `${measure.name}${unit} (${measure.lower ? 'lower' : 'higher'} is better)`,
  });
  return h('section', { 'aria-labelledby': id }, h('h2', { id }, 'How good the model became'),
    h('p', { class: 'lead' }, 'The same start, prompts and crowd; only the way the reports become training labels differs.'),
    rows.length > 0 ? chart : null, ...(rows.length > 0 ? penaltyNote(data, experiment) : []).map((note) => h('p', { class: 'note' }, note)),
    h('h3', {}, 'All measures'), experimentTable(experiment, order.key));
}

function linesOf(curves: Curve[], order: MethodOrder): Line[] {
  const end = (curve: Curve): number => [...curve.values].reverse().find((value): value is number => typeof value === 'number') ?? 0;
  return [...curves].sort((a, b) => end(b) - end(a)).map((curve) => ({
    label: curve.name, colour: order.colourOf(curve.name), strong: curve.name === order.key, shown: true, values: curve.values,
    ...(curve.low && curve.high ? { low: curve.low, high: curve.high } : {}),
  }));
}

function roundPart({ byRound, measure }: Experiment, order: MethodOrder): HTMLElement | null {
  if (byRound.x.length < 2 || byRound.curves.length === 0) return null;
  const lines = linesOf(byRound.curves, order);
  const [first, last] = extent(byRound.x) ?? [0, 1];
  const chart = lineChart({
    t: byRound.x, lines, xRange: [first, last], xLog: false, yLog: false, xWhole: true, format: measure.format, yTick: tickOf(measure.format),
    yRange: () => panelRange(lines.some((line) => line.shown) ? lines.filter((line) => line.shown) : lines, false),
    yLabel: measure.unit && measure.unit !== '%' ? `${measure.name}, ${measure.unit}` : measure.name, xLabel: 'round', xName: (round) => `After round ${count(round)}`,
    description: `Line chart of ${measure.name} by round: ${lines.map((line) => `${line.label} ${measure.format(line.values[line.values.length - 1])}`).join(', ')}.`,
  });
  const header = ['Round', ...byRound.curves.map((curve) => curve.name)];
  const cell = (value: Value): string => measure.format(value);
  return figure({
    heading: 'Round by round', plot: chart.plot, legend: chart.legend, lead: 'Round 0 is the model before fine-tuning, the same for all methods.',
    notes: lines.some((line) => line.low) ? ['Ribbons are 95 % intervals of the mean over seeds.'] : [],
    numbers: () => plainTable('Round by round', header, byRound.x.map((round, at) => [count(round), ...byRound.curves.map((curve) => cell(curve.values[at]))])),
  });
}

export function experimentParts(data: ExperimentReport): (HTMLElement | null)[] {
  const experiment = readExperiment(data);
  const curves = namesOf(experiment.byRound.curves);
  const order = orderFor([...namesOf(experiment.methods), ...curves]);
  return [
    resultPart(data, experiment, order), roundPart(experiment, order),
    sampleSection(data.samples, 'What the model wrote to the same prompts before fine-tuning and after, under the default method.'),
    driverSection(data.drivers),
  ];
}
