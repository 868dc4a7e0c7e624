import { describe, expect, it } from 'vitest';
import { ofVersions, whyNot, type AskedIncident, type TellingFacts } from './why-not.js';

const rule = { name: 'default/drift', isDryRun: false, channels: ['ops'] };
const says = (state: string, n = 900) => ({ results: [{ statistic: 'location', state, n }] });
const found = (changed: Partial<AskedIncident> = {}): { incident: AskedIncident } => ({
  incident: { id: 'inc_1', severity: 'warning', shownUntil: null, channels: ['ops'], explainedBy: null, heldBy: null, isHeld: false, isFlapping: false, deliveries: [], ...changed },
}); // prettier-ignore
/** When a message that waits is sent. */
const DUE = '2026-11-21T10:00:15.000Z';
const FACTS: TellingFacts = {
  version: '1',
  stage: { name: 'champion', isOnTrial: false, isOver: false },
  isJudged: true,
  labelled: 0,
  waitsForLabels: false,
  untaught: null,
  elsewhere: [],
  results: [],
  rules: [rule],
  incident: null,
  channels: ['ops'],
};

const waits = (held: AskedIncident['deliveries'][number]['held']) =>
  found({ deliveries: [{ to: 'slack C1', state: 'queued', due: DUE, held, at: AT, isOfThen: true }] });
const AT = new Date('2026-11-21T09:58:00Z');
const delivered = { to: 'slack C1', state: 'delivered', due: DUE, held: null, at: AT, isOfThen: true };

describe('P11: why somebody was not told', () => {
  it.each<[why: string, cause: string, text: string, facts: Partial<TellingFacts>]>([
    ['learning', 'LEARNING', 'the check is still learning: its reference is not complete yet', says('LEARNING')],
    ['taught too little', 'NOT_JUDGED', 'the check cannot be judged: the reference has 12 windows', { ...says('LEARNING'), untaught: 'the reference has 12 windows' }],
    ['too few rows', 'TOO_FEW_ROWS', 'the window has too few rows for the check: 3', says('INSUFFICIENT', 3)],
    ['silenced', 'SILENCED', 'the silence sil_1 held it back', found({ heldBy: 'sil_1' })],
    ['told, and silenced afterwards', 'NOTIFIED', 'slack C1 was told, on 2026-11-21 09:58 UTC; what came after, the silence sil_1 holds back', found({ heldBy: 'sil_1', isHeld: true, deliveries: [delivered] })],
    ['told of what had ended, and silenced when it came back', 'SILENCED', 'the silence sil_1 held it back', found({ heldBy: 'sil_1', isHeld: true, deliveries: [{ ...delivered, isOfThen: false }] })],
    ['maintenance', 'MAINTENANCE', 'the maintenance window nightly held it back', found({ heldBy: 'maintenance:nightly' })],
    ['explained by', 'EXPLAINED', 'it follows from something else, with which it is told: null rate of age', found({ explainedBy: 'null rate of age' })],
    ['dry run', 'DRY_RUN', 'the check found something, and only policies on a dry run are about it: default/drift', { ...says('ALERT'), rules: [{ ...rule, isDryRun: true }] }],
    ['budget of false alarms', 'BUDGET', 'it was noticed, but its evidence is too small for an alert within the budget of false alarms', says('NOTICE')],
    ['budget of false alarms, as an incident', 'BUDGET', 'it was noticed, but its evidence is too small for an alert within the budget of false alarms', { ...says('NOTICE'), ...found({ severity: 'info', channels: [] }) }],
    ['budget of messages', 'MESSAGE_BUDGET', 'the budget of messages to slack C1 is used up: it is in the digest due at 2026-11-21 10:00 UTC', waits('budget')],
    ['quiet hours', 'QUIET_HOURS', 'slack C1 wants quiet now: it is in the digest due at 2026-11-21 10:00 UTC', waits('quiet')],
    ['debounce', 'DEBOUNCE', 'the message to slack C1 waits until 2026-11-21 10:00:15 UTC, so that what follows within seconds is one message', waits(null)],
    ['route without a channel', 'ROUTE', 'the rule that found it names no channel', found({ channels: [] })],
    ['route to nobody', 'ROUTE', 'nobody is behind the channel nobody: add it to the channels file', found({ channels: ['nobody'] })],
    ['environment', 'ENVIRONMENT', "rows of that time are of staging, which is not among the model's environments", { isJudged: false, elsewhere: ['staging'] }],
    ['stage', 'STAGE', 'version 1 is shadow: it is judged for whoever looks, and nobody is told', { ...says('ALERT'), stage: { name: 'shadow', isOnTrial: true, isOver: false } }],
    ['a time that is over', 'STAGE', 'version 1 is retired: what comes late for its time opens nothing', { ...says('ALERT'), stage: { name: 'retired', isOnTrial: false, isOver: true } }],
    ['not in policy', 'NOT_IN_POLICY', 'the check found something, and no rule of any policy in force is about this check and feature', { ...says('ALERT'), rules: [] }],
    ['condition that did not hold', 'NOT_IN_POLICY', 'the condition of default/drift did not hold, or not for long enough', says('ALERT')],
    ['nothing found', 'NO_FINDING', 'the check found nothing in this window', says('OK')],
    ['not judged', 'NOT_JUDGED', 'the check could not be judged: indeterminate', says('INDETERMINATE')],
    ['no data', 'NO_DATA', 'no window of version 1 that holds this instant was judged: there were no rows, or it is not due yet', { isJudged: false }],
    ['no labels', 'NO_DATA', 'the check needs labels, and none has come for the rows of this window yet', { waitsForLabels: true }],
    ['no result', 'NO_DATA', 'the check has no result in this window', { waitsForLabels: true, labelled: 3 }],
    ['flapping', 'FLAPPING', 'it has come and gone so often within two weeks that its coming back is not told; it is told if it stays or becomes critical', found({ isFlapping: true })],
    ['not delivered', 'NOT_DELIVERED', 'slack C1 did not take the message (retry)', found({ deliveries: [{ ...delivered, state: 'retry' }] })],
    ['told after a silence', 'NOTIFIED', 'slack C1 was told, on 2026-11-21 09:58 UTC', found({ heldBy: 'sil_1', deliveries: [delivered] })],
    ['told', 'NOTIFIED', 'slack C1 was told, on 2026-11-21 09:58 UTC', found({ deliveries: [delivered] })],
  ])('%s', (_why, cause, text, facts) => {
    const explanation = whyNot({ ...FACTS, ...facts });
    expect(explanation).toMatchObject({ cause, text, notified: cause === 'NOTIFIED' });
    expect(explanation.steps.map(({ looked }) => looked)).toEqual(['window', 'results', 'rules', 'incident', 'messages']);
  });
}); // prettier-ignore

