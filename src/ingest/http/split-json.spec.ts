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

describe('the same bytes whatever they are called', () => {
  const split = (text: string, most?: number) => splitJson(Buffer.from(text), most)?.map(String);

  it('takes lines of objects for events, blank ones left out', () => {
    expect(split('{"a":"}\\n"}\n\n {"b":[1]}\r\nbroken')).toEqual(['{"a":"}\\n"}', '{"b":[1]}', 'broken']);
  });

  it('takes one object over several lines for one event', () => {
    expect(split('{\n"a":1\n}\n')).toEqual(['{\n"a":1\n}']);
    expect(split('{"a":1}\n')).toEqual(['{"a":1}']);
  });

  it.each(['[{"a":1},{"b":2}]', '{"a":1}\n{"b":2}'])('ignores the mark before UTF-8: %s', (text) => {
    expect(split(`\uFEFF${text}`)).toEqual(['{"a":1}', '{"b":2}']);
  });

  it.each(['[1,2,3]', '{}\n{}\n{}'])('counts while it cuts: %s', (text) => {
    expect(split(text, 3)).toHaveLength(3);
    expect(() => split(text, 2)).toThrow(RangeError);
  });
});
