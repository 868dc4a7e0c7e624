import { describe, expect, it } from 'vitest';
import { align, startingPoint } from './align.js';

describe('align', () => {
  it.each([
    ['continues', 10n, { offset: 10n, highWatermark: 50n }, null, { kind: 'deliver', from: 10n }],
    [
      'drops what was handed on before',
      10n,
      { offset: 4n, highWatermark: 50n },
      null,
      { kind: 'deliver', from: 10n },
    ],
    ['asks for what was left out', 10n, { offset: 12n, highWatermark: 50n }, null, { kind: 'seek', to: 10n }],
    [
      'asks again after an older question',
      10n,
      { offset: 12n, highWatermark: 50n },
      8n,
      { kind: 'seek', to: 10n },
    ],
    [
      'accepts that there is nothing',
      10n,
      { offset: 12n, highWatermark: 50n },
      10n,
      { kind: 'gap', from: 12n },
    ],
    ['sees another log', 10n, { offset: 0n, highWatermark: 3n }, null, { kind: 'recreated', from: 0n }],
  ])('%s', (_, position, fetched, asked, expected) => {
    expect(align(position, fetched, asked)).toEqual(expected);
  });
});

describe('starting point', () => {
  const metadata = 'since=1';
  it.each([
    ['nothing committed', { committed: -1n, low: 3n, high: 9n }, { start: 3n, metadata: '', expired: 0n }],
    ['in the log', { committed: 5n, low: 3n, high: 9n }, { start: 5n, metadata, expired: 0n }],
    ['at the end of the log', { committed: 9n, low: 3n, high: 9n }, { start: 9n, metadata, expired: 0n }],
    ['overtaken by retention', { committed: 1n, low: 3n, high: 9n }, { start: 3n, metadata, expired: 2n }],
    [
      'beyond the end: another log',
      { committed: 10n, low: 0n, high: 9n },
      { start: 0n, metadata: '', expired: 0n },
    ],
  ])('%s', (_, facts, expected) => {
    expect(startingPoint({ ...facts, metadata })).toEqual(expected);
  });
});
