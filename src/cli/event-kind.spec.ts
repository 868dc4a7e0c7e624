import { expect, it } from 'vitest';
import { withKind } from './event-kind.js';

const kind = (text: string) => withKind(Buffer.from(text)).toString();

it('says what kind of event it is where only its fields do, and changes nothing else', () => {
  expect(kind('{"prediction_id":"a","features":{"id":12345678901234567890}}')).toBe(
    '{"type":"prediction","prediction_id":"a","features":{"id":12345678901234567890}}',
  );
  expect(kind('{"prediction_id":"a","prediction":{"value":1}}')).toContain('"type":"prediction"');
  expect(kind('{"prediction_id":"a","label":"bad"}')).toContain('"type":"label"');
  for (const other of [
    '{"type":"label","prediction_id":"a","label":1}',
    '{"specversion":"1.0"}',
    '[1]',
    'broken',
    '{}',
  ])
    expect(kind(other)).toBe(other);
});
