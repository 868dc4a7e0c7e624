import { createRemoteJWKSet, customFetch as jwksFetch, errors, jwtVerify, type JWTVerifyGetKey } from 'jose';
import * as oidc from 'openid-client';
import type { SignOnSettings } from '../config/sign-on-settings.js';
import type { Clock } from '../domain/clock.js';
import { CodedError } from '../domain/coded-error.js';
import { identityOf, type Claims, type Identity } from './identity.js';

/** Asked again this long after it did not answer; until then nobody waits for it. */
const AGAIN_MS = 10_000;
/** Clocks of two machines differ. */
const TOLERANCE_S = 30;
const TIMEOUT_S = 10;
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'];

/** One request over the network, as the rest of the service makes them. */
export type Fetch = (
  url: string,
  init: { readonly method: string; readonly headers: Record<string, string>; readonly body: string | null },
) => Promise<Response>;

/** The identity provider cannot be asked now; whoever has a key comes in with that. */
export class ProviderAway extends CodedError {
  override readonly name = 'ProviderAway';
  readonly code = 'provider_away';
  override readonly retryable = true;
}

/** The identity provider, or what came back through the browser, does not vouch for anybody. */
export class SignInRefused extends CodedError {
  override readonly name = 'SignInRefused';
  readonly code = 'sign_in_refused';
}

/** What a sign-in begins with; kept by the browser, sealed, until the provider sends it back. */
export interface Attempt {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

/** A person whom the provider vouches for, and what the word can be renewed with. */
export interface Vouched {
  readonly identity: Identity;
  readonly refreshToken: string | null;
}

export interface ProviderOptions {
  readonly settings: SignOnSettings;
  readonly redirectUri: string;
  readonly fetch: Fetch;
  readonly clock: Clock;
}

interface Known {
  readonly client: oidc.Configuration;
  readonly keys: JWTVerifyGetKey;
  readonly issuer: string;
}

/** An OpenID provider: the authorization code flow with PKCE for the pages (OpenID Connect Core 1.0), and its tokens (RFC 7519) for programs. */
export class IdentityProvider {
  private known: Promise<Known> | null = null;
  private failed: { readonly at: number; readonly why: string } | null = null;

  constructor(private readonly options: ProviderOptions) {}

  /** Why nobody can sign in now; null where nothing is known against it. */
  get problem(): string | null {
    return this.failed?.why ?? null;
  }

  /** Where people recognise it. */
  get host(): string {
    return new URL(this.options.settings.issuer).host;
  }

  /** What the provider has to know as an address that it may send people back to. */
  get redirectUri(): string {
    return this.options.redirectUri;
  }

  /** Asks the provider for its addresses, once. Throws ProviderAway. */
  async reach(): Promise<void> {
    await this.discovered();
  }

  /** Where to send a browser, and what to remember until it is back. Throws ProviderAway. */
  async begin(): Promise<{ readonly url: string; readonly attempt: Attempt }> {
    const { client } = await this.discovered();
    const { settings, redirectUri } = this.options;
    const attempt = {
      state: oidc.randomState(),
      nonce: oidc.randomNonce(),
      verifier: oidc.randomPKCECodeVerifier(),
    };
    const url = oidc.buildAuthorizationUrl(client, {
      redirect_uri: redirectUri,
      scope: settings.scopes,
      state: attempt.state,
      nonce: attempt.nonce,
      code_challenge: await oidc.calculatePKCECodeChallenge(attempt.verifier),
      code_challenge_method: 'S256',
    });
    return { url: url.href, attempt };
  }

  /** Who came back with this query. Throws ProviderAway and SignInRefused. */
  async finish(query: string, { state, nonce, verifier }: Attempt): Promise<Vouched> {
    const { client } = await this.discovered();
    const url = new URL(`${this.options.redirectUri}?${query}`);
    const checks = { expectedState: state, expectedNonce: nonce, pkceCodeVerifier: verifier };
    return this.asked(async () => {
      const tokens = await oidc.authorizationCodeGrant(client, url, checks);
      return this.vouched(client, tokens);
    });
  }

  /** The same person as the provider knows them now. Throws ProviderAway and SignInRefused. */
  async renew(refreshToken: string): Promise<Vouched> {
    const { client } = await this.discovered();
    return this.asked(async () => {
      const tokens = await oidc.refreshTokenGrant(client, refreshToken);
      const { identity, refreshToken: next } = await this.vouched(client, tokens);
      return { identity, refreshToken: next ?? refreshToken };
    });
  }

