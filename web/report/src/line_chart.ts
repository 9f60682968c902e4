// Lines over t with a legend: the part that the regret and the weight chart share.
import uPlot from 'uplot';
import { axis, type Range } from './axes';
import { isNumber, type Numbers } from './data';
import { h } from './dom';
import { count, type Format } from './format';
import { drawLabels, type Label } from './labels';
import { makeLegend, type LegendItem } from './legend';
import { colourOf, dashOf, withAlpha } from './palette';
import { mountStage, type Look, type Stage } from './stage';

export interface Line extends LegendItem {
  values: Numbers;
  low?: Numbers;
  high?: Numbers;
  bound?: Numbers;
}

export interface Guide {
  label: string;
  values: Numbers;
}

export interface LineChartOptions {
  t: number[];
  lines: Line[];
  guide?: Guide;
  xRange: Range;
  /** Asked again whenever a line is shown or hidden. */
  yRange(): Range;
  xLog: boolean;
  yLog: boolean;
  yLabel: string;
  /** What x counts, for the axis, and how the legend names one x; by default settled slots. */
  xLabel?: string;
  xName?(t: number): string;
  xWhole?: boolean;
  yTick?(value: number): string;
  description: string;
  format: Format;
}

export interface LineChart {
  plot: HTMLElement;
  legend: HTMLElement;
  stage: Stage;
}

/** The uPlot series of one line: the line itself, then its ribbon and its bound where it has them. */
interface Slots {
  main: number;
  all: number[];
}

interface Layout {
  data: Numbers[];
  series: uPlot.Series[];
  bands: uPlot.Band[];
  slots: Slots[];
  labels: Label[];
}

const drawable = (values: Numbers, log: boolean): (number | null)[] =>
  values.map((value) => (isNumber(value) && (!log || value > 0) ? value : null));

/** A ribbon that reaches 0 or below runs off the lower edge of a logarithmic chart. */
const ribbonEdge = (values: Numbers, options: LineChartOptions): (number | null)[] =>
  values.map((value) =>
    !isNumber(value) ? null : options.yLog ? Math.max(value, options.yRange()[0] / 1000) : value);

function addSeries(layout: Layout, values: (number | null)[], series: uPlot.Series): number {
  layout.data.push(values);
  layout.series.push({ points: { show: false }, ...series });
  return layout.series.length - 1;
}

function addRibbon(layout: Layout, line: Line, options: LineChartOptions, colour: string): number[] {
  if (!line.low || !line.high) return [];
  const edge = { width: 0, stroke: 'transparent', show: line.shown };
  const high = addSeries(layout, ribbonEdge(line.high, options), edge);
  const low = addSeries(layout, ribbonEdge(line.low, options), edge);
  layout.bands.push({ series: [high, low], fill: withAlpha(colour, 0.16) });
  return [high, low];
}

function addBound(layout: Layout, line: Line, options: LineChartOptions, look: Look): number[] {
  if (!line.bound || !line.bound.some(isNumber)) return [];
  const colour = colourOf(look.palette, line.colour);
  const at = addSeries(layout, drawable(line.bound, options.yLog), {
    stroke: withAlpha(colour, 0.75), width: look.scale, dash: [5, 4].map((part) => part * look.scale), show: line.shown,
  });
  layout.labels.push({ series: at, text: `bound, ${line.label}`, colour });
  return [at];
}

function addLine(layout: Layout, line: Line, options: LineChartOptions, look: Look): void {
  const colour = colourOf(look.palette, line.colour);
  const ribbon = addRibbon(layout, line, options, colour);
  const bound = addBound(layout, line, options, look);
  const values = drawable(line.values, options.yLog);
  const few = values.filter(isNumber).length <= 12;
  const main = addSeries(layout, values, {
    stroke: colour,
    width: (line.strong ? 2.75 : 1.75) * look.scale,
    dash: dashOf(line.colour).map((part) => part * look.scale),
    points: { show: few, size: 5 * look.scale, fill: colour },
    show: line.shown,
  });
  layout.slots.push({ main, all: [main, ...ribbon, ...bound] });
}

