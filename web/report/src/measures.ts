// What the measures of a fine-tuning are called, what they mean, how they are written, and in which
// order and with which others they are drawn.
import { isNumber, type Numbers, type Value } from './data';
import { compact, count, fixed, percent, tick, type Format } from './format';
import { extent, type Interval } from './loose';

interface Panel {
  title: string;
  about: string;
  /** Lines that share the panel; each may have a held-out twin, eval_NAME. */
  members: string[];
}

const one = (name: string, about: string): Panel => ({ title: name, about, members: [name] });

/** What a reader asks first comes first: is it better, is it learning, has it gone too far. */
const panels: Panel[] = [
  one('forecast_error', 'Mean distance of forecasts from what was measured; lower is better.'),
  one('win_rate', 'Share of answers that turned out better than the answers they stood beside.'),
  one('preference_accuracy', 'Share of held-out pairs in which the better answer is preferred.'),
  one('ranking_accuracy', 'Share of pairs that the policy ranks as the outcome does.'),
  one('label_accuracy', 'Share of training labels on the side of the outcome.'),
  one('loss', 'What training minimises, by batch.'),
  one('rewards/margins', 'Reward of the better answer less that of the other; rises as they come apart.'),
  one('rewards/accuracies', 'Share of pairs whose better answer has the larger reward.'),
  { title: 'rewards', about: 'Mean reward of the better and the other answers.', members: ['rewards/chosen', 'rewards/rejected'] },
  { title: 'logps', about: 'Mean log-probability of the better and the other answers.', members: ['logps/chosen', 'logps/rejected'] },
  one('kl', 'How far the policy has moved from its reference, in nats an answer.'),
  one('malformed', 'Answers that are not of the form asked for.'),
  one('entropy', 'How undecided the policy is.'),
  one('grad_norm', 'Length of the gradient before clipping.'),
  one('clipped', 'Share of pairs whose gradient was cut off.'),
  one('learning_rate', 'As used in the step.'),
  one('epoch', 'How often the data have been seen.'),
];

const shares = /(^|[/_ ])(win_rate|accurac(y|ies)|malformed|clipped|share|rate)$/;
const notShares = /learning_rate$/;

/** Whether a measure is written as a percentage: by its name, and only if it lies in [0, 1]. */
export function isShare(name: string, values: Numbers): boolean {
  return shares.test(name) && !notShares.test(name) && values.every((value) => !isNumber(value) || (value >= 0 && value <= 1));
}

const wholeFrom = 500;
const oneDigitFrom = 20;

/** How to write values of a measure, without its unit: all of them with the same digits. */
export function formatOf(name: string, values: Numbers, unit = ''): Format {
  if (isShare(name, values) || (unit === '%' && isShare('share', values))) return percent;
  const [low, high] = extent(values) ?? [0, 0];
  const size = Math.max(-low, high);
  return size >= wholeFrom ? count : size >= oneDigitFrom ? fixed(1) : compact;
}

/** Values of one axis, without trailing zeros. */
export function tickOf(format: Format): (value: number) => string {
  return format === percent ? (value) => `${tick(value * 100)} %` : tick;
}

/** "640 vehicles an hour"; a percentage has its sign already. */
export function withUnit(format: Format, unit: string): Format {
  return (value: Value) => (isNumber(value) && unit && unit !== '%' ? `${format(value)} ${unit}` : format(value));
}

/** " [600, 680]"; the sign of a percentage stands with its value. */
export function intervalText(format: Format, interval: Interval | null): string {
  return interval ? ` [${interval.map((value) => format(value).replace(' %', '')).join(', ')}]` : '';
}

/** "+2.10", "−2.10", "0.00" */
export const signedBy = (format: Format): Format => (value) => {
  const text = format(value);
  return isNumber(value) && value > 0 && text !== format(0) ? `+${text}` : text;
};

export const ratio: Format = (value) => (isNumber(value) ? `${fixed(1)(value)} ×` : '–');

export interface Group {
  title: string;
  about: string;
  names: string[];
}

const trained = (name: string): string => name.replace(/^eval_/, '');

/** Which names share a panel, in the order of the panels; unknown names come last, by themselves. */
export function groupMeasures(names: string[]): Group[] {
  const left = new Set(names);
  const groups: Group[] = [];
  for (const { title, about, members } of panels) {
    const found = members.flatMap((member) => [member, `eval_${member}`]).filter((name) => left.delete(name));
    if (found.length > 0) groups.push({ title: found.length > 1 ? title : (found[0] as string), about, names: found });
  }
  for (const name of names) {
    if (!left.has(name)) continue;
    const found = [trained(name), `eval_${trained(name)}`].filter((twin) => left.delete(twin));
    groups.push({ title: found[0] ?? name, about: '', names: found });
  }
  return groups;
}

/** What a line is called inside its panel: "chosen", "held out". */
export function lineName(name: string, group: Group): string {
  if (group.names.length < 2) return name;
  const base = trained(name);
  const part = base.startsWith(`${group.title}/`) ? base.slice(group.title.length + 1) : base === group.title ? 'training' : base;
  return base === name ? part : part === 'training' ? 'held out' : `${part}, held out`;
}
