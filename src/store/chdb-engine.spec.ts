import { expect, it, vi } from 'vitest';
import { loadChdb } from './chdb-engine.js';

it('says what to do when the optional package is not installed', async () => {
  vi.doMock('chdb', () => {
    throw new Error("Cannot find package 'chdb'");
  });
  await expect(loadChdb()).rejects.toMatchObject({
    name: 'DatabaseError',
    code: 'CHDB_MISSING',
    retryable: false,
    message: expect.stringContaining('set CLICKHOUSE_URL') as string,
  });
  vi.doUnmock('chdb');
});
