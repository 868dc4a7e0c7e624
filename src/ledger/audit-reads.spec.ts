import { expect, it } from 'vitest';
import { AuditReads } from './audit-reads.js';

it('G-20: who reads the log is in the log, once an hour and with what they asked for', () => {
  const reads = new AuditReads();
  const at = (minute: number) => new Date(Date.UTC(2026, 10, 26, 10, minute));
  const [eve, ben] = [
    { type: 'user', id: 'eve' },
    { type: 'key', id: 'ben' },
  ] as const;
  const [first] = reads.note(eve, { subjectId: 'm' }, at(0));
  expect(first).toMatchObject({ action: 'audit.read', actor: eve, data: { filter: { subjectId: 'm' } } });
  reads.apply({ ...first!, seq: 1, hash: '' });
  expect(reads.note(eve, {}, at(59))).toEqual([]);
  expect(reads.note(ben, {}, at(59))).toHaveLength(1);
  expect(reads.note(eve, {}, at(60))).toHaveLength(1);
});
