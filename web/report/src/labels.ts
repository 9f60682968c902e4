// Names written on the lines that the legend does not list: the guide and the bounds.
import type uPlot from 'uplot';
import { isNumber } from './data';
import type { Look } from './stage';

export interface Label {
  /** The uPlot series that it names. */
  series: number;
  text: string;
  colour: string;
}

interface Spot {
  x: number;
  y: number;
  width: number;
}

const labelPlaces = 24;

/** Pixel heights of all visible lines, other than `except`, at one t. */
function heightsAt(plot: uPlot, at: number, except: number): number[] {
  return plot.series.flatMap((series, index) => {
    const value = plot.data[index]?.[at];
    return index > 0 && index !== except && series.show && isNumber(value) ? [plot.valToPos(value, 'y', true)] : [];
  });
}

/** Spots on a line, inside the chart and far enough from its edges for a text of this width. */
function spotsOn(plot: uPlot, series: number, width: number, height: number): (Spot & { room: number })[] {
  const xs = Array.from(plot.data[0]);
  const stride = Math.max(1, Math.floor(xs.length / labelPlaces));
  return xs.flatMap((t, at) => {
    const value = plot.data[series]?.[at];
    if (at % stride !== 0 || !isNumber(value)) return [];
    const x = plot.valToPos(t, 'x', true);
    const y = plot.valToPos(value, 'y', true) - height * 0.7;
    const inside = x - width / 2 > plot.bbox.left && x + width / 2 < plot.bbox.left + plot.bbox.width;
    if (!inside || y < plot.bbox.top + height / 2) return [];
    const room = heightsAt(plot, at, series).reduce((least, other) => Math.min(least, Math.abs(other - y)), Infinity);
    return [{ x, y, width, room: Math.min(room, 4 * height) }];
  });
}

/** The spot that is farthest from other lines and from the labels already there. */
function bestSpot(spots: (Spot & { room: number })[], taken: Spot[], height: number): Spot | undefined {
  const free = spots.filter((spot) =>
    taken.every((other) => Math.abs(other.x - spot.x) > (spot.width + other.width) / 2 + height || Math.abs(other.y - spot.y) > height * 1.2));
  return free.reduce<(Spot & { room: number }) | undefined>((best, spot) => (best && best.room >= spot.room ? best : spot), undefined);
}

export function drawLabels(plot: uPlot, labels: Label[], look: Look): void {
  const { ctx } = plot;
  const size = Math.round((11 * look.scale * ctx.canvas.width) / plot.width);
  const taken: Spot[] = [];
  ctx.save();
  ctx.setLineDash([]);
  ctx.font = `${size}px system-ui, sans-serif`;
  ctx.textAlign = 'center';
  ctx.textBaseline = 'middle';
  ctx.lineJoin = 'round';
  for (const label of labels) {
    if (!plot.series[label.series]?.show) continue;
    const width = ctx.measureText(label.text).width;
    const spot = bestSpot(spotsOn(plot, label.series, width, size), taken, size);
    if (!spot) continue;
    taken.push(spot);
    ctx.strokeStyle = look.palette.background;
    ctx.lineWidth = size / 3;
    ctx.strokeText(label.text, spot.x, spot.y);
    ctx.fillStyle = label.colour;
    ctx.fillText(label.text, spot.x, spot.y);
  }
  ctx.restore();
}
