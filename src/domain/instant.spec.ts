import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { askedInstant, Instant, instantOf } from './instant.js';

const NOON = '2026-07-01T12:00:00.000Z';

it.each([
  ['2026-07-01T12:00:00Z', NOON],
  ['2026-07-01T14:00:00+02:00', NOON],
  ['2026-07-01 14:00:00 +0200', NOON],
  ['2026-07-01T12:00', NOON],
  ['2026-07-01 12:00:00.000', NOON],
  ['2026-07-01', '2026-07-01T00:00:00.000Z'],
])('%s', (text, iso) => {
  expect(instantOf(text)?.toISOString()).toBe(iso);
});

it.each([
  '',
  'yesterday',
  'July 1, 2026',
  '2026-13-01',
  '2026-02-31',
  '2026-02-29T12:00:00Z',
  '2026-01-00',
  '07/01/2026',
  '2026-07-01T25:00',
])('%s is none', (text) => {
  expect(instantOf(text)).toBeNull();
  expect(Instant.safeParse(text).success).toBe(false);
});

it.each([
  ['2026-07-01T12:00:00Z', NOON],
  ['2026-07-01T14:00:00+02:00', NOON],
  ['2026-07-01', '2026-07-01T00:00:00.000Z'],
  ['2026-07-01T12:00:00', undefined],
  ['2026-07-01 12:00', undefined],
  ['2026-02-31T12:00:00Z', undefined],
])('%s, asked for by somebody who may be anywhere', (text, iso) => {
  expect(askedInstant(text)?.toISOString()).toBe(iso);
});

it('is what every door reads that people ask through: none reads a time of the day without its zone', () => {
  const read = ['api', 'web', 'cli'].flatMap((folder) => {
    const at = new URL(`../${folder}/`, import.meta.url);
    const files = readdirSync(at).filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts'));
    return files.map((file) => [`${folder}/${file}`, readFileSync(new URL(file, at), 'utf8')] as const);
  });
  expect(read.filter(([, text]) => text.includes('instantOf(')).map(([file]) => file)).toEqual([]);
});

it('is read alike wherever the process runs', () => {
  const script = `import('${new URL('../../dist/domain/instant.js', import.meta.url).href}').then(({ instantOf }) => process.stdout.write(instantOf('2026-07-01 12:00').toISOString()))`;
  for (const TZ of ['America/New_York', 'Asia/Kolkata'])
    expect(execFileSync(process.execPath, ['-e', script], { env: { ...process.env, TZ } }).toString()).toBe(
      NOON,
    );
});
