// What became of the model, in a sentence or two.
import { curveSet, type AlignmentReport, type Curve } from './alignment_data';
import { isNumber } from './data';
import { count } from './format';
import { formatOf, groupMeasures, withUnit } from './measures';

const saidAtMost = 3;

const plainNames = new Map([
  ['forecast_error', 'forecast error'], ['win_rate', 'win rate'], ['ranking_accuracy', 'ranking accuracy'],
  ['preference_accuracy', 'preference accuracy'], ['label_accuracy', 'label accuracy'], ['malformed', 'share of malformed answers'],
]);

/** "forecast error fell from 1,512 to 640 vehicles an hour" */
export function changeOf(curve: Curve): string {
  const known = curve.values.filter(isNumber);
  if (known.length < 2) return '';
  const format = formatOf(curve.name, curve.values, curve.unit);
  const [from, to] = [known[0] as number, known[known.length - 1] as number];
  const name = plainNames.get(curve.name) ?? curve.name;
  if (format(from) === format(to)) return `${name} stayed at ${withUnit(format, curve.unit)(to)}`;
  return `${name} ${to > from ? 'rose' : 'fell'} from ${format(from)} to ${withUnit(format, curve.unit)(to)}`;
}

const sentence = (parts: string[]): string => {
  const text = parts.length < 2 ? (parts[0] ?? '') : `${parts.slice(0, -1).join(', ')} and ${parts[parts.length - 1] as string}`;
  return text ? `${text[0]?.toUpperCase() ?? ''}${text.slice(1)}.` : '';
};

function changes(curves: Curve[], wanted: (name: string) => boolean): string[] {
  const names = groupMeasures(curves.map((curve) => curve.name)).flatMap((group) => group.names).filter(wanted);
  return names.map((name) => changeOf(curves.find((curve) => curve.name === name) as Curve)).filter(Boolean).slice(0, saidAtMost);
}

export function readAlignment(data: AlignmentReport): string {
  const rounds = curveSet(data.by_round?.round, data.by_round?.series);
  const said = changes(rounds.curves, (name) => plainNames.has(name));
  const over = rounds.x.length > 1 ? ` over ${count((rounds.x[rounds.x.length - 1] as number) - (rounds.x[0] as number))} rounds` : '';
  if (said.length > 0) return sentence(said).replace(/\.$/, `${over}.`);
  const steps = curveSet(data.metrics?.step, data.metrics?.series);
  const trained = changes(steps.curves, (name) => name === 'loss' || name === 'rewards/accuracies');
  if (trained.length > 0) return sentence(trained);
  return 'No measure was recorded before and after.';
}

/** "step 240, round 3": a round ends with the step that its mark names. */
export function stepText(step: number, ends: number[]): string {
  const round = ends.findIndex((end) => step <= end);
  const place = `step ${count(step)}`;
  return ends.length === 0 ? place : `${place}, round ${(round < 0 ? ends.length - 1 : round) + 1} of ${ends.length}`;
}
