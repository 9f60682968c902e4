// Where a chart stands: it is drawn again when its width, the colour scheme or the medium changes.
import type uPlot from 'uplot';
import { dark, light, type Palette } from './palette';

/** How to draw: `scale` is 2 on paper (the style sheet halves it again), so that print is sharp. */
export interface Look {
  palette: Palette;
  width: number;
  scale: number;
}

export interface Stage {
  redraw(): void;
  plot(): uPlot | undefined;
  /** The chart is gone from the page: stop drawing it. */
  release(): void;
}

const paperWidth = 500;
const darkScheme = window.matchMedia('(prefers-color-scheme: dark)');
const redraws = new Set<() => void>();
let printing = false;

function redrawAll(): void {
  for (const redraw of redraws) redraw();
}

function setPrinting(value: boolean): void {
  printing = value;
  document.documentElement.classList.toggle('printing', value);
  redrawAll();
}

darkScheme.addEventListener('change', redrawAll);
window.addEventListener('beforeprint', () => setPrinting(true));
window.addEventListener('afterprint', () => setPrinting(false));

const paletteNow = (): Palette => (darkScheme.matches && !printing ? dark : light);

function lookFor(host: HTMLElement, onPaper: number): Look {
  if (printing) return { palette: light, width: 2 * onPaper, scale: 2 };
  return { palette: paletteNow(), width: host.clientWidth, scale: 1 };
}

/** Paints now, and again whenever the colours change: for what is no canvas. */
export function keepPainted(paint: (palette: Palette) => void): void {
  const repaint = (): void => paint(paletteNow());
  redraws.add(repaint);
  repaint();
}

/** Keeps the chart that `draw` makes in `host`. */
export function mountStage(host: HTMLElement, draw: (look: Look) => uPlot, onPaper = paperWidth): Stage {
  let current: uPlot | undefined;
  let width = 0;
  const redraw = (): void => {
    const look = lookFor(host, onPaper);
    if (look.width < 40) return;
    current?.destroy();
    current = draw(look);
    host.replaceChildren(current.root);
  };
  const observer = new ResizeObserver(() => {
    if (printing || host.clientWidth === width) return;
    width = host.clientWidth;
    redraw();
  });
  observer.observe(host);
  redraws.add(redraw);
  const release = (): void => {
    observer.disconnect();
    redraws.delete(redraw);
    current?.destroy();
  };
  return { redraw, plot: () => current, release };
}
