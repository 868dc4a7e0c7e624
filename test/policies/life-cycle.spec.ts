import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { keepHouse } from '../../src/pipeline/housekeeping.js';
import { noticeText } from '../../src/notify/notice-text.js';
import { mutateAs, operators, registerModel } from '../support/asked.js';
import { keepPicture, openBrowser, openContext, watchedPage, type Watched } from '../support/browser.js';
import { launch, type Launched } from '../support/launch.js';

const NOW = new Date('2026-11-21T10:00:00Z');
const DAY = 86_400_000;
const SHIPPED = fileURLToPath(new URL('../../policies/default.yaml', import.meta.url));
const HIGH =
  'key: credit\ntask: binary\npositive: bad\nowner: olga\nwindow: 1h\nrisk: { impact: high, frequency: high }\n';

let directory: string;
let app: Launched;
let shipped: string;
const keys = new Map<string, string>();

const as = async <Payload>(name: string, field: string, type: string, input: object, selection: string) =>
  mutateAs<Payload>(app, keys.get(name) ?? '', { field, type, input, selection }); // prettier-ignore

const APPROVAL = 'approval { id state needed words { by isYes note } }';
interface Asked {
  readonly id: string;
  readonly state: string;
  readonly needed: number;
  readonly words: readonly object[];
}
const propose = async (name: string, yaml: string, more: object = {}) =>
  as<{ proposal: { state: string; approval: Asked; changes: readonly object[] } | null }>(
    name, 'policyPropose', 'PolicyProposeInput', { yaml, reason: 'calmer nights', ...more },
    `proposal { state version hash unknownChannels rehearsal { days windows concerned alerts { active added removed } messagesPerWeek { channel active candidate } } changes { path before after } ${APPROVAL} }`,
  ); // prettier-ignore
const decide = async (name: string, id: string, decision: 'APPROVE' | 'DECLINE' = 'APPROVE', more: object = {}) =>
  as<{ approval: Asked | null }>(name, 'approvalDecide', 'ApprovalDecideInput', { id, decision, note: 'looked at it', ...more }, APPROVAL); // prettier-ignore

/** The shipped policy under another number, with another owner so that it differs. */
const version = (n: number, owner = `owner-${n}`): string =>
  shipped.replace(/version: \d+/u, `version: ${n}`).replace(/owner: [\w-]+/u, `owner: ${owner}`);
/** What people were told of an approval. */
const told = (id: string): readonly string[] =>
  app.service.stages.deliveries
    .list()
    .flatMap(({ message }) =>
      message.type === 'approval_notice' && message.approvalId === id ? [noticeText(message)] : [],
    );
const inForce = async (): Promise<number | undefined> => {
  const { policies } = await app.query<{ policies: readonly { id: string; version: number }[] }>(
    '{ policies { id version } }',
  );
  return policies.find(({ id }) => id === 'default')?.version;
};

async function start(): Promise<void> {
  app = await launch({ now: app?.clock.now() ?? NOW, directory });
}

beforeAll(async () => {
  shipped = await readFile(SHIPPED, 'utf8');
  directory = await mkdtemp(join(tmpdir(), 'tidewatch-policies-'));
  await mkdir(join(directory, 'models'));
  await start();
  await registerModel(app, HIGH);
  const made = await operators(app, ['ada', 'bob', 'cleo', 'olga']);
  for (const [name, token] of made) keys.set(name, token);
}, 120_000);
afterAll(async () => {
  await app?.stop();
  await rm(directory, { recursive: true, force: true });
});

