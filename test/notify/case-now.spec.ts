import { describe, expect, it } from 'vitest';
import type { CaseMessage } from '../../src/domain/case-message.js';
import type { Incident } from '../../src/domain/incident.js';
import { emailMessage } from '../../src/notify/email-message.js';
import { slackMessage } from '../../src/notify/slack-message.js';
import { change, closed, incident } from '../support/incidents.js';
import { OutboxBench } from '../support/outbox-bench.js';

const MINUTE = 60_000;
const ops = () => new OutboxBench({ ops: [{ kind: 'console' }] }, []);

function lastOf(of: OutboxBench): CaseMessage {
  const last = of.entriesOf('delivery.requested').at(-1)?.data['message'];
  if (!last) throw new Error('nothing was requested');
  return last as unknown as CaseMessage;
}

const age = incident('age');
const answers = (changed: Partial<Incident>) =>
  incident('answers', {
    signal: { ...age.signal, check: 'performance', feature: null },
    summary: 'performance: error rate 0.75, 0.24 expected',
    statistic: 'error_rate',
    ...changed,
  });

describe('a problem that comes back', () => {
  it('has neither the acknowledgement nor the root cause of the time before: it waits for a person', async () => {
    const at = ops();
    await at.tell(change('opened', age));
    const by = { by: 'anna', text: '' };
    const end = new Date(at.time.getTime() + 30 * MINUTE);
    at.handled = {
      assignee: null,
      rootCause: 'THRESHOLD_NOISE',
      activity: [
        { ...by, what: 'acknowledged', at: at.time },
        { ...by, what: 'closed', text: 'threshold noise', at: end },
      ],
    };
    const held = { ...age, state: 'ACKNOWLEDGED', acknowledgedBy: '00ff', acknowledgedAt: at.time } as const;
    await at.tell(change('acknowledged', held));
    expect(lastOf(at)).toMatchObject({ state: 'ACKNOWLEDGED', hands: { acknowledgedBy: 'anna' } });
    at.advance(30 * MINUTE);
    await at.tell(change('closed', { ...closed(held), closedAt: end, closeReason: 'manual' }));
    expect(lastOf(at).hands).toEqual({ acknowledgedBy: 'anna', assignee: null, rootCause: 'threshold noise, says anna' }); // prettier-ignore
    at.advance(60 * MINUTE);
    await at.tell(change('reopened', { ...age, occurrences: 2, backAt: at.time, asksSince: at.time }));
    const back = lastOf(at);
    expect(back).toMatchObject({ purpose: 'reopened', state: 'OPEN', hands: { acknowledgedBy: null, assignee: null, rootCause: null } }); // prettier-ignore
    for (const said of [emailMessage(back).text, JSON.stringify(slackMessage(back, 'full'))])
      expect(said).not.toMatch(/anna|threshold noise/u);
  });

  it('leads, and is nobody’s, while somebody has another one of the case', async () => {
    const at = ops();
    const taken = incident('income', { effect: 9, state: 'ACKNOWLEDGED', acknowledgedBy: 'anna', acknowledgedAt: at.time, acknowledgedUntil: new Date(at.time.getTime() + 24 * 60 * MINUTE) }); // prettier-ignore
    await at.tell(change('opened', taken), change('opened', age));
    at.advance(60 * MINUTE);
    await at.tell(change('reopened', { ...age, occurrences: 2, backAt: at.time, asksSince: at.time }));
    expect(lastOf(at)).toMatchObject({ state: 'OPEN', hands: { acknowledgedBy: null }, briefing: { title: 'age has moved; also income' } }); // prettier-ignore
    // A warning that joins is theirs who have the case.
    const mild = incident('tenure', { severity: 'warning', openedAt: at.time });
    const both = { state: 'ACKNOWLEDGED', acknowledgedBy: 'anna', acknowledgedAt: at.time } as const;
    at.advance(MINUTE);
    await at.tell(change('acknowledged', { ...age, ...both }), change('opened', mild));
    expect(lastOf(at)).toMatchObject({ state: 'ACKNOWLEDGED', hands: { acknowledgedBy: 'anna' } });
  });
});