  /** Whose token a program sent; null for one that is not the provider's, not for this service, or over. Throws ProviderAway. */
  async verify(token: string): Promise<Identity | null> {
    const { keys, issuer } = await this.discovered();
    const { settings, clock } = this.options;
    try {
      const { payload } = await jwtVerify(token, keys, {
        issuer,
        audience: [settings.clientId, ...settings.audiences],
        algorithms: ALGORITHMS,
        clockTolerance: TOLERANCE_S,
        currentDate: clock.now(),
        requiredClaims: ['sub', 'exp'],
      });
      // A logout token says that somebody is gone.
      return 'events' in payload ? null : identityOf(payload, settings);
    } catch (error) {
      if (error instanceof errors.JWKSTimeout || !(error instanceof errors.JOSEError)) throw away(error);
      return null;
    }
  }

  /** The claims of the ID token, and what the provider only says when it is asked (Core 1.0, 5.4). */
  private async vouched(
    client: oidc.Configuration,
    tokens: oidc.TokenEndpointResponse & oidc.TokenEndpointResponseHelpers,
  ): Promise<Vouched> {
    const claims: Claims | undefined = tokens.claims();
    if (!claims) throw new SignInRefused('the identity provider answered without an ID token');
    const more =
      client.serverMetadata().userinfo_endpoint === undefined
        ? {}
        : await oidc.fetchUserInfo(client, tokens.access_token, String(claims['sub']));
    const identity = identityOf({ ...more, ...claims }, this.options.settings);
    if (!identity) throw new SignInRefused('the ID token names nobody');
    return { identity, refreshToken: tokens.refresh_token ?? null };
  }

  private async asked<Result>(ask: () => Promise<Result>): Promise<Result> {
    try {
      return await ask();
    } catch (error) {
      if (error instanceof CodedError) throw error;
      if (error instanceof oidc.ClientError && /TIMEOUT/u.test(error.code ?? '')) throw away(error);
      throw new SignInRefused(reasonIn(error), { cause: error });
    }
  }

  private async discovered(): Promise<Known> {
    const now = this.options.clock.now().getTime();
    if (this.failed && now - this.failed.at < AGAIN_MS) throw new ProviderAway(this.failed.why);
    this.known ??= this.discover();
    try {
      const known = await this.known;
      this.failed = null;
      return known;
    } catch (error) {
      const problem = away(error);
      this.known = null;
      this.failed = { at: now, why: problem.message };
      throw problem;
    }
  }

  private async discover(): Promise<Known> {
    const { settings, fetch } = this.options;
    const { issuer, clientId } = settings;
    const insecure = new URL(issuer).protocol === 'http:' ? [oidc.allowInsecureRequests] : [];
    const client = await oidc.discovery(new URL(issuer), clientId, {}, clientAuth(settings), {
      [oidc.customFetch]: async (url, { method, headers, body }) =>
        fetch(url, { method, headers, body: body instanceof URLSearchParams ? body.toString() : null }),
      execute: [...insecure, oidc.enableNonRepudiationChecks],
      timeout: TIMEOUT_S,
    });
    const { jwks_uri: place, issuer: name } = client.serverMetadata();
    if (place === undefined) throw new ProviderAway(`${issuer} does not say where its keys are (jwks_uri)`);
    const keys = createRemoteJWKSet(new URL(place), {
      [jwksFetch]: async (url, { method, headers }) =>
        fetch(url, { method, headers: Object.fromEntries(headers), body: null }),
    });
    return { client, keys, issuer: name };
  }
}

/** As the provider wants to know the client: the secret in a header, which every provider must take where it says nothing else. */
function clientAuth(settings: Pick<SignOnSettings, 'clientSecret'>): oidc.ClientAuth {
  return (server, client, body, headers) => {
    const { clientSecret: secret } = settings;
    if (secret === undefined) return oidc.None()(server, client, body, headers);
    const ways = server.token_endpoint_auth_methods_supported ?? ['client_secret_basic'];
    const way = ways.includes('client_secret_basic') ? oidc.ClientSecretBasic : oidc.ClientSecretPost;
    way(secret)(server, client, body, headers);
  };
}

function away(error: unknown): ProviderAway {
  if (error instanceof ProviderAway) return error;
  return new ProviderAway(`the identity provider does not answer as one: ${reasonIn(error)}`, {
    cause: error,
  });
}

/** What went wrong, by the error at the bottom; what a provider says of a refusal is for the log. */
function reasonIn(error: unknown): string {
  if (error instanceof oidc.AuthorizationResponseError || error instanceof oidc.ResponseBodyError)
    return `${error.error}${error.error_description ? ` (${error.error_description})` : ''}`;
  if (!(error instanceof Error)) return 'an unknown error';
  return error.cause instanceof Error ? reasonIn(error.cause) : error.message;
}
