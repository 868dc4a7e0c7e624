import { randomBytes } from 'node:crypto';
import type { Config } from './config/config.js';
import { proxiesOf } from './config/proxies.js';
import { signOnSettings, type SignOnSettings } from './config/sign-on-settings.js';
import type { Clock } from './domain/clock.js';
import { SYSTEM } from './domain/ledger-entry.js';
import type { Folds } from './folds.js';
import type { Ledger } from './ledger/ledger.js';
import { guardedFetch } from './notify/http-fetch.js';
import { HttpSender } from './notify/http-sender.js';
import { IdentityProvider } from './registry/identity-provider.js';
import { KeyDoor } from './registry/key-door.js';
import { KeyUses } from './registry/key-uses.js';
import { isInForce, KEY_BYTES, type Keys } from './registry/keys.js';
import { Names } from './registry/names.js';
import { People } from './registry/people.js';
import { SealedCookies } from './registry/sealed-cookie.js';
import { SignOn, type SignOnParts } from './registry/sign-on.js';
import type { Database } from './store/database.js';
import type { Log } from './telemetry/log.js';
import type { Metrics } from './telemetry/metrics.js';
import type { Readiness } from './telemetry/readiness.js';

/** Where the provider sends a browser back to, below the address of this service. */
const CALLBACK = '/sign-in/callback';

interface Surroundings {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly baseUrl: string;
}

interface Ground {
  readonly database: Database;
  readonly people: People;
  readonly names: Names;
  readonly ledger: Ledger;
  readonly folds: Pick<Folds, 'keys' | 'sessions'>;
  readonly readiness: Readiness;
  /** What ids of people and cookies are made with; the same for all processes of a store. */
  readonly callbackSecret: string;
}

/** Who the ids of the ledger are. */
export async function openNames(
  database: Database,
  { keys, erasedPeople }: Pick<Folds, 'keys' | 'erasedPeople'>,
  secret: string,
): Promise<{ readonly people: People; readonly names: Names }> {
  const people = new People(database, secret, erasedPeople);
  await people.load();
  return { people, names: new Names(keys, people) };
}

/** Opens the doors: keys as the ledger has them, people as the provider names them. */
export async function openAccess(surroundings: Surroundings, ground: Ground) {
  const { config, clock, log, metrics } = surroundings;
  const { database, ledger, folds, people, names } = ground;
  const { keys, sessions } = folds;
  const adminKey = await admitAdmin(ledger, keys, config);
  const keyUses = new KeyUses(database, keys);
  await keyUses.load();
  const door = new KeyDoor(keys, clock, metrics, log.of('keys'));
  const signOn = openSignOn(surroundings, ground, { people, sessions, door });
  return { keys, keyUses, door, people, sessions, signOn, names, adminKey };
}

/** The admin key of the environment, or one made on the very first start; its text is returned only then. */
async function admitAdmin(ledger: Ledger, keys: Keys, config: Config): Promise<string | null> {
  const request = { name: 'admin', scopes: ['admin'], actor: SYSTEM } as const;
  const given = config.TIDEWATCH_ADMIN_KEY;
  if (given !== undefined) {
    await ledger.transact((now) => keys.adopt(given, request, now));
    return null;
  }
  const inForce = (now: Date) =>
    keys.list().some((key) => key.scopes.includes('admin') && isInForce(key, now));
  const random = randomBytes(KEY_BYTES);
  let token: string | null = null;
  await ledger.transact((now) => {
    if (inForce(now)) return [];
    const made = keys.create(request, random, now);
    token = made.token;
    return made.entries;
  });
  return token;
}

/** The sign-in of people, where the settings name a provider. One that does not answer is named, and asked again; keys work meanwhile. */
function openSignOn(
  { config, clock, log: logs, baseUrl }: Surroundings,
  { ledger, readiness, callbackSecret }: Ground,
  parts: Pick<SignOnParts, 'people' | 'sessions' | 'door'>,
): SignOn | null {
  const settings = signOnSettings(config);
  if (settings === null) return null;
  const log = logs.of('sign-on');
  const provider = providerOf({ config, settings, baseUrl, clock });
  provider.reach().catch(() => {
    log.warn('people cannot sign in now; keys work', { issuer: settings.issuer, why: provider.problem });
  });
  readiness.addOptional('sign-on', async () => {
    // Asked beside, so that who asks for readiness never waits for somebody else's machine.
    provider.reach().catch(() => undefined);
    return provider.problem;
  });
  return new SignOn({
    ...parts,
    ledger,
    clock,
    log,
    settings,
    provider,
    cookies: new SealedCookies(callbackSecret),
  });
}

interface Reach {
  readonly config: Config;
  readonly settings: SignOnSettings;
  readonly baseUrl: string;
  readonly clock: Clock;
}

/** The provider, asked with the guard and the proxies that all calls of this service have. */
export function providerOf({ config, settings, baseUrl, clock }: Reach): IdentityProvider {
  const sender = new HttpSender({ allow: config.TIDEWATCH_WEBHOOK_ALLOW, proxies: proxiesOf(config) });
  const redirectUri = `${baseUrl}${CALLBACK}`;
  return new IdentityProvider({ settings, redirectUri, fetch: guardedFetch(sender, clock), clock });
}
