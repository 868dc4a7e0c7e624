import { expect, it } from 'vitest';
import { openTestDatabase } from '../../test/support/database.js';
import { ReadOnce } from './read-once.js';

it('asks the engine once, gives every asker a list of its own, and writes nothing', async () => {
  const test = await openTestDatabase();
  try {
    const once = new ReadOnce(test.database);
    const sql = 'SELECT generateUUIDv4() AS id, {of:String} AS of';
    const ask = async (of: string) => once.query<{ id: string; of: string }>(sql, { params: { of } });
    const [first, again, other] = [await ask('a'), await ask('a'), await ask('b')];
    expect(again).toEqual(first);
    expect(again).not.toBe(first);
    expect(other[0]?.id).not.toBe(first[0]?.id);
    expect((await new ReadOnce(test.database).query<{ id: string }>(sql, { params: { of: 'a' } }))[0]?.id).not.toBe(first[0]?.id); // prettier-ignore
    await expect(once.command('TRUNCATE TABLE predictions')).rejects.toThrow(/nothing is written/u);
    await expect(once.insert('predictions')).rejects.toThrow(/nothing is written/u);
    await once.ping();
  } finally {
    await test.close();
  }
}, 60_000);
