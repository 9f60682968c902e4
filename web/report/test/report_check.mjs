// Opens a report offline in Chromium and asserts what a reader would notice:
//   npm run browser-test -- FILE.html [FOLDER FOR SCREENSHOTS]
// Prints nothing when all is well, the reason when there is no Chromium, the failures otherwise.
import assert from 'node:assert/strict';
import { accessSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const places = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const options = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync',
];
const widths = [1280, 390];

function findBrowser() {
  return places.find((place) => {
    try {
      accessSync(place ?? '');
      return true;
    } catch {
      return false;
    }
  });
}

const skip = (reason) => {
  console.log(`browser test skipped: ${reason}`);
  process.exit(0);
};

/** How many pixels of a canvas are not empty. */
const inkOf = (canvas) => canvas.evaluate((element) => {
  const { data } = element.getContext('2d').getImageData(0, 0, element.width, element.height);
  let ink = 0;
  for (let at = 3; at < data.length; at += 4) ink += data[at] > 0 ? 1 : 0;
  return ink;
});

const pictureOf = (canvas) => canvas.evaluate((element) => element.toDataURL());

async function checkCharts(page) {
  const figures = await page.locator('.figure').all();
  assert.ok(figures.length > 0, 'no chart on the page');
  for (const figure of figures) {
    const canvas = figure.locator('canvas');
    assert.equal(await canvas.count(), 1, 'a chart has one canvas');
    assert.ok((await inkOf(canvas)) > 2000, 'a canvas is all but empty');
    assert.ok(await figure.locator('[role=img][aria-label]').count(), 'a chart has no description');
  }
}

async function checkToggle(page) {
  const figure = page.locator('.figure').first();
  const button = figure.locator('.legend li button[aria-pressed=true]').first();
  const canvas = figure.locator('canvas');
  const entry = await button.elementHandle();
  await page.mouse.move(0, 0);
  const before = await pictureOf(canvas);
  await entry.focus();
  await page.keyboard.press('Enter');
  await entry.evaluate((element) => element.blur());
  assert.equal(await entry.getAttribute('aria-pressed'), 'false', 'Enter does not switch a line off');
  await page.waitForTimeout(100);
  assert.ok((await pictureOf(canvas)) !== before, 'switching a line off draws the same picture');
  await entry.click();
  await entry.evaluate((element) => element.blur());
  await page.mouse.move(0, 0);
  await page.waitForTimeout(100);
  assert.ok((await pictureOf(canvas)) === before, 'switching a line on again draws another picture');
}

async function checkTables(page) {
  const heads = page.locator('table.data').first().locator('thead button');
  await heads.nth(1).click();
  const sorted = await page.locator('table.data').first().locator('th[aria-sort]').count();
  assert.equal(sorted, 1, 'a table is sorted by one column');
  await page.locator('.figure summary', { hasText: 'Show the numbers' }).first().click();
  await page.locator('.figure table.numbers tbody tr').first().waitFor({ timeout: 3000 });
  await page.locator('.figure summary', { hasText: 'Show the numbers' }).first().click();
  const search = page.locator('input[type=search]');
  if (await search.count()) {
    await search.fill('no such worker');
    assert.match(await page.locator('[role=status]').textContent(), /^No workers/);
    await search.fill('');
  }
}

async function checkScale(page) {
  const button = page.getByRole('button', { name: 'Logarithmic weights' });
  if (!(await button.count())) return;
  await button.click();
  await page.waitForTimeout(100);
  const figure = page.locator('.figure', { has: page.locator('text=weight (log scale)') });
  assert.ok((await inkOf(figure.locator('canvas'))) > 2000, 'no chart on the logarithmic scale');
}

