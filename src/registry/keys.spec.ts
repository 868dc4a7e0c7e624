import { createHash, randomBytes } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { type Actor, type NewEntry, SYSTEM } from '../domain/ledger-entry.js';
import type { KeyRequest } from './key-request.js';
import { KEY_BYTES, Keys } from './keys.js';
import { limitsText, mayDo } from './principal.js';

const AT = new Date('2026-11-21T10:00:00Z');
const LATER = new Date('2026-11-22T10:00:00Z');
let keys: Keys;
beforeEach(() => {
  keys = new Keys();
});

function record(entries: readonly NewEntry[]): readonly NewEntry[] {
  for (const entry of entries) keys.apply({ ...entry, seq: 1, hash: '' });
  return entries;
}
function make(
  name: string,
  scopes: ('ingest' | 'read' | 'operate' | 'admin')[] = ['ingest'],
  limits: Pick<KeyRequest, 'models' | 'environments'> = {},
): { token: string; id: string } {
  const { token, id, entries } = keys.create(
    { name, scopes, actor: SYSTEM, ...limits },
    randomBytes(KEY_BYTES),
    AT,
  );
  record(entries);
  return { token, id };
}
const admin = { name: 'admin', scopes: ['admin'], actor: SYSTEM } as const;

describe('a key made here', () => {
  it('opens for its holder only, and leaves no secret in the log', () => {
    const request = { name: 'shop', scopes: ['ingest', 'read'], actor: SYSTEM } as const;
    const { token, id, entries } = keys.create(request, Buffer.alloc(KEY_BYTES, 0xfb), AT);
    expect(token).toMatch(/^tw_(fb){8}_[A-Za-z0-9_-]{43}$/);
    expect(keys.authenticate(token, AT)).toBeNull();
    record(entries);
    expect(keys.authenticate(token, AT)).toMatchObject({
      type: 'key',
      id,
      name: 'shop',
      may: ['ingest', 'read', 'examine', 'audit'],
    });
    expect(JSON.stringify(entries)).not.toContain(token.slice(20));
    expect(JSON.stringify(keys.list())).not.toContain('hash');
  });

  it('says who made it, where a person did and not whoever runs the machine', () => {
    const of = (id: string, actor: Actor) => {
      const bytes = Buffer.alloc(KEY_BYTES, id);
      const made = keys.create({ name: id, scopes: ['admin'], actor }, bytes, AT);
      record(made.entries);
      return { type: 'key', id: made.id } as const;
    };
    const root = of('r', SYSTEM);
    const max = of('m', root);
    const puppet = of('p', max);
    const signedIn = of('s', { type: 'user', id: 'person-1' });
    const byCommandLine = of('c', { type: 'key', id: 'cli:ops' });
    const makers = [root, max, puppet, signedIn, byCommandLine].map(({ id }) => keys.find(id)?.madeBy);
    expect(makers).toEqual([null, null, max.id, 'person-1', null]);
  });

  it.each([
    ['nothing', () => ''],
    ['another secret', (token: string) => `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`],
    [
      'another id',
      (token: string) => token.replace(/^tw_./, (start) => `tw_${start.endsWith('0') ? '1' : '0'}`),
    ],
    ['more', (token: string) => `${token} `],
    ['another case', (token: string) => token.toUpperCase()],
  ])('stays shut for %s', (_, forge) => {
    expect(keys.authenticate(forge(make('shop').token), AT)).toBeNull();
  });

  it('has a name, a scope, an owner and an end, and says when it was used', () => {
    const actor = SYSTEM;
    const random = Buffer.alloc(KEY_BYTES, 7);
    const soon = new Date(AT.getTime() + 1);
    expect(() => keys.create({ name: ' ', scopes: ['read'], actor }, random, AT)).toThrow('needs a name');
    expect(() => keys.create({ name: 'a\u0007', scopes: ['read'], actor }, random, AT)).toThrow(
      'without control characters',
    );
    expect(() => keys.create({ name: 'a'.repeat(201), scopes: ['read'], actor }, random, AT)).toThrow(
      'at most 200',
    );
    expect(() => keys.create({ name: 'x', scopes: [], actor }, random, AT)).toThrow('needs a scope');
    expect(() => keys.create({ name: 'x', scopes: ['read'], actor, expiresAt: AT }, random, AT)).toThrow('is over already'); // prettier-ignore
    const { token, entries } = keys.create(
      { name: 'x', scopes: ['read'], actor, owner: 'ada', expiresAt: soon },
      random,
      AT,
    );
    record(entries);
    expect(keys.list()).toMatchObject([{ owner: 'ada', expiresAt: soon, lastUsedAt: null }]);
    expect(keys.authenticate(token, AT)).not.toBeNull();
    expect(keys.authenticate(token, soon)).toBeNull();
    expect(keys.list()[0]?.lastUsedAt).toEqual(AT);
  });

  it('is known by a salted hash, and one of before there was salt still opens', () => {
    const token = 'tw_0123456789abcdef_' + 'A'.repeat(43);
    const hash = createHash('sha256').update(token).digest('hex');
    const data = { name: 'old', scopes: ['read'], hash, provided: false };
    record([{ action: 'key.created', actor: SYSTEM, at: AT, subject: { type: 'key', id: '0123456789abcdef' }, data }]); // prettier-ignore
    expect(keys.authenticate(token, AT)?.name).toBe('old');
    const made = keys.create({ name: 'new', scopes: ['read'], actor: SYSTEM }, randomBytes(KEY_BYTES), AT);
    expect(made.entries[0]?.data['hash']).not.toBe(createHash('sha256').update(made.token).digest('hex'));
  });

  it('stays shut once revoked, and only its own', () => {
    const [shop, bank] = [make('shop'), make('bank')];
    record(keys.revoke(shop.id, { actor: SYSTEM, reason: 'leaked' }, LATER));
    expect(keys.authenticate(shop.token, AT)).toBeNull();
    expect(keys.authenticate(bank.token, AT)?.name).toBe('bank');
    expect(keys.revoke(shop.id, { actor: SYSTEM, reason: 'again' }, LATER)).toEqual([]);
    expect(keys.list().map((key) => key.revokedAt)).toEqual([LATER, null]);
    expect(() => keys.revoke('none', { actor: SYSTEM, reason: '' }, AT)).toThrow('no key "none"');
  });

  it('needs all its random bytes', () => {
    expect(() => keys.create({ ...admin }, Buffer.alloc(8), AT)).toThrow('56 random bytes');
  });
});

