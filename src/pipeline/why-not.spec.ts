import { describe, expect, it } from 'vitest';
import { ofVersions, whyNot, type AskedIncident, type TellingFacts } from './why-not.js';

const rule = { name: 'default/drift', isDryRun: false, channels: ['ops'] };
const says = (state: string, n = 900) => ({ results: [{ statistic: 'location', state, n }] });
const found = (changed: Partial<AskedIncident> = {}): { incident: AskedIncident } => ({
  incident: { id: 'inc_1', severity: 'warning', shownUntil: null, channels: ['ops'], explainedBy: null, heldBy: null, isHeld: false, isFlapping: false, deliveries: [], ...changed },
}); // prettier-ignore
const FACTS: TellingFacts = {
  version: '1',
  stage: { name: 'champion', isOnTrial: false },
  isJudged: true,
  elsewhere: [],
  results: [],
  rules: [rule],
  incident: null,
  channels: ['ops'],
};

describe('P11: why somebody was not told', () => {
  it.each<[cause: string, facts: Partial<TellingFacts>]>([
    ['LEARNING', says('LEARNING')],
    ['TOO_FEW_ROWS', says('INSUFFICIENT', 3)],
    ['NO_FINDING', says('OK')],
    ['NOT_JUDGED', says('INDETERMINATE')],
    ['BUDGET', says('NOTICE')],
    ['BUDGET', { ...says('NOTICE'), ...found({ severity: 'info', channels: [] }) }],
    ['DRY_RUN', { ...says('ALERT'), rules: [{ ...rule, isDryRun: true }] }],
    ['NOT_IN_POLICY', { ...says('ALERT'), rules: [] }],
    ['STAGE', { ...says('ALERT'), stage: { name: 'shadow', isOnTrial: true } }],
    ['ENVIRONMENT', { isJudged: false, elsewhere: ['staging'] }],
    ['NO_DATA', { isJudged: false }],
    ['SILENCED', found({ heldBy: 'sil_1' })],
    ['MAINTENANCE', found({ heldBy: 'maintenance:nightly' })],
    [
      'SILENCED',
      found({
        heldBy: 'sil_1',
        isHeld: true,
        deliveries: [{ to: 'slack C1', state: 'delivered', due: '10:00', held: null }],
      }),
    ],
    ['EXPLAINED', found({ explainedBy: 'null rate of age' })],
    ['FLAPPING', found({ isFlapping: true })],
    ['ROUTE', found({ channels: [] })],
    ['ROUTE', found({ channels: ['nobody'] })],
    ['DEBOUNCE', found({ deliveries: [{ to: 'slack C1', state: 'queued', due: '10:00', held: null }] })],
    [
      'MESSAGE_BUDGET',
      found({ deliveries: [{ to: 'slack C1', state: 'queued', due: '10:00', held: 'budget' }] }),
    ],
    [
      'QUIET_HOURS',
      found({ deliveries: [{ to: 'slack C1', state: 'queued', due: '10:00', held: 'quiet' }] }),
    ],
    ['NOT_DELIVERED', found({ deliveries: [{ to: 'slack C1', state: 'retry', due: '10:00', held: null }] })],
    [
      'NOTIFIED',
      found({
        heldBy: 'sil_1',
        deliveries: [{ to: 'slack C1', state: 'delivered', due: '10:00', held: null }],
      }),
    ],
    ['NOTIFIED', found({ deliveries: [{ to: 'slack C1', state: 'delivered', due: '10:00', held: null }] })],
  ])('%s', (cause, facts) => {
    const explanation = whyNot({ ...FACTS, ...facts });
    expect(explanation).toMatchObject({ cause, notified: cause === 'NOTIFIED' });
    expect(explanation.text).not.toBe('');
    expect(explanation.steps.map(({ looked }) => looked)).toEqual([
      'window',
      'results',
      'rules',
      'incident',
      'messages',
    ]);
  });
});

describe('P11: an answer about several versions', () => {
  const ALERT = { ...FACTS, ...says('OK') };
  const champion = { version: '1', isOnTrial: false, explanation: whyNot(ALERT) };
  const trial = (facts: Partial<TellingFacts>) => ({
    version: '2',
    isOnTrial: true,
    explanation: whyNot({ ...FACTS, ...facts, version: '2', stage: { name: 'shadow', isOnTrial: true } }),
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
    const deliveries = [{ to: 'slack C1', state: 'delivered', due: '10:00', held: null }];
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
  const message = (state: string, to = 'slack C1') => ({ to, state, due: '10:00', held: null });

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
