import { expect, it } from 'vitest';
import { sealText, unsealText } from './sealed-text.js';

it('opens under its own secret and name, and under no others', () => {
  const sealed = sealText('key', 'secret', 'a');
  expect(sealed).not.toContain('key');
  expect(unsealText(sealed, 'secret', 'a')).toBe('key');
  expect(unsealText(sealed, 'other', 'a')).toBeNull();
  expect(unsealText(sealed, 'secret', 'b')).toBeNull();
  expect(unsealText('', 'secret', 'a')).toBeNull();
});
