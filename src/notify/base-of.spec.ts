import { expect, it } from 'vitest';
import { baseOf, schemaOf } from './base-of.js';

it.each([
  'https://t.example/incidents',
  'https://t.example/channels',
  'https://t.example/audit',
  'https://t.example/cases/case_abc',
  'https://t.example/models/credit-default',
  'https://t.example/models/models',
  'https://t.example/approvals/1f',
])('the base is what stands before the page: %s', (link) => {
  expect(baseOf(link)).toBe('https://t.example');
  expect(baseOf(link.replace('t.example', 't.example/models/watch'))).toBe('https://t.example/models/watch');
  expect(schemaOf(link, 'case')).toBe('https://t.example/schemas/case.v1.json');
});
