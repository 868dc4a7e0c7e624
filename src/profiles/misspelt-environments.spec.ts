import { expect, it } from 'vitest';
import { misspeltEnvironmentText } from './misspelt-environments.js';

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
