import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import chromium from '@sparticuz/chromium';
import { type Browser, type BrowserContext, chromium as playwright, type Page } from 'playwright-core';

/** Chromium without a window, unpacked from the npm package; nothing is downloaded. */
export async function openBrowser(): Promise<Browser> {
  // Software rendering only: no WebGL is needed, and its libraries need not be unpacked.
  chromium.setGraphicsMode = false;
  return playwright.launch({
    executablePath: await chromium.executablePath(),
    args: chromium.args,
    headless: true,
  });
}

/** What a page did besides showing itself. */
export interface Watched {
  readonly page: Page;
  /** Console errors, uncaught errors and refusals of the content policy. */
  readonly problems: readonly string[];
  /** Addresses it asked for. */
  readonly requests: readonly string[];
}

/** A new page whose doings are recorded. */
export async function watchedPage(context: BrowserContext): Promise<Watched> {
  const page = await context.newPage();
  const problems: string[] = [];
  const requests: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning')
      problems.push(`${page.url()}: ${message.text()}`);
  });
  page.on('pageerror', (error) => problems.push(`${page.url()}: ${String(error)}`));
  page.on('requestfailed', (request) =>
    problems.push(`${request.url()}: ${request.failure()?.errorText ?? 'failed'}`),
  );
  page.on('request', (request) => requests.push(request.url()));
  return { page, problems, requests };
}

/** Keeps a picture when TIDEWATCH_TEST_SCREENSHOTS names a folder. */
export async function keepPicture(page: Page, name: string): Promise<void> {
  const folder = process.env['TIDEWATCH_TEST_SCREENSHOTS'];
  if (!folder) return;
  await mkdir(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
}

/** Pixels of the first canvas inside an element that are not fully transparent. */
export async function drawnPixels(page: Page, selector: string): Promise<number> {
  // Runs in the page, whose types this project does not have.
  const count = `(canvas) => {
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    return data.filter((value, i) => i % 4 === 3 && value !== 0).length;
  }`;
  return page
    .locator(`${selector} canvas`)
    .first()
    .evaluate<number>(`(canvas) => (${count})(canvas)`);
}
