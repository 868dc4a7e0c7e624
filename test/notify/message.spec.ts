import { describe, expect, it } from 'vitest';
import type { CaseMessage } from '../../src/domain/case-message.js';
import { beginCourse, continueCourse, type IncidentCourse } from '../../src/domain/incident-course.js';
import type { Incident } from '../../src/domain/incident.js';
import { OUTPUT } from '../../src/domain/profile.js';
import { type CaseSubject, UNKNOWN_SUBJECT } from '../../src/notify/case-subject.js';
import { caseMessage } from '../../src/notify/message.js';
import { caseEvent } from '../../src/notify/cloud-event.js';
import { handsNow, saidSince, UNTOUCHED } from '../../src/notify/case-hands.js';
import { caseNow } from '../../src/notify/case-now.js';
import { consoleLine } from '../../src/notify/console.notifier.js';
import { emailMessage } from '../../src/notify/email-message.js';
import { isBroadcast, slackMessage, threadNote } from '../../src/notify/slack-message.js';
import { change, closed, incident } from '../support/incidents.js';
import { OutboxBench } from '../support/outbox-bench.js';

const CHANNELS = { ops: [{ kind: 'console' }] } as const;
const HOUR = 3_600_000;

function bench(): OutboxBench {
  const made = new OutboxBench(CHANNELS, []);
  made.subject = {
    tier: 'HIGH',
    inputs: 4,
    usual: (feature) => (feature === 'age' ? { mean: 41, sd: 12, unit: 'years' } : null),
    runbook: ({ rule }) => `https://wiki.example.org/${rule}`,
  };
  return made;
}

function requested(of: OutboxBench): readonly CaseMessage[] {
  return of.entriesOf('delivery.requested').map(({ data }) => data['message'] as unknown as CaseMessage);
}

function lastOf(of: OutboxBench): CaseMessage {
  const last = requested(of).at(-1);
  if (!last) throw new Error('nothing was requested');
  return last;
}

const age = incident('age', { summary: 'feature drift of age: values are higher by 2.5 reference standard deviations' }); // prettier-ignore
const channel = incident('channel', {
  severity: 'warning',
  summary: 'feature drift of channel: "web" make up 30 %, 12 % before',
  statistic: 'share:web',
  value: 0.3,
  effect: 18,
  course: beginCourse({
    from: new Date('2026-11-21T09:00:00Z'),
    to: new Date('2026-11-21T10:00:00Z'),
    statistic: 'share:web',
    effect: 18,
    n: 900,
    since: null,
  }),
});

const HOURS = Array.from({ length: 30 }, (_, i) => new Date(Date.parse('2026-11-21T10:00:00Z') + i * HOUR));
/** Thirty windows of 0.4 standard deviations, of which the loudest was told last. */
const income = incident('income', {
  severity: 'warning',
  summary: 'feature drift of income: values × 1.33',
  effect: 0.73,
  saidOf: HOURS[20],
  course: HOURS.slice(1).reduce<IncidentCourse>(
    (course, to, i) => continueCourse(course, { ...windowTo(to), effect: i === 19 ? 0.73 : 0.4 }, false),
    beginCourse({ ...windowTo(HOURS[0] ?? new Date(0)), effect: 0.4 }),
  ),
});

function windowTo(to: Date) {
  return { from: new Date(to.getTime() - HOUR), to, statistic: 'location', n: 900, since: null };
}

/** What a message is made of, where a spec does not care. */
const FACTS = {
  caseId: 'case-1',
  seq: 2,
  news: [],
  rises: () => false,
  quiet: () => null,
  handled: UNTOUCHED,
  toldAt: null,
  nameOf: (actor: string) => actor,
  baseUrl: '',
  changes: [],
  subject: UNKNOWN_SUBJECT,
  now: new Date('2026-11-21T15:00:00Z'),
} as const;

