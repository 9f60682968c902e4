// One row per method; the best value of every column in bold.
import { isNumber, type Method, type Value } from './data';
import { h } from './dom';
import { columnHelp, dataTable, scrollBox, type Column } from './data_table';
import { compact, fixed, percent, type Format } from './format';
import { comparable } from './method_order';

interface Measure {
  label: string;
  help: string;
  of(method: Method): Value;
  format: Format;
  best?: 'lowest' | 'highest';
}

const measures: Measure[] = [
  { label: 'Brier', of: (m) => m.brier, format: fixed(4), best: 'lowest', help: 'Mean squared distance of the pooled prediction from the outcome; 0 is perfect, a coin flip between two answers scores 0.25.' },
  { label: 'Log loss', of: (m) => m.log_loss, format: fixed(4), best: 'lowest', help: 'Mean of −ln(probability given to what happened); punishes confident errors hard. 0 is perfect.' },
  { label: 'Accuracy', of: (m) => m.accuracy, format: percent, best: 'highest', help: 'Share of slots where the answer with the highest probability was right; ties share the credit.' },
  { label: 'Regret', of: (m) => m.regret, format: compact, best: 'lowest', help: 'Loss over all settled slots, less that of the best single worker; below zero is better than every worker.' },
  { label: 'Bound', of: (m) => m.bound, format: compact, help: 'What theory promises the regret cannot exceed; a dash where there is no promise.' },
  { label: 'Drawn loss', of: (m) => m.drawn_loss, format: fixed(4), best: 'lowest', help: 'Mean loss when the label is the report of one worker drawn by weight, instead of the pooled prediction.' },
  { label: 'Slope', of: (m) => m.slope, format: fixed(2), best: 'lowest', help: 'Fitted slope of regret against time on logarithmic axes: 1 is regret that grows as fast as the number of slots, ½ grows like its square root.' },
];

const wholeFileHelp = 'Reads the whole file before it predicts any slot, and so is no fair rival of the rest.';

/** The best value as it is printed: methods that print the same share the honour, unless all do. */
function bestText(methods: Method[], measure: Measure): string | undefined {
  const values = comparable(methods).map(measure.of).filter(isNumber);
  if (!measure.best || values.length < 2) return undefined;
  const best = values.reduce((a, b) => (measure.best === 'lowest' ? Math.min(a, b) : Math.max(a, b)));
  const text = measure.format(best);
  return values.every((value) => measure.format(value) === text) ? undefined : text;
}

/** A standard error that is only rounding noise of its mean is shown as zero. */
const errorText = (regret: number, error: number): string => compact(error < 1e-9 * Math.abs(regret) ? 0 : error);

function cellOf(method: Method, measure: Measure): string | Node {
  const text = measure.format(measure.of(method));
  if (measure.label !== 'Regret' || !isNumber(method.regret_se) || !isNumber(method.regret)) return text;
  return h('span', {}, text, h('span', { class: 'error' }, ` ± ${errorText(method.regret, method.regret_se)}`));
}

function nameCell(method: Method): string | Node {
  if (!method.whole_file) return method.name;
  return h('span', {}, method.name, ' ', h('span', { class: 'tag', title: wholeFileHelp }, 'sees whole file'));
}

function columnsFor(methods: Method[]): Column<Method>[] {
  const used = measures.filter((measure) => methods.some((method) => isNumber(measure.of(method))));
  const fair = new Set(comparable(methods));
  const name: Column<Method> = { label: 'Method', help: 'How the reports are turned into one prediction.', value: (m) => m.name, cell: nameCell };
  return [name, ...used.map((measure): Column<Method> => {
    const best = bestText(methods, measure);
    return {
      label: measure.label, help: measure.help, value: measure.of, cell: (method) => cellOf(method, measure),
      descending: measure.best === 'highest',
      emphasise: (method) => fair.has(method) && best !== undefined && measure.format(measure.of(method)) === best,
    };
  })];
}

function noteOf(methods: Method[]): string {
  const some = methods.some((method) => method.whole_file);
  const error = methods.some((method) => isNumber(method.regret_se)) ? ' Regret is the mean over the repetitions ± its standard error.' : '';
  return (some ? 'Bold: best of the methods that predict every slot from earlier ones alone. A method marked “sees whole file” reads all of it before it predicts, and so is no fair rival.' : 'Bold: best in the column.') + error;
}

export function methodTable(methods: Method[], caption: string, subject: string | undefined): HTMLElement {
  if (methods.length === 0) return h('p', { class: 'note' }, 'No methods were compared.');
  const columns = columnsFor(methods);
  const brier = columns.findIndex((column) => column.label === 'Brier');
  const regret = columns.findIndex((column) => column.label === 'Regret');
  const table = dataTable({
    caption, columns, order: { column: Math.max(brier, 0) || Math.max(regret, 0), descending: false },
    rowClass: (method) => (method.name === subject ? 'subject' : ''),
  });
  table.setRows(methods);
  return h('div', {}, scrollBox(caption, table.element), h('p', { class: 'note' }, noteOf(methods)), columnHelp(columns));
}
