// Which method is the report's subject, which lines start out visible, and which colour a method has in
// every chart.
import { isNumber, type Method } from './data';

const keyNames = ['hedged', 'weighted-score-hedged', 'weighted-score'];
const mainNames = [
  'hedged', 'weighted-score-hedged', 'weighted-score', 'average', 'median', 'majority', 'dawid-skene-online', 'exponential',
];
const showAllUpTo = 8;

export interface MethodOrder {
  key: string | undefined;
  /** Place in the colour cycle; the same for one name everywhere. */
  colourOf(name: string): number;
  isMain(name: string): boolean;
}

/** Methods that can be compared: those that see only the slots settled before, where there are any. */
export function comparable(methods: Method[]): Method[] {
  const online = methods.filter((method) => !method.whole_file);
  return online.length > 0 ? online : methods;
}

export function bestBy(methods: Method[], value: (method: Method) => number | null | undefined): Method | undefined {
  return comparable(methods)
    .filter((method) => isNumber(value(method)))
    .sort((a, b) => (value(a) as number) - (value(b) as number))[0];
}

export function orderMethods(methods: Method[]): MethodOrder {
  const names = [...new Set(methods.map((method) => method.name))];
  const key = keyNames.find((name) => names.includes(name)) ?? bestBy(methods, (m) => m.brier)?.name ?? names[0];
  const mains = mainNames.filter((name) => names.includes(name));
  const order = [...new Set([...(key === undefined ? [] : [key]), ...mains, ...names])];
  const all = names.length <= showAllUpTo || mains.length < 2;
  return {
    key,
    colourOf: (name) => order.indexOf(name),
    isMain: (name) => all || name === key || mains.includes(name),
  };
}
