import { beforeEach, describe, expect, it } from 'vitest';
import type { WeeklyMessage } from '../../src/domain/weekly-message.js';
import { weeklyEvent } from '../../src/notify/cloud-event.js';
import { ConsoleNotifier } from '../../src/notify/console.notifier.js';
import { weeklyEmail } from '../../src/notify/email-weekly.js';
import { parseChannels } from '../../src/notify/parse-channels.js';
import { UNASKED, type Weekly } from '../../src/notify/parse-weekly.js';
import { planWeekly, type WeekOf } from '../../src/notify/plan-weekly.js';
import { slackWeekly } from '../../src/notify/slack-weekly.js';
import { OutboxBench } from '../support/outbox-bench.js';

const HOUR = 3_600_000;
const FLAP = {
  incidentId: 'inc_1',
  title: 'age has moved',
  model: 'credit-default',
  version: '2026.11',
  check: 'feature_drift',
  policy: 'default',
  rule: 'drift',
  times: 6,
  largest: '+0.45 sd',
  effect: 0.46,
  windows: 3,
  loses: 1,
  link: 'http://tidewatch.example/incidents/inc_1',
};
const WEEK: ReturnType<WeekOf> = {
  opened: 4,
  open: 1,
  detectSeconds: 7_200,
  acknowledgeSeconds: 900,
  resolveSeconds: null,
  flapping: 12,
  flaps: [FLAP, { ...FLAP, incidentId: 'inc_2', title: '<!channel> & <b>', effect: null, windows: null, loses: 0, times: 4, largest: null }],
  precision: [{ check: 'feature_drift', policy: 'default', told: 8, real: 5 }],
  links: { cases: 'http://tidewatch.example/incidents' },
}; // prettier-ignore

let lines: string[];
let bench: OutboxBench;
let asked: { channels: readonly string[]; from: Date; to: Date }[];

const channels = parseChannels(
  'channels: { ops: [{ kind: console }], lead: [{ kind: console }, { kind: webhook, url: "https://a.example", secret: "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz" }] }',
  () => undefined,
);

beforeEach(() => {
  [lines, asked] = [[], []];
  bench = new OutboxBench(channels, [new ConsoleNotifier((line) => lines.push(line))]);
});

/** Beats at an instant. */
async function beatAt(now: string, week: ReturnType<WeekOf> = WEEK, weekly: Weekly | null = UNASKED): Promise<void> {
  bench.time = new Date(now);
  const weekOf: WeekOf = (names, { from, to }) => {
    asked.push({ channels: names, from, to });
    return week;
  };
  for (let beat = 0; beat < 3; beat += 1) {
    await bench.ledger.transact((at) => planWeekly({ channels, deliveries: bench.deliveries, weekly, weekOf }, at));
    await bench.drain();
  }
} // prettier-ignore

describe('the week', () => {
  it('is told once, on Monday at eight, to the people of all channels that lead to them', async () => {
    await beatAt('2026-11-23T08:00:00Z');
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain('by the channels ops, lead: 4 cases, 1 still open');
    expect(asked).toEqual([{ channels: ['ops', 'lead'], from: new Date('2026-11-16T08:00:00Z'), to: new Date('2026-11-23T08:00:00Z') }]); // prettier-ignore
    bench.restart();
    for (const hours of [1, 24, 47]) await beatAt(new Date(bench.time.getTime() + hours * HOUR).toISOString()); // prettier-ignore
    await beatAt('2026-11-30T08:01:00Z');
    expect(lines).toHaveLength(2);
  });

  it('without anything that came and went is told to those alone who asked for it, where there was a case', async () => {
    const calm = { ...WEEK, flapping: 0, flaps: [] };
    await beatAt('2026-11-23T09:00:00Z', calm);
    await beatAt('2026-11-23T09:00:00Z', { ...calm, opened: 0 }, { ...UNASKED, isAsked: true });
    expect(lines).toEqual([]);
    await beatAt('2026-11-23T09:00:00Z', calm, { ...UNASKED, isAsked: true });
    expect(lines).toHaveLength(1);
  });

  it('is not told where it is off, nor days later by a service that was away', async () => {
    await beatAt('2026-11-23T09:00:00Z', WEEK, null);
    await beatAt('2026-11-25T09:00:00Z');
    expect(lines).toEqual([]);
  });

  it('reads the same in every rendering', async () => {
    await beatAt('2026-11-23T08:00:00Z');
    const message = bench.dataOf('delivery.requested')[0]?.['message'] as unknown as WeeklyMessage;
    const { subject, text, html } = weeklyEmail(message);
    const file = (name: string) => `messages/weekly.${name}`;
    await expect(`${subject}\n\n${text.replaceAll('\r', '')}\n`).toMatchFileSnapshot(file('mail.txt'));
    await expect(html).toMatchFileSnapshot(file('mail.html'));
    await expect(`${slackWeekly(message).text}\n`).toMatchFileSnapshot(file('slack.txt'));
    const event: unknown = JSON.parse(weeklyEvent('d-1', message, bench.time));
    await expect(JSON.stringify(event, null, 2)).toMatchFileSnapshot(file('webhook.txt'));
    await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot(file('console.txt'));
    expect(html).not.toContain('<b>');
    expect(slackWeekly(message).text).not.toContain('<!channel>');
  });
});