describe('the headline of a case', () => {
  it('is of the finding whose numbers follow, also where one source is at fault for several models', async () => {
    const at = ops();
    at.subject = { source: (feature) => (feature === 'age' ? { name: 'crm', alsoAt: ['loans'] } : null) };
    const nulls = incident('age', { signal: { ...age.signal, check: 'null_rate' }, severity: 'warning', statistic: 'rate', summary: 'null rate of age: 50 % null' }); // prettier-ignore
    const guest = incident('age', { id: 'i-loans', signal: { ...nulls.signal, model: 'loans' }, explainedBy: nulls.id, severity: 'warning' }); // prettier-ignore
    await at.tell(change('opened', nulls), change('opened', guest));
    expect(lastOf(at).briefing?.title).toBe(
      'age has more nulls than usual at its source crm, here and in loans',
    );
    await at.tell(change('opened', answers({})));
    const { findings, briefing, summary } = lastOf(at);
    expect(findings[0]?.check).toBe('performance');
    expect(briefing?.title).toBe('answers have become worse; also age');
    expect(summary).toMatch(/^(performance|answers have become worse)/u);
  });

  it('is of no source where what explains the finding is of the same model and held back', async () => {
    const at = ops();
    const loud = incident('income', { effect: 9 });
    at.quiet = new Map([[loud.id, 'silenced']]);
    const together = incident('age', { id: 'i-together', signal: { ...age.signal, check: 'multivariate', feature: null }, explainedBy: loud.id, severity: 'warning', summary: 'inputs have changed together' }); // prettier-ignore
    await at.tell(change('opened', loud, { notify: false }), change('opened', together));
    const { briefing } = lastOf(at);
    expect(briefing?.title).not.toContain('source');
  });

  it('counts inputs among inputs that changed at once, and no answers', async () => {
    const at = ops();
    at.subject = { inputs: 4 };
    const inputs = ['age', 'b', 'c', 'd'].map((name) => incident(name));
    const score = incident('prediction.score', { signal: { ...age.signal, check: 'output_drift', feature: 'prediction.score' } }); // prettier-ignore
    await at.tell(...[...inputs, score].map((one) => change('opened', one)));
    expect(lastOf(at).briefing?.cause?.text).toContain('4 of 4 inputs changed at once');
  });

  it('is of nothing that a silence holds back, and what is held back is marked', async () => {
    const at = ops();
    const loud = incident('income', { effect: 9 });
    at.quiet = new Map([[loud.id, 'silenced']]);
    await at.tell(
      change('opened', loud, { notify: false }),
      change('opened', { ...age, severity: 'warning' }),
    );
    const told = lastOf(at);
    expect(told).toMatchObject({ severity: 'warning', briefing: { title: 'age has moved' } });
    expect(told.findings.map(({ feature, quiet }) => [feature, quiet])).toEqual([['age', undefined], ['income', 'silenced']]); // prettier-ignore
    expect(emailMessage(told).subject).toBe('[Tidewatch] WARNING credit-default 2026.11: age has moved');
    for (const said of [emailMessage(told).text, emailMessage(told).html, JSON.stringify(slackMessage(told, 'full'))]) expect(said).toContain('open, silenced'); // prettier-ignore
  });
});

describe('the end of a case', () => {
  it('is told with what it was about, not with what ended last, and only what recovered is called so', async () => {
    const at = ops();
    const worse = answers({ severity: 'warning', effect: 0.5 });
    const mild = { ...age, severity: 'warning' } as const;
    await at.tell(change('opened', mild), change('opened', worse));
    expect(lastOf(at).briefing?.title).toBe('age has moved; also quality of answers');
    const early = { ...closed(mild), closedAt: new Date(at.time.getTime() + MINUTE) };
    await at.tell(change('closed', { ...early, closeReason: 'recovered' }));
    const late = new Date(at.time.getTime() + 60 * MINUTE);
    const byHand = { ...closed(worse), closedAt: late, closeReason: 'manual' } as const;
    await at.tell(change('closed', byHand, { reason: 'threshold noise, says anna' }));
    const { briefing, summary } = lastOf(at);
    expect(briefing?.title).toBe('age has moved; also quality of answers');
    expect(summary).toMatch(
      /^Closed by hand while it lasted \(threshold noise, says anna\): age has moved: /u,
    );
  });

  it('is the end of its newest time: what had ended before it came back is not told again', async () => {
    const at = ops();
    const old = { ...closed(incident('income', { effect: 9 })), closedAt: new Date('2026-11-21T11:00:00Z'), closeReason: 'recovered' } as const; // prettier-ignore
    const back = new Date('2026-11-21T13:00:00Z');
    await at.tell(change('opened', incident('income')), change('opened', age));
    await at.tell(change('closed', old), change('closed', { ...old, ...age, state: 'CLOSED', closedAt: old.closedAt })); // prettier-ignore
    const again = { ...age, occurrences: 2, backAt: back, asksSince: back };
    await at.tell(change('reopened', again));
    await at.tell(change('closed', { ...closed(again), closeReason: 'recovered' }));
    expect(lastOf(at)).toMatchObject({ purpose: 'closed', briefing: { title: 'age has moved' } });
  });
});
