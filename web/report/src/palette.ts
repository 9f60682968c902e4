// Colours of the charts, which are drawn on a canvas and so cannot follow the style sheet. Every line
// colour has at least 3:1 contrast to its background (WCAG 2.2, 1.4.11). Neighbours differ in lightness as
// well as in hue, and dashes tell apart what colour cannot.

export interface Palette {
  background: string;
  text: string;
  muted: string;
  grid: string;
  lines: string[];
}

export const light: Palette = {
  background: '#ffffff',
  text: '#454c56',
  muted: '#7d858f',
  grid: '#e7e9ec',
  lines: ['#1d5fc4', '#c2500f', '#0c8062', '#a2308c', '#8f6b00', '#3d4753', '#2b8fc7', '#8c2f2f'],
};

export const dark: Palette = {
  background: '#14171b',
  text: '#b9c0c9',
  muted: '#868e98',
  grid: '#2a2f36',
  lines: ['#82b4ff', '#ff9a5e', '#4ad0a4', '#ea93d8', '#e6c54c', '#d3d8de', '#63cdf2', '#ef8383'],
};

const dashes: number[][] = [[], [9, 4], [2, 3], [10, 3, 2, 3]];

export const colourOf = (palette: Palette, index: number): string =>
  index < 0 ? palette.muted : (palette.lines[index % palette.lines.length] ?? palette.muted);

/** A pair (colour, dash) comes back only after 32 lines. */
export const dashOf = (index: number): number[] => {
  const place = Math.abs(index);
  return dashes[(place + Math.floor(place / 8)) % dashes.length] ?? [];
};

export function withAlpha(hex: string, alpha: number): string {
  const channel = (at: number): number => parseInt(hex.slice(at, at + 2), 16);
  return `rgba(${channel(1)}, ${channel(3)}, ${channel(5)}, ${alpha})`;
}
