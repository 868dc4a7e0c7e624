import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

export interface Asset {
  readonly body: Buffer;
  readonly type: string;
  /** First half of the SHA-256 of the body: part of the address, so that it may be kept forever. */
  readonly digest: string;
}

const require = createRequire(import.meta.url);

const FILES = {
  'style.css': { path: new URL('./assets/style.css', import.meta.url), type: 'text/css; charset=utf-8' },
  'charts.js': {
    path: new URL('./assets/charts.js', import.meta.url),
    type: 'text/javascript; charset=utf-8',
  },
  'locale.js': {
    path: new URL('./assets/locale.js', import.meta.url),
    type: 'text/javascript; charset=utf-8',
  },
  'live.js': { path: new URL('./assets/live.js', import.meta.url), type: 'text/javascript; charset=utf-8' },
  'uplot.css': { path: require.resolve('uplot/dist/uPlot.min.css'), type: 'text/css; charset=utf-8' },
  'uplot.js': {
    path: require.resolve('uplot/dist/uPlot.iife.min.js'),
    type: 'text/javascript; charset=utf-8',
  },
  'icon.svg': { path: new URL('./assets/icon.svg', import.meta.url), type: 'image/svg+xml' },
} as const;

export type AssetName = keyof typeof FILES;

function read(name: AssetName): Asset {
  const { path, type } = FILES[name];
  const body = readFileSync(path);
  return { body, type, digest: createHash('sha256').update(body).digest('hex').slice(0, 32) };
}

const ASSETS: ReadonlyMap<string, Asset> = new Map(
  Object.keys(FILES).map((name) => [name, read(name as AssetName)]),
);

/** A file that pages may load, or undefined. */
export function findAsset(name: string): Asset | undefined {
  return ASSETS.get(name);
}

/** Where a page finds a file; the address changes with the content. */
export function assetPath(name: AssetName): string {
  return `/assets/${ASSETS.get(name)?.digest ?? ''}/${name}`;
}
