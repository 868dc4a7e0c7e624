import { describe, expect, it } from 'vitest';
import { globalId, namedBy } from './global-id.js';

describe('global ids', () => {
  it.each([
    ['Model', 'credit-default'],
    ['Model', 'Größe: 3'],
    ['AuditEvent', '17'],
  ] as const)('name a %s "%s" and are read back', (type, name) => {
    expect(namedBy(globalId(type, name))).toEqual({ type, name });
  });

  it.each(['', 'inc-1', 'Model:a', globalId('Model', 'a').slice(0, -1), `${globalId('Model', 'a')}=`])(
    'are not "%s"',
    (text) => {
      expect(namedBy(text)).toBeNull();
    },
  );
});