describe('a key given by the environment', () => {
  it('is taken in once, by its hash', () => {
    const entries = record(keys.adopt('correct horse battery', admin, AT));
    expect(entries.map(({ action }) => action)).toEqual(['key.created']);
    expect(JSON.stringify(entries)).not.toContain('horse');
    expect(keys.adopt('correct horse battery', admin, AT)).toEqual([]);
    expect(keys.authenticate('correct horse battery', AT)?.name).toBe('admin');
  });

  it('replaces the former one of its name, and may come back', () => {
    make('admin', ['admin']);
    record(keys.adopt('the first of the keys', admin, AT));
    expect(record(keys.adopt('the second of the keys', admin, AT)).map(({ action }) => action)).toEqual([
      'key.revoked',
      'key.created',
    ]);
    expect(keys.authenticate('the first of the keys', AT)).toBeNull();
    record(keys.adopt('the first of the keys', admin, AT));
    expect(keys.authenticate('the first of the keys', AT)?.name).toBe('admin');
    expect(keys.authenticate('the second of the keys', AT)).toBeNull();
    expect(keys.list().filter((key) => key.revokedAt === null)).toHaveLength(2);
  });

  it('may be one made here, and then counts as what the environment calls it', () => {
    const { token } = make('shop', ['ingest']);
    record(keys.adopt(token, admin, AT));
    expect(keys.authenticate(token, AT)).toMatchObject({
      name: 'admin',
      may: expect.arrayContaining(['admin']),
    });
  });

  it('is refused when it is short', () => {
    expect(() => keys.adopt('secret', admin, AT)).toThrow('the admin key has 6 characters; use at least 16');
  });
});

it('is limited to models and environments, in words that people read', () => {
  const limits = { models: ['loan', 'rent'], environments: ['staging'] };
  expect(limitsText(limits)).toBe('the models loan, rent in the environment staging');
  expect(limitsText({ models: null, environments: null })).toBeNull();
  expect(() => make('team', ['ingest'], { models: [] })).toThrow('needs one; leave it out for all');
  expect(() => make('team', ['admin'], { models: ['loan'] })).toThrow(
    'a key that may administer is for all models',
  );
  expect(() => make('team', ['read'], { environments: ['staging'] })).toThrow(
    'only of keys with the scope ingest',
  );
  const { token } = make('team', ['ingest'], limits);
  expect(keys.authenticate(token, AT)).toMatchObject(limits);
});

it('may what its scopes and its role say, as they stand now', () => {
  const scopes = [] as const;
  const { token, entries } = keys.create({ name: 'eve', scopes, role: 'validator', actor: SYSTEM }, randomBytes(KEY_BYTES), AT); // prettier-ignore
  record(entries);
  const eve = keys.authenticate(token, AT)!;
  expect(mayDo(eve, 'approve')).toBe(true);
  expect(mayDo(eve, 'operate')).toBe(false);
  expect(keys.list()).toMatchObject([{ scopes: [], role: 'validator' }]);
  const owner = { name: 'x', scopes, role: 'model_owner', actor: SYSTEM } as const;
  expect(() => keys.create(owner, randomBytes(KEY_BYTES), AT)).toThrow('needs an owner');
});
