// Which method made the model best, in a sentence or two.
import { isCeiling, namesOf, ranked, readExperiment, type Estimate, type Experiment, type ExperimentMethod, type ExperimentReport } from './experiment_data';
import { intervalText, withUnit } from './measures';
import { orderMethods } from './method_order';

interface Ranking {
  best: ExperimentMethod;
  text: string;
}

/** "640 vehicles an hour [600, 680]; average 1,015": the best of the rivals, then the report's subject and the average. */
function rank(experiment: Experiment, of: (method: ExperimentMethod) => Estimate): Ranking | null {
  const { format, unit } = experiment.measure;
  const rivals = ranked(experiment, of).filter((method) => !isCeiling(method) && of(method).value !== null);
  const best = rivals[0];
  if (!best) return null;
  const others = new Set([orderMethods(namesOf(experiment.methods)).key, 'average']);
  const rest = [...others].map((name) => rivals.find((rival) => rival.name === name))
    .filter((rival): rival is ExperimentMethod => rival !== undefined && rival !== best)
    .map((rival) => `; ${rival.name} ${format(of(rival).value)}`);
  return { best, text: `${withUnit(format, unit)(of(best).value)}${intervalText(format, of(best).interval)}${rest.join('')}` };
}

export function readExperimentSentence(data: ExperimentReport): string {
  const experiment = readExperiment(data);
  const { name, format, lower } = experiment.measure;
  const result = rank(experiment, (method) => method.result);
  if (!result) return 'No method was measured.';
  const start = experiment.before.value === null ? '' : `; before fine-tuning ${format(experiment.before.value)}`;
  const strategic = rank(experiment, (method) => method.strategic);
  const lies = strategic ? ` With strategic workers in the crowd it is ${strategic.best.name}, ${strategic.text}.` : '';
  return `${result.best.name} has the ${lower ? 'lowest' : 'highest'} ${name}, ${result.text}${start}.${lies}`;
}
