import { expect, it } from 'vitest';
import type { CaseMessage } from '../../src/domain/case-message.js';
import { beginCourse, continueCourse } from '../../src/domain/incident-course.js';
import { minuteText } from '../../src/domain/wording.js';
import { consoleLine } from '../../src/notify/console.notifier.js';
import { emailMessage } from '../../src/notify/email-message.js';
import { slackMessage } from '../../src/notify/slack-message.js';
import { change, closed, incident } from '../support/incidents.js';
import { OutboxBench } from '../support/outbox-bench.js';

const HOUR = 3_600_000;
const HOURS = Array.from({ length: 30 }, (_, i) => new Date(Date.parse('2026-11-21T10:00:00Z') + i * HOUR));
const shown = (to: Date, effect: number | null) => ({ from: new Date(to.getTime() - HOUR), to, statistic: 'location', n: 900, since: null, effect }); // prettier-ignore
const course = HOURS.slice(1).reduce(
  (before, to, i) => continueCourse(before, shown(to, i === 19 ? 0.73 : 0.4), false),
  beginCourse(shown(HOURS[0] ?? new Date(0), 0.4)),
);
/** Thirty windows of 0.4 standard deviations, of which the loudest was told last. */
const income = incident('income', { summary: 'feature drift of income: values × 1.33', effect: 0.73, saidOf: HOURS[20], course }); // prettier-ignore

function bench(): OutboxBench {
  const made = new OutboxBench({ ops: [{ kind: 'console' }] }, []);
  made.subject = { usual: () => ({ mean: 50, sd: 10, unit: 'EUR' }) };
  return made;
}

function lastOf(of: OutboxBench): CaseMessage {
  return of.entriesOf('delivery.requested').at(-1)?.data['message'] as unknown as CaseMessage;
}

it('is one for everybody: the numbers of the facts below it, never those of one window of several', async () => {
  const at = bench();
  await at.tell(change('opened', income));
  const facts = '≈ 50 → ≈ 54.1 EUR (+0.411 sd over 30 windows in 30 h, largest +0.73 sd)';
  const opened = lastOf(at);
  expect(opened.summary).toBe(`income has moved: ${facts}`);
  expect(emailMessage(opened).text).toContain(`By how much: ${facts}, windows`);
  for (const text of [consoleLine(opened), slackMessage(opened, 'plain').text]) {
    expect(text).toContain(`income has moved: ${facts}`);
    expect(text).not.toContain('× 1.33');
  }
  await at.tell(change('closed', { ...closed(income), closeReason: 'recovered' }));
  expect(lastOf(at).summary).toBe(`Recovered: income has moved: ${facts}`);
  expect(consoleLine(lastOf(at))).toContain(`2026.11: income has moved: Recovered: ${facts} since`);
});

it('says of a silence since when it is, which stays true while nobody reads it', async () => {
  const at = bench();
  const signal = { ...income.signal, check: 'freshness' as const, feature: null };
  const summary = 'no predictions for 1 h; by the reference, 1 h is too long';
  const silent = { ...income, signal, summary, statistic: 'silence', effect: null };
  await at.tell(change('opened', { ...silent, course: { ...course, onset: HOURS[0] ?? new Date(0) } }));
  expect(lastOf(at).summary).toBe(
    `no predictions arrive: no predictions since ${minuteText(HOURS[0] ?? new Date(0))} UTC; by the reference, 1 h is too long`,
  );
});

it('names what else there is while whole names fit, then counts, and names nothing twice', async () => {
  const at = bench();
  await at.tell(...['a', 'b', 'c', 'd', 'e', 'f'].map((name) => change('opened', incident(name))));
  expect(lastOf(at).summary).toMatch(/; also b, c, d, e, f$/u);
  expect(lastOf(at).briefing).toMatchObject({
    title: 'a has moved; also b, c, d, e, f',
    lead: 'a has moved',
  });
  const many = bench();
  const names = Array.from({ length: 30 }, (_, i) => `average_balance_of_month_${i + 10}`);
  const nulls = { ...incident('x').signal, check: 'null_rate' as const, feature: names[0] ?? '' };
  const more = incident('nulls', { signal: nulls, severity: 'warning' });
  await many.tell(...[...names.map((name) => incident(name)), more].map((one) => change('opened', one)));
  const { title = '' } = lastOf(many).briefing ?? {};
  expect(title).toMatch(
    /^average_balance_of_month_10 has moved; also (average_balance_of_month_\d\d(, )?)+ and \d+ more$/u,
  );
  expect(title.length).toBeLessThanOrEqual(110);
  const two = bench();
  await two.tell(...[incident(names[0] ?? ''), more].map((one) => change('opened', one)));
  expect(lastOf(two).briefing?.title).toBe('average_balance_of_month_10 has moved; also null rate');
});

it('says whether there are more nulls or fewer', async () => {
  const title = async (effect: number) => {
    const at = bench();
    const signal = { ...income.signal, check: 'null_rate' as const };
    const nulls = beginCourse({ ...shown(HOURS[0] ?? new Date(0), effect), statistic: 'rate' });
    await at.tell(change('opened', incident('income', { signal, statistic: 'rate', value: 0.2, effect, course: nulls })));
    return lastOf(at).briefing?.title;
  };
  expect(await title(12)).toBe('income has more nulls than usual');
  expect(await title(-12)).toBe('income has fewer nulls than usual');
}); // prettier-ignore
