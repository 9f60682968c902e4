// An experiment that compares methods on the same campaign, whatever it measures: what the page shows of it.
import { curveSet, type AlignmentReport, type ByRound, type CurveSet } from './alignment_data';
import type { Value } from './data';
import type { Format } from './format';
import { intervalOf, listOf, nameOf, textOf, valueOf, type Interval, type Maybe } from './loose';
import { formatOf } from './measures';

export interface MethodData {
  name?: Maybe<string>;
  description?: Maybe<string>;
  regret?: Value;
  regret_ci?: unknown;
  forecast_error?: Value;
  forecast_error_ci?: unknown;
  value?: Value;
  value_ci?: unknown;
  value_strategic?: Value;
  value_strategic_ci?: unknown;
  malformed?: Value;
  label_accuracy?: Value;
  win_rate?: Value;
  difference_to_average?: Value;
  difference_ci?: unknown;
}

export interface DriverData {
  kind?: Maybe<string>;
  count?: Value;
  weight_share?: Value;
  description?: Maybe<string>;
}

export interface ExperimentReport {
  data?: Maybe<string>;
  model?: Maybe<string>;
  seeds?: Value;
  unit?: Maybe<string>;
  penalty?: Maybe<string>;
  measure?: Maybe<{ name?: Maybe<string>; better?: Maybe<string>; unit?: Maybe<string> }>;
  before?: Maybe<Pick<MethodData, 'forecast_error' | 'forecast_error_ci' | 'value' | 'value_ci' | 'value_strategic' | 'value_strategic_ci' | 'malformed'>>;
  methods?: Maybe<MethodData[]>;
  by_round?: Maybe<ByRound>;
  samples?: AlignmentReport['samples'];
  drivers?: Maybe<DriverData[]>;
}

export interface Estimate {
  value: number | null;
  interval: Interval | null;
}

export interface ExperimentMethod {
  name: string;
  description: string;
  result: Estimate;
  /** The same campaign with strategic workers in the crowd. */
  strategic: Estimate;
  regret: Estimate;
  difference: Estimate;
  malformed: number | null;
  label_accuracy: number | null;
  win_rate: number | null;
}

export interface Experiment {
  measure: { name: string; lower: boolean; unit: string; format: Format };
  before: Estimate;
  malformedBefore: number | null;
  methods: ExperimentMethod[];
  byRound: CurveSet;
}

const estimate = (value: Value, interval: unknown): Estimate => ({ value: valueOf(value), interval: intervalOf(interval) });

const resultOf = (one: MethodData): Estimate =>
  valueOf(one.value) === null ? estimate(one.forecast_error, one.forecast_error_ci) : estimate(one.value, one.value_ci);

const methodOf = (one: MethodData): ExperimentMethod => ({
  name: nameOf(one.name), description: textOf(one.description), result: resultOf(one),
  strategic: estimate(one.value_strategic, one.value_strategic_ci), regret: estimate(one.regret, one.regret_ci),
  difference: estimate(one.difference_to_average, one.difference_ci),
  malformed: valueOf(one.malformed), label_accuracy: valueOf(one.label_accuracy), win_rate: valueOf(one.win_rate),
});

export function readExperiment(data: ExperimentReport): Experiment {
  const methods = listOf(data.methods).map(methodOf);
  const before = resultOf(data.before ?? {});
  const name = textOf(data.measure?.name).replace(/_/g, ' ') || 'forecast error';
  const unit = textOf(data.measure?.unit) || textOf(data.unit);
  const values = [before.value, ...methods.flatMap((method) => [method.result.value, method.strategic.value])];
  return {
    measure: { name, unit, lower: data.measure?.better !== 'higher', format: formatOf(name, values, unit) },
    before, methods, malformedBefore: valueOf(data.before?.malformed), byRound: curveSet(data.by_round?.round, data.by_round?.series),
  };
}

/** The oracle is given the outcomes: it is the ceiling, and no rival of the rest. */
export const isCeiling = (method: { name: string }): boolean => method.name === 'oracle';

export const namesOf = (all: { name: string }[]): { name: string }[] => all.map(({ name }) => ({ name }));

/** Methods by a result, the best first; without it, last. */
export function ranked(experiment: Experiment, of: (method: ExperimentMethod) => Estimate = (method) => method.result): ExperimentMethod[] {
  const { lower } = experiment.measure;
  const key = (method: ExperimentMethod): number => {
    const { value } = of(method);
    return value === null ? Infinity : lower ? value : -value;
  };
  return [...experiment.methods].sort((a, b) => (key(a) === key(b) ? 0 : key(a) - key(b)));
}
