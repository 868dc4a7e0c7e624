import { randomBytes } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { SignOnSettings } from '../config/sign-on-settings.js';
import type { Clock } from '../domain/clock.js';
import type { NewEntry } from '../domain/ledger-entry.js';
import { permissionsOf, type Role } from '../domain/roles.js';
import type { Log } from '../telemetry/log.js';
import { rolesOf, type Identity } from './identity.js';
import { ProviderAway, SignInRefused, type IdentityProvider, type Vouched } from './identity-provider.js';
import type { KeyDoor } from './key-door.js';
import type { KnownPerson, People } from './people.js';
import type { Principal } from './principal.js';
import { bearerToken, cookieIn, isSignedToken, SESSION_COOKIE } from './request-token.js';
import type { HeldSession, SealedCookies } from './sealed-cookie.js';
import type { Session, Sessions } from './sessions.js';

/** Somebody may be away at the provider for this long. */
const ATTEMPT_MS = 10 * 60_000;
/** How exactly it is known when a page was last looked at. */
const SEEN_MS = 60_000;
/** A browser asks for several things at once: what one of them renewed holds for the others. */
const RENEWED_MS = 60_000;

export interface SignOnParts {
  readonly settings: SignOnSettings;
  readonly provider: IdentityProvider;
  readonly people: People;
  readonly sessions: Sessions;
  readonly cookies: SealedCookies;
  readonly door: KeyDoor;
  readonly ledger: {
    transact(decide: (now: Date) => readonly NewEntry[]): Promise<unknown>;
    refresh(): Promise<void>;
  };
  readonly clock: Clock;
  readonly log: Log;
}

/** What is asked of a request: Express and the upgrade of a socket both have it. */
export interface Incoming {
  readonly headers: IncomingHttpHeaders;
  readonly ip?: string | undefined;
}

/** A sign-in that began: who it is, and what their browser is to hold. */
interface SignedIn {
  readonly person: KnownPerson;
  readonly cookie: string;
}

/** A person whom the provider vouches for, as they are known here. */
interface Remembered {
  readonly person: KnownPerson;
  readonly roles: readonly Role[];
}

/** The provider is being asked again, or was a moment ago. */
interface Renewal {
  readonly at: number;
  readonly word: Promise<HeldSession | null>;
}

/** People who come by an identity provider: their tokens at every door, their sign-ins at the pages. */
export class SignOn {
  private readonly renewals = new Map<string, Renewal>();

  constructor(private readonly parts: SignOnParts) {}

  get provider(): Pick<IdentityProvider, 'host' | 'problem' | 'reach'> {
    return this.parts.provider;
  }

  /**
   * Finds out who sent a request, before anybody asks the door. Gives what the browser is to hold from now on, or '' for nothing any more; null
   * where that does not change.
   */
  async recognise(request: Incoming): Promise<string | null> {
    const token = bearerToken(request.headers);
    if (token !== null) {
      if (isSignedToken(token)) await this.recogniseToken(token, request);
      return null;
    }
    const sealed = cookieIn(request.headers, SESSION_COOKIE);
    return sealed === null ? null : this.recogniseBrowser(sealed, request);
  }

  /** Where to send a browser, and what it is to hold until it is back. Throws ProviderAway. */
  async begin(next: string): Promise<{ readonly url: string; readonly cookie: string }> {
    const { url, attempt } = await this.parts.provider.begin();
    const begun = this.parts.clock.now().getTime();
    return { url, cookie: await this.parts.cookies.sealAttempt({ ...attempt, next, begun }) };
  }

  /** A browser that came back. What goes wrong counts as a wrong key of its address. Throws ProviderAway, SignInRefused and TooManyWrongKeys. */
  async finish(
    query: string,
    sealed: string | null,
    address: string,
  ): Promise<SignedIn & { readonly next: string }> {
    const { cookies, provider, clock, door, log } = this.parts;
    try {
      const attempt = sealed === null ? null : await cookies.openAttempt(sealed);
      if (!attempt || clock.now().getTime() - attempt.begun > ATTEMPT_MS)
        throw new SignInRefused('this sign-in was not begun here, or took too long: begin it again');
      const { state, nonce, verifier } = attempt;
      const vouched = await provider.finish(query, { state, nonce, verifier });
      return { ...(await this.open(vouched)), next: attempt.next };
    } catch (error) {
      if (!(error instanceof ProviderAway)) door.refuse(address);
      log.warn('a sign-in failed', { address, error: String(error) });
      throw error;
    }
  }

  /** Ends the sign-in that a browser holds. */
  async leave({ headers }: Incoming): Promise<void> {
    const sealed = cookieIn(headers, SESSION_COOKIE);
    const held = sealed === null ? null : await this.parts.cookies.openSession(sealed);
    if (held)
      await this.parts.ledger.transact((now) => this.parts.sessions.close(held.session, 'signed out', now));
  }

