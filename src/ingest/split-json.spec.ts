import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitJson } from './split-json.js';

const split = (text: string) => splitJson(Buffer.from(text))?.map(String) ?? null;

describe('splitJson', () => {
  it('gives the elements of any array as they are', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), fc.constantFrom(0, 2), (values, indent) => {
        const parts = split(` ${JSON.stringify(values, null, indent)}\n`);
        expect(parts?.map((part) => JSON.parse(part) as unknown)).toEqual(JSON.parse(JSON.stringify(values)));
      }),
    );
  });

  it.each([
    ['{"a":[1,2]}', ['{"a":[1,2]}']],
    ['[]', []],
    [' [ ] ', []],
    ['[{"a":NaN},{"b":"],\\\\"},{"c":"\\"]"}]', ['{"a":NaN}', '{"b":"],\\\\"}', '{"c":"\\"]"}']],
    ['[{},]', ['{}', '']],
    ['not json', ['not json']],
  ])('%s', (text, parts) => {
    expect(split(text)).toEqual(parts);
  });

  it.each(['', ' \n', '[', '[{"a":1}', '[{"a":"]', '[1] [2]', '[1]x'])(
    '%j has no end or no beginning',
    (text) => {
      expect(split(text)).toBeNull();
    },
  );
});
