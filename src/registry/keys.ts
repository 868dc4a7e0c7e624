import { textOf } from '../domain/json-object.js';
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { Actor, Json, LedgerEntry, NewEntry } from '../domain/ledger-entry.js';
import { reasonOf } from '../domain/reason.js';
import { demandComplete, type KeyRequest } from './key-request.js';
import type { Principal } from './principal.js';
import { RegistryError } from './registry-error.js';
import { permissionsOf, roleOf, SCOPE_NAMES, type Role, type Scope } from '../domain/roles.js';

export interface ApiKey extends Pick<Principal, 'id' | 'name' | 'models' | 'environments'> {
  readonly scopes: readonly Scope[];
  /** What it may beside its scopes; null where it was made with scopes alone. */
  readonly role: Role | null;
  readonly createdAt: Date;
  readonly revokedAt: Date | null;
  /**
   * Actor id of who made it; null where whoever runs the machine did: the environment, the first start and the key of either, or the command line
   * on the data folder.
   */
  readonly madeBy: string | null;
  /** Given by the environment rather than made here, so its text is anything. */
  readonly provided: boolean;
  /** The person who answers for it; null where nobody was named. */
  readonly owner: string | null;
  /** From then on it is not accepted; null where it has no end. */
  readonly expiresAt: Date | null;
  /** Regions that its holder takes data to; empty where nobody said. */
  readonly liesIn: readonly string[];
  /** When it was last let in by any process, to within ten minutes; null while it never was. */
  readonly lastUsedAt: Date | null;
}

/** Bytes that `create` needs: 8 for the id, 32 for the secret, 16 for the salt, from a cryptographic source. */
export const KEY_BYTES = 56;
const KEY_ID_BYTES = 8;
const SECRET_BYTES = 32;
const SHORTEST = 16;
const TOKEN = /^tw_([0-9a-f]{16})_[A-Za-z0-9_-]{43}$/;

interface StoredKey extends Omit<ApiKey, 'lastUsedAt'> {
  readonly hash: Buffer;
  /** Empty in keys of before there were any. */
  readonly salt: string;
  /** Given by the environment, or made on the very first start. */
  readonly isOfMachine: boolean;
}

/**
 * API keys: a fold over `key.created` and `key.revoked`, and the pure decisions that make such entries. Only a salted SHA-256 of a token is
 * kept: it has 256 random bits, so a slow password hash would guard nothing more. A projection of the ledger by shape.
 */
export class Keys {
  readonly #keys = new Map<string, StoredKey>();
  readonly #lent = new Map<string, Principal>();
  readonly #used = new Map<string, Date>();

  /** All keys ever made, without anything secret. */
  list(): readonly ApiKey[] {
    return [...this.#keys.values()].map(({ hash: _hash, salt: _salt, isOfMachine: _isOfMachine, ...key }) => {
      return { ...key, lastUsedAt: this.#used.get(key.id) ?? null };
    });
  }

  /** When keys were last let in, by id. */
  uses(): ReadonlyMap<string, Date> {
    return this.#used;
  }