describe('P11: an answer about several versions', () => {
  const ALERT = { ...FACTS, ...says('OK') };
  const champion = { version: '1', isOnTrial: false, explanation: whyNot(ALERT) };
  const trial = (facts: Partial<TellingFacts>) => ({
    version: '2',
    isOnTrial: true,
    explanation: whyNot({
      ...FACTS,
      ...facts,
      version: '2',
      stage: { name: 'shadow', isOnTrial: true, isOver: false },
    }),
  });

  it('is that of the version that answers, with what there is to say of the others', () => {
    const { cause, steps } = ofVersions([trial(says('ALERT')), champion], '1');
    expect(cause).toBe('NO_FINDING');
    expect(steps.at(-1)).toEqual({
      looked: 'version 2',
      found: 'stage: version 2 is shadow: it is judged for whoever looks, and nobody is told',
    });
  });

  it('is that of the version that somebody was told of', () => {
    const deliveries = [delivered];
    const told = { ...trial({}), explanation: whyNot({ ...FACTS, version: '2', ...found({ deliveries }) }) };
    const { notified, steps } = ofVersions([champion, told], '1');
    expect(notified).toBe(true);
    expect(steps.at(-1)?.found).toContain('no finding');
  });

  it('says that the version which answers was not judged', () => {
    const silent = { ...champion, explanation: whyNot({ ...FACTS, isJudged: false }) };
    expect(ofVersions([trial(says('ALERT')), silent], '1').text).toContain('no window of version 1');
  });
});

describe('P11: what is said of the messages about an incident', () => {
  const message = (state: string, to = delivered.to) => ({ ...delivered, to, state });

  it('is who was told first, and how many others newer ones stand for', () => {
    const deliveries = [...Array.from({ length: 26 }, () => message('superseded')), message('delivered'), message('retry', 'email a@b'), message('delivered')]; // prettier-ignore
    expect(whyNot({ ...FACTS, ...found({ deliveries }) }).steps.at(-1)?.found).toBe(
      'slack C1 delivered (2 messages); email a@b retry; 26 superseded by newer ones, which say what they would have said',
    );
  });

  it('is said of what stands, though this window no longer shows it', () => {
    const standing = found({ shownUntil: '2026-11-16 20:00 UTC', deliveries: [message('delivered')] });
    const { cause, steps } = whyNot({ ...FACTS, ...says('ALERT'), ...standing });
    expect(cause).toBe('NOTIFIED');
    expect(steps[3]?.found).toBe(
      'inc_1, warning; shown until 2026-11-16 20:00 UTC, and not over in this window',
    );
  });
});
