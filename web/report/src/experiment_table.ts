// Everything measured of each method, in a table that can be sorted; and who judged.
import { isNumber, type Value } from './data';
import { columnHelp, dataTable, scrollBox, type Column } from './data_table';
import { h } from './dom';
import { isCeiling, type DriverData, type Estimate, type Experiment, type ExperimentMethod } from './experiment_data';
import { count, percent, type Format } from './format';
import { listOf, nameOf, textOf, valueOf, type Maybe } from './loose';
import { formatOf, intervalText, isShare, ratio, signedBy } from './measures';

interface Measured {
  label: string;
  help: string;
  of(method: ExperimentMethod): Estimate;
  format: Format;
  best?: 'lowest' | 'highest';
}

const alone = (of: (method: ExperimentMethod) => number | null) => (method: ExperimentMethod): Estimate => ({ value: of(method), interval: null });

const capital = (text: string): string => (text[0] ?? '').toUpperCase() + text.slice(1);

function measuresOf({ measure, methods, malformedBefore }: Experiment): Measured[] {
  const best = measure.lower ? 'lowest' : 'highest';
  const inUnit = measure.unit && measure.unit !== '%' ? ` In ${measure.unit}.` : '';
  const bad = [...methods.map((method) => method.malformed), malformedBefore];
  return [
    { label: capital(measure.name), format: measure.format, best, of: (m) => m.result, help: `After the last round, the mean over seeds with its 95 % interval; ${measure.lower ? 'lower' : 'higher'} is better.${inUnit}` },
    { label: 'With strategic workers', format: measure.format, best, of: (m) => m.strategic, help: 'The same, where strategic workers were put into the crowd.' },
    { label: 'Against average', format: signedBy(measure.format), best, of: (m) => m.difference, help: 'Less that of the method average, seed by seed, with its 95 % interval: an interval that holds 0 leaves open which is better.' },
    { label: 'Regret', format: formatOf('regret', methods.map((method) => method.regret.value)), best: 'lowest', of: (m) => m.regret, help: 'Loss of the labels over all slots, less that of the best single worker; below zero is better than every worker.' },
    { label: 'Label accuracy', format: percent, best: 'highest', of: alone((m) => m.label_accuracy), help: 'Share of training labels on the side of the outcome.' },
    { label: 'Win rate', format: percent, best: 'highest', of: alone((m) => m.win_rate), help: 'Share of answers that turned out better than the answers they stood beside.' },
    { label: 'Malformed', format: isShare('malformed', bad) ? percent : count, best: 'lowest', of: alone((m) => m.malformed), help: 'Answers that are not of the form asked for.' },
  ];
}

/** The best value as it is printed, of the methods that are rivals; none where all print the same. */
function bestText(methods: ExperimentMethod[], measured: Measured): string | undefined {
  const values = methods.filter((method) => !isCeiling(method)).map((method) => measured.of(method).value).filter(isNumber);
  if (!measured.best || values.length < 2) return undefined;
  const text = measured.format(values.reduce((a, b) => (measured.best === 'lowest' ? Math.min(a, b) : Math.max(a, b))));
  return values.every((value) => measured.format(value) === text) ? undefined : text;
}

function cellOf({ value, interval }: Estimate, format: Format): string | Node {
  if (!interval) return format(value);
  return h('span', {}, format(value), h('span', { class: 'error' }, intervalText(format, interval)));
}

const ceilingHelp = 'Is given the outcomes, which no platform has when it trains.';

function nameCell(method: ExperimentMethod): string | Node {
  if (!isCeiling(method)) return method.name;
  return h('span', {}, method.name, ' ', h('span', { class: 'tag', title: ceilingHelp }, 'given outcomes'));
}

function columnsFor(experiment: Experiment): Column<ExperimentMethod>[] {
  const { methods } = experiment;
  const used = measuresOf(experiment).filter((measured) => methods.some((method) => measured.of(method).value !== null));
  const name: Column<ExperimentMethod> = { label: 'Method', help: 'How the reports are turned into the labels that the model is trained on.', value: (m) => m.name, cell: nameCell };
  return [name, ...used.map((measured): Column<ExperimentMethod> => {
    const best = bestText(methods, measured);
    const of = (method: ExperimentMethod): Value => measured.of(method).value;
    return {
      label: measured.label, help: measured.help, value: of, cell: (method) => cellOf(measured.of(method), measured.format),
      descending: measured.best === 'highest',
      emphasise: (method) => !isCeiling(method) && best !== undefined && measured.format(of(method)) === best,
    };
  })];
}

