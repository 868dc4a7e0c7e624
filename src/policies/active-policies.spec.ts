import { describe, expect, it } from 'vitest';
import type { LedgerEntry } from '../domain/ledger-entry.js';
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
});
