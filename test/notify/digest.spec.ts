import { beforeEach, describe, expect, it } from 'vitest';
import type { Severity } from '../../src/domain/incident.js';
import type { DigestMessage } from '../../src/domain/digest-message.js';
import { ConsoleNotifier } from '../../src/notify/console.notifier.js';
import { planDigests } from '../../src/notify/plan-digests.js';
import { parseChannels } from '../../src/notify/parse-channels.js';
import { change, closed, incident } from '../support/incidents.js';
import { OutboxBench } from '../support/outbox-bench.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const channelsOf = (limits: string) =>
  parseChannels(`channels: { ops: [{ kind: console, ${limits} }] }`, () => undefined);
let lines: string[];
let bench: OutboxBench;

beforeEach(() => {
  lines = [];
});

function open(limits: string): void {
  bench = new OutboxBench(channelsOf(limits), [new ConsoleNotifier((line) => lines.push(line))]);
}

const opens = async (n: number, severity: Severity = 'warning') =>
  bench.tell(change('opened', incident(`f${n}`, { severity }), { caseId: `case-${n}` }));
const ends = async (n: number) =>
  bench.tell(change('closed', closed(incident(`f${n}`, { severity: 'warning' })), { caseId: `case-${n}` }));
/** Beats of the service for a time. */
async function pass(ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= MINUTE) {
    bench.advance(Math.min(MINUTE, left));
    await bench.digest();
    await bench.drain();
  }
}
const purposes = () => lines.map((line) => /^\[(\w+)/u.exec(line)?.[1]);
const digest = () =>
  bench.entriesOf('delivery.requested').findLast(({ data }) => data['purpose'] === 'digest')?.data['message'] as DigestMessage | undefined; // prettier-ignore

describe('P8: a destination with a budget of messages', () => {
  it('hears two hundred cases as its budget and one digest with exact counts', async () => {
    open('budget: { messages: 3, per: 1d }');
    for (let n = 0; n < 200; n++) await opens(n);
    await bench.drain();
    expect(purposes()).toEqual(['opened', 'opened', 'opened']);
    for (let n = 100; n < 150; n++) await ends(n);
    await pass(61 * MINUTE);
    expect(purposes()).toEqual(['opened', 'opened', 'opened', 'digest']);
    expect(digest()).toMatchObject({ held: { budget: 197, quiet: 0 }, open: 147, over: 50 });
    expect(digest()?.cases).toHaveLength(20);
    expect(bench.deliveries.pendingCount).toBe(0);
  });

  it('hears within seconds of what is critical, in one message with what comes along', async () => {
    open('budget: { messages: 1, per: 1d }');
    await opens(0);
    for (let n = 1; n < 10; n++) await opens(n, 'critical');
    await pass(MINUTE);
    expect(purposes()).toEqual(['opened', 'digest']);
    expect(lines[1]).toContain('9 cases in a digest: 9 open (worst critical), 0 over');
  });

  it('hears at once that something has become worse, and of the end of what it was told', async () => {
    open('budget: { messages: 1, per: 7d }');
    await opens(0);
    await bench.drain();
    await bench.tell(change('escalated', incident('f0'), { caseId: 'case-0' }));
    await bench.drain();
    await ends(0);
    await pass(MINUTE);
    expect(purposes()).toEqual(['opened', 'updated', 'closed']);
  });

  it('hears the end of what only a digest told within the next digest, and nothing twice after a crash', async () => {
    open('budget: { messages: 1, per: 7d, digest: 10m }');
    await opens(0);
    await opens(1);
    await pass(10 * MINUTE);
    bench.restart();
    await bench.digest();
    await ends(1);
    await pass(10 * MINUTE);
    expect(purposes()).toEqual(['opened', 'digest', 'digest']);
    expect(digest()).toMatchObject({ seq: 2, open: 0, over: 1, cases: [{ state: 'CLOSED' }] });
    await opens(1);
    await pass(10 * MINUTE);
    expect(digest()).toMatchObject({ seq: 3, open: 1, over: 0 });
    bench.restart();
    await pass(HOUR);
    expect(purposes()).toHaveLength(4);
  });

  it('has its budget back after a time', async () => {
    open('budget: { messages: 1, per: 2h, digest: 1h }');
    await opens(0);
    await opens(1);
    await pass(4 * HOUR);
    await opens(2);
    await bench.drain();
    expect(purposes()).toEqual(['opened', 'digest', 'opened']);
  });

  it('P13: hears what waits as soon as the file says no more of quiet, in the digest that it waits for', async () => {
    open('quiet: { from: "00:00", to: "23:59" }');
    await opens(0);
    await pass(HOUR);
    expect(purposes()).toEqual([]);
    const context = { channels: channelsOf('budget: { messages: 9 }'), deliveries: bench.deliveries };
    await bench.ledger.transact((now) => planDigests({ ...context, baseUrl: '' }, now));
    await bench.drain();
    expect(purposes()).toEqual(['digest']);
  });
});

describe('a destination that wants quiet', () => {
  it('is told in the morning what came by night, as one digest, and what is critical at once', async () => {
    open('quiet: { from: "20:00", to: "07:00" }');
    bench.advance(9 * HOUR);
    await opens(0);
    await opens(1, 'critical');
    await opens(2);
    await ends(2);
    await pass(9 * HOUR + 59 * MINUTE);
    expect(purposes()).toEqual(['opened']);
    await pass(MINUTE);
    expect(purposes()).toEqual(['opened', 'digest']);
    expect(digest()).toMatchObject({ held: { budget: 0, quiet: 2 }, open: 1, over: 1 });
    expect(lines[1]).toContain('2 because it was a quiet time');
  });
});
