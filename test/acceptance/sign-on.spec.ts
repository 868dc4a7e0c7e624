import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { keepPicture, openBrowser, openContext, watchedPage } from '../support/browser.js';
import { AUDIENCE, CLIENT, LocalProvider } from '../support/identity-provider.js';
import { permissionsOf } from '../../src/domain/roles.js';
import { launch, type Launched } from '../support/launch.js';
import { rootFields } from '../support/root-fields.js';
import { Visitor } from '../support/visitor.js';

const ROLES =
  'analysts=analyst;admins=admin;ml-ops=operator;risk=validator;internal audit=auditor;scoring=ingest;owners=model_owner;staff=viewer';
const GROUPS = { staff: 'viewer', analysts: 'analyst', 'ml-ops': 'operator', owners: 'model_owner', risk: 'validator', 'internal audit': 'auditor', admins: 'admin', scoring: 'ingest' } as const; // prettier-ignore
const MINUTE = 60_000;
const AWAY = 'does without a provider that is away: it is named, and keys work';

interface Events {
  readonly auditEvents: { readonly nodes: readonly Event[] };
}
interface Event {
  readonly actor: { readonly id: string };
  readonly subject: object;
  readonly data: object;
}

/** People of an identity provider at a service, from the first start on, when the provider is not there yet. */
describe('single sign-on', () => {
  let provider: LocalProvider;
  let app: Launched;

  beforeAll(async () => {
    provider = await LocalProvider.listen();
    app = await launch({
      now: new Date(),
      environment: {
        TIDEWATCH_OIDC_ISSUER: provider.issuer,
        TIDEWATCH_OIDC_CLIENT_ID: CLIENT.id,
        TIDEWATCH_OIDC_CLIENT_SECRET: CLIENT.secret,
        TIDEWATCH_OIDC_SCOPES: 'openid profile email groups',
        TIDEWATCH_OIDC_AUDIENCE: AUDIENCE,
        TIDEWATCH_OIDC_ROLES: ROLES,
        TIDEWATCH_SESSIONS_PER_PERSON: '2',
        TIDEWATCH_WEBHOOK_ALLOW: '127.0.0.0/8,::1/128',
      },
    });
    const person = (name: string, groups: readonly string[]) =>
      provider.accounts.set(name.toLowerCase(), { name, email: `${name.toLowerCase()}@example.org`, groups });
    person('Ana', ['risk', 'staff']);
    person('Ole', ['owners']);
    person('Max', ['cooks']);
    person('Sam', ['scoring']);
    person('Eve', ['internal audit']);
  }, 120_000);
  afterAll(async () => {
    await app?.close();
    await provider?.close();
  });

  let isUp = false;
  const bringUp = async () => {
    if (isUp) return;
    isUp = true;
    await provider.up([`${app.url}/sign-in/callback`]);
    app.clock.advance(11_000);
  };
  // Each test but that of its absence finds the provider there, whichever ran before.
  beforeEach(async ({ task }) => (task.name === AWAY ? undefined : bringUp()));

  const signIn = async (user: string, next = '/', visitor = new Visitor()) => {
    provider.user = user;
    const page = await visitor.get(`${app.url}/sign-in/start?next=${encodeURIComponent(next)}`);
    return { visitor, status: page.status, text: await page.text(), at: visitor.trail.at(-1) };
  };
  const graphql = async <Data = object>(token: string, query: string) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const response = await fetch(`${app.url}/graphql`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ query }),
    });
    return (await response.json()) as {
      data?: Data;
      errors?: { message: string; extensions: { code: string } }[];
    };
  };
  const claims = (of: object = {}) => {
    const now = Math.floor(app.clock.now().getTime() / 1000);
    return {
      iss: provider.issuer,
      aud: AUDIENCE,
      sub: 'ana',
      exp: now + 300,
      iat: now,
      groups: ['ml-ops'],
      ...of,
    };
  };

  it(AWAY, async () => {
    const ready = await fetch(`${app.url}/health/ready`);
    expect(ready.status).toBe(200);
    expect(await ready.json()).toMatchObject({ status: 'degraded', parts: { 'sign-on': expect.stringContaining('does not answer') } }); // prettier-ignore
    const { status, text } = await signIn('ana');
    expect(status).toBe(503);
    expect(text).toContain('a key works');
    expect((await app.query<{ models: object }>('{ models { totalCount } }')).models).toEqual({
      totalCount: 0,
    });

    await bringUp();
    expect((await fetch(`${app.url}/sign-in/start`, { redirect: 'manual' })).status).toBe(303);
    expect(await (await fetch(`${app.url}/health/ready`)).json()).toMatchObject({
      parts: { 'sign-on': 'ok' },
    });
  });

  it('signs a person in, whom the ledger knows by an id and people by name', async () => {
    const { visitor, status, text, at } = await signIn('ana', '/audit');
    expect([status, at]).toEqual([200, `${app.url}/audit`]);
    expect(text).toContain('Ana');
    const held = visitor.set.find((one) => one.startsWith('tidewatch_session=')) ?? '';
    expect(held).toMatch(/; Path=\/; HttpOnly; SameSite=Lax$/);
    const { auditEvents } = await app.query<Events>(
      '{ auditEvents(first: 1, filter: { actions: ["person.signed_in"] }) { nodes { actor { type id name sub owner } data subject { type id } } } }',
    );
    const { actor, subject, data } = auditEvents.nodes[0]!;
    expect(actor).toMatchObject({ type: 'user', name: 'Ana', sub: 'ana', owner: null });
    expect(subject).toEqual({ type: 'person', id: actor.id });
    expect(JSON.stringify([actor.id, data]).toLowerCase()).not.toContain('ana');
    expect(data).toMatchObject({ roles: ['validator', 'viewer'] });
    await visitor.send(`${app.url}/audit?action=key.created`);
    const { auditEvents: reads } = await app.query<Events>(
      '{ auditEvents(filter: { actions: ["audit.read"] }) { nodes { actor { name } data } } }',
    );
    expect(reads.nodes).toMatchObject([{ actor: { name: 'Ana' }, data: { filter: {} } }]);
  });

  it('lists who signed in, and erases a name with its bytes: what they did stays, and a key of theirs counts as theirs', async () => {
    const { visitor } = await signIn('ana', '/audit');
    const people = async () =>
      (await app.query<{ people: { id: string; name: string; email: string | null; signIns: number }[] }>('{ people { id name email signIns } }')).people;
    const { id, email } = (await people()).find(({ name }) => name === 'Ana')!;
    const erase = async (reason: string) =>
      (
        await app.query<{ personErase: { id: string | null; userErrors: readonly { code: string }[] } }>(
          'mutation ($input: PersonEraseInput!) { personErase(input: $input) { id userErrors { code } } }',
          { input: { id, reason } },
        )
      ).personErase;
    expect((await erase(' ')).userErrors).toMatchObject([{ code: 'reason_missing' }]);
    expect(await erase('left the bank')).toEqual({ id, userErrors: [] });
    expect((await people()).map((one) => one.id)).not.toContain(id);
    expect((await erase('again')).userErrors).toMatchObject([{ code: 'person_not_found' }]);
    expect(app.service.names.personOf(email!.toUpperCase())).toBe(id);
    const { auditEvents } = await app.query<{ auditEvents: { nodes: readonly object[] } }>(
      '{ auditEvents(first: 1, filter: { actions: ["person.erased"] }) { nodes { subject { id } data } } }',
    );
    expect(auditEvents.nodes).toMatchObject([{ subject: { id }, data: { reason: 'left the bank' } }]);
    expect(JSON.stringify(auditEvents).toLowerCase()).not.toContain(email!.toLowerCase());
    const [row] = await app.service.database.query<{ n: number }>(
      `SELECT count() AS n FROM people WHERE id = '${id}'`,
    );
    expect(row?.n).toBe(0);
    expect(await app.service.ledger.verify()).toMatchObject({ valid: true });
    await visitor.get(`${app.url}/audit`);
    expect(app.service.sessions.list(app.clock.now(), id).length).toBe(0);
    app.clock.advance(1000);
    await signIn('ana');
    expect((await people()).map((one) => one.name)).toContain('Ana');
  }); // prettier-ignore

  it('gives a person the roles that the provider names now, once its word is over', async () => {
    const { visitor } = await signIn('ana');
    const page = async (path: string) => (await visitor.send(`${app.url}${path}`)).status;
    provider.accounts.get('ana')!.groups = ['staff'];
    expect(await page('/audit')).toBe(200);
    app.clock.advance(61 * MINUTE);
    expect([await page('/audit'), await page('/')]).toEqual([403, 200]);
    const { auditEvents } = await app.query<Events>(
      '{ auditEvents(first: 1, filter: { actions: ["person.roles_changed"] }) { nodes { actor { name } data } } }',
    );
    expect(auditEvents.nodes).toMatchObject([
      { actor: { name: 'Ana' }, data: { roles: ['viewer'], before: ['validator', 'viewer'] } },
    ]);
    provider.accounts.get('ana')!.groups = ['risk', 'staff'];
  });

  it('ends a sign-in when the person leaves, looks away for long, or signs in once too often', async () => {
    const { visitor } = await signIn('eve');
    const page = async (one: Visitor) => (await one.send(`${app.url}/audit`)).status;
    expect(await page(visitor)).toBe(200);
    const form = { method: 'POST', headers: { origin: app.url } };
    const left = visitor.cookie('127.0.0.1', 'tidewatch_session') ?? '';
    expect((await visitor.send(`${app.url}/sign-out`, form)).status).toBe(303);
    const thief = { headers: { cookie: `tidewatch_session=${left}` } };
    expect((await fetch(`${app.url}/audit`, thief)).status).toBe(401);

    const [first, second, third] = [await signIn('eve'), await signIn('eve'), await signIn('eve')];
    expect(await Promise.all([first, second, third].map((one) => page(one.visitor)))).toEqual([
      401, 200, 200,
    ]);
    app.clock.advance(119 * MINUTE);
    expect(await page(third.visitor)).toBe(200);
    app.clock.advance(119 * MINUTE);
    expect([await page(second.visitor), await page(third.visitor)]).toEqual([401, 200]);
  });

  it('does not let in who has no role, nor who comes back with another sign-in than they began', async () => {
    const { status, text, visitor } = await signIn('max');
    expect(status).toBe(401);
    expect(text).toContain('Max, you have no role here: your groups are cooks');
    expect((await visitor.send(`${app.url}/`)).status).toBe(401);
    const forged = await visitor.send(`${app.url}/sign-in/callback?code=x&state=y`);
    expect(forged.status).toBe(401);
    expect(await forged.text()).toContain('not begun here');
  });

  it('takes tokens of people at every door of the API, and no others', async () => {
    const { token, publicKey } = { token: async (of?: object) => provider.token(claims(of)), publicKey: provider.publicKey }; // prettier-ignore
    const good = await graphql(await token(), '{ models { totalCount } }');
    expect(good).toEqual({ data: { models: { totalCount: 0 } } });
    const now = Math.floor(app.clock.now().getTime() / 1000);
    const foreign = await LocalProvider.listen();
    const wrong = [
      await token({ exp: now - 31 }),
      await token({ aud: 'somebody-else' }),
      await token({ iss: 'http://localhost:1' }),
      await token({ exp: undefined }),
      await token({ sub: undefined }),
      await token({ events: { 'http://schemas.openid.net/event/backchannel-logout': {} } }),
      await foreign.token(claims()),
      // The public key as a secret, which verifiers that trust the header take.
      await provider.token(claims(), { alg: 'HS256' }, new TextEncoder().encode(JSON.stringify(publicKey))),
      `${Buffer.from('{"alg":"none"}').toString('base64url')}.${(await token()).split('.')[1] ?? ''}.AA`,
    ];
    await foreign.close();
    for (const one of wrong) {
      const { data, errors } = await graphql(one, '{ models { totalCount } }');
      expect([data, errors?.[0]?.extensions.code], one).toEqual([null, 'UNAUTHENTICATED']);
      app.clock.advance(6_000);
    }
    const ends = new Date(app.clock.now().getTime() + MINUTE).toISOString();
    const cook = await graphql(await token({ groups: ['cooks'] }), '{ models { totalCount } }');
    expect(cook.errors?.[0]).toMatchObject({
      message: expect.stringMatching(
        /^Ana may not look at models.*: that takes the role viewer or analyst/u,
      ) as string,
      extensions: { code: 'FORBIDDEN' },
    });
    const { data } = await graphql<{ silenceCreate: object }>(await token(), `mutation { silenceCreate(input: { matchers: [{ name: "model", value: "m" }], endsAt: "${ends}", comment: "x" }) { silence { createdBy } userErrors { message } } }`); // prettier-ignore
    expect(data?.silenceCreate).toMatchObject({ silence: { createdBy: 'Ana' } });
  });

  it('takes events from a person who may send them, and a cookie at no door of the API', async () => {
    const event = '{"type":"prediction","prediction_id":"p","model":"none","ts":0,"prediction":{"value":1}}';
    const send = async (headers: Record<string, string>) =>
      (await fetch(`${app.url}/v1/predictions`, { method: 'POST', body: event, headers })).status;
    const token = async (groups: readonly string[]) => provider.token(claims({ sub: 'sam', groups }));
    expect(await send({ authorization: `Bearer ${await token(['scoring'])}` })).toBe(200);
    expect(await send({ authorization: `Bearer ${await token(['staff'])}` })).toBe(403);
    const { visitor } = await signIn('sam');
    const cookie = `tidewatch_session=${visitor.cookie('127.0.0.1', 'tidewatch_session') ?? ''}`;
    expect(await send({ cookie })).toBe(401);
  });

  it('G-20: opens to every role what its permissions say, of every field and model, and nothing else', async () => {
    for (const [key, owner] of [['mine', 'ole@example.org'], ['theirs', 'ana@example.org']]) // prettier-ignore
      await app.query(`mutation { modelRegister(input: { yaml: "key: ${key}\\ntask: regression\\nowner: ${owner}" }) { userErrors { message } } }`); // prettier-ignore
    const fields = await rootFields();
    const isForbidden = async (token: string, document: string) => {
      const code = (await graphql(token, document)).errors?.[0]?.extensions.code;
      expect([document, code]).not.toEqual([document, 'UNAUTHENTICATED']);
      return code === 'FORBIDDEN';
    };
    for (const [group, role] of Object.entries(GROUPS)) {
      const who = { sub: 'ole', groups: [group], email: 'ole@example.org', email_verified: true };
      const token = await provider.token(claims(who));
      const may = permissionsOf([role]);
      for (const { name, kind, need, document } of fields) {
        // What changes something is asked for by those alone who may not.
        if (kind === 'mutation' && (may.includes(need) || (need === 'operate' && role === 'model_owner')))
          continue;
        expect([role, name, await isForbidden(token, document('mine'))]).toEqual([
          role,
          name,
          !may.includes(need),
        ]);
      }
    }
    const ole = await provider.token(claims({ sub: 'ole', groups: ['owners'], email: 'ole@example.org', email_verified: true })); // prettier-ignore
    const reset = fields.find(({ name }) => name === 'retrainingBreakerReset')!;
    expect(await isForbidden(ole, reset.document('mine'))).toBe(false);
    expect(await isForbidden(ole, reset.document('theirs'))).toBe(true);
  });

  it('slows down who guesses at the way back from the provider', async () => {
    const visitor = new Visitor();
    const statuses: number[] = [];
    for (let i = 0; i < 14; i++)
      statuses.push((await visitor.send(`${app.url}/sign-in/callback?code=${i}&state=x`)).status);
    expect(statuses.at(0)).toBe(401);
    expect(statuses.at(-1)).toBe(429);
    app.clock.advance(MINUTE);
  });

  it('leads a real browser to the provider and back, and shows who it is', async () => {
    const browser = await openBrowser();
    try {
      const context = await openContext(browser, { width: 1280, scheme: 'light' });
      const { page, problems } = await watchedPage(context);
      provider.user = 'eve';
      await page.goto(`${app.url}/audit`);
      (problems as string[]).length = 0; // the browser calls a 401 a console error
      await keepPicture(page, 'sign-in-provider');
      await page.click('text=Sign in with localhost');
      await page.waitForURL(`${app.url}/audit`);
      expect(await page.locator('.account').innerText()).toContain('Eve');
      expect(await page.locator('nav').innerText()).toContain('Audit');
      await keepPicture(page, 'signed-in-person');
      await page.click('text=Sign out');
      await page.waitForURL(`${app.url}/sign-in`);
      expect(problems).toEqual([]);
    } finally {
      await browser.close();
    }
  });
});
