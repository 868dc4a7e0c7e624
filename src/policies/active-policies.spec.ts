import { describe, expect, it } from 'vitest';
import { SYSTEM, type LedgerEntry, type NewEntry } from '../domain/ledger-entry.js';
import { ActivePolicies } from './active-policies.js';
import { loadPolicies } from './load.js';

const AT = new Date('2026-11-21T10:00:00Z');
const text = (version: number, windows: number): string => `apiVersion: tidewatch/v1
kind: Policy
metadata: { id: house, version: ${version}, owner: risk }
spec:
  rules:
    - { id: drift, when: value > 0.1, clear: { for: { windows: ${windows} } }, levels: [{ severity: info }] }
`;
const policies = (version: number, windows: number) =>
  loadPolicies([{ name: 'house.yaml', text: text(version, windows) }]).policies;

function activate(active: ActivePolicies, version: number, windows: number): readonly object[] {
  const entries = active.activate(policies(version, windows), AT);
  entries.forEach((entry, i) => active.apply({ ...entry, seq: i + 1, hash: '' } as LedgerEntry));
  return entries.map(({ data }) => data);
}

describe('policies in force', () => {
  it('are recorded with their text', () => {
    const active = new ActivePolicies();
    const [entry] = activate(active, 1, 2);
    expect(entry).toMatchObject({
      version: 1,
      replaces: null,
      content: { metadata: { id: 'house', version: 1 } },
    });
    expect(activate(active, 1, 2)).toEqual([]);
    const [next] = activate(active, 2, 3);
    expect(next).toMatchObject({ version: 2, replaces: (entry as { hash: string }).hash });
  });

  it('have one text a version number, and never go back', () => {
    const active = new ActivePolicies();
    activate(active, 1, 2);
    expect(() => activate(active, 1, 3)).toThrow(
      'house.yaml: version 1 of house has been in force with another text since 2026-11-21T10:00:00.000Z; give the changed text version 2',
    );
    activate(active, 2, 3);
    expect(() => activate(active, 1, 2)).toThrow(
      'house.yaml: version 1 of house is older than 2, which has been in force; to go back, give the old text version 3',
    );
    expect(activate(active, 3, 2)).toHaveLength(1);
  });

  it('of before texts were recorded may change', () => {
    const active = new ActivePolicies();
    const [entry] = active.activate(policies(1, 2), AT);
    if (!entry) throw new Error('nothing was activated');
    const data = Object.fromEntries(Object.entries(entry.data).filter(([name]) => name !== 'content'));
    active.apply({ ...entry, data, seq: 1, hash: '' } as LedgerEntry);
    expect(activate(active, 1, 3)).toHaveLength(1);
  });

  describe('that people adopted', () => {
    const LATER = new Date('2026-12-01T00:00:00Z');
    const rehearsal = {
      days: 30,
      windows: 0,
      alerts: { active: 0, candidate: 0, added: 0, removed: 0 },
      retrainings: { active: 0, candidate: 0 },
      messagesPerWeek: [],
      notComputed: [],
    };
    let seq = 100;
    const record = (active: ActivePolicies, entries: readonly NewEntry[]): readonly string[] =>
      entries.map((entry) => {
        active.apply({ ...entry, seq: ++seq, hash: '' });
        return entry.action;
      });

    function propose(
      active: ActivePolicies,
      version: number,
      windows: number,
      from: Date | null = null,
    ): string {
      const [policy] = policies(version, windows);
      const { id, hash, owner, enforcement, file, content } = policy!;
      const approval = `approval-${version}-${windows}`;
      const text = { id, version, hash, owner, enforcement, file, legalBasis: [], content };
      const why = { reason: 'calmer', person: 'ada', approval, from: from?.toISOString() ?? null };
      const data = { ...text, ...why, rehearsal, replaces: active.hashOf(id) };
      const subject = { type: 'policy', id };
      record(active, [{ action: 'policy.proposed', actor: SYSTEM, at: AT, subject, data }]);
      return approval;
    }

    it('G-07: stay in force over a restart with the older file, which is named', () => {
      const active = new ActivePolicies();
      activate(active, 1, 2);
      const approval = propose(active, 2, 3);
      expect(active.inForce().map(({ version }) => version)).toEqual([1]);
      const entries = active.adopt(approval, AT);
      expect(entries[0]?.data).toMatchObject({ version: 2, approval, reason: 'calmer', proposedBy: 'ada' });
      expect(record(active, entries)).toEqual(['policy.activated']);
      expect(active.activate(policies(1, 2), LATER)).toEqual([]);
      expect(active.behind(policies(1, 2))).toEqual([
        expect.stringMatching(/^house\.yaml: version 1 of house is not in force: version 2 was adopted/u),
      ]);
      expect(active.inForce()).toMatchObject([{ version: 2, file: 'house.yaml' }]);
      // No file needs to be there at all.
      expect(active.activate([], LATER)).toEqual([]);
      // The higher version is in force, from wherever it comes.
      expect(activate(active, 3, 2)).toMatchObject([{ version: 3 }]);
      expect(active.behind(policies(3, 2))).toEqual([]);
    });

    it('G-07: have one text a number as well, and roll back under a new one', () => {
      const active = new ActivePolicies();
      activate(active, 1, 2);
      const [same, older] = [policies(1, 3)[0]!, policies(1, 2)[0]!];
      expect(() => active.demandNew(same)).toThrow('give the changed text version 2');
      expect(() => active.demandNew(older)).toThrow('in force with exactly this text');
      record(active, active.adopt(propose(active, 2, 3), AT));
      expect(() => active.demandNew(policies(2, 4)[0]!)).toThrow('give the changed text version 3');
      expect(() => active.demandNew(older)).toThrow('to go back, give the old text version 3');
      record(active, active.adopt(propose(active, 3, 2), AT));
      expect(active.inForce()).toMatchObject([{ version: 3 }]);
      expect(() => activate(active, 2, 5)).not.toThrow();
    });

    it('G-07: come into force on their day, unless a newer version did', () => {
      const active = new ActivePolicies();
      activate(active, 1, 2);
      const approval = propose(active, 2, 3, LATER);
      expect(record(active, active.adopt(approval, AT))).toEqual(['policy.scheduled']);
      expect(active.scheduledFor(approval)).toEqual(LATER);
      // The number is taken from now on.
      expect(() => active.demandNew(policies(2, 9)[0]!)).toThrow(
        'version 2 of house was agreed to with another text, which comes into force on 2026-12-01T00:00:00.000Z; give the changed text version 3',
      );
      const again = propose(active, 2, 3);
      expect(active.problemOf(again)).toMatch(/agreed to with exactly this text and comes into force on/u);
      expect(active.due(new Date(LATER.getTime() - 1))).toEqual([]);
      expect(record(active, active.due(LATER))).toEqual(['policy.activated']);
      expect(active.due(LATER)).toEqual([]);
      const late = propose(active, 3, 4, LATER);
      record(active, active.adopt(late, AT));
      activate(active, 4, 5);
      expect(record(active, active.due(LATER))).toEqual(['policy.withdrawn']);
      expect(active.inForce()).toMatchObject([{ version: 4 }]);
    });

    it('are the same list until one changes, as whoever judges relies on', () => {
      const active = new ActivePolicies();
      activate(active, 1, 2);
      const before = active.inForce();
      propose(active, 2, 3);
      expect(active.inForce()).toBe(before);
      activate(active, 2, 4);
      expect(active.inForce()).not.toBe(before);
    });
  });
});