function descriptions(methods: ExperimentMethod[]): HTMLElement | null {
  const described = methods.filter((method) => method.description);
  if (described.length === 0) return null;
  return h('details', { class: 'help' }, h('summary', {}, 'What the methods are'),
    h('dl', {}, ...described.flatMap((method) => [h('dt', {}, method.name), h('dd', {}, method.description)])));
}

export function experimentTable(experiment: Experiment, subject: string | undefined): HTMLElement {
  const { methods, measure } = experiment;
  if (methods.length === 0) return h('p', { class: 'note' }, 'No methods were compared.');
  const columns = columnsFor(experiment);
  const table = dataTable({
    caption: 'Methods', columns, order: { column: Math.min(1, columns.length - 1), descending: !measure.lower },
    rowClass: (method) => (method.name === subject ? 'subject' : ''),
  });
  table.setRows(methods);
  const ceiling = methods.some(isCeiling) ? ' of those that are not given the outcomes' : '';
  return h('div', { class: 'tight' }, scrollBox('Methods', table.element), h('p', { class: 'note' }, `Bold: best in the column${ceiling}.`),
    columnHelp(columns), descriptions(methods));
}

interface Driver {
  kind: string;
  count: number | null;
  share: number | null;
  pull: number | null;
  description: string;
}

function driversOf(data: Maybe<DriverData[]>): Driver[] {
  const drivers = listOf(data);
  const total = drivers.reduce((sum, driver) => sum + (valueOf(driver.count) ?? 0), 0);
  return drivers.map((driver) => {
    const [many, share] = [valueOf(driver.count), valueOf(driver.weight_share)];
    const pull = many && share !== null && total > 0 ? (share * total) / many : null;
    return { kind: nameOf(driver.kind), count: many, share, pull, description: textOf(driver.description) };
  });
}

function shareCell({ share }: Driver): Node {
  const bar = h('span', { class: 'bar', 'aria-hidden': 'true' });
  bar.style.width = `${share === null ? 0 : Math.min(100, Math.max(0, 100 * share))}px`;
  return h('span', { class: 'bar-cell' }, bar, percent(share));
}

const driverColumns: Column<Driver>[] = [
  { label: 'Kind', help: 'What kind of worker; the mechanism does not know.', value: (d) => d.kind, cell: (d) => d.kind },
  { label: 'Workers', help: 'How many of them there are.', value: (d) => d.count, cell: (d) => count(d.count), descending: true },
  { label: 'Share of weight', help: 'Their part of all weight after the last round.', value: (d) => d.share, cell: shareCell, descending: true },
  { label: 'Pull', help: 'Weight of one of them against the weight of an average worker: 1 × is what everybody starts with.', value: (d) => d.pull, cell: (d) => ratio(d.pull), descending: true },
  { label: 'What they do', words: true, help: 'What they see and what they want.', value: (d) => d.description, cell: (d) => h('span', { class: 'prose' }, d.description) },
];

export function driverSection(data: Maybe<DriverData[]>): HTMLElement | null {
  const drivers = driversOf(data);
  if (drivers.length === 0) return null;
  const columns = driverColumns.filter((column) => drivers.some((driver) => column.label === 'Kind' || (column.value(driver) ?? '') !== ''));
  const table = dataTable({ caption: 'The crowd', columns, order: { column: Math.max(0, columns.findIndex((c) => c.label === 'Share of weight')), descending: true } });
  table.setRows(drivers);
  return h('section', { 'aria-labelledby': 'crowd' }, h('h2', { id: 'crowd' }, 'The crowd'),
    h('p', { class: 'lead' }, 'Who judged, and whom the weights came to follow.'),
    scrollBox('The crowd', table.element), columnHelp(columns));
}
