// One campaign that fine-tuned a model: what it gained round by round, how training went, what it writes
// now, and whom it learned to follow.
import { curveSet, regretOf, type AlignmentReport, type AlignmentWorker } from './alignment_data';
import { stepText } from './alignment_reading';
import { isNumber, type Numbers, type Worker } from './data';
import type { MoreFacts } from './header';
import { listOf, nameOf, numbersOf, textOf, valueOf, type Maybe } from './loose';
import { orderMethods } from './method_order';
import { regretFigure } from './regret_chart';
import { sampleSection } from './samples';
import { smallMultiples } from './small_multiples';
import { windowOf } from './smoothing';
import { workerTable } from './worker_table';

export function alignmentFacts(data: AlignmentReport): MoreFacts {
  return {
    numbers: [['rounds', data.rounds]],
    words: [['objective', textOf(data.objective)], ['model', textOf(data.model)], ['data', textOf(data.data)]],
  };
}

function roundPart(data: AlignmentReport): HTMLElement | null {
  const set = curveSet(data.by_round?.round, data.by_round?.series);
  const spread = set.curves.some((curve) => curve.low);
  return smallMultiples({
    heading: 'Round by round', set, xName: 'round', rest: 'both',
    lead: 'Each published version of the model, round 0 being the one it started from. Beside each curve: its first and its last value.',
    notes: spread ? ['Ribbons are 95 % intervals.'] : [],
  });
}

function smoothingNote(curves: { values: Numbers }[]): string[] {
  const width = curves.reduce((most, curve) => Math.max(most, windowOf(curve.values)), 1);
  return width > 1 ? [`Thin: every step. Thick: the mean of up to ${width} steps around it.`] : [];
}

function trainingPart(data: AlignmentReport): HTMLElement | null {
  const set = curveSet(data.metrics?.step, data.metrics?.series);
  const ends = numbersOf(data.metrics?.round_ends).filter(isNumber).sort((a, b) => a - b);
  return smallMultiples({
    heading: 'Training', set, xName: 'step', marks: ends.slice(0, -1), rest: 'last', sliderText: (step) => stepText(step, ends),
    lead: `Every optimiser step, under the usual names${ends.length > 1 ? '; a dotted upright line ends a round' : ''}.`,
    notes: smoothingNote(set.curves),
  });
}

const workerOf = (worker: AlignmentWorker): Worker => ({
  worker: nameOf(worker.worker), weight: valueOf(worker.weight), slots: valueOf(worker.slots), reports: valueOf(worker.reports),
  loss: valueOf(worker.loss), ...(textOf(worker.kind) ? { kind: textOf(worker.kind) } : {}),
});

export const alignmentWorkers = (weights: Maybe<AlignmentWorker[]>): Worker[] => listOf(weights).map(workerOf);

export function alignmentParts(data: AlignmentReport): (HTMLElement | null)[] {
  const regret = regretOf(data.regret_curves);
  return [
    roundPart(data),
    sampleSection(data.samples, 'What the model wrote to the same prompts before its first round and after its last.'),
    trainingPart(data),
    regret && regretFigure(regret, orderMethods(regret.series.map(({ name }) => ({ name })))),
    workerTable(alignmentWorkers(data.weights)),
  ];
}