  private async recogniseToken(token: string, request: Incoming): Promise<void> {
    const { provider, door, log } = this.parts;
    try {
      const identity = await provider.verify(token);
      door.admitKnown(identity && (await this.principalBy(identity)), request.ip ?? '', request);
    } catch (error) {
      if (!(error instanceof ProviderAway)) throw error;
      log.warn('a token could not be checked', { error: error.message });
      door.admitNobody(request);
    }
  }

  /** Somebody without a role may nothing, and is told so. */
  private async principalBy(identity: Identity): Promise<Principal> {
    const { person, roles } = await this.remember(identity);
    return principalOf(person, roles);
  }

  /** Who it is, and what roles they have by the word of now. */
  private async remember(identity: Identity): Promise<Remembered> {
    const { people, settings, clock } = this.parts;
    const person = await people.remember(identity, clock.now());
    // A token for programs often has no address: what is known of the person counts.
    return { person, roles: rolesOf({ groups: identity.groups, email: person.email }, settings.roles) };
  }

  private async recogniseBrowser(sealed: string, request: Incoming): Promise<string | null> {
    const { cookies, clock, door, settings } = this.parts;
    const now = clock.now();
    const held = await cookies.openSession(sealed);
    if (!held || now.getTime() - held.seen > settings.idleMs) return '';
    const fresh = now.getTime() < held.until ? held : await this.renewed(held);
    const session = fresh && (await this.sessionOf(fresh.session));
    if (!session) return '';
    door.welcome(this.principalIn(session), request);
    if (fresh === held && now.getTime() - held.seen < SEEN_MS) return null;
    return cookies.sealSession({ ...fresh, seen: now.getTime() });
  }

  private async sessionOf(id: string): Promise<Session | undefined> {
    const { sessions, ledger, clock } = this.parts;
    const found = sessions.find(id, clock.now());
    if (found) return found;
    // Another process may have let them in a moment ago.
    await ledger.refresh();
    return sessions.find(id, clock.now());
  }

  private principalIn({ person: id, roles }: Session): Principal {
    return principalOf(this.parts.people.find(id) ?? { id, name: id, sub: id, email: null }, roles);
  }

  /** The sign-in by the provider's word of now; null where it gives none. Several requests of a browser ask once. */
  private async renewed(held: HeldSession): Promise<HeldSession | null> {
    const now = this.parts.clock.now().getTime();
    for (const [id, { at }] of this.renewals) if (now - at >= RENEWED_MS) this.renewals.delete(id);
    const running = this.renewals.get(held.session) ?? { at: now, word: this.renew(held) };
    this.renewals.set(held.session, running);
    return running.word;
  }

  private async renew({ refresh, ...held }: HeldSession): Promise<HeldSession | null> {
    if (refresh === null) return null;
    const { provider, ledger, sessions, log } = this.parts;
    try {
      const { identity, refreshToken } = await provider.renew(refresh);
      const { roles } = await this.remember(identity);
      await ledger.transact((now) =>
        roles.length === 0
          ? sessions.close(held.session, 'has no role any more', now)
          : sessions.renew(held.session, roles, now),
      );
      return { ...held, until: identity.until.getTime(), refresh: refreshToken };
    } catch (error) {
      log.warn('a sign-in could not be renewed', { error: String(error) });
      return null;
    }
  }

  private async open({ identity, refreshToken }: Vouched): Promise<SignedIn> {
    const { sessions, ledger, cookies, settings, clock } = this.parts;
    const { person, roles } = await this.remember(identity);
    const now = clock.now();
    if (roles.length === 0) throw new SignInRefused(withoutRole(person, identity));
    const id = randomBytes(16).toString('hex');
    const until = new Date(now.getTime() + settings.lifetimeMs);
    const wanted = { id, person: person.id, roles, until, most: settings.sessionsPerPerson };
    await ledger.transact((at) => sessions.open(wanted, at));
    const held = { session: id, seen: now.getTime(), until: identity.until.getTime(), refresh: refreshToken };
    return { person, cookie: await cookies.sealSession(held) };
  }
}

function withoutRole({ name }: KnownPerson, { groups }: Identity): string {
  const said =
    groups.length === 0 ? 'the provider names no group of yours' : `your groups are ${groups.join(', ')}`;
  return `${name}, you have no role here: ${said} (TIDEWATCH_OIDC_ROLES says who has which)`;
}

function principalOf(
  { id, name, sub, email }: Pick<KnownPerson, 'id' | 'name' | 'sub' | 'email'>,
  roles: readonly Role[],
): Principal {
  const ownsAs = [id, sub, ...(email === null ? [] : [email])];
  return { type: 'user', id, name, may: permissionsOf(roles), models: null, environments: null, ownsAs };
}
