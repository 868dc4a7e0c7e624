import { createHmac } from 'node:crypto';
import type { Database } from '../store/database.js';
import { purge } from '../store/purge.js';
import { literal } from '../store/sql-text.js';
import type { ErasedPeople } from './erased-people.js';
import type { Identity } from './identity.js';

/** A person as they are known here. `id` is what the ledger calls them. */
export interface KnownPerson {
  readonly id: string;
  readonly issuer: string;
  readonly sub: string;
  readonly name: string;
  readonly email: string | null;
  readonly seenAt: Date;
}

/** How often it is written down that somebody was here again. */
const NOTED_MS = 24 * 60 * 60_000;

interface Row {
  readonly id: string;
  readonly issuer: string;
  readonly sub: string;
  readonly name: string;
  readonly email: string;
  readonly seen: number;
}

/**
 * Who the ids of people in the ledger are: names and addresses, in a table that can be corrected and erased. The id is made of issuer and
 * subject with a secret (HMAC-SHA256), so that nobody finds a person by trying.
 */
export class People {
  private known = new Map<string, KnownPerson>();
  private isBehind = false;

  constructor(
    private readonly database: Database,
    private readonly secret: string,
    private readonly erased: ErasedPeople,
  ) {}

  /** Reads who is known to whichever process. */
  async load(): Promise<void> {
    const rows = await this.database.query<Row>(
      `SELECT id, issuer, sub, name, email, toUnixTimestamp64Milli(seen_at) AS seen FROM people FINAL ORDER BY name, id`,
    );
    this.known = new Map(rows.map((row) => [row.id, personIn(row)]));
    this.isBehind = false;
  }

  /** Reads again where somebody was asked for who is not known: another process may know them. */
  async catchUp(): Promise<void> {
    if (this.isBehind) await this.load();
  }

  idOf({ issuer, sub }: Pick<Identity, 'issuer' | 'sub'>): string {
    const digest = createHmac('sha256', this.secret)
      .update(JSON.stringify([issuer, sub]))
      .digest('hex');
    return `person-${digest.slice(0, 16)}`;
  }

  /** Who it is; undefined for somebody unknown, or no person. */
  find(id: string): KnownPerson | undefined {
    const found = this.known.get(id);
    if (found && this.erased.isErased(id, found.seenAt)) return undefined;
    if (!found && id.startsWith('person-')) this.isBehind = true;
    return found;
  }

  /** Everybody who is known, by name. */
  list(): readonly KnownPerson[] {
    return [...this.known.values()].filter(({ id, seenAt }) => !this.erased.isErased(id, seenAt));
  }

  /** The id of who has an address, whatever its case; also of who had it and was erased. */
  idOfAddress(address: string): string | undefined {
    const wanted = address.trim().toLowerCase();
    const found = this.list().find(({ email }) => email?.toLowerCase() === wanted);
    return found?.id ?? this.erased.idOf(this.addressHash(address));
  }

  /** What stands for an address in the ledger: nobody finds it by trying. */
  addressHash(address: string): string {
    const text = `address|${address.trim().toLowerCase()}`;
    return createHmac('sha256', this.secret).update(text).digest('hex');
  }

  /** Takes the name, the address and the subject of a person out of the store, with their bytes. Throws PartsInUse. */
  async erase(id: string): Promise<void> {
    this.known.delete(id);
    await purge(this.database, { table: 'people', where: `id = ${literal(id)}` });
  }

  /** Takes in what the provider says of somebody; what a token leaves out stays as it was. Written down when it changed, or once a day. */
  async remember(identity: Identity, now: Date): Promise<KnownPerson> {
    const id = this.idOf(identity);
    const before = this.find(id);
    const name = identity.name ?? before?.name ?? identity.sub;
    const email = identity.email ?? before?.email ?? null;
    const person = { id, issuer: identity.issuer, sub: identity.sub, name, email, seenAt: now };
    const isSame = before?.name === name && before.email === email;
    if (isSame && now.getTime() - before.seenAt.getTime() < NOTED_MS) return before;
    this.known.set(id, person);
    const { issuer, sub } = person;
    await this.database.insert('people', [{ id, issuer, sub, name, email: email ?? '', seen_at: now }]);
    return person;
  }
}

function personIn({ id, issuer, sub, name, email, seen }: Row): KnownPerson {
  return { id, issuer, sub, name, email: email === '' ? null : email, seenAt: new Date(Number(seen)) };
}
