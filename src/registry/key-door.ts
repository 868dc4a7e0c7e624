import { CodedError } from '../domain/coded-error.js';
import ipaddr from 'ipaddr.js';
import type { Clock } from '../domain/clock.js';
import type { Log } from '../telemetry/log.js';
import type { Metrics } from '../telemetry/metrics.js';
import type { Keys } from './keys.js';
import type { Principal } from './principal.js';

/** Wrong keys an address may try at once, and how soon it may try another. */
const BURST = 10;
const REFILL_MS = 6_000;
/** Addresses remembered; whoever has been quiet longest is forgotten first. */
const MOST_ADDRESSES = 10_000;

/** Too many wrong keys came from an address: keys it has not used before are not looked at for a while. */
export class TooManyWrongKeys extends CodedError {
  override readonly name = 'TooManyWrongKeys';
  readonly code = 'too_many_wrong_keys';
  constructor(readonly retryAfterS: number) {
    super(`too many wrong keys came from this address: try again in ${retryAfterS} s`);
  }
}

interface Visitor {
  /** Wrong keys it may still try, as of `at`. */
  left: number;
  at: number;
  /** Ids of keys that were right here: who has one is not locked out by a neighbour behind the same proxy. */
  readonly known: Set<string>;
}

/** Looks at keys, slows down whoever guesses, and counts and logs wrong ones by address. */
export class KeyDoor {
  private readonly visitors = new Map<string, Visitor>();
  private readonly seen = new WeakMap<object, Principal | null | TooManyWrongKeys>();
  private readonly guests = new WeakMap<object, Principal>();

  constructor(
    private readonly keys: Pick<Keys, 'authenticate'>,
    private readonly clock: Clock,
    private readonly metrics: Metrics,
    private readonly log: Log,
  ) {}

  /** Whose key it is, or null. One request counts once, however often it is asked about. Throws TooManyWrongKeys. */
  admit(token: string, address: string, request: object = {}): Principal | null {
    let found = this.seen.get(request);
    if (found === undefined) {
      found = this.look(token, network(address));
      this.seen.set(request, found);
    }
    if (found instanceof TooManyWrongKeys) throw found;
    return found;
  }

  /** The same for who is known by a token that is no key: `admit` says so of this request from here on. Throws nothing. */
  admitKnown(principal: Principal | null, address: string, request: object): void {
    this.seen.set(request, this.weigh(principal, network(address)));
  }

  /** Takes in that nobody could be asked who sent this request. */
  admitNobody(request: object): void {
    this.seen.set(request, null);
  }

  /** Somebody whose browser holds a sign-in; for pages alone, since another site could make a browser send it. */
  welcome(guest: Principal, request: object): void {
    this.guests.set(request, guest);
  }

  /** Who looks at a page by a sign-in; null where nobody did, or by a key. */
  guestOf(request: object): Principal | null {
    return this.guests.get(request) ?? null;
  }

  /** Counts a sign-in that went wrong as a wrong key. Throws TooManyWrongKeys where there were too many before. */
  refuse(address: string): void {
    const outcome = this.weigh(null, network(address));
    if (outcome instanceof TooManyWrongKeys) throw outcome;
  }

  private look(token: string, address: string): Principal | null | TooManyWrongKeys {
    return this.weigh(this.keys.authenticate(token, this.clock.now()), address);
  }

  private weigh(principal: Principal | null, address: string): Principal | null | TooManyWrongKeys {
    const visitor = this.visitorOf(address);
    const isLocked = visitor.left < 1;
    if (principal !== null && (!isLocked || visitor.known.has(principal.id))) {
      visitor.known.add(principal.id);
      return principal;
    }
    const outcome = isLocked ? 'throttled' : 'refused';
    this.metrics
      .counter('wrong_keys_total', 'Requests whose key was wrong, or was not looked at after too many.', [
        'outcome',
      ])
      .inc({ outcome });
    if (isLocked) return new TooManyWrongKeys(Math.ceil(((1 - visitor.left) * REFILL_MS) / 1000));
    visitor.left -= 1;
    this.log.warn('a wrong key', { address, throttled: visitor.left < 1 });
    return null;
  }

  private visitorOf(address: string): Visitor {
    const now = this.clock.now().getTime();
    const visitor = this.visitors.get(address) ?? { left: BURST, at: now, known: new Set<string>() };
    visitor.left = Math.min(BURST, visitor.left + Math.max(0, now - visitor.at) / REFILL_MS);
    visitor.at = now;
    // Put last, so that the first is the one that has been quiet longest.
    this.visitors.delete(address);
    this.visitors.set(address, visitor);
    const [oldest] = this.visitors.keys();
    if (this.visitors.size > MOST_ADDRESSES && oldest !== undefined) this.visitors.delete(oldest);
    return visitor;
  }
}

/** One household has one IPv4 address, or 2^64 of IPv6. */
function network(address: string): string {
  if (!ipaddr.isValid(address)) return 'unknown';
  const parsed = ipaddr.process(address);
  if (!(parsed instanceof ipaddr.IPv6)) return parsed.toString();
  return `${new ipaddr.IPv6([...parsed.parts.slice(0, 4), 0, 0, 0, 0]).toString()}/64`;
}
