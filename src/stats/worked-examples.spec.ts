import { readdirSync, readFileSync } from 'node:fs';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';

/** The manual cannot rot: every `@example expression // value` of this folder is computed and compared as printed. */
const folder = new URL('.', import.meta.url);
const files = readdirSync(folder).filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts'));
const modules = await Promise.all(files.map((file) => import(new URL(file, folder).href) as Promise<object>));
const scope = Object.fromEntries(modules.flatMap((module) => Object.entries(module)));

interface Example {
  readonly file: string;
  readonly expression: string;
  readonly printed: string;
}

function examplesOf(file: string): Example[] {
  const text = readFileSync(new URL(file, folder), 'utf8');
  return [...text.matchAll(/@example (.+?) \/\/ (.+)$/gm)].map(([, expression = '', printed = '']) => ({
    file,
    expression,
    // What follows the value explains it: "0.2642 = 1 − 2/e".
    printed: printed.replace(/ = .*$/, ''),
  }));
}

/** Evaluated apart from this file, with nothing in reach but the exports of the folder. */
function evaluate(expression: string): unknown {
  return runInNewContext(`(${expression})`, { ...scope }) as unknown;
}

/** Half a unit of the last digit printed; whole numbers and full doubles are held to 1e-11. */
function tolerance(printed: string): number {
  const value = Math.abs(Number(printed));
  const exact = 1e-11 * value + 1e-15;
  const [mantissa = ''] = printed.split('e');
  if (value === 0 || !mantissa.includes('.')) return exact;
  const digits = mantissa.replace(/[-.]/g, '').replace(/^0+/, '').length;
  return Math.max(exact, 0.5 * 10 ** (Math.floor(Math.log10(value)) - digits + 1));
}

/** Compares like with like: numbers within their printed digits, lists and records piece by piece. */
function compare(actual: unknown, printed: string): void {
  if (/^-?[\d.]+(e-?\d+)?$/.test(printed)) {
    expect(
      Math.abs(Number(actual) - Number(printed)),
      `${String(actual)}, printed ${printed}`,
    ).toBeLessThanOrEqual(tolerance(printed));
    return;
  }
  const numbers = (text: string): string[] => text.match(/-?\d[\d.]*(e-?\d+)?/g) ?? [];
  const shown = numbers(printed);
  const computed = numbers(JSON.stringify(actual));
  expect(computed.length, `${JSON.stringify(actual)}, printed ${printed}`).toBe(shown.length);
  shown.forEach((text, i) => compare(Number(computed[i]), text));
}

describe('worked examples', () => {
  const examples = files.flatMap(examplesOf);

  it('are there for most of the folder', () => expect(examples.length).toBeGreaterThan(60));

  it.each(examples.map((example) => [`${example.file}: ${example.expression}`, example] as const))(
    '%s',
    (_, example) => {
      compare(evaluate(example.expression), example.printed);
    },
  );
});
