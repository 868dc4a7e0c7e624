import { beforeEach, describe, expect, it } from 'vitest';
import type { CaseMessage } from '../../src/domain/case-message.js';
import type { IncidentChange } from '../../src/domain/incident-change.js';
import { ConsoleNotifier } from '../../src/notify/console.notifier.js';
import { change, closed, incident } from '../support/incidents.js';
import { OutboxBench } from '../support/outbox-bench.js';

const age = incident('age');
const income = incident('income', { severity: 'warning', effect: 9 });
let lines: string[];
let bench: OutboxBench;

beforeEach(() => {
  lines = [];
  const channels = {
    ops: [{ kind: 'console' }],
    all: [{ kind: 'console' }, { kind: 'email', to: 'ops@example.org' }],
    mail: [{ kind: 'email', to: 'ops@example.org' }],
  } as const;
  bench = new OutboxBench(channels, [new ConsoleNotifier((line) => lines.push(line))]);
});

function owed(): readonly string[] {
  return bench.entriesOf('delivery.requested').map(({ data }) => {
    const { kind } = data['destination'] as { kind: string };
    const { purpose, seq } = data as { purpose?: string; seq?: number };
    return `${purpose} ${kind} ${seq}`;
  });
}

function lastMessage(): CaseMessage {
  return bench.entriesOf('delivery.requested').at(-1)?.data['message'] as unknown as CaseMessage;
}

describe('planDeliveries', () => {
  it.each<[story: string, told: readonly IncidentChange[][], wanted: readonly string[]]>([
    [
      'one message for two hundred features',
      [Array.from({ length: 200 }, (_, n) => change('opened', incident(`f${n}`)))],
      ['opened console 1'],
    ],
    ['nothing for what nobody should hear of', [[change('opened', age, { notify: false })]], []],
    [
      'each destination once, whatever channels name it',
      [[change('opened', { ...age, channels: ['ops', 'all', 'mail'] })]],
      ['opened console 1', 'opened email 1'],
    ],
    ['nothing to a channel that does not exist', [[change('opened', { ...age, channels: ['nowhere'] })]], []],
    [
      'no end without a beginning',
      [[change('opened', age, { notify: false })], [change('closed', closed(age))]],
      [],
    ],
    [
      'no edit for a quiet change',
      [[change('opened', age)], [change('amended', age, { notify: false })]],
      ['opened console 1'],
    ],
    [
      'an end only when all of the case ended',
      [[change('opened', age), change('opened', income)], [change('closed', closed(age))]],
      ['opened console 1', 'updated console 2'],
    ],
    [
      'the end, however quiet',
      [[change('opened', age)], [change('withdrawn', closed(age), { notify: false })]],
      ['opened console 1', 'closed console 2'],
    ],
    [
      'the end once',
      [[change('opened', age)], [change('closed', closed(age))], [change('amended', closed(age))]],
      ['opened console 1', 'closed console 2'],
    ],
    [
      'a return',
      [[change('opened', age)], [change('closed', closed(age))], [change('reopened', age)]],
      ['opened console 1', 'closed console 2', 'reopened console 3'],
    ],
    [
      'the end to the old route, and the news to the new one',
      [[change('opened', age)], [change('escalated', { ...age, channels: ['mail'] })]],
      ['opened console 1', 'opened email 1', 'updated console 2'],
    ],
    [
      'cases apart',
      [[change('opened', age), change('opened', income, { caseId: 'case-2' })]],
      ['opened console 1', 'opened console 1'],
    ],
  ])('owes %s', async (_story, told, wanted) => {
    for (const changes of told) await bench.tell(...changes);
    expect(owed().toSorted()).toEqual([...wanted].toSorted());
  });

  it('tells what was critical and is over before the edit that says so was sent, then its end', async () => {
    const tenure = incident('tenure');
    await bench.tell(change('opened', tenure));
    await bench.drain();
    await bench.tell(change('opened', age));
    await bench.tell(change('closed', closed(age)));
    await bench.tell(change('closed', closed(tenure)));
    bench.advance(15_000);
    await bench.drain();
    expect(lines.map((line) => line.split(': ').slice(0, 2).join(': '))).toEqual([
      '[opened critical] credit-default 2026.11: tenure has moved',
      '[updated critical] credit-default 2026.11: age has moved',
      '[closed] credit-default 2026.11: age has moved',
    ]);
  });

  it('says what moved, worst first, since when, how bad, on how many rows, by which policy', async () => {
    await bench.tell(change('opened', income), change('opened', age));
    expect(lastMessage()).toMatchObject({
      model: 'credit-default',
      severity: 'critical',
      state: 'OPEN',
      since: '2026-11-21T08:00:00.000Z',
      total: 2,
      open: 2,
      links: { case: 'http://tidewatch.example/cases/case-1' },
    });
    expect(
      lastMessage().findings.map(({ feature, n, effect, policy, news }) => [
        feature,
        n,
        effect,
        policy.id,
        news,
      ]),
    ).toEqual([
      ['age', 1_200, 2.5, 'drift', 'opened'],
      ['income', 1_200, 9, 'drift', 'opened'],
    ]);
  });

  it('does not let edits that keep coming push each other out', async () => {
    await bench.tell(change('opened', age));
    await bench.drain();
    for (let second = 0; second < 20; second++) {
      await bench.tell(change('escalated', { ...age, value: second }));
      bench.advance(1_000);
      await bench.drain();
    }
    expect(lines.length).toBe(2);
  });

  it('writes one line a case, and no control characters', async () => {
    await bench.tell(change('opened', incident('age', { summary: 'age\u001b[2J moved' })));
    await bench.drain();
    expect(lines).toEqual([
      '[opened critical] credit-default 2026.11: age has moved: age�[2J moved; +2.5 sd over 1 window since 2026-11-21 08:00 UTC → http://tidewatch.example/cases/case-1',
    ]);
  });
});
