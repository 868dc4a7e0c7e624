import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

export interface Asset {
  readonly body: Buffer;
  readonly type: string;
  /** First half of the SHA-256 of the body: part of the address, so that it may be kept forever. */
  readonly digest: string;
}

const vendor = createRequire(import.meta.url);
const own = (name: string) => join(import.meta.dirname, 'assets', name);

const FILES = {
  'style.css': { path: own('style.css'), type: 'text/css; charset=utf-8' },
  'charts.js': { path: own('charts.js'), type: 'text/javascript; charset=utf-8' },
  'uplot.css': { path: vendor.resolve('uplot/dist/uPlot.min.css'), type: 'text/css; charset=utf-8' },
  'uplot.js': {
    path: vendor.resolve('uplot/dist/uPlot.iife.min.js'),
    type: 'text/javascript; charset=utf-8',
  },
  'icon.svg': { path: own('icon.svg'), type: 'image/svg+xml' },
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
