import { expect, it } from 'vitest';
import { seriousActionOf } from './serious.panel.js';

const declared = (awareAt: string) =>
  seriousActionOf('case_1', 'serious', (name) => ({ class: 'DEATH', awareAt })[name] ?? '');

it('since when it is known says its zone, or is a day', () => {
  expect(declared('2026-11-21T10:00:00+01:00')).toMatchObject({ awareAt: new Date('2026-11-21T09:00:00Z') });
  expect(declared('2026-11-21')).toMatchObject({ awareAt: new Date('2026-11-21T00:00:00Z') });
  expect(declared(' ')).toMatchObject({ awareAt: null });
  for (const text of ['2026-11-21T10:00:00', '2026-02-31', 'yesterday'])
    expect(() => declared(text)).toThrow(`Known since: "${text}" is not an instant`);
});
