import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson, NotCanonical } from './canonical-json.js';
import { isCanonical } from './is-canonical.js';

describe('canonicalJson', () => {
  it('writes the sample of RFC 8785 section 3.2.2 as section 3.2.4 prints it', () => {
    const numbers: unknown = JSON.parse(
      '[333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001]',
    );
    const string = '\u20ac$\u000F\u000aA\'\u0042\u0022\u005c\\"/';
    expect(canonicalJson({ numbers, string, literals: [null, true, false] })).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    );
  });

  it('sorts keys by UTF-16 code units (RFC 8785 section 3.2.3)', () => {
    const keys = ['\u20ac', '\r', '\ufb33', '1', '\u{1f600}', '\u0080', '\u00f6'];
    const sorted = ['\r', '1', '\u0080', '\u00f6', '\u20ac', '\u{1f600}', '\ufb33'];
    const text = canonicalJson(Object.fromEntries(keys.map((key) => [key, 0])));
    expect(text).toBe(`{${sorted.map((key) => `${JSON.stringify(key)}:0`).join(',')}}`);
  });

  it.each([
    ['undefined in an object', { a: { b: undefined } }, '/a/b'],
    ['undefined in an array', [1, undefined], '/1'],
    ['a hole', Array.from({ length: 2 }).fill(0, 1), '/0'],
    ['a date', { at: new Date(0) }, '/at'],
    ['a map', { 'a/b': new Map([[1, 2]]) }, '/a~1b'],
    ['NaN', { n: Number.NaN }, '/n'],
    ['infinity', { n: -Infinity }, '/n'],
    ['half a surrogate pair', { s: 'a\ud800b' }, '/s'],
    ['half a surrogate pair as a key', { '\udc00': 1 }, '/\udc00'],
    ['a bigint', { n: 1n }, '/n'],
    ['a function', { toJSON: () => 1 }, '/toJSON'],
    ['bytes', { b: Buffer.from('x') }, '/b'],
  ])('refuses %s and says where', (_, value, path) => {
    expect(() => canonicalJson(value)).toThrow(NotCanonical);
    expect(() => canonicalJson(value)).toThrow(expect.objectContaining({ path }) as Error);
  });

  // RFC 8785 appendix B, and what a sum of amounts may be
  it.each([
    [2 ** 53, '9007199254740992'],
    [295147905179352830000, '295147905179352830000'],
    [1e20, '100000000000000000000'],
    [1e21, '1e+21'],
    [9.999999999999997e22, '9.999999999999997e+22'],
    [1e100, '1e+100'],
    [Number.MAX_VALUE, '1.7976931348623157e+308'],
    [Number.MIN_VALUE, '5e-324'],
    [-0, '0'],
  ])('writes the double %d as ECMAScript does', (value, text) => {
    expect(canonicalJson([value])).toBe(`[${text}]`);
    expect(isCanonical(`[${text}]`, JSON.parse(`[${text}]`))).toBe(true);
  });

  it('refuses what refers to itself', () => {
    const loop: { self?: unknown } = {};
    loop.self = loop;
    expect(() => canonicalJson(loop)).toThrow(NotCanonical);
  });

  it('gives what parses back to the same value, and recognizes its own form', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        fc.pre(isPlain(value));
        const text = canonicalJson(value);
        const parsed: unknown = JSON.parse(text);
        expect(canonicalJson(parsed)).toBe(text);
        expect(isCanonical(text, parsed)).toBe(true);
      }),
    );
  });
});

describe('isCanonical', () => {
  it.each([
    ['keys out of order', '{"b":1,"a":2}', false],
    ['white space', '{"a": 1}', false],
    ['a key twice', '{"a":1,"a":1}', false],
    ['another way to write a number', '{"a":1.0}', false],
    ['an escape that is not needed', '{"a":"\\u0041"}', false],
    ['an escaped half of a pair', '{"a":"\\ud800"}', false],
    ['a backslash before ud', '{"a":"\\\\ud800"}', true],
    ['keys like integers, in the order of text', '{"10":1,"9":2}', true],
    ['keys like integers, in the order of numbers', '{"9":2,"10":1}', false],
    ['keys in order, in arrays too', '[{"a":1,"b":[]}]', true],
  ])('%s', (_, text, expected) => {
    expect(isCanonical(text, JSON.parse(text))).toBe(expected);
  });
});

function isPlain(value: unknown): boolean {
  try {
    canonicalJson(value);
    return true;
  } catch {
    return false;
  }
}
