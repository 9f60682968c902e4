// The result of a campaign that fine-tuned a model, and of an experiment that compares methods on one
// campaign, as the program writes them. Every member may be missing or null; loose.ts reads them.
import type { Numbers, RegretCurves, Value } from './data';
import { listOf, nameOf, numbersOf, risingPlaces, textOf, type Maybe } from './loose';

export interface CurveData {
  name?: Maybe<string>;
  unit?: Maybe<string>;
  value?: Maybe<Numbers>;
  low?: Maybe<Numbers>;
  high?: Maybe<Numbers>;
}

export interface SampleData {
  prompt?: Maybe<string>;
  before?: Maybe<string>;
  after?: Maybe<string>;
  truth?: Maybe<string>;
  note_before?: Maybe<string>;
  note_after?: Maybe<string>;
}

export interface AlignmentWorker {
  worker?: Maybe<string>;
  kind?: Maybe<string>;
  weight?: Value;
  reports?: Value;
  slots?: Value;
  loss?: Value;
}

export interface ByRound {
  round?: Maybe<Numbers>;
  series?: Maybe<CurveData[]>;
}

export interface AlignmentReport {
  objective?: Maybe<string>;
  model?: Maybe<string>;
  data?: Maybe<string>;
  rounds?: Value;
  metrics?: Maybe<{ step?: Maybe<Numbers>; round_ends?: Maybe<Numbers>; series?: Maybe<CurveData[]> }>;
  by_round?: Maybe<ByRound>;
  samples?: Maybe<SampleData[]>;
  weights?: Maybe<AlignmentWorker[]>;
  regret_curves?: Maybe<RegretCurves>;
}

/** Curves over one x that rises; every curve is as long as x. */
export interface Curve {
  name: string;
  unit: string;
  values: Numbers;
  low?: Numbers;
  high?: Numbers;
}

export interface CurveSet {
  x: number[];
  curves: Curve[];
}

/** Curves without any number are left out. */
export function curveSet(x: Maybe<Numbers>, series: Maybe<CurveData[]>): CurveSet {
  const places = risingPlaces(x);
  const pick = (values: Maybe<Numbers>): Numbers => {
    const all = numbersOf(values);
    return places.map((at) => all[at] ?? null);
  };
  const curves = listOf(series).map((one): Curve => ({
    name: nameOf(one.name), unit: textOf(one.unit), values: pick(one.value),
    ...(Array.isArray(one.low) && Array.isArray(one.high) ? { low: pick(one.low), high: pick(one.high) } : {}),
  }));
  const all = numbersOf(x);
  return { x: places.map((at) => all[at] as number), curves: curves.filter((curve) => curve.values.some((value) => value !== null)) };
}

/** Regret curves of the shape the regret chart takes, or nothing. */
export function regretOf(curves: Maybe<RegretCurves>): RegretCurves | null {
  if (!curves || !Array.isArray(curves.t)) return null;
  const series = listOf(curves.series).map((one) => ({ ...one, name: nameOf(one.name), regret: numbersOf(one.regret) }));
  return { t: curves.t, series };
}
