import { expect, it } from 'vitest';
import { parseRetraining, RetrainingConfigError } from './parse-retraining.js';

const JOBS = `jobs: { kind: webhook, url: "https://j.example", secret: "whsec_${Buffer.alloc(32, 7).toString('base64')}" }`;

/** Problems of a file with a model's settings, and more targets. */
function problems(settings: string, target = JOBS): readonly string[] {
  try {
    parseRetraining(`retraining: { targets: { ${target} }, models: { loan: ${settings} } }`, () => undefined);
    return [];
  } catch (error) {
    if (error instanceof RetrainingConfigError) return error.problems;
    throw error;
  }
}

it.each([
  ['{ target: jobs, period: 60d, budget: { runs: 1, per: 1d }, notSoonerThan: 0s }', JOBS, []],
  ['{ target: job }', JOBS, ['retraining.models.loan.target: there is no target "job"; there are: jobs']],
  ['{ target: jobs, period: 0d }', JOBS, ['retraining.models.loan.period: write a duration of more than nothing']],
  ['{ target: jobs, budget: { runs: 1, per: 0s } }', JOBS, ['retraining.models.loan.budget.per: write a duration of more than nothing']],
  ['{ target: jobs, mode: Auto }', JOBS, ['retraining.models.loan.mode: write observe, recommend, approve or auto; did you mean auto?']],
  ['{ target: jobs }', 'jobs: { kind: webhoook, url: "https://j.example" }', [expect.stringMatching(/^retraining\.targets\.jobs\.kind: write webhook, .* or azure; did you mean webhook\?$/u)]],
  ['{ target: jobs }', `${JOBS}, "My Jobs": { kind: github, repository: a/b, token: t }`, ['retraining.targets.My Jobs: a name of lower-case letters, digits and dashes']],
  ['{ target: jobs }', 'jobs: { kind: github, repository: a/b, token: "${NOPE}" }', ['NOPE is not set, but the file refers to it']],
])('%s with %s: %j', (settings, target, expected) => expect(problems(settings, target)).toEqual(expected)); // prettier-ignore
