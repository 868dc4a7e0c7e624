import { beforeEach, describe, expect, it } from 'vitest';
import type { NewEntry } from '../domain/ledger-entry.js';
import type { Maker } from '../domain/person.js';
import { approvalRules } from './approval-rules.js';
import type { Approval } from './approval.js';
import { Approvals } from './approvals.js';
import { askApproval, termsHash } from './ask-approval.js';
import { decideApproval, expireApprovals, type Parties, type Say } from './decide-approval.js';

const START = new Date('2026-11-21T10:00:00Z');
const DAY = 86_400_000;
const RULES = approvalRules(new Map(), 7 * DAY);
/** Who made which key, by the actor. */
const MADE: Readonly<Record<string, readonly Maker[]>> = {
  'puppet-of-ada': [{ person: 'Ada', name: 'ada the admin' }],
  'puppet-of-olga': [{ person: 'olga', name: 'olga' }],
  'puppet-of-bob': [{ person: 'bob', name: 'bob' }],
  'key-of-bob': [{ person: 'root', name: 'root' }],
};
const HIGH: Parties = { tier: 'HIGH', owners: ['Olga'], askers: [], makersOf: (id) => MADE[id] ?? [] };
const TERMS = { policy: 'house', version: 2, hash: 'ab', from: null };

let approvals: Approvals;
let now: Date;
let seq: number;
let id: string;

function record(entries: readonly NewEntry[]): readonly NewEntry[] {
  for (const entry of entries) approvals.apply({ ...entry, seq: ++seq, hash: '' });
  return entries;
}

const approval = (): Approval => approvals.find(id)!;
const say = (person: string, changed: Partial<Say> = {}): Say => ({
  isYes: true,
  note: 'looked at it',
  actor: { type: 'key', id: `key-of-${person}` },
  person,
  ...changed,
});
const word = (said: Say, parties = HIGH, rules = RULES) => {
  const decided = decideApproval(approval(), said, parties, { rules, now });
  record(decided.entries);
  return decided;
};

beforeEach(() => {
  [approvals, now, seq] = [new Approvals(), START, 0];
  const asked = askApproval(
    {
      kind: 'POLICY',
      model: null,
      tier: 'HIGH',
      summary: 'policy house version 2',
      reason: 'fewer false alerts',
      terms: TERMS,
      actor: { type: 'key', id: 'key-of-ada' },
      person: 'ada',
    },
    approvals.count,
    now,
  );
  id = asked.id;
  record([asked.entry]);
});

