import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { askPython } from './python.js';

type Argument = number | readonly number[] | readonly (readonly number[])[];
type Numbers = number | readonly number[];

/** Our function, the arguments both get, and how far the answers may be apart. */
export interface Comparison {
  readonly ours: (...row: never[]) => Numbers;
  readonly relative: number;
  readonly rows: readonly (readonly Argument[])[];
}

/**
 * One test a statistic: our answers against those of a Python program beside this file, which takes {name: [[argument, …], …]} and prints
 * {name: [answer, …]}, an answer being a number or a list of them. Skipped, with the reason, where the package is not installed.
 */
export function compareWith(peer: string, file: string, comparisons: Record<string, Comparison>): void {
  const program = readFileSync(new URL(file, import.meta.url), 'utf8');
  const asked = Object.fromEntries(Object.entries(comparisons).map(([name, { rows }]) => [name, rows]));
  const answer = askPython<Record<string, readonly Numbers[]>>(program, asked);
  if ('missing' in answer) console.log(`${peer} is not compared: ${answer.missing}`);

  describe(`every statistic ${peer} also has, on seeded arguments`, () => {
    for (const [name, { ours, relative, rows }] of Object.entries(comparisons)) {
      it(`${name}: ${rows.length} arguments within ${relative}`, (context) => {
        if ('missing' in answer) return context.skip(`not compared: ${answer.missing}`);
        const theirs = answer.value[name] ?? [];
        expect(theirs.length).toBe(rows.length);
        rows.forEach((row, i) => {
          const actual = [ours(...(row as never[]))].flat();
          const expected = [theirs[i] ?? NaN].flat();
          expect(actual.length).toBe(expected.length);
          actual.forEach((value, place) => {
            const other = expected[place] ?? NaN;
            const shown = row.every((argument) => typeof argument === 'number')
              ? `(${row.join(', ')})`
              : ` of row ${i}`;
            // NaN is no agreement: it fails.
            expect(
              Math.abs(value - other),
              `${name}${shown}: ours ${value}, ${peer} ${other}`,
            ).toBeLessThanOrEqual(relative * Math.abs(other) + 1e-300);
          });
        });
      });
    }
  });
}
