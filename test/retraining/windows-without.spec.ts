import { afterAll, beforeAll, expect, it } from 'vitest';
import type { CheckState } from '../../src/domain/check-result.js';
import { JudgementRepository, NO_MEMORY } from '../../src/pipeline/judgement.repository.js';
import { WindowsWithout, type AskedRun } from '../../src/pipeline/windows-without.js';
import { openTestDatabase } from '../support/database.js';

const HOUR = 3_600_000;
const START = Date.UTC(2026, 10, 21);

let test: Awaited<ReturnType<typeof openTestDatabase>>;
let without: WindowsWithout;

/** What two statistics of one feature said in an hour. */
async function judged(
  hour: number,
  states: readonly CheckState[],
  { revision = 0, n = 100 } = {},
): Promise<void> {
  const from = new Date(START + hour * HOUR);
  const to = new Date(from.getTime() + HOUR);
  const window = { model: 'm', version: '8', from, to, revision };
  const results = states.map((state, i) => ({
    check: 'feature_drift' as const,
    feature: 'age',
    statistic: i === 0 ? 'location' : 'scale',
    value: 0.1,
    n,
    state,
    evidence: 0,
    effect: 0.1,
    since: null,
    explanation: null,
  }));
  const judgement = { window, track: 'inputs' as const, baseline: 'b', results, memory: NO_MEMORY };
  await new JudgementRepository(test.database).save([judgement], new Date(START + revision));
}

const asked = (changed: Partial<AskedRun> = {}): AskedRun => ({
  id: 'run',
  model: 'm',
  version: '8',
  since: new Date(START),
  series: [{ check: 'feature_drift', segment: '', feature: 'age' }],
  asOf: '1',
  ...changed,
});

beforeAll(async () => {
  test = await openTestDatabase();
  without = new WindowsWithout(test.database);
});
afterAll(async () => test?.close());

it('counts windows with rows in which the problem could be seen and was not, from when the version answers', async () => {
  await judged(-1, ['OK', 'OK']);
  await judged(0, ['OK', 'NOTICE']);
  await judged(1, ['LEARNING', 'LEARNING']);
  await judged(2, ['INSUFFICIENT', 'NOT_APPLICABLE']);
  await judged(3, ['OK', 'ALERT']);
  await judged(4, ['OK', 'OK'], { n: 0 });
  await judged(5, ['ALERT', 'OK']);
  await judged(5, ['OK', 'OK'], { revision: 1 });
  expect(without.of('run')).toBe(0);
  await without.refresh([asked()]);
  expect(without.of('run')).toBe(2);
});

it('takes the fewest of several problems, and counts again when a window was judged', async () => {
  const other = { check: 'null_rate', segment: '', feature: 'age' };
  await without.refresh([asked({ series: [...asked().series, other] })]);
  expect(without.of('run')).toBe(2);
  await without.refresh([asked({ series: [...asked().series, other], asOf: '2' })]);
  expect(without.of('run')).toBe(0);
  await without.refresh([]);
  expect(without.of('run')).toBe(0);
});
