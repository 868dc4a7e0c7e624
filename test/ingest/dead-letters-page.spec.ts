import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { deadLettersCommand } from '../../src/cli/dead-letters.js';
import { REJECT_CODES } from '../../src/domain/event.js';

const read = (path: string): string =>
  readFileSync(fileURLToPath(new URL(`../../${path}`, import.meta.url)), 'utf8');
const PAGE = read('docs/dead-letters.md');
const all = (pattern: RegExp): string[] => [...PAGE.matchAll(pattern)].map(([, found = '']) => found);

it('explains every reason there is, and no other', () => {
  expect(all(/^\| `(\w+)`\s+\|/gmu).toSorted()).toEqual([...REJECT_CODES].toSorted());
});

it('shows commands and options that exist', () => {
  const verbs = new Map(deadLettersCommand().commands.map((verb) => [verb.name(), verb]));
  const shown = all(/npx tidewatch dead-letters ([^#\n]+)/gu).map((line) => line.trim().split(/\s+/u));
  expect(new Set(shown.map(([verb]) => verb))).toEqual(new Set(['count', 'list', 'show', 'replay']));
  for (const [verb = '', ...words] of shown) {
    const known = verbs.get(verb)?.options.map(({ long }) => long) ?? [];
    for (const option of words.filter((word) => word.startsWith('--'))) expect(known).toContain(option);
  }
});

it('names fields of the API and metrics that exist', () => {
  const schema = read('src/api/schema.graphql');
  for (const field of ['deadLetters', 'deadLetter', 'deadLetterCounts', 'deadLetterReplay']) {
    expect(PAGE).toContain(`\`${field}\``);
    expect(schema).toMatch(new RegExp(`\\b${field}\\b`, 'u'));
  }
  const sources = ['ingest-metrics', 'kafka/kafka-metrics', 'formats/format-metrics'].map((name) =>
    read(`src/ingest/${name}.ts`),
  );
  const metrics = all(/`tidewatch_(\w+)`/gu);
  expect(metrics.length).toBeGreaterThan(2);
  for (const metric of metrics) expect(sources.join('\n')).toContain(`'${metric}'`);
});