it('G-07: a policy is a draft that is rehearsed, agreed to by two others, in force, and the older one superseded', async () => {
  const before = (await inForce())!;
  const { proposal } = await propose('ada', version(before + 1));
  expect(proposal).toMatchObject({
    state: 'DRAFT',
    rehearsal: { days: 30, windows: 0, concerned: 0, alerts: { added: 0, removed: 0 } },
    unknownChannels: [],
    changes: [{ path: '/metadata/owner' }, { path: '/metadata/version', before, after: before + 1 }],
    approval: { state: 'PENDING', needed: 2, words: [] },
  });
  const { id } = proposal!.approval;
  const codes = async (name: string) => (await decide(name, id)).userErrors.map(({ code }) => code);
  expect([await codes('ada'), await codes('olga')]).toEqual([['own_request'], ['own_model']]);
  expect((await decide('bob', id, 'APPROVE', { hash: 'f'.repeat(64) })).userErrors).toMatchObject([
    { code: 'approval_changed' },
  ]);
  expect(await decide('bob', id)).toMatchObject({
    approval: { state: 'PENDING', words: [{ by: 'bob', isYes: true, note: 'looked at it' }] },
  });
  expect([await codes('bob'), await inForce()]).toEqual([['already_said'], before]);
  expect(await decide('cleo', id)).toMatchObject({ approval: { state: 'APPROVED' } });
  expect(await inForce()).toBe(before + 1);
  const { policyProposals } = await app.query<{ policyProposals: readonly object[] }>(
    '{ policyProposals(id: "default") { state changes { path before after } } }',
  );
  expect(policyProposals).toMatchObject([{ state: 'ACTIVE', changes: proposal!.changes }]);
  const { policyVersions } = await app.query<{ policyVersions: readonly object[] }>(
    '{ policyVersions(id: "default") { version file activatedBy { name } activeUntil reason approval { askedBy words { by } } changes { path } } }',
  );
  expect(policyVersions).toMatchObject([
    {
      version: before + 1,
      file: null,
      activatedBy: { name: 'cleo' },
      activeUntil: null,
      reason: 'calmer nights',
      approval: { askedBy: 'ada', words: [{ by: 'bob' }, { by: 'cleo' }] },
      changes: [{ path: '/metadata/owner' }, { path: '/metadata/version' }],
    },
    {
      version: before,
      file: expect.stringContaining('default.yaml') as string,
      activatedBy: { name: 'tidewatch' },
      activeUntil: NOW.toISOString(),
      reason: null,
      approval: null,
    },
  ]);
});

it('G-07: survives a restart with the older file, refuses another text under a number, and rolls back under a new one', async () => {
  const adopted = (await inForce())!;
  await app.stop();
  await start();
  expect(await inForce()).toBe(adopted);
  expect((await propose('ada', version(adopted, 'somebody'))).userErrors).toMatchObject([
    {
      code: 'policy_version_taken',
      message: expect.stringContaining(`give the changed text version ${adopted + 1}`) as string,
    },
  ]);
  expect((await propose('ada', 'kind: Policy')).userErrors[0]?.code).toBe('bad_policy');
  const { proposal } = await propose('ada', version(adopted + 1, 'tidewatch'), {
    activeFrom: new Date(NOW.getTime() + DAY).toISOString(),
  });
  await decide('bob', proposal!.approval.id);
  await decide('cleo', proposal!.approval.id);
  const state = async () =>
    (
      await app.query<{ policyProposals: readonly { state: string; version: number }[] }>(
        '{ policyProposals(id: "default") { state version } }',
      )
    ).policyProposals.map((one) => one.state);
  expect([await state(), await inForce()]).toEqual([['SCHEDULED', 'ACTIVE'], adopted]);
  app.clock.advance(DAY);
  await keepHouse(app.service.stages, app.service.checkpoints);
  expect([await state(), await inForce()]).toEqual([['ACTIVE', 'SUPERSEDED'], adopted + 1]);
});

it('what nobody decides expires, and what was overtaken is withdrawn', async () => {
  const next = (await inForce())! + 1;
  const first = (await propose('ada', version(next))).proposal!.approval.id;
  const second = (await propose('bob', version(next + 1, 'other'))).proposal!.approval.id;
  for (const name of ['ada', 'cleo']) await decide(name, second);
  await keepHouse(app.service.stages, app.service.checkpoints);
  const late = (await propose('ada', version(next + 2))).proposal!.approval.id;
  app.clock.advance(7 * DAY);
  expect((await decide('bob', late)).userErrors).toMatchObject([{ code: 'approval_expired' }]);
  await keepHouse(app.service.stages, app.service.checkpoints);
  const { approvals } = await app.query<{
    approvals: readonly { id: string; state: string; endedBecause: string }[];
  }>('{ approvals { id state endedBecause } }');
  expect(approvals.find(({ id }) => id === late)).toMatchObject({
    state: 'EXPIRED',
    endedBecause: 'nobody decided in time',
  });
  expect(approvals.find(({ id }) => id === first)).toMatchObject({
    state: 'WITHDRAWN',
    endedBecause: expect.stringContaining(`is older than ${next + 1}`) as string,
  });
  expect(told(late)).toEqual([
    expect.stringMatching(
      /^policy default version \d+ \(text [0-9a-f]{8}\) was not decided in time: 0 of 2 said yes until .* UTC; nothing changed/u,
    ),
  ]);
  expect(told(second)).toEqual([]);
});

