import fc from 'fast-check';
import { expect, it } from 'vitest';
import { splitRecords } from './split-records.js';

async function split(pieces: readonly string[], delimiter = ',') {
  const found: (readonly string[])[] = [];
  async function* text() {
    yield* pieces;
  }
  for await (const records of splitRecords(text(), delimiter))
    found.push(...records.map(({ values }) => values));
  return found;
}

it('gives back what was written, wherever the text is cut', async () => {
  const cell = fc.string({
    unit: fc.constantFrom('a', '"', ',', ';', '\n', '\r', ' ', 'é', '🙂'),
    maxLength: 6,
  });
  const table = fc.array(fc.array(cell, { minLength: 2, maxLength: 2 }), { minLength: 1, maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(table, fc.array(fc.nat(60), { maxLength: 4 }), async (rows, cuts) => {
      const text = rows
        .map((row) => row.map((each) => `"${each.replaceAll('"', '""')}"`).join(','))
        .join('\r\n');
      const places = [0, ...cuts.filter((cut) => cut < text.length).sort((a, b) => a - b), text.length];
      const pieces = places.slice(1).map((to, i) => text.slice(places[i], to));
      expect(await split(pieces)).toEqual(rows);
    }),
    { numRuns: 300, seed: 7 },
  );
});

it('leaves blank lines out and keeps empty fields', async () => {
  expect(await split(['a,b\n\n1,\n  \n,2'])).toEqual([
    ['a', 'b'],
    ['1', ''],
    ['', '2'],
  ]);
  expect(await split(['a;b\r1;"x" \r'], ';')).toEqual([
    ['a', 'b'],
    ['1', 'x'],
  ]);
});