describe('a message', () => {
  it.each<[story: string, say: (at: OutboxBench) => Promise<void>]>([
    ['opened', async (at) => at.tell(change('opened', age), change('opened', channel))],
    [
      'closed',
      async (at) => {
        await at.tell(change('opened', age));
        await at.tell(change('closed', { ...closed(age), closeReason: 'recovered' }));
      },
    ],
    ['many-windows', async (at) => at.tell(change('opened', income))],
    [
      'all-inputs',
      async (at) =>
        at.tell(...['age', 'income', 'region', 'tenure'].map((name) => change('opened', incident(name)))),
    ],
  ])('is the same in every rendering: %s', async (story, say) => {
    const at = bench();
    await say(at);
    const message = lastOf(at);
    const { subject, text, html } = emailMessage(message);
    const file = (name: string) => `messages/${story}.${name}`;
    await expect(`${subject}\n\n${text.replaceAll('\r', '')}\n`).toMatchFileSnapshot(file('mail.txt'));
    await expect(html).toMatchFileSnapshot(file('mail.html'));
    await expect(JSON.stringify(slackMessage(message, 'full'), null, 2)).toMatchFileSnapshot(
      file('slack.txt'),
    );
    const event: unknown = JSON.parse(caseEvent('d-1', message, at.time));
    await expect(JSON.stringify(event, null, 2)).toMatchFileSnapshot(file('webhook.txt'));
    await expect(`${consoleLine(message)}\n`).toMatchFileSnapshot(file('console.txt'));
  });

  it('lists the models that one source at fault is told for, to those who hear of any of them', async () => {
    const at = new OutboxBench({ ops: [{ kind: 'console' }], loans: [{ kind: 'email', to: 'l@example.org' }] }, []);
    at.subject = { source: (feature) => (feature === 'age' ? { name: 'crm', alsoAt: [] } : null) };
    const nulls = (model: string, more: Partial<Incident>) => {
      const { signal } = age;
      const about = { ...signal, model, check: 'null_rate' as const };
      return incident('age', { signal: about, statistic: 'rate', value: 0.5, effect: 49, summary: 'null rate of age: 50 % null', ...more });
    };
    await at.tell(change('opened', nulls('credit-default', { severity: 'warning' })));
    const guest = nulls('loans', { id: 'i-loans', channels: ['loans'], explainedBy: 'i-age', severity: 'warning' });
    await at.tell(change('opened', guest));
    const [, opening, update] = requested(at);
    expect([update?.purpose, opening?.purpose]).toEqual(['updated', 'opened']);
    expect(at.entriesOf('delivery.requested').map(({ data }) => data['channel'])).toEqual(['ops', 'loans', 'settlement']);
    for (const message of [update, opening]) {
      expect(message).toMatchObject({ model: 'credit-default', alsoModels: ['loans'], alsoTouches: [{ model: 'loans', owner: 'risk-team', tier: 'MEDIUM' }], total: 2, open: 2, state: 'OPEN' });
      expect(message?.briefing?.title).toBe('age has more nulls than usual at its source crm, here and in loans');
      expect(message?.briefing?.cause?.text).toBe(
        'a fault in the data of age from crm (of which loans has faults too), before it reaches the model; it explains 1 other finding',
      );
    }
    const { text } = emailMessage(opening!);
    expect(text).toContain('- loans: age: ');
    expect(text).toMatch(/; by the same source also loans 2026\.11 of risk-team, medium risk, 1\s200 decisions meanwhile/);
    // A receiver hears what is over where, and the end once: when it is over in every model.
    await at.tell(change('closed', { ...closed(nulls('credit-default', {})), closeReason: 'recovered' }));
    expect(requested(at).slice(-2).map(({ purpose, state }) => [purpose, state])).toEqual([['updated', 'OPEN'], ['updated', 'OPEN']]);
    const { subject, text: meanwhile } = emailMessage(lastOf(at));
    expect(subject).toContain('age has more nulls than usual at its source crm, still in loans');
    expect(meanwhile).toContain('Over in: credit-default; not yet in loans');
    expect(meanwhile).toContain('By how much: loans: ');
    await at.tell(change('closed', { ...closed(guest), closeReason: 'recovered' }));
    expect(requested(at).slice(-2).map(({ purpose, state }) => [purpose, state])).toEqual([['closed', 'CLOSED'], ['closed', 'CLOSED']]);
    const { subject: end, text: over } = emailMessage(lastOf(at));
    expect(end).toContain('OVER credit-default 2026.11: age has more nulls than usual at its source crm, here and in loans');
    expect(over).toContain('over in credit-default, loans');
    expect(over).toContain('closed: loans: ');
    expect(threadNote(lastOf(at))).toContain('over in credit-default, loans');
  }); // prettier-ignore

  it('tells the end of a case when the last of another model that kept it open goes its own way', async () => {
    const at = bench();
    const host = change('opened', age);
    await at.tell(host);
    const guest = incident('age', { id: 'i-loans', signal: { ...age.signal, model: 'loans' }, explainedBy: age.id });
    await at.tell(change('opened', guest));
    await at.tell(change('closed', { ...closed(age), closeReason: 'recovered' }));
    expect(lastOf(at)).toMatchObject({ purpose: 'updated', state: 'OPEN' });
    await at.tell({ ...change('amended', { ...guest, explainedBy: null }), caseId: 'case-of-loans', leaves: host.caseId });
    expect(requested(at).filter(({ caseId }) => caseId === host.caseId).at(-1)).toMatchObject({ purpose: 'closed', state: 'CLOSED', total: 1 });
    expect(requested(at).filter(({ caseId }) => caseId === 'case-of-loans')).toMatchObject([{ purpose: 'opened', model: 'loans', open: 1 }]);
  }); // prettier-ignore

  it('says what it has cost where that is known, in every rendering', async () => {
    const at = bench();
    await at.tell(change('opened', age));
    const { briefing, ...message } = lastOf(at);
    const cost = 'about 41 200 EUR more than the reference rate would have cost';
    const told = { ...message, ...(briefing ? { briefing: { ...briefing, cost } } : {}) };
    const { text, html } = emailMessage(told);
    const slack = JSON.stringify(slackMessage(told, 'full'));
    for (const rendering of [text, html, slack]) expect(rendering).toContain('Cost so far');
    for (const rendering of [text, slack, consoleLine(told), caseEvent('d-1', told, at.time)])
      expect(rendering.replaceAll(/\s+/gu, ' ')).toContain(cost);
  });

  it('says from what to what in the unit of the feature, over all its windows', async () => {
    const at = bench();
    await at.tell(change('opened', age), change('opened', channel));
    expect(lastOf(at).findings.map(({ change: moved }) => moved)).toEqual([
      '≈ 41 → ≈ 71 years',
      'share of "web" 12 % → 30 %',
    ]);
  });

  it.each<[story: string, members: readonly Incident[], deployedAt: Date | null, wanted: string | null]>([
    ['one feature of many', [age], null, null],
    ['a version that began with it', [age], new Date('2026-11-21T08:30:00Z'), 'deployment'],
    ['a version that began days before', [age], new Date('2026-11-18T08:30:00Z'), null],
    ['all inputs', ['age', 'b', 'c', 'd'].map((name) => incident(name)), null, 'all_inputs'],
    ['half of the inputs', ['age', 'b'].map((name) => incident(name)), null, null],
    [
      'one feature behind another finding',
      [
        age,
        incident('all', {
          signal: { ...age.signal, check: 'multivariate', feature: null },
          explainedBy: age.id,
        }),
      ],
      null,
      'one_feature',
    ],
    [
      'a stream that stopped',
      [incident('x', { signal: { ...age.signal, check: 'freshness', feature: null } })],
      null,
      'upstream',
    ],
  ])('names a probable cause: %s', async (_story, members, deployedAt, wanted) => {
    const at = bench();
    at.subject = { ...at.subject, deployedAt };
    await at.tell(...members.map((one) => change('opened', one)));
    expect(lastOf(at).briefing?.cause?.kind ?? null).toBe(wanted);
  });

  it('names a version that came to answer for the model when it began, whenever its first row was', async () => {
    const at = bench();
    at.subject = {
      ...at.subject,
      deployedAt: new Date('2026-11-01T00:00:00Z'),
      promotedAt: age.course.onset,
    };
    await at.tell(change('opened', age));
    expect(lastOf(at).briefing?.cause).toMatchObject({
      kind: 'deployment',
      text: expect.stringContaining('came to answer for the model') as string,
    });
  });

  it('calls what differs from the training data in the first window skew, with the features that make it', async () => {
    const at = bench();
    const first = new Date(age.course.onset.getTime() - 0.5 * HOUR);
    at.subject = { ...at.subject, servedSince: first };
    await at.tell(...[age, incident('income')].map((one) => change('opened', one)));
    expect(lastOf(at).briefing?.cause).toMatchObject({
      kind: 'training_serving_skew',
      text: expect.stringMatching(
        /^training–serving skew: age, income differ from the training data since/,
      ) as string,
    });
    const later = bench();
    later.subject = { ...later.subject, servedSince: new Date(first.getTime() - 72 * HOUR) };
    await later.tell(change('opened', age));
    expect(lastOf(later).briefing?.cause).toBeNull();
  });

  it('names scores that mean something else by that, whichever of their findings leads', async () => {
    const at = bench();
    const score = incident('score', { signal: { ...age.signal, check: 'output_drift', feature: OUTPUT.score } });
    const said = 'performance: scores are no longer calibrated: they claim 31 % positive, and 44 % are; log loss 0.62, 0.48 expected';
    const loss = incident('loss', { signal: { ...age.signal, check: 'performance', feature: null }, summary: said, readAs: [{ kind: 'uncalibrated', claim: { by: 'share', claimed: 0.31, observed: 0.44 } }] });
    await at.tell(...[score, loss].map((one) => change('opened', one)));
    expect(lastOf(at).briefing).toMatchObject({
      title: 'scores are no longer calibrated; also quality of answers',
      cause: { kind: 'calibration', text: 'scores are no longer calibrated: they claim 31 % positive, and 44 % are; they rank the answers as well as before', claim: 'scores are no longer calibrated: they claim 31 % positive, and 44 % are' },
    });
    // The body says what the title says, once, and then what was found.
    expect(lastOf(at).summary).toMatch(/^scores are no longer calibrated: they claim 31 %.*are; the score: .*; also quality of answers$/);
  }); // prettier-ignore

  it.each<[leads: Incident['signal']['check'], onset: Date, wanted: RegExp]>([
    ['volume', age.course.onset, /^training–serving skew: age differs from the training data since/],
    ['performance', age.course.onset, /^training–serving skew: age differs/],
    ['freshness', new Date(age.course.onset.getTime() + 72 * HOUR), /^a fault in what sends the predictions.*; beside it training–serving skew: age differs/], // prettier-ignore
    ['service', new Date(age.course.onset.getTime() + 72 * HOUR), /^training–serving skew: age differs/],
  ])('names skew once, by its features, where %s leads', async (check, onset, wanted) => {
    const at = bench();
    at.subject = { ...at.subject, servedSince: age.course.onset };
    const signal = { ...age.signal, check, feature: null };
    const leads = incident('leads', { signal, severity: 'critical', course: { ...age.course, onset } });
    const answers = incident('answers', { severity: 'warning', signal: { ...age.signal, check: 'output_drift', feature: OUTPUT.score } }); // prettier-ignore
    const drift = incident('age', { severity: 'warning' });
    await at.tell(...[leads, drift, answers].map((one) => change('opened', one)));
    expect(lastOf(at).findings[0]?.check).toBe(check);
    const { text } = lastOf(at).briefing?.cause ?? { text: '' };
    expect(text).toMatch(wanted);
    expect(text.split('skew')).toHaveLength(2);
  });

  it('counts as together what began together, not what merely is in the case', async () => {
    const at = bench();
    const late = new Date(age.course.onset.getTime() + 38 * HOUR);
    const others = ['b', 'c', 'd'].map((name) => incident(name, { course: { ...age.course, onset: late } }));
    await at.tell(...[age, ...others].map((one) => change('opened', one)));
    expect(lastOf(at).briefing?.cause).toBeNull();
    expect(lastOf(at).since).toBe(age.course.onset.toISOString());
  });

  it('stays about all inputs at once while one after another ends, and says whose numbers it tells', async () => {
    const at = bench();
    const all = ['age', 'income', 'region', 'tenure'].map((name) => incident(name));
    await at.tell(...all.map((one) => change('opened', one)));
    await at.drain();
    at.advance(60_000);
    await at.tell(...all.slice(0, 2).map((one) => change('closed', { ...closed(one), closeReason: 'recovered' })), change('amended', all[2]!)); // prettier-ignore
    const { briefing, state } = lastOf(at);
    expect([state, briefing?.title, briefing?.cause?.kind]).toEqual(['OPEN', 'all inputs have changed at once', 'all_inputs']); // prettier-ignore
    const { text } = emailMessage(lastOf(at));
    expect(text).toContain('By how much: region: +2.5 sd over 1 window');
  });

  it('names a reference as the cause where it took the place of another, never the first one', async () => {
    const causeWith = async (more: Partial<CaseSubject>) => {
      const at = bench();
      at.subject = { ...at.subject, ...more };
      await at.tell(change('opened', age));
      return lastOf(at).briefing?.cause?.kind ?? null;
    };
    const { onset } = age.course;
    expect(await causeWith({ pinnedAt: onset })).toBeNull();
    expect(await causeWith({ pinnedAt: onset, repinnedAt: onset })).toBe('baseline');
  });

  it('says who has it, what they did since the receiver was told, and once it is over what it was, how long what leads lasted, and all of it', async () => {
    const at = bench();
    await at.tell(change('opened', age));
    const deed = (what: string, text: string) => ({ at: new Date(at.time.getTime() + 1_000), by: 'anna', what, text }); // prettier-ignore
    const activity = [{ ...deed('acknowledged', ''), at: at.time }, deed('assigned', 'to bob'), deed('noted', 'a loader was late')]; // prettier-ignore
    const handled = { assignee: 'bob', rootCause: null, activity };
    const has = { ...age, acknowledgedBy: '00ff', acknowledgedAt: at.time };
    const about = (members: readonly Incident[]) =>
      caseNow({ members, importance: () => null, quiet: () => null, now: at.time });
    const hands = handsNow(about([has]), handled, () => 'nobody');
    const held = { ...lastOf(at), hands, said: [...saidSince(handled, at.time)], news: [], purpose: 'updated' as const, state: 'ACKNOWLEDGED' as const }; // prettier-ignore
    expect(threadNote(held)).toBe('👤 anna assigned it to bob\n👤 anna noted: a loader was late');
    expect(slackMessage(held, 'plain').text).toContain('(acknowledged by anna)');
    expect(emailMessage(held).text).toContain('With: acknowledged by anna, assigned to bob');
    const later = { ...age.course, onset: HOURS[2] ?? new Date(0), lastAt: HOURS[6] ?? new Date(0) };
    const ends = [age, incident('income', { course: later })].map((one) => ({ ...closed(one), closeReason: 'recovered' as const })); // prettier-ignore
    await at.tell(...ends.map((one) => change('closed', one)));
    expect(lastOf(at)).toMatchObject({ since: '2026-11-21T08:00:00.000Z', briefing: { ended: { at: '2026-11-21T10:00:00.000Z', lastedSeconds: 2 * 3600 } } }); // prettier-ignore
    const was = [...activity, deed('closed', 'upstream data: loader fixed')];
    const closing = { assignee: 'bob', rootCause: 'UPSTREAM_DATA', activity: was };
    const over = { ...lastOf(at), hands: handsNow(about(ends), closing, () => 'nobody'), said: [...saidSince(closing, at.time)] }; // prettier-ignore
    expect(emailMessage(over).text).toContain('Root cause: upstream data: loader fixed, says anna');
    const facts = { ...FACTS, purpose: 'closed', call: null } as const;
    const next = (rootCause: string | null) => caseMessage({ ...facts, members: ends, handled: { ...closing, rootCause } }).briefing?.next; // prettier-ignore
    expect([next(null)?.length, next('UPSTREAM_DATA')?.length]).toEqual([1, 0]);
    expect(threadNote(over)).toContain('👤 anna closed it: upstream data: loader fixed');
    const again = { ...over, purpose: 'reopened' as const, said: ['anna opened it again: not over'] };
    expect(threadNote(again)).toMatch(/Back again: [^]*\n👤 anna opened it again: not over$/u);
  });

  it('says who has taken on a single finding, and offers an answer to a training only while one waits', async () => {
    const at = bench();
    await at.tell(change('opened', age));
    const held: Incident = { ...age, state: 'ACKNOWLEDGED', acknowledgedBy: 'anna' };
    await at.tell(change('acknowledged', held, { reason: 'taken on by anna' }));
    expect(threadNote(lastOf(at))).toMatch(/^👀 Acknowledged: age has moved: .*, taken on by anna$/u);
    const { briefing } = lastOf(at);
    const offered = (asksTraining: boolean) => JSON.stringify(slackMessage({ ...lastOf(at), briefing: briefing && { ...briefing, asksTraining } }, 'full', true).blocks); // prettier-ignore
    expect(offered(false)).not.toContain('"approve"');
    expect(offered(true)).toContain('"action_id":"approve"');
  });

  it('says of one change one size, its title once, and every time with its zone', async () => {
    const at = bench();
    await at.tell(change('opened', age));
    const message = lastOf(at);
    expect(slackMessage(message, 'plain').text).toBe(
      '🔴 credit-default 2026.11: age has moved: ≈ 41 → ≈ 71 years (+2.5 sd over 1 window); since 2026-11-21 08:00 UTC',
    );
    for (const rendering of [emailMessage(message).text, JSON.stringify(slackMessage(message, 'full'))]) {
      expect(rendering).not.toMatch(/reference standard deviations|last told/u);
      expect(rendering.match(/\d{2}:\d{2}(?! (?:UTC|to \d))/gu)).toBeNull();
    }
  });

  it('says of a share that has moved for hours how large it is once, whatever else stands beside', async () => {
    const at = bench();
    const shown = (hour: number, effect: number) => ({
      from: new Date(Date.UTC(2026, 10, 21, hour)),
      to: new Date(Date.UTC(2026, 10, 21, hour + 1)),
      statistic: 'rate',
      effect,
      n: 1_200,
      since: null,
    });
    const nulls = incident('age', {
      signal: { ...age.signal, check: 'null_rate' },
      statistic: 'rate',
      value: 0.17,
      effect: 17,
      summary: 'null rate of age: 17 % null, 0 % before',
      course: continueCourse(beginCourse(shown(8, 17)), shown(9, 17), false),
    });
    await at.tell(change('opened', nulls));
    const { text } = slackMessage(lastOf(at), 'plain');
    expect(text.match(/0 % → 17 %/gu)).toHaveLength(1);
    expect(text).toContain('age has more nulls than usual');
  });

  it('keeps the news of a message whose place it takes', async () => {
    const at = bench();
    await at.tell(change('opened', channel));
    at.advance(1_000);
    await at.tell(change('opened', incident('region', { severity: 'warning' })));
    at.advance(1_000);
    await at.tell(change('amended', channel));
    expect(at.entriesOf('delivery.superseded')).toHaveLength(1);
    expect(lastOf(at).news.map(({ kind, incidentId }) => [kind, incidentId])).toEqual([
      ['opened', 'i-region'],
      ['amended', 'i-channel'],
    ]);
    expect(threadNote(lastOf(at))).toContain('➕ New: region');
  });

  it('is headed by what is critical and new, not by what its readers know', async () => {
    const at = bench();
    await at.tell(change('opened', age));
    await at.drain();
    at.advance(60_000);
    const group = incident('sex=f', {
      signal: { ...age.signal, check: 'fairness', feature: 'sex=f' },
      summary: 'fairness of sex=f: 24 % selected, 52 % before',
      effect: -0.6,
    });
    await at.tell(change('opened', group));
    expect(lastOf(at)).toMatchObject({
      purpose: 'updated',
      briefing: { title: 'sex=f is treated differently; also age' },
      summary: 'sex=f is treated differently: 24 % selected, 52 % before; +2.5 sd over 1 window; also age',
    });
    expect(threadNote(lastOf(at))).toContain('🔴 New and critical');
    expect(isBroadcast(lastOf(at))).toBe(true);
    const mild = { ...group, severity: 'warning' } as const;
    const known = bench();
    await known.tell(change('opened', age));
    known.advance(60_000);
    await known.tell(change('opened', mild));
    expect(lastOf(known).summary).toMatch(/^age has moved: ≈ 41 → ≈ 71 years \(.*; also sex=f$/);
    expect(isBroadcast(lastOf(known))).toBe(false);
  });

  it('says of a call that it is one, and what waits', async () => {
    const at = bench();
    await at.tell(change('opened', age));
    const call = { kind: 'escalated', text: 'nobody has taken it on for 30 min' } as const;
    const told = { ...lastOf(at), call };
    expect(emailMessage(told).subject).toBe('[Tidewatch] ESCALATED, CRITICAL credit-default 2026.11: age has moved'); // prettier-ignore
    expect(slackMessage(told, 'plain').text).toMatch(
      /^🔴 Escalated: credit-default 2026\.11: age has moved/u,
    );
    const again = { ...told, call: { ...call, kind: 'reminded' } as const };
    expect(emailMessage(again).subject).toContain('] REMINDER, CRITICAL credit-default');
  });

  it('says of a call which finding waits, as severe as that is, where somebody has taken on the rest', () => {
    const taken: Incident = { ...age, state: 'ACKNOWLEDGED', acknowledgedBy: 'anna' };
    const quiet = incident('income', { severity: 'warning', signal: { ...age.signal, check: 'estimated_performance', feature: null } }); // prettier-ignore
    const call = { kind: 'escalated', text: 'nobody has taken on for 30 min: answers are expected to be worse (warning)', severity: 'warning', findings: [quiet.id] } as const; // prettier-ignore
    const told = caseMessage({
      ...FACTS,
      purpose: 'updated',
      members: [taken, quiet],
      call: { ...call, findings: [quiet.id] },
    });
    expect(emailMessage(told).subject).toBe(
      '[Tidewatch] ESCALATED, WARNING credit-default 2026.11: answers are expected to be worse; also age',
    );
    expect(emailMessage(told).text).toContain(`Waiting: ${call.text}`);
    expect(slackMessage(told, 'plain').text).toMatch(/^🟠 Escalated: .* answers are expected to be worse; also age: /u); // prettier-ignore
  });

  it('tells a rise at once, and still as one when the next change takes its place unsent', async () => {
    const at = bench();
    await at.tell(change('opened', channel));
    at.advance(1_000);
    await at.tell(change('opened', age));
    const risen = at.entriesOf('delivery.requested').at(-1);
    expect(risen?.data).toMatchObject({ dueAt: at.time.toISOString(), message: { rises: true } });
    await at.tell(change('amended', channel));
    expect(lastOf(at)).toMatchObject({ rises: true });
    expect(threadNote(lastOf(at))).toContain('Now critical');
    expect(emailMessage(lastOf(at)).subject).toContain('CRITICAL');
  });
});

it('a message says what of the model nobody is told of, while its case is open', async () => {
  const at = bench();
  at.subject = { ...at.subject, unwatched: '5 only raise notices' };
  await at.tell(change('opened', age));
  expect(emailMessage(lastOf(at)).text).toMatch(/Not watched: +5 only raise notices/);
  await at.tell(change('closed', { ...closed(age), closeReason: 'recovered' }));
  expect(emailMessage(lastOf(at)).text).not.toContain('Not watched');
});