it('a version takes over when two others agree, comes back at once, and waits for nobody where it is the first', async () => {
  const stage = async (name: string, version: string, to = 'CHAMPION', reason = 'better in shadow') =>
    as<{ approval: Asked | null }>(name, 'modelVersionStageChange', 'ModelVersionStageChangeInput', { model: 'credit', version, stage: to, reason }, APPROVAL); // prettier-ignore
  const register = async (version: string, to: string, reason?: string) =>
    as<{ approval: Asked | null }>('ada', 'modelVersionRegister', 'ModelVersionRegisterInput', { model: 'credit', version, stage: to, reason }, APPROVAL); // prettier-ignore
  const now = async () =>
    (
      await app.query<{ model: { deployments: readonly object[] } }>(
        '{ model(key: "credit") { deployments { version stage isRollBack approval reason actor { name } } } }',
      )
    ).model.deployments[0];
  expect(await register('1', 'CHAMPION')).toMatchObject({ approval: null, userErrors: [] });
  expect((await register('2', 'CHAMPION')).userErrors).toMatchObject([{ code: 'reason_missing' }]);
  const { id, state, needed } = (await register('2', 'CHAMPION', 'better in shadow')).approval!;
  expect([state, needed]).toEqual(['PENDING', 2]);
  expect(await now()).toMatchObject({ version: '2', stage: 'REGISTERED' });
  expect((await stage('ada', '2')).approval?.id).toBe(id);
  expect((await decide('ada', id)).userErrors).toMatchObject([{ code: 'own_request' }]);
  await decide('bob', id);
  expect(await decide('cleo', id)).toMatchObject({ approval: { state: 'APPROVED' }, userErrors: [] });
  expect(await now()).toMatchObject({
    version: '2', stage: 'CHAMPION', isRollBack: false, approval: id, reason: 'better in shadow', actor: { name: 'ada' },
  }); // prettier-ignore
  const waiting = (await register('3', 'CHAMPION', 'newer')).approval!.id;
  await keepHouse(app.service.stages, app.service.checkpoints);
  await keepHouse(app.service.stages, app.service.checkpoints);
  expect(told(waiting)).toEqual([
    expect.stringMatching(
      /^version 3 of credit takes over from 2 waits for a yes or no: ada asked, and 2 others have to agree until .* UTC: newer$/u,
    ),
  ]);
  expect((await stage('bob', '1', 'CHAMPION', ' ')).userErrors).toMatchObject([{ code: 'reason_missing' }]);
  expect(await stage('bob', '1', 'CHAMPION', 'it refuses everybody')).toMatchObject({
    approval: null,
    userErrors: [],
  });
  expect(await now()).toMatchObject({ version: '1', stage: 'CHAMPION', isRollBack: true, approval: null });
  expect((await decide('cleo', waiting)).userErrors).toMatchObject([{ code: 'approval_changed' }]);
  expect((await stage('bob', '2')).approval).toMatchObject({ state: 'PENDING', needed: 2 });
});

