import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import chromium from '@sparticuz/chromium';
import { type Browser, type BrowserContext, chromium as playwright, type Page } from 'playwright-core';

/**
 * Flags for a container. The package's own list would also put everything into one process, which ends with the first context, and switch
 * off web security, which the tests are about.
 */
const FLAGS = [
  '--no-sandbox',
  '--no-zygote',
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--font-render-hinting=none',
];

/** Chromium without a window, unpacked from the npm package into the temporary folder; nothing is downloaded. */
export async function openBrowser(): Promise<Browser> {
  // Software rendering only: no WebGL is needed, and its libraries need not be unpacked.
  chromium.setGraphicsMode = false;
  return playwright.launch({ executablePath: await chromium.executablePath(), args: FLAGS, headless: true });
}

export interface Look {
  readonly width: number;
  readonly scheme: 'light' | 'dark';
}

/** A visitor with a fresh browser. The locale is named because a container may have one that is none. */
export async function openContext(browser: Browser, { width, scheme }: Look): Promise<BrowserContext> {
  return browser.newContext({ viewport: { width, height: 800 }, colorScheme: scheme, locale: 'en-GB' });
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
  page.on('requestfailed', (request) => {
    const error = request.failure()?.errorText ?? 'failed';
    // A stream has no other end than that the page is left.
    const isLeft = request.resourceType() === 'eventsource' && error === 'net::ERR_ABORTED';
    if (!isLeft) problems.push(`${request.url()}: ${error}`);
  });
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
  const count = `(() => {
    const canvas = document.querySelector(${JSON.stringify(`${selector} canvas`)});
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    return data.filter((value, i) => i % 4 === 3 && value !== 0).length;
  })()`;
  return page.evaluate(count);
}
