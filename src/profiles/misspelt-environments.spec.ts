import { expect, it } from 'vitest';
import { misspeltEnvironmentText, otherEnvironmentsText } from './misspelt-environments.js';

it('rows of an environment in another case are told with what was meant, those of others and of a handful are not', () => {
  const said = (environments: string[], ...found: (readonly [string, number])[]) =>
    misspeltEnvironmentText(
      { environments },
      found.map(([environment, rows]) => ({ environment, rows })),
    );
  expect(said(['production'], ['Production', 4000], ['production', 10], [' production', 20])).toMatch(
    /^4.020 rows of a day are of environment "Production", which is "production" but for case or blanks: .*\. Did you mean "production"\?/,
  );
  expect(said(['production'], ['Production', 4], ['staging', 4000])).toBeNull();
  expect(said(['production', 'Production'], ['Production', 4000])).toBeNull();
  expect(said(['production'], ['production', 4000], ['', 10])).toBeNull();
});

it('rows of environments that are not the model’s are counted by name, be they few', () => {
  const said = (environments: string[], ...found: (readonly [string, number])[]) =>
    otherEnvironmentsText(
      { environments },
      found.map(([environment, rows]) => ({ environment, rows })),
    );
  expect(said(['production'], ['staging', 4000], ['production', 90], ['Production', 3])).toMatch(
    /^rows of the last day: 4.000 of "staging", 3 of "Production": stored, and neither judged nor counted, for the model file lists production$/,
  );
  expect(said(['production'], ['production', 90], ['', 10])).toBeNull();
  expect(said(['live'], ['', 10])).toContain('10 of "production"');
});
