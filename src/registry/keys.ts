import { createHash, timingSafeEqual } from 'node:crypto';
import type { Actor, Json, LedgerEntry, NewEntry } from '../domain/ledger-entry.js';
import { RegistryError } from './registry-error.js';

export const SCOPES = ['ingest', 'read', 'operate', 'admin'] as const;
export type Scope = (typeof SCOPES)[number];

/** Who a request comes from. `id` is the actor id of what it does. */
export interface Principal {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly Scope[];
}

export interface ApiKey extends Principal {
  readonly createdAt: Date;
  readonly revokedAt: Date | null;
  /** Given by the environment rather than made here, so its text is anything. */
  readonly provided: boolean;
}

export interface KeyRequest {
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly actor: Actor;
}

/** Bytes that `create` needs: 8 for the id, 32 for the secret, from a cryptographic source. */
export const KEY_BYTES = 40;
const ID_BYTES = 8;
const SHORTEST = 16;
const TOKEN = /^tw_([0-9a-f]{16})_[A-Za-z0-9_-]{43}$/;

interface StoredKey extends ApiKey {
  readonly hash: Buffer;
}

/**
 * API keys: a fold over `key.created` and `key.revoked`, and the pure decisions that make such entries. Only SHA-256 of a token is kept: it
 * has 256 random bits, so a slow password hash would guard nothing more. A projection of the ledger by shape.
 */
export class Keys {
  readonly #keys = new Map<string, StoredKey>();
  readonly #lent = new Map<string, Principal>();

  /** All keys ever made, without anything secret. */
  list(): readonly ApiKey[] {
    return [...this.#keys.values()].map(({ hash: _hash, ...key }) => key);
  }

  /** The name of whoever an actor id stands for; the id itself where it is no key's. */
  nameOf(id: string): string {
    const lent = [...this.#lent.values()].find((one) => one.id === id);
    return lent?.name ?? this.#keys.get(id)?.name ?? id;
  }

  /** Whose token it is; null when nobody's, or revoked. Compares in constant time. */
  authenticate(token: string): Principal | null {
    const hash = sha256(token);
    const lent = this.#lent.get(hash.toString('hex'));
    if (lent) return lent;
    const id = TOKEN.exec(token)?.[1];
    const all = [...this.#keys.values()];
    // What the environment says of a token stands before what was said when it was made here.
    const candidates = [
      ...all.filter((key) => key.provided),
      ...all.filter((key) => !key.provided && key.id === id),
    ];
    const found = candidates.find((key) => key.revokedAt === null && sameHash(key.hash, hash));
    return found ? { id: found.id, name: found.name, scopes: found.scopes } : null;
  }

  /** Lets a token in for the life of this process and records nothing: the command line, which could open the store, needs no key to it. */
  lend(token: string, principal: Principal): void {
    this.#lent.set(sha256(token).toString('hex'), principal);
  }

  /** Makes a key out of KEY_BYTES random bytes. `token` is to be shown once; the entries hold only its hash. */
  create(
    { name, scopes, actor }: KeyRequest,
    random: Buffer,
    at: Date,
  ): { token: string; id: string; entries: NewEntry[] } {
    if (random.length !== KEY_BYTES)
      throw new RangeError(`a key takes ${KEY_BYTES} random bytes, not ${random.length}`);
    const id = random.subarray(0, ID_BYTES).toString('hex');
    const token = `tw_${id}_${random.subarray(ID_BYTES).toString('base64url')}`;
    const hash = sha256(token).toString('hex');
    return { token, id, entries: [created({ id, name, scopes, hash, provided: false }, actor, at)] };
  }

  /**
   * Takes in a token given by the environment; nothing when it is in force already. A different one of the same name replaces the former,
   * which is revoked in the same block. Throws RegistryError when it is too short to be a secret.
   */
  adopt(token: string, { name, scopes, actor }: KeyRequest, at: Date): NewEntry[] {
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
    const hash = sha256(token);
    if (inForce.some((key) => key.hash.equals(hash))) return [];
    const replaced = inForce.flatMap((key) => this.revoke(key.id, { actor, reason: 'replaced' }, at));
    // The place in the list keeps ids apart when a former token comes back.
    const id = sha256(`${this.#keys.size}:${hash.toString('hex')}`)
      .toString('hex')
      .slice(0, 2 * ID_BYTES);
    return [
      ...replaced,
      created({ id, name, scopes, hash: hash.toString('hex'), provided: true }, actor, at),
    ];
  }

  /** Ends a key; nothing when it is ended already. Throws RegistryError when there is no such key. */
  revoke(
    id: string,
    { actor, reason }: { readonly actor: Actor; readonly reason: string },
    at: Date,
  ): NewEntry[] {
    const key = this.#keys.get(id);
    if (!key) throw new RegistryError('key_not_found', 'id', `there is no key "${id}"`);
    if (key.revokedAt !== null) return [];
    return [
      { action: 'key.revoked', actor, at, subject: { type: 'key', id }, data: { name: key.name, reason } },
    ];
  }

  apply({ action, at, subject, data }: LedgerEntry): void {
    if (action === 'key.created') {
      const { name, scopes, hash, provided } = data;
      this.#keys.set(subject.id, {
        id: subject.id,
        name: textOf(name),
        scopes: scopesOf(scopes),
        hash: Buffer.from(textOf(hash), 'hex'),
        provided: provided === true,
        createdAt: at,
        revokedAt: null,
      });
    } else if (action === 'key.revoked') {
      const key = this.#keys.get(subject.id);
      if (key) this.#keys.set(subject.id, { ...key, revokedAt: at });
    }
  }

  reset(): void {
    this.#keys.clear();
  }
}

/** Whether a principal may do what `scope` names: `admin` may everything, and who operates may read. */
export function permits({ scopes }: Principal, scope: Scope): boolean {
  return (
    scopes.includes(scope) || scopes.includes('admin') || (scope === 'read' && scopes.includes('operate'))
  );
}

interface CreatedKey {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly hash: string;
  readonly provided: boolean;
}

function created({ id, name, scopes, hash, provided }: CreatedKey, actor: Actor, at: Date): NewEntry {
  return {
    action: 'key.created',
    actor,
    at,
    subject: { type: 'key', id },
    data: { name, scopes: [...scopes], hash, provided },
  };
}

function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}

function scopesOf(value: Json | undefined): readonly Scope[] {
  return Array.isArray(value) ? SCOPES.filter((scope) => value.includes(scope)) : [];
}

function sameHash(a: Buffer, b: Buffer): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
