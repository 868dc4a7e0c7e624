import { describe, expect, it } from 'vitest';
import { Expectation, expectationRules, expectationText } from './expectation.js';

const read = (written: object) => Expectation.safeParse(written);
const complaint = (written: object) =>
  read(written)
    .error?.issues.map(({ message }) => message)
    .join('; ');

describe('what a person expects of rows', () => {
  it.each([
    [{ feature: 'age', min: 18, max: 120 }, '18 <= age <= 120'],
    [{ feature: 'age', max: 120, atMost: 0.01 }, 'age <= 120, but for 0.01 of the rows'],
    [{ feature: 'iban', matches: '^[A-Z]{2}[0-9]{2}' }, 'iban matches ^[A-Z]{2}[0-9]{2}'],
    [{ feature: 'region', oneOf: ['north', 'south'] }, 'region is one of north, south'],
    [{ relation: 'departure <= arrival' }, 'departure <= arrival'],
    [{ feature: 'income', nullsAtMost: 0.01 }, 'income is absent from at most 0.01 of the rows'],
  ])('is read back as it is meant: %j', (written, text) => {
    const found = read(written);
    expect(found.success && expectationText(found.data)).toBe(text);
  });

  it.each([
    [{ feature: 'age' }, /says one thing/],
    [{ feature: 'age', min: 1, oneOf: [2] }, /says one thing/],
    [{ min: 1 }, /is named by all but `relation`/],
    [{ feature: 'a', relation: 'a <= b' }, /is named by all but `relation`/],
    [{ relation: 'departure before arrival' }, /two names, or a name and a number/],
    [{ feature: 'age', min: 5, max: 1 }, /is below `min`/],
    [{ feature: 'iban', matches: '([A-Z' }, /is no regular expression/],
    [{ feature: 'iban', matches: '(a+)+$' }, /no repeated group/],
    [{ feature: 'iban', matches: '(?=a)' }, /no look-around/],
    [{ feature: 'iban', matches: 'a*b*c*' }, /at most 2 of/],
  ])('is refused with the reason: %j', (written, reason) => {
    expect(complaint(written)).toMatch(reason);
  });

  it('is measured once where it is written twice, and against a number where the right side is one', () => {
    const all = [{ relation: 'speed > 0' }, { relation: ' speed > 0' }].map((one) => Expectation.parse(one));
    expect(expectationRules(all)).toMatchObject([
      {
        name: 'expected:speed > 0',
        condition: { kind: 'relation', a: 'speed', operator: '>', b: null, number: 0 },
      },
    ]);
  });
});
