import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PersonRows } from '../../src/pipeline/person-rows.js';
import { ErasedPredictions } from '../../src/records/erased-predictions.js';
import { PersonHashes } from '../../src/records/person-hash.js';
import { ErasedPeople } from '../../src/registry/erased-people.js';
import { People } from '../../src/registry/people.js';
import { openTestDatabase, type TestDatabase } from '../support/database.js';

const AT = new Date('2026-11-20T10:00:00Z');
const PERSON = 'customer-q7Zx81Kw';
const ERASURE = 'ab'.repeat(16);

/** The same over HTTP: what a server is asked for takes the bytes of a person off its disk as well. */
describe.each(['embedded', 'clickhouse'])('rows about a person, %s', (mode) => {
  let store: TestDatabase;

  beforeAll(async () => {
    store = await openTestDatabase(mode);
    const { database } = store;
    const rows = [PERSON, 'somebody'].map((subject, i) => ({
      subject,
      prediction_id: `p-${subject}`,
      offset: i,
    }));
    await database.insert('predictions', rows.map((row) => ({ ...row, model: 'm', version: '1', ts: AT }))); // prettier-ignore
    await database.insert('labels', rows.map(({ prediction_id, offset }) => ({ prediction_id, offset, model: 'm', labelled_at: AT }))); // prettier-ignore
  }, 120_000);
  afterAll(async () => store.close());

  const filesWith = async (text: string): Promise<string> =>
    (await promisify(execFile)('grep', ['-rlaF', '--', text, store.directory]).catch(() => ({ stdout: '' }))).stdout; // prettier-ignore

  it('are counted, and gone with their bytes', async () => {
    const { database } = store;
    const rows = new PersonRows(database, new PersonHashes('secret'), new ErasedPredictions(database));
    expect(await rows.count(PERSON)).toMatchObject({ predictions: 1, labels: 1 });
    await rows.note(PERSON, ERASURE);
    for (const table of ['labels', 'predictions'] as const) await rows.remove(table, ERASURE);
    expect((await rows.noted(ERASURE)).rows).toEqual({ labels: 1, predictions: 1 });
    expect(await rows.count(PERSON)).toMatchObject({ predictions: 0, labels: 0 });
    expect(await rows.count('somebody')).toMatchObject({ predictions: 1, labels: 1 });
    await rows.forget(ERASURE);
    const [parts] = await database.query<{ n: number }>(
      "SELECT count() AS n FROM system.parts WHERE NOT active AND table IN ('predictions', 'labels')",
    );
    expect(parts?.n).toBe(0);
    expect(await filesWith(PERSON)).toBe('');
  });

  it('who signed in go as well', async () => {
    const people = new People(store.database, 'secret', new ErasedPeople());
    const claims = {
      issuer: 'https://id.example',
      sub: 'q7Zx81Kw-sub',
      name: 'Ana',
      email: 'q7Zx81Kw@bank.example',
    };
    const { id } = await people.remember({ ...claims, groups: [], until: AT }, AT);
    await people.erase(id);
    await people.load();
    expect(people.list()).toEqual([]);
    expect(await filesWith('q7Zx81Kw')).toBe('');
  });
});
