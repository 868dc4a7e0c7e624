import { generateKeyPairSync } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CompactSign, type JWK } from 'jose';

/** A person of the provider's directory. */
export interface Account {
  name: string;
  email: string;
  groups: readonly string[];
}

export const CLIENT = { id: 'tidewatch', secret: 'a-secret-of-the-client-0123456789' } as const;
/** Whom tokens for programs are for. */
export const AUDIENCE = 'https://tidewatch.example.org';

type Handler = (request: IncomingMessage, response: ServerResponse) => unknown;

/** A real OpenID provider on this machine, under a name that is another site than 127.0.0.1. Whoever comes is who `user` says. */
export class LocalProvider {
  readonly accounts = new Map<string, Account>();
  /** Who signs in next. */
  user = '';
  private handler: Handler = (_request, response) => void response.writeHead(503).end();
  private readonly key: JWK;
  private readonly server: Server;

  private constructor() {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    this.key = { ...privateKey.export({ format: 'jwk' }), kid: 'of-the-test', alg: 'RS256', use: 'sig' };
    this.server = createServer((request, response) => this.handler(request, response));
  }

  /** Listens, and answers 503 until it is `up`. */
  static async listen(): Promise<LocalProvider> {
    const provider = new LocalProvider();
    await new Promise<void>((resolve) => provider.server.listen(0, 'localhost', resolve));
    return provider;
  }

  get issuer(): string {
    return `http://localhost:${(this.server.address() as AddressInfo).port}`;
  }

  /** Serves as the provider of a client that people are sent back to at these addresses. */
  async up(redirectUris: readonly string[]): Promise<void> {
    const { default: Oidc } = await import('oidc-provider');
    const accounts = this.accounts;
    const provider = new Oidc(this.issuer, {
      clients: [
        {
          client_id: CLIENT.id,
          client_secret: CLIENT.secret,
          redirect_uris: redirectUris,
          grant_types: ['authorization_code', 'refresh_token'],
        },
      ],
      jwks: { keys: [this.key] },
      cookies: { keys: ['of-the-test'] },
      scopes: ['openid', 'profile', 'email', 'groups', 'offline_access'],
      claims: { openid: ['sub'], profile: ['name'], email: ['email', 'email_verified'], groups: ['groups'] },
      findAccount: (_context: unknown, id: string) => {
        const account = accounts.get(id);
        return account && { accountId: id, claims: () => ({ sub: id, email_verified: true, ...account }) };
      },
      interactions: { url: () => '/interaction' },
      issueRefreshToken: () => true,
      features: {
        devInteractions: { enabled: false },
        resourceIndicators: {
          enabled: true,
          getResourceServerInfo: () => ({ scope: 'openid', audience: AUDIENCE, accessTokenFormat: 'jwt' }),
        },
      },
      extraTokenClaims: (_context: unknown, { accountId }: { accountId?: string }) => ({
        groups: accounts.get(accountId ?? '')?.groups,
      }),
      loadExistingGrant: async (context: GrantContext) => {
        const { client, session, provider: own } = context.oidc;
        const grant = new own.Grant({ clientId: client.clientId, accountId: session.accountId });
        grant.addOIDCScope('openid profile email groups offline_access');
        grant.addResourceScope(AUDIENCE, 'openid');
        await grant.save();
        return grant;
      },
    });
    const serve = provider.callback();
    this.handler = (request, response) => {
      if (!request.url?.startsWith('/interaction')) return serve(request, response);
      return provider.interactionFinished(request, response, { login: { accountId: this.user } });
    };
  }

  /** Answers nobody any more, as an outage would. */
  down(): void {
    this.handler = (_request, response) => void response.writeHead(503).end();
  }

  /** A token with these claims, signed as the provider signs, or by somebody else. */
  async token(claims: object, header: object = {}, key: JWK | Uint8Array = this.key): Promise<string> {
    const bytes = new TextEncoder().encode(JSON.stringify(claims));
    return new CompactSign(bytes)
      .setProtectedHeader({ alg: 'RS256', kid: 'of-the-test', ...header })
      .sign(key);
  }

  /** What everybody may know of the key. */
  get publicKey(): JWK {
    const { kty = '', n = '', e = '' } = this.key;
    return { kty, n, e };
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

interface Grant {
  addOIDCScope(scope: string): void;
  addResourceScope(resource: string, scope: string): void;
  save(): Promise<unknown>;
}

interface GrantContext {
  readonly oidc: {
    readonly client: { readonly clientId: string };
    readonly session: { readonly accountId: string };
    readonly provider: { readonly Grant: new (of: object) => Grant };
  };
}
