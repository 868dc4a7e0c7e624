import { expect, it } from 'vitest';

interface Change {
  readonly file: string;
  readonly code: string;
  readonly status: string;
  readonly replacement: string;
}
const { judged, table } = (await import(new URL('score.mjs', import.meta.url).href)) as {
  judged: (
    changes: readonly Change[],
    equivalent: readonly object[],
  ) => {
    readonly scores: object;
    readonly survivors: readonly Change[];
    readonly unneeded: readonly object[];
  };
  table: (scores: object) => string;
};

const change = (file: string, code: string, status: string, replacement = 'false') => ({
  file,
  code,
  status,
  replacement,
  location: { start: { line: 1 } },
});
const CHANGES = [
  change('src/windows/a.ts', 'x < 1', 'Killed'),
  change('src/windows/a.ts', 'x < 1', 'Survived', 'x <= 1'),
  change('src/windows/b.ts', 'y', 'NoCoverage'),
  change('src/policies/c.ts', 'z', 'Timeout'),
  change('src/policies/c.ts', 'z', 'Ignored'),
];
const EXCUSE = { file: 'src/windows/a.ts', code: 'x < 1', replacement: 'x <= 1', why: 'x is never 1' };

it('counts what was noticed by folder, without what changes nothing', () => {
  const { scores, survivors, unneeded } = judged(CHANGES, [EXCUSE]);
  expect(survivors.map(({ file }) => file)).toEqual(['src/windows/b.ts']);
  expect(unneeded).toEqual([]);
  expect(table(scores).split('\n').slice(2)).toEqual([
    '| src/policies | 1 | 1 | 0 | 0 | 0 | 100.0 % |',
    '| src/windows | 3 | 1 | 0 | 1 | 1 | 50.0 % |',
    '| all | 4 | 2 | 0 | 1 | 1 | 66.7 % |',
  ]);
});

it('names an excuse for what is noticed by now, of files that were run', () => {
  const elsewhere = { ...EXCUSE, file: 'src/notify/d.ts' };
  expect(judged(CHANGES.slice(0, 1), [EXCUSE, elsewhere]).unneeded).toEqual([EXCUSE]);
});