describe('G-06: what waits for others', () => {
  it('is granted by as many distinct people as the tier asks for, each with their time and note', () => {
    expect(word(say('bob', { note: 'read it' }))).toMatchObject({ outcome: 'counted', yes: 1, needed: 2 });
    expect(approval().state).toBe('PENDING');
    now = new Date(START.getTime() + DAY);
    expect(word(say('cleo'))).toMatchObject({ outcome: 'granted', yes: 2, needed: 2 });
    expect(approval()).toMatchObject({
      state: 'APPROVED',
      words: [
        { person: 'bob', at: START, note: 'read it', isYes: true },
        { person: 'cleo', at: now, note: 'looked at it', isYes: true },
      ],
    });
    expect(() => word(say('dora'))).toThrow(`${id} is approved; ask anew`);
  });

  it.each([
    ['ada', 'own_request'],
    [' ADA ', 'own_request'],
    ['joined', 'own_request'],
    ['olga', 'own_model'],
  ])('is not agreed to by %s', (person, code) => {
    expect(() => word(say(person), { ...HIGH, askers: ['joined'] })).toThrow(
      expect.objectContaining({ code, field: 'id' }) as Error,
    );
    expect(approval().words).toEqual([]);
  });

  it('below high risk may be agreed to by the owner, and one is enough', () => {
    const medium: Parties = { ...HIGH, tier: 'MEDIUM' };
    expect(word(say('olga'), medium)).toMatchObject({ outcome: 'granted', needed: 1 });
  });

  it('counts a person once, whatever key they use', () => {
    word(say('bob'));
    const other = say('Bob', { actor: { type: 'key', id: 'another-key' } });
    expect(() => word(other)).toThrow(expect.objectContaining({ code: 'already_said' }) as Error);
  });

  it('is not agreed to by a key that somebody made who has no yes of their own left, nor by who made the key of another', () => {
    const puppet = (id: string) => say('vera', { actor: { type: 'key', id } });
    const own = (one: Say) => {
      expect(() => word(one)).toThrow(expect.objectContaining({ code: 'own_key' }) as Error);
    };
    own(puppet('puppet-of-ada'));
    expect(() => word(puppet('puppet-of-ada'))).toThrow(
      `this key was made by ada the admin, who asked for ${id}`,
    );
    own(puppet('puppet-of-olga'));
    word(say('bob'));
    own(puppet('puppet-of-bob'));
    own(say('root'));
    expect(approval().words).toHaveLength(1);
    expect(word(puppet('a key of her own')).outcome).toBe('granted');
  });

  it('is a yes to what was looked at and to nothing else', () => {
    expect(approval().hash).toBe(termsHash(TERMS));
    const old = termsHash({ ...TERMS, hash: 'cd' });
    expect(() => word(say('bob', { hash: old }))).toThrow(
      expect.objectContaining({ code: 'approval_changed' }) as Error,
    );
    expect(word(say('bob', { hash: approval().hash })).entries[0]?.data['hash']).toBe(approval().hash);
  });

  it('is kept with what a yes rested on where the tier is high', () => {
    expect(() => word(say('bob', { note: ' ' }))).toThrow('note: say why: a yes about a model of high risk');
    expect(approval().words).toEqual([]);
    const medium: Parties = { ...HIGH, tier: 'MEDIUM' };
    expect(word(say('bob', { note: ' ' }), medium).entries[0]?.data['note']).toBe('');
  });

  it('ends with one no, which says why; of whoever asked that is a withdrawal, and no refusal', () => {
    expect(() => word(say('bob', { isYes: false, note: ' ' }))).toThrow('note: say why');
    word(say('bob'));
    const said = word(say('ada', { isYes: false, note: 'a mistake' }));
    expect([said.outcome, said.entries[0]?.action]).toEqual(['declined', 'approval.withdrawn']);
    expect(approval()).toMatchObject({
      state: 'WITHDRAWN',
      endedBecause: 'a mistake',
      words: [{ isYes: true }, { isYes: false, note: 'a mistake' }],
    });
  });

  it('ends as declined with the no of somebody else', () => {
    expect(word(say('bob', { isYes: false, note: 'too early' })).entries[0]?.action).toBe(
      'approval.declined',
    );
    expect(approval()).toMatchObject({ state: 'DECLINED', words: [{ isYes: false, note: 'too early' }] });
  });

  it('expires, exactly when it is said to', () => {
    now = new Date(START.getTime() + 7 * DAY - 1);
    expect(expireApprovals(approvals.pending(), RULES, now)).toEqual([]);
    word(say('bob'));
    now = new Date(START.getTime() + 7 * DAY);
    expect(() => word(say('cleo'))).toThrow(expect.objectContaining({ code: 'approval_expired' }) as Error);
    record(expireApprovals(approvals.pending(), RULES, now));
    expect(approval()).toMatchObject({ state: 'EXPIRED', endedBecause: 'nobody decided in time' });
    expect(expireApprovals(approvals.pending(), RULES, now)).toEqual([]);
  });

  it('needs as many as the settings say, and one at least once it waits', () => {
    const changed = approvalRules(
      new Map([
        ['POLICY.HIGH', 1],
        ['POLICY.LOW', 0],
      ]),
      DAY,
    );
    expect(word(say('bob'), HIGH, changed).outcome).toBe('granted');
    expect(changed.people.POLICY).toEqual({ LOW: 0, MEDIUM: 1, HIGH: 1 });
  });

  it('keeps its end when the settings change afterwards', () => {
    word(say('bob'), HIGH, approvalRules(new Map([['POLICY.HIGH', 1]]), DAY));
    expect(approval().state).toBe('APPROVED');
  });
});

describe('trainings', () => {
  const proposed = (action: string, data: NewEntry['data']): NewEntry => ({
    action,
    actor: { type: 'system', id: 'tidewatch' },
    at: now,
    subject: { type: 'retraining', id: 'run' },
    data,
  });

  it('wait in entries of their own, and are over with theirs', () => {
    record([proposed('retraining.proposed', { message: { model: 'm', cause: { summary: 'drift' } } })]);
    expect(approvals.find('run')).toMatchObject({
      kind: 'TRAINING',
      model: 'm',
      summary: 'drift',
      state: 'PENDING',
    });
    // A ledger of before words were counted has nothing else.
    record([{ ...proposed('retraining.approved', { note: 'fine' }), actor: { type: 'key', id: 'bob' } }]);
    expect(approvals.find('run')).toMatchObject({
      state: 'APPROVED',
      words: [{ person: 'bob', note: 'fine' }],
    });
    record([proposed('retraining.promotion_proposed', { model: 'm', version: '2' })]);
    expect(approvals.find('run')).toMatchObject({ kind: 'PROMOTION', state: 'PENDING' });
    expect(approvals.list().map(({ kind, state }) => `${kind} ${state}`)).toEqual([
      'PROMOTION PENDING',
      'TRAINING APPROVED',
      'POLICY PENDING',
    ]);
    record([proposed('retraining.evaluated', {})]);
    expect(approvals.find('run')).toMatchObject({ state: 'WITHDRAWN' });
  });
});