it('G-02: a lower risk tier takes a reason and a second person, and is void when the model changed meanwhile', async () => {
  const low = HIGH.replace('impact: high, frequency: high', 'impact: low, frequency: low');
  const register = async (yaml: string, reason?: string) =>
    as<{ approval: Asked | null }>('ada', 'modelRegister', 'ModelRegisterInput', { yaml, reason }, APPROVAL);
  const tier = async () =>
    (await app.query<{ model: { riskTier: string } }>('{ model(key: "credit") { riskTier } }')).model
      .riskTier;
  expect((await register(low)).userErrors).toMatchObject([{ code: 'reason_missing' }]);
  const first = (await register(low, 'the product was closed')).approval!;
  expect([first.state, await tier()]).toEqual(['PENDING', 'HIGH']);
  // Described anew: whoever agrees now would agree to something else than was asked.
  expect((await register(`${HIGH}purpose: cards\n`, 'a new product')).approval).toBeNull();
  expect((await decide('bob', first.id)).userErrors).toMatchObject([{ code: 'approval_changed' }]);
  const { id } = (await register(`${low}purpose: cards\n`, 'the product was closed')).approval!;
  const asked = await app.query<{ approval: object }>(
    `{ approval(id: "${id}") { changes { path before after } } }`,
  );
  expect(asked.approval).toEqual({
    changes: [
      { path: '/risk/frequency', before: 'high', after: 'low' },
      { path: '/risk/impact', before: 'high', after: 'low' },
    ],
  });
  expect((await decide('ada', id)).userErrors).toMatchObject([{ code: 'own_request' }]);
  expect([(await decide('bob', id)).approval?.state, await tier()]).toEqual(['APPROVED', 'LOW']);
  const { model } = await app.query<{ model: { descriptions: readonly { data: object; actor: object }[] } }>(
    '{ model(key: "credit") { descriptions { data actor { name } } } }',
  );
  expect(model.descriptions[0]).toMatchObject({
    actor: { name: 'ada' },
    data: { reason: 'the product was closed', approval: id },
  });
});

it('G-07: pages try a text, propose it and take the yes of somebody else, bound to what they show', async () => {
  const next = (await inForce())! + 1;
  const browser = await openBrowser();
  const as = async (name: string): Promise<Watched> => {
    const context = await openContext(browser, { width: 1280, scheme: 'light' });
    await context.addCookies([{ name: 'tidewatch_key', value: keys.get(name)!, url: app.url }]);
    return watchedPage(context);
  };
  const [asker, other] = [await as('ada'), await as('bob')];
  const { page } = asker;
  await page.goto(`${app.url}/policies`);
  await page.click('a:text-is("Try or propose another text")');
  await page.fill('textarea', version(next).replace('kind: Policy', 'kind: Polcy'));
  await page.click('button:text-is("Try it")');
  expect(await page.locator('[role=alert]').innerText()).toContain('policy.yaml:');
  await page.fill('textarea', version(next));
  await page.fill('[name=reason]', 'fewer <messages>');
  await page.click('button:text-is("Try it")');
  expect(await page.locator('main').innerText()).toMatch(
    /Nothing of it could be tried[\s\S]*0 windows of the last 30 days judged again[\s\S]*messages a week to default/u,
  );
  await keepPicture(page, 'policy-propose');
  await page.click('button:text-is("Propose")');
  const path = new URL(page.url()).pathname;
  expect(path).toMatch(/^\/approvals\/[0-9a-f]{32}$/u);
  expect(await page.locator('main').innerText()).toMatch(
    /pending[\s\S]*fewer <messages>[\s\S]*0 of 1[\s\S]*\/metadata\/version[\s\S]*In words[\s\S]*rule drift:/u,
  );
  await keepPicture(page, 'approval');
  await page.click('button:text-is("Approve")');
  expect(await page.locator('main').innerText()).toContain('somebody else approves it');
  await other.page.goto(`${app.url}/approvals`);
  await keepPicture(other.page, 'approvals');
  await other.page.click(`a[href="${path}"]`);
  await other.page.fill('form:has(button:text-is("Approve")) [name=note]', 'tried it too');
  await other.page.click('button:text-is("Approve")');
  await other.page.waitForSelector('.state:text-is("approved")');
  expect(await other.page.locator('main').innerText()).toMatch(/bob: yes[\s\S]*tried it too/u);
  expect(await inForce()).toBe(next);
  await other.page.goto(`${app.url}/policies/default`);
  expect(await other.page.locator('main').innerText()).toMatch(
    /In words[\s\S]*rule drift:[\s\S]*Text in force[\s\S]*Version \d+[\s\S]*fewer <messages>/u,
  );
  await keepPicture(other.page, 'policy');
  const { origin } = new URL(app.url);
  const foreign = {
    method: 'POST',
    headers: { cookie: `tidewatch_key=${keys.get('bob')}`, origin: 'https://evil.example' },
  };
  expect(
    (await fetch(`${origin}${path}`, { ...foreign, body: new URLSearchParams({ decision: 'approve' }) }))
      .status,
  ).toBe(403);
  expect(other.problems).toEqual([]);
  await browser.close();
}, 120_000);