/** A cell chosen by keyboard shows its instance; where there is a picture, arrow keys read it. */
async function checkAudit(page) {
  const cells = page.locator('table.matrix .cell');
  assert.ok((await cells.count()) > 1, 'no cells to choose from');
  assert.equal(await page.locator('.cell[aria-pressed=true]').count(), 1, 'one cell is chosen from the start');
  const heading = page.locator('.cell-detail h3');
  const before = await heading.textContent();
  await cells.first().focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  assert.ok((await heading.textContent()) !== before, 'choosing a cell shows the same instance');
  assert.equal(await page.locator('.cell[aria-pressed=true]').count(), 1, 'more than one cell is chosen');
  assert.ok(await page.locator('.instance table tbody tr').count(), 'an instance has no numbers');
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('Enter');
  await checkHeat(page);
  await page.locator('.all-rows > summary').click();
  assert.ok(await page.locator('.all-rows tbody tr').first().isVisible(), 'the table of all rows does not open');
}

async function checkHeat(page) {
  const picture = page.locator('svg.heat');
  if (!(await picture.count())) return;
  assert.ok(await picture.locator('line.honest').count(), 'the diagonal is missing');
  assert.ok((await picture.locator('rect').count()) > 400, 'the heat map has no cells');
  await picture.focus();
  await page.keyboard.press('ArrowRight');
  assert.match(await page.locator('.heat-status').textContent(), /^Belief .* report .*: (gains|loses|as good)/);
  await page.locator('.heat-map summary').click();
  await page.locator('.heat-map table.numbers tbody tr').first().waitFor({ timeout: 3000 });
}

const readOuts = (page) => page.locator('.multiples').last().locator('.panel-value').allTextContents();

/** Every panel that is shown draws something; the slider moves the numbers of all of them, by keyboard. */
async function checkPanels(page) {
  for (const panel of await page.locator('.panels > .panel:visible').all()) {
    assert.ok((await inkOf(panel.locator('canvas'))) > 400, 'a panel is all but empty');
    assert.ok(await panel.locator('[role=img][aria-label]').count(), 'a panel has no description');
  }
  const slider = page.locator('.slider input');
  if (!(await slider.count())) return;
  const before = await readOuts(page);
  await slider.focus();
  await page.keyboard.press('Home');
  const after = await readOuts(page);
  assert.ok(after.some((text, at) => text !== before[at]), 'the slider changes no number');
  assert.match(await slider.getAttribute('aria-valuetext'), /^step 1\b/);
  await page.keyboard.press('End');
  assert.deepEqual(await readOuts(page), before, 'the end of the slider is not where it began');
  const more = page.locator('.more-panels > summary');
  if (!(await more.count())) return;
  await more.click();
  await page.locator('.more-panels canvas').first().waitFor({ timeout: 3000 });
}

/** Before and after stand side by side where there is room, one above the other where there is not. */
async function checkSamples(page, width) {
  for (const sides of await page.locator('.sample:visible .sides').all()) {
    const boxes = await Promise.all((await sides.locator('.side').all()).map((side) => side.boundingBox()));
    if (boxes.length < 2) continue;
    assert.equal(boxes[0].y === boxes[1].y, width > 600, 'before and after stand the wrong way');
  }
  const clipped = await page.evaluate(() => [...document.querySelectorAll('.answer:not(.long)')].filter((answer) => answer.scrollWidth > answer.clientWidth).length);
  assert.equal(clipped, 0, 'an answer is cut off');
}

/** Each method has a dot where the axis says, and its value in words beside it. */
async function checkDots(page) {
  const rows = await page.locator('.dot-chart ol > li').all();
  for (const row of rows) {
    assert.ok(await row.locator('circle').count(), 'a method has no dot');
    assert.match(await row.locator('.dot-value').textContent(), /\d/, 'a method has no value in words');
  }
  const places = await page.locator('.dot-chart li').evaluateAll((items) => items.map((item) => {
    const frame = item.querySelector('svg.dots')?.getBoundingClientRect();
    return [...item.querySelectorAll('svg.dots circle, svg.dots line')].every((mark) => {
      const box = mark.getBoundingClientRect();
      return box.left >= frame.left - 8 && box.right <= frame.right + 8;
    });
  }));
  assert.ok(places.every(Boolean), 'a mark lies outside of its chart');
}

