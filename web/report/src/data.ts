// The result of a replay or a simulation, as the program writes it. Every array of numbers may hold
// null where a value does not exist.

export type Value = number | null | undefined;
export type Numbers = Value[];

export interface Method {
  name: string;
  brier?: Value;
  log_loss?: Value;
  accuracy?: Value;
  regret?: Value;
  regret_se?: Value;
  bound?: Value;
  drawn_loss?: Value;
  slope?: Value;
  whole_file?: boolean;
}

export interface RegretSeries {
  name: string;
  regret: Numbers;
  low?: Numbers;
  high?: Numbers;
  bound?: Numbers;
}

export interface RegretCurves {
  t: number[];
  series: RegretSeries[];
}

export interface WeightCurves {
  t: number[];
  series: { worker: string; weight: Numbers }[];
}

export interface Bin {
  predicted: Value;
  observed: Value;
  count: number;
}

export interface Reliability {
  name: string;
  bins: Bin[];
}

export interface Worker {
  worker: string;
  kind?: string;
  weight: Value;
  slots?: Value;
  reports?: Value;
  loss: Value;
}

export interface Scenario {
  name: string;
  description?: string;
  methods?: Method[];
  regret_curves?: RegretCurves;
}

export interface ReportData {
  kind_of_report?: string;
  title?: string;
  version?: string;
  command?: string;
  mechanism?: string;
  kind?: string;
  answers?: string[];
  workers?: Value;
  slots?: Value;
  settled?: Value;
  reports?: Value;
  duplicates?: Value;
  step_size?: Value;
  methods?: Method[];
  regret_curves?: RegretCurves;
  weight_curves?: WeightCurves;
  reliability?: Reliability[];
  weights?: Worker[];
  scenarios?: Scenario[];
}

export const isNumber = (value: unknown): value is number =>
  typeof value === 'number' && Number.isFinite(value);

/** The data block that the program wrote into the page. */
export function readData(): ReportData {
  const block = document.getElementById('candor-data');
  return JSON.parse(block?.textContent ?? '{}') as ReportData;
}