it('G-02: what waits asks for as many people as its models ask for when the yes is said', async () => {
  const register = async (yaml: string) =>
    as<{ approval: Asked | null }>('ada', 'modelRegister', 'ModelRegisterInput', { yaml }, APPROVAL);
  const { approval } = (await propose('ada', version((await inForce())! + 50))).proposal!;
  expect(approval).toMatchObject({ state: 'PENDING', needed: 1 });
  expect((await register(`${HIGH}purpose: cards\n`)).approval).toBeNull();
  expect((await decide('bob', approval.id)).approval).toMatchObject({ state: 'PENDING', needed: 2 });
  expect((await decide('cleo', approval.id)).approval).toMatchObject({ state: 'APPROVED' });
});

const withdraw = async (name: string, id: string, reason: string) =>
  as<{ approval: (Asked & { endedBecause: string | null }) | null }>(name, 'approvalWithdraw', 'ApprovalWithdrawInput', { id, reason }, 'approval { id state needed endedBecause words { by isYes note } }'); // prettier-ignore

it('G-07: one text waits once, and who asked takes it back without a permission to approve', async () => {
  const { keyCreate } = await app.query<{ keyCreate: { token: string } }>(
    'mutation { keyCreate(input: { name: "oda", role: OPERATOR, owner: "oda" }) { token } }',
  );
  keys.set('oda', keyCreate.token);
  const text = version((await inForce())! + 1).replaceAll('channels: [default]', 'channels: [nowhere]');
  const { proposal } = await propose('oda', text);
  const { id } = proposal!.approval;
  expect(proposal).toMatchObject({ unknownChannels: ['nowhere'] });
  expect((await propose('bob', text)).userErrors).toEqual([
    {
      code: 'policy_version_taken',
      message: expect.stringMatching(
        new RegExp(`waits already: oda asked for exactly this text .*${id}`, 'u'),
      ) as string,
    },
  ]);
  const other = text.replaceAll('nowhere', 'elsewhere');
  expect((await propose('bob', other)).userErrors[0]?.message).toContain(
    `oda asked for another text under this number (tidewatch approval show ${id})`,
  );
  const past = new Date(app.clock.now().getTime() - 1).toISOString();
  expect((await propose('bob', version(900), { activeFrom: past })).userErrors).toMatchObject([
    { code: 'start_over', message: `from: ${past} is over: name a later time, or leave it out for as soon as enough people agreed` },
  ]); // prettier-ignore
  expect((await withdraw('bob', id, 'not mine')).userErrors).toMatchObject([{ code: 'not_yours' }]);
  expect((await withdraw('oda', id, ' ')).userErrors).toMatchObject([{ code: 'reason_missing' }]);
  expect(await withdraw('oda', id, 'a slip')).toMatchObject({
    approval: { state: 'WITHDRAWN', words: [{ by: 'oda', isYes: false, note: 'a slip' }] },
  });
  expect((await propose('bob', text)).proposal).toMatchObject({ state: 'DRAFT' });
});

it('G-07: what was agreed to for a later day is told as such, once, and called off with a reason', async () => {
  const next = (await inForce())! + 5;
  const day = new Date(app.clock.now().getTime() + DAY).toISOString();
  const { id } = (await propose('ada', version(next), { activeFrom: day })).proposal!.approval;
  for (const name of ['bob', 'cleo']) await decide(name, id);
  expect((await propose('ada', version(next))).userErrors[0]?.message).toMatch(
    /was agreed to with exactly this text and comes into force on/u,
  );
  expect((await propose('ada', version(next, 'other'))).userErrors[0]?.message).toContain(
    `was agreed to with another text, which comes into force on ${day}`,
  );
  expect(await withdraw('cleo', id, 'not before the audit')).toMatchObject({
    approval: { state: 'WITHDRAWN', endedBecause: 'called off by cleo: not before the audit' },
  });
  app.clock.advance(2 * DAY);
  await keepHouse(app.service.stages, app.service.checkpoints);
  expect(await inForce()).toBe(next - 5);
  expect((await propose('ada', version(next, 'other'))).proposal).toMatchObject({ state: 'DRAFT' });
});
