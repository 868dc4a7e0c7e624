import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const HERE = new URL('./', import.meta.url);
const files = readdirSync(HERE).filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts'));
/** A document that asks for a number of nodes of its own accord; the newest alone is no list. */
const PAGE = /`[^`]*\bfirst: (?!1\b)\d+[^`]*`/gu;

it('no verb stops at a page of its own: what asks for a number of nodes goes on where that page ends', () => {
  const stops = files.flatMap((file) => {
    const documents = readFileSync(new URL(file, HERE), 'utf8').match(PAGE) ?? [];
    return documents.filter((one) => !one.includes('hasNextPage')).map((one) => `${file}: ${one}`);
  });
  expect(stops).toEqual([]);
});