function layOut(options: LineChartOptions, look: Look): Layout {
  const layout: Layout = { data: [options.t], series: [{}], bands: [], slots: [], labels: [] };
  if (options.guide) {
    const at = addSeries(layout, drawable(options.guide.values, options.yLog), {
      stroke: look.palette.muted, width: 1.5 * look.scale, dash: [6, 5].map((part) => part * look.scale),
    });
    layout.labels.push({ series: at, text: options.guide.label, colour: look.palette.text });
  }
  for (const line of options.lines) addLine(layout, line, options, look);
  return layout;
}

const lastIndex = (values: Numbers): number => {
  let at = values.length - 1;
  while (at > 0 && !isNumber(values[at])) --at;
  return at;
};

export function lineChart(options: LineChartOptions): LineChart {
  const host = h('div', { class: 'plot', role: 'img', 'aria-label': options.description });
  let layout: Layout | undefined;

  const legend = makeLegend(options.lines, {
    toggle: (index, shown) => {
      const plot = stage.plot();
      plot?.batch(() => layout?.slots[index]?.all.forEach((at) => plot.setSeries(at, { show: shown })));
    },
    focus: (index) => {
      const at = index === null ? null : (layout?.slots[index]?.main ?? null);
      stage.plot()?.setSeries(at, { focus: at !== null });
    },
  });

  const nameX = options.xName ?? ((t: number) => `After ${count(t)} settled slots`);
  const readOut = (at: number | null | undefined): void => {
    const t = isNumber(at) ? options.t[at] : undefined;
    legend.setHeading(nameX(t ?? (options.t[options.t.length - 1] as number)));
    options.lines.forEach((line, index) =>
      legend.setValue(index, options.format(line.values[isNumber(at) ? at : lastIndex(line.values)])));
  };

  const draw = (look: Look): uPlot => {
    const lay = layOut(options, look);
    layout = lay;
    legend.paint(look.palette);
    const narrow = look.width < 480 * look.scale;
    return new uPlot({
      width: look.width,
      height: Math.round((narrow ? 300 : 380) * (look.scale > 1 ? 1.5 : 1)),
      series: lay.series,
      bands: lay.bands,
      legend: { show: false },
      padding: [10 * look.scale, 14 * look.scale, 0, 0],
      focus: { alpha: 0.25 },
      cursor: { y: false, drag: { x: false, y: false }, focus: { prox: 24 }, points: { size: 7 } },
      scales: {
        x: { time: false, distr: options.xLog ? 3 : 1, range: () => options.xRange },
        y: { distr: options.yLog ? 3 : 1, range: () => options.yRange() },
      },
      axes: [
        axis({ look, log: options.xLog, most: narrow ? 4 : 8, vertical: false, whole: options.xWhole ?? false }),
        axis({ look, log: options.yLog, most: 7, vertical: true, ...(options.yTick ? { text: options.yTick } : {}) }),
      ],
      hooks: {
        draw: [(plot) => drawLabels(plot, lay.labels, look)],
        setCursor: [(plot) => readOut(plot.cursor.left !== undefined && plot.cursor.left >= 0 ? plot.cursor.idx : null)],
        setSeries: [(_, at) => {
          const index = lay.slots.findIndex((slots) => at !== null && slots.all.includes(at));
          legend.highlight(index < 0 ? null : index);
        }],
      },
    }, lay.data as uPlot.AlignedData);
  };

  const stage = mountStage(host, draw);
  readOut(null);
  const plot = h('div', { class: 'plot-frame' }, h('p', { class: 'axis-name' }, options.yLabel), host,
    h('p', { class: 'axis-name axis-name-x' }, `${options.xLabel ?? 'settled slots'}${options.xLog ? ' (log scale)' : ''}`));
  return { plot, legend: legend.element, stage };
}
