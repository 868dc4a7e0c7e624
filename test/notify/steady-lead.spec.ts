import { expect, it } from 'vitest';
import type { CaseMessage } from '../../src/domain/case-message.js';
import type { CheckName } from '../../src/domain/check-result.js';
import type { Incident } from '../../src/domain/incident.js';
import { ConsoleNotifier } from '../../src/notify/console.notifier.js';
import { change, incident } from '../support/incidents.js';
import { OutboxBench } from '../support/outbox-bench.js';

const one = incident('x');

/** A finding of labels over four windows, so large in percentage points. */
function finding(check: CheckName, segment: string, size: number, rows: number, more: Partial<Incident> = {}): Incident {
  const extents = [{ statistic: 'error_rate', windows: 4, weight: 4 * rows, size, largest: size }];
  return incident(`${check}${segment}`, { signal: { ...one.signal, check, segment, feature: null }, statistic: 'error_rate', effect: size, course: { ...one.course, windows: 4, rows: 4 * rows, extents }, ...more });
} // prettier-ignore

const web = (size: number, more: Partial<Incident> = {}) =>
  finding('segment_performance', 'channel=web', size, 100, more);
const all = (size: number) => finding('concept_drift', '', size, 500);
const auc = (more: Partial<Incident> = {}) =>
  finding('performance', '', -0.1, 500, {
    statistic: 'auc',
    course: {
      ...one.course,
      extents: [{ statistic: 'auc', windows: 4, weight: 2000, size: -0.1, largest: -0.1 }],
    },
    ...more,
  });

/** By what the messages of one case are led as it goes on; each step is what has changed by then. */
async function leads(...steps: readonly (readonly Incident[])[]): Promise<readonly string[]> {
  const bench = new OutboxBench({ ops: [{ kind: 'console' }] }, [new ConsoleNotifier(() => undefined)]);
  const known = new Set<string>();
  for (const step of steps) {
    bench.advance(60_000);
    await bench.tell(...step.map((now) => change(known.has(now.id) ? 'amended' : 'opened', now)));
    bench.advance(15_000);
    await bench.drain();
    for (const { id } of step) known.add(id);
  }
  const messages = bench.entriesOf('delivery.requested').map(({ data }) => data['message'] as unknown as CaseMessage); // prettier-ignore
  return messages.map(({ findings }) => `${findings[0]?.check ?? ''} ${findings[0]?.segment ?? ''}`.trim());
}

it('a part of the traffic that has led leads while it is the larger, however the sizes of windows go', async () => {
  const part = 'segment_performance channel=web';
  // 56 %, then 43 % of the errors of all rows are in it.
  expect(await leads([all(5), web(14)], [all(6.5)], [all(5)])).toEqual([part, part, part]);
  // What all rows show without a number by segment is no graver, be it news.
  expect(await leads([web(14)], [auc()])).toEqual([part, part]);
  // Everybody's answers are as bad by now: the part is no longer larger.
  expect(await leads([all(5), web(14)], [all(16)])).toEqual([part, 'concept_drift']);
});

it('what is graver, or comes before it, takes the lead', async () => {
  const warned = web(14, { severity: 'warning' });
  expect(await leads([warned], [auc()])).toEqual(['segment_performance channel=web', 'performance']);
  expect((await leads([all(5), web(14)], [incident('age')]))[1]).toBe('feature_drift');
});

it('all rows lead on where they did, until by far the most of it is in a part', async () => {
  expect(await leads([all(5), web(12)], [all(4)], [all(2.5)])).toEqual([
    'concept_drift',
    'concept_drift',
    'segment_performance channel=web',
  ]);
});
