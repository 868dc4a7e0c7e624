import { describe, expect, it } from 'vitest';
import { whyNot, type AskedIncident, type TellingFacts } from './why-not.js';

const ANSWERING = { version: '1', isOnTrial: false, stage: 'champion' };
const rule = { name: 'default/drift', isDryRun: false, channels: ['ops'] };
const says = (state: string, n = 900) => ({ results: [{ statistic: 'location', state, n }] });
const found = (changed: Partial<AskedIncident> = {}): { incident: AskedIncident } => ({
  incident: { id: 'inc_1', severity: 'warning', channels: ['ops'], explainedBy: null, heldBy: null, isFlapping: false, deliveries: [], ...changed },
}); // prettier-ignore
const FACTS: TellingFacts = {
  window: ANSWERING,
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
    ['STAGE', { ...says('ALERT'), window: { version: '2', isOnTrial: true, stage: 'shadow' } }],
    ['ENVIRONMENT', { window: null, elsewhere: ['staging'] }],
    ['NO_DATA', { window: null }],
    ['SILENCED', found({ heldBy: 'sil_1' })],
    ['MAINTENANCE', found({ heldBy: 'maintenance:nightly' })],
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