  /** Takes in that a key was let in at an instant, by whichever process. */
  recall(id: string, at: Date): void {
    if (at > (this.#used.get(id) ?? 0)) this.#used.set(id, at);
  }

  /** Whose actor id it is, also of a key that ended; undefined where it is no key's. */
  find(id: string): Pick<ApiKey, 'name' | 'owner' | 'madeBy'> | undefined {
    const lent = [...this.#lent.values()].find((one) => one.id === id);
    return lent ? { name: lent.name, owner: null, madeBy: null } : this.#keys.get(id);
  }

  /** Whose token it is; null when nobody's, revoked or expired. Compares in constant time. */
  authenticate(token: string, now: Date): Principal | null {
    const lent = this.#lent.get(sha256(token).toString('hex'));
    if (lent) return lent;
    const id = TOKEN.exec(token)?.[1];
    const all = [...this.#keys.values()];
    // What the environment says of a token stands before what was said when it was made here.
    const candidates = [
      ...all.filter((key) => key.provided),
      ...all.filter((key) => !key.provided && key.id === id),
    ];
    const found = candidates.find((key) => isInForce(key, now) && isOf(key, token));
    if (found) this.#used.set(found.id, now);
    if (!found) return null;
    return principalOf(found);
  }

  /** Lets a token in for the life of this process and records nothing: the command line, which could open the store, needs no key to it. */
  lend(token: string, principal: Principal): void {
    this.#lent.set(sha256(token).toString('hex'), principal);
  }

  /** Makes a key out of KEY_BYTES random bytes. `token` is to be shown once; the entries hold only its hash. Throws RegistryError. */
  create(request: KeyRequest, random: Buffer, at: Date): { token: string; id: string; entries: NewEntry[] } {
    demandComplete(
      request,
      at,
      [...this.#keys.values()].flatMap(({ owner }) => owner ?? []),
    );
    if (random.length !== KEY_BYTES)
      throw new RangeError(`a key takes ${KEY_BYTES} random bytes, not ${random.length}`);
    const id = random.subarray(0, KEY_ID_BYTES).toString('hex');
    const secret = random.subarray(KEY_ID_BYTES, KEY_ID_BYTES + SECRET_BYTES);
    const salt = random.subarray(KEY_ID_BYTES + SECRET_BYTES).toString('hex');
    const token = `tw_${id}_${secret.toString('base64url')}`;
    return { token, id, entries: [created({ id, salt, token, provided: false }, request, at)] };
  }

  /**
   * Takes in a token given by the environment; nothing when it is in force already. A different one of the same name replaces the former,
   * which is revoked in the same block. Throws RegistryError when it is too short to be a secret.
   */
  adopt(token: string, request: KeyRequest, at: Date): NewEntry[] {
    const { name, actor } = request;
    if (token.length < SHORTEST) {
      throw new RegistryError(
        'weak_key',
        name,
        `the ${name} key has ${token.length} characters; use at least ${SHORTEST}`,
      );
    }
    const inForce = [...this.#keys.values()].filter(
      (key) => key.provided && key.name === name && key.revokedAt === null,
    );
    if (inForce.some((key) => isOf(key, token))) return [];
    const replaced = inForce.flatMap((key) => this.revoke(key.id, { actor, reason: 'replaced' }, at));
    // The place in the list keeps ids apart when a former token comes back.
    const id = sha256(`${this.#keys.size}:${sha256(token).toString('hex')}`)
      .toString('hex')
      .slice(0, 2 * KEY_ID_BYTES);
    return [...replaced, created({ id, salt: id, token, provided: true }, request, at)];
  }

  /** Ends a key; nothing when it is ended already. Throws RegistryError when there is no such key. */
  revoke(
    id: string,
    { actor, reason: said }: { readonly actor: Actor; readonly reason: string },
    at: Date,
  ): NewEntry[] {
    const key = this.#keys.get(id);
    if (!key) throw new RegistryError('key_not_found', 'id', `there is no key "${id}"`);
    if (key.revokedAt !== null) return [];
    const reason = reasonOf(said, 'reason', 'a key is ended');
    return [
      { action: 'key.revoked', actor, at, subject: { type: 'key', id }, data: { name: key.name, reason } },
    ];
  }

  apply({ action, actor, at, subject, data }: LedgerEntry): void {
    if (action === 'key.created') {
      const { name, scopes, role, hash, salt, provided, owner, expiresAt, models, environments } = data;
      this.#keys.set(subject.id, {
        id: subject.id,
        name: textOf(name),
        scopes: scopesOf(scopes),
        role: roleOf(role),
        hash: Buffer.from(textOf(hash), 'hex'),
        salt: textOf(salt),
        owner: typeof owner === 'string' ? owner : null,
        expiresAt: typeof expiresAt === 'string' ? new Date(expiresAt) : null,
        models: namesOf(models),
        environments: namesOf(environments),
        liesIn: namesOf(data['liesIn']) ?? [],
        provided: provided === true,
        madeBy: this.makerOf(actor),
        isOfMachine: actor.type === 'system',
        createdAt: at,
        revokedAt: null,
      });
    } else if (action === 'key.revoked') {
      const key = this.#keys.get(subject.id);
      if (key) this.#keys.set(subject.id, { ...key, revokedAt: at });
    }
  }

  private makerOf({ type, id }: Actor): string | null {
    const key = this.#keys.get(id);
    return type === 'user' || (key && !key.isOfMachine) ? id : null;
  }

  reset(): void {
    this.#keys.clear();
  }
}

function principalOf(key: StoredKey): Principal {
  const { id, name, role, scopes, owner, models, environments, provided, liesIn } = key;
  const may = permissionsOf(role === null ? [] : [role], scopes);
  const ownsAs = owner === null ? [] : [owner];
  // Who gives a key by the environment runs this service.
  const place = provided ? {} : { liesIn };
  return { type: 'key', id, name, may, models, environments, ownsAs, ...place };
}

/** Whether a key is accepted at an instant. */
export function isInForce(
  { revokedAt, expiresAt }: Pick<ApiKey, 'revokedAt' | 'expiresAt'>,
  now: Date,
): boolean {
  return revokedAt === null && (expiresAt === null || now < expiresAt);
}

interface CreatedKey {
  readonly id: string;
  readonly salt: string;
  readonly token: string;
  readonly provided: boolean;
}

function created({ id, salt, token, provided }: CreatedKey, request: KeyRequest, at: Date): NewEntry {
  const { name, scopes, actor, role = null, owner = null, expiresAt = null } = request;
  const { models = null, environments = null, liesIn = [] } = request;
  const hash = digest(token, salt).toString('hex');
  const limits = {
    ...(role && { role }),
    ...(models && { models: [...models] }),
    ...(environments && { environments: [...environments] }),
    ...(liesIn.length > 0 && { liesIn: [...liesIn] }),
  };
  const terms = { owner, expiresAt: expiresAt?.toISOString() ?? null, ...limits };
  return {
    action: 'key.created',
    actor,
    at,
    subject: { type: 'key', id },
    data: { name, scopes: [...scopes], salt, hash, provided, ...terms },
  };
}

/** Names that limit a key; null where nothing limits it. */
function namesOf(value: Json | undefined): readonly string[] | null {
  return Array.isArray(value) ? value.filter((name) => typeof name === 'string') : null;
}

function scopesOf(value: Json | undefined): readonly Scope[] {
  return Array.isArray(value) ? SCOPE_NAMES.filter((scope) => value.includes(scope)) : [];
}

function isOf({ hash, salt }: StoredKey, token: string): boolean {
  const given = digest(token, salt);
  return hash.length === given.length && timingSafeEqual(hash, given);
}

function digest(token: string, salt: string): Buffer {
  return salt === '' ? sha256(token) : createHmac('sha256', salt).update(token).digest();
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
