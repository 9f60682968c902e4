// Draws the regret chart of every scenario of a simulation report into one picture:
//   node test/figures.mjs REPORT.html PICTURE.png
import { pathToFileURL } from 'node:url';
import { resolve } from 'node:path';
import { chromium } from 'playwright-core';

const [report, picture] = process.argv.slice(2);
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync'],
});
const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, bypassCSP: true });
await page.goto(pathToFileURL(resolve(report)).href);
await page.waitForSelector('.figure canvas');
await page.addStyleTag({ content: `
  .legend li:has(button[aria-pressed=false]), .figure details, .figure p, .figure h2, .figure h3,
  .legend ~ *, .legend + * { display: none !important; }
  #sheet { display: grid; grid-template-columns: 1fr 1fr; gap: 24px 40px; padding: 24px; width: 1960px; background: white; }
  #sheet h4 { font: 600 17px system-ui, sans-serif; margin: 0 0 4px; } #sheet .figure { margin: 0; }` });
await page.setViewportSize({ width: 2010, height: 900 });
await page.evaluate(() => {
  const sheet = Object.assign(document.createElement('div'), { id: 'sheet' });
  for (const figure of document.querySelectorAll('.figure')) {
    const scenario = figure.closest('section:not(.figure)')?.querySelector('h2')?.textContent ?? '';
    const cell = document.createElement('div');
    cell.append(Object.assign(document.createElement('h4'), { textContent: scenario }), figure);
    sheet.append(cell);
  }
  document.body.replaceChildren(sheet);
});
await page.waitForTimeout(500);
await page.locator('#sheet').screenshot({ path: picture });
await browser.close();
