import { afterAll, beforeAll, expect, it } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../test/support/database.js';
import { SYSTEM } from '../domain/ledger-entry.js';
import { KeyUses } from './key-uses.js';
import { KEY_BYTES, Keys } from './keys.js';

let test: TestDatabase;
beforeAll(async () => {
  test = await openTestDatabase();
});
afterAll(async () => test?.close());

const NOW = new Date('2026-11-26T10:00:00.000Z');
const after = (minutes: number) => new Date(NOW.getTime() + minutes * 60_000);

it('knows after a restart, and in every process, when a key was used last', async () => {
  const { id, token, entries } = new Keys().create({ name: 'scoring', scopes: ['ingest'], actor: SYSTEM }, Buffer.alloc(KEY_BYTES, 7), NOW); // prettier-ignore
  const process = async () => {
    const keys = new Keys();
    for (const entry of entries) keys.apply({ ...entry, seq: 1, hash: '' });
    const uses = new KeyUses(test.database, keys);
    await uses.load();
    return { keys, uses, last: () => keys.list().find((key) => key.id === id)?.lastUsedAt ?? null };
  };
  const first = await process();
  expect(first.last()).toBeNull();
  first.keys.authenticate(token, NOW);
  await first.uses.write();
  first.keys.authenticate(token, after(5));
  await first.uses.write();
  const second = await process();
  expect([first.last(), second.last()]).toEqual([after(5), NOW]);
  await first.uses.write(true);
  await second.uses.load();
  expect(second.last()).toEqual(after(5));
  second.keys.authenticate(token, after(30));
  await second.uses.load();
  expect(second.last()).toEqual(after(30));
});