/** Nothing may stick out sideways, and every text must stand out from what is behind it (WCAG 1.4.3). */
async function checkLayout(page, width) {
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(wide <= width, `the page is ${wide} px wide in a window of ${width}`);
  const faint = await page.evaluate(() => {
    const channels = (colour) => (colour.match(/[\d.]+/g) ?? []).map(Number);
    const light = ([r, g, b]) => [r, g, b].map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4))
      .reduce((sum, c, at) => sum + c * [0.2126, 0.7152, 0.0722][at], 0);
    const behind = (element) => {
      for (let at = element; at; at = at.parentElement) {
        const colour = channels(getComputedStyle(at).backgroundColor);
        if (colour.length === 3 || colour[3] > 0) return colour;
      }
      return [255, 255, 255];
    };
    const texts = [...document.querySelectorAll('main *')].filter((element) => element.offsetParent &&
      [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim()));
    return texts.filter((element) => {
      if (element.closest(':disabled')) return false;
      const [a, b] = [light(channels(getComputedStyle(element).color)), light(behind(element))];
      return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05) < 4.5;
    }).map((element) => `${element.className}: ${element.textContent.slice(0, 40)}`);
  });
  assert.deepEqual(faint, [], 'texts with too little contrast');
}

async function checkPage(browser, file, colorScheme, width, shots) {
  const context = await browser.newContext({ colorScheme, viewport: { width, height: 900 }, offline: true });
  const page = await context.newPage();
  const complaints = [];
  await page.addInitScript(() => {
    window.shifts = [];
    new PerformanceObserver((list) => window.shifts.push(...list.getEntries().map((entry) => entry.value))).observe({ type: 'layout-shift', buffered: true });
  });
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('dialog', (dialog) => { complaints.push(`dialog: ${dialog.message()}`); return dialog.dismiss(); });
  page.on('request', (request) => { if (!/^(file|data):/.test(request.url())) complaints.push(`asks for ${request.url()}`); });
  await page.goto(pathToFileURL(resolve(file)).href);
  await page.waitForTimeout(300);
  assert.deepEqual(await page.evaluate(() => window.shifts), [], 'the page moves while it loads');
  const charts = (await page.locator('.figure').count()) > 0;
  const audit = (await page.locator('table.matrix').count()) > 0;
  if (charts) await checkCharts(page);
  else assert.ok(audit || (await page.locator('table.data tbody tr').count()), 'neither charts nor tables on the page');
  await checkLayout(page, width);
  if (shots) await page.screenshot({ path: join(shots, `${colorScheme}-${width}.png`), fullPage: true });
  await checkPanels(page);
  await checkSamples(page, width);
  await checkDots(page);
  if (charts) {
    await checkToggle(page);
    await checkTables(page);
    await checkScale(page);
  }
  if (audit) await checkAudit(page);
  assert.deepEqual(complaints, [], 'the page complains');
  await context.close();
}

const [file, shots] = process.argv.slice(2);
if (!file) {
  console.error('usage: npm run browser-test -- FILE.html [FOLDER FOR SCREENSHOTS]');
  process.exit(2);
}
const executablePath = findBrowser();
if (!executablePath) skip('no Chromium found (set CHROMIUM to its path)');
const playwright = await import('playwright-core').catch(() => skip('playwright-core is not installed (npm ci)'));

// A fresh profile, removed afterwards, is what launch() gives every browser.
const browser = await playwright.chromium.launch({ executablePath, headless: true, args: options });
try {
  for (const colorScheme of ['light', 'dark'])
    for (const width of widths) await checkPage(browser, file, colorScheme, width, shots);
} finally {
  await browser.close();
}
