import { execFile } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyStore } from '../../src/cli/audit-verify.js';
import { isPack, verifyPack } from '../../src/cli/audit-verify-pack.js';
import { openCheckpoint } from '../../src/ledger/checkpoint.js';
import { verifyInclusion } from '../../src/ledger/merkle-proof.js';
import { leafHash } from '../../src/ledger/merkle.js';
import { sealEntry } from '../../src/ledger/sealed-entry.js';
import { untar } from '../../src/ledger/untar.js';
import { verifyExport } from '../../src/ledger/verify-export.js';
import { keepHouse } from '../../src/pipeline/housekeeping.js';
import { KEY_BYTES, Keys } from '../../src/registry/keys.js';
import { registerModel } from '../support/asked.js';
import { ADMIN_KEY, launch, type Launched } from '../support/launch.js';
import { WitnessServer } from '../support/witness-server.js';

const HOUR = 3_600_000;
let app: Launched;
let sink: string;

beforeAll(async () => {
  app = await launch({ now: new Date('2026-11-21T10:00:00Z') });
  const { directory } = app;
  sink = join(directory, 'elsewhere.ndjson');
  await mkdir(join(directory, 'law'));
  await law(1, 0.1);
  await app.stop();
  await again();
});
afterAll(async () => app?.close());

/** The service once more on its data, publishing checkpoints to the sink. */
async function again(): Promise<void> {
  const { directory, clock } = app;
  const environment = { TIDEWATCH_CHECKPOINT_SINK: sink, TIDEWATCH_POLICIES_DIR: join(directory, 'law') };
  app = await launch({ now: clock.now(), directory, environment });
}

async function law(version: number, limit: number): Promise<void> {
  const text = `apiVersion: tidewatch/v1
kind: Policy
metadata: { id: house, version: ${version}, owner: risk }
spec: { rules: [{ id: drift, when: value > ${limit}, levels: [{ severity: info }] }] }
`;
  await writeFile(join(app.directory, 'law', 'house.yaml'), text);
}

async function register(key: string): Promise<void> {
  await registerModel(app, `key: ${key}\ntask: regression\n`);
}

const house = async (): Promise<void> => keepHouse(app.service.stages, app.service.checkpoints);
const fetched = async (path: string): Promise<Response> =>
  fetch(`${app.url}${path}`, { headers: { authorization: `Bearer ${ADMIN_KEY}` } });
const metric = async (name: string): Promise<number> => {
  const found = await app.service.options.metrics.registry.getSingleMetric(`tidewatch_${name}`)?.get();
  return found?.values[0]?.value ?? NaN;
};

const execute = promisify(execFile);

/** The files of a tar archive, by a reader that knows as much of the format as it takes. */
interface Proof {
  readonly entry: string;
  readonly hash: string;
  readonly path: readonly string[];
  readonly size: number;
  readonly checkpoint: { readonly note: string; readonly verifierKey: string };
}

describe('the ledger', () => {
  it('is in the metrics from the first request on, before any beat', async () => {
    const { size } = app.service.ledger;
    expect([await metric('ledger_intact'), await metric('ledger_entries')]).toEqual([1, size]);
    expect(await metric('ledger_refused_entries')).toBe(0);
  });

  it('proves that an entry stands in the log that was signed', async () => {
    await register('loan');
    const { auditProof } = await app.query<{ auditProof: Proof }>(
      '{ auditProof(seq: 3) { entry hash path size checkpoint { note verifierKey } } }',
    );
    const { entry, hash, path, size, checkpoint } = auditProof;
    const head = openCheckpoint(checkpoint.note, checkpoint.verifierKey);
    expect(leafHash(entry).toString('hex')).toBe(hash);
    const proof = path.map((step) => Buffer.from(step, 'hex'));
    const root = Buffer.from(head.root, 'hex');
    expect(verifyInclusion({ leaf: leafHash(entry), index: 2, size, proof, root })).toBe(true);
    expect(verifyInclusion({ leaf: leafHash(entry), index: 1, size, proof, root })).toBe(false);
    await expect(app.query('{ auditProof(seq: 4000) { hash } }')).rejects.toThrow(
      `the log of ${app.service.ledger.size} entries has places 1 to ${app.service.ledger.size}, not 4000`,
    );
    await expect(app.query('{ auditProof(seq: 1, size: 4000) { hash } }')).rejects.toThrow(/not 4000/);
  });

  it('publishes a checkpoint an hour, also where the service cannot rewrite', async () => {
    await house(); // the stop of the first service published: too early for another
    await register('rent');
    app.clock.advance(HOUR);
    await house();
    const { auditCheckpoints } = await app.query<{
      auditCheckpoints: readonly { readonly size: number; readonly publishedAt: string }[];
    }>('{ auditCheckpoints { size publishedAt } }');
    const published = (await readFile(sink, 'utf8')).trimEnd().split('\n');
    expect(auditCheckpoints[0]).toEqual({
      size: app.service.ledger.size,
      publishedAt: app.clock.now().toISOString(),
    });
    expect(auditCheckpoints).toHaveLength(2);
    expect(published).toHaveLength(1); // there was no sink yet at that stop
    expect([await metric('ledger_intact'), await metric('ledger_entries')]).toEqual([
      1,
      app.service.ledger.size,
    ]);
  });

  it('G-07: holds the text of every policy, of which a version number has one', async () => {
    const { clock } = app;
    await app.stop();
    await law(1, 0.2);
    await expect(again()).rejects.toThrow(
      /house\.yaml: version 1 of house has been in force with another text/,
    );
    await law(2, 0.2);
    await again();
    const { policyVersions } = await app.query<{ policyVersions: readonly object[] }>(
      '{ policyVersions(id: "house") { version activeUntil content changes { path before after } } }',
    );
    expect(policyVersions).toMatchObject([
      {
        version: 2,
        activeUntil: null,
        changes: [
          { path: '/metadata/version', before: 1, after: 2 },
          { path: '/spec/rules/drift/when', before: 'value > 0.1', after: 'value > 0.2' },
        ],
      },
      { version: 1, activeUntil: clock.now().toISOString(), changes: [] },
    ]);
    await expect(app.query('{ policyVersions(id: "hause") { version } }')).rejects.toThrow(
      /id: "hause" is not known; known: high-risk, house, default/,
    );
  });

  it('proves an entry on a page, and says where there is none', async () => {
    const page = async (path: string) => {
      const answer = await fetched(path);
      return [answer.status, await answer.text()] as const;
    };
    const [status, text] = await page('/audit/1');
    expect(status).toBe(200);
    for (const said of ['Entry 1', 'proved', app.service.checkpoints.verifierKey])
      expect(text.replaceAll('&#43;', '+')).toContain(said);
    expect(text).not.toContain('not proved');
    expect(await page('/audit')).toMatchObject([200, expect.stringContaining('href="/audit/1"') as string]);
    for (const wrong of ['99999', '0', 'x', '1.5']) expect((await page(`/audit/${wrong}`))[0]).toBe(404);
    expect(await page('/audit?action=key.stolen')).toMatchObject([
      404,
      expect.stringContaining('No action is called') as string,
    ]);
  });

  it('shows a key that somebody wrote into the stopped store, and does not obey it', async () => {
    const { ledger, database } = app.service;
    const wish = { name: 'mallory', scopes: ['admin'], actor: { type: 'system', id: 'tidewatch' } } as const;
    const { token, entries } = new Keys().create(wish, Buffer.alloc(KEY_BYTES, 7), app.clock.now());
    const seq = ledger.size + 1;
    await database.insert('ledger', [sealEntry(entries[0]!, seq, 'forger')]);
    await app.stop();
    await again();
    // an export of the first second says so as well: no signature stands behind a row of which nothing is said
    const early = await (await fetched('/v1/audit/export')).text();
    expect((await verifyExport(early.trimEnd().split('\n'))).notes).toEqual([
      `entry ${seq} was not written by the service, which did not obey it: entry ${seq + 1} says so`,
    ]);
    await house();

    const answer = await fetch(`${app.url}/v1/audit/export`, {
      headers: { authorization: `Bearer ${token}` },
    });
    expect(answer.status).toBe(401);
    const readiness = async () => (await (await fetched('/health/ready')).json()) as object;
    expect(await readiness()).toMatchObject({
      status: 'degraded',
      parts: { ledger: expect.stringContaining(`the first is entry ${seq} (key.created)`) as string },
    });
    const asked = await app.query(
      '{ auditEvents(filter: { actions: ["key.created"] }, first: 1) { nodes { seq isRefused } } auditRefusals { seq action isReviewed } auditVerification { valid } }',
    );
    expect(asked).toEqual({
      auditEvents: { nodes: [{ seq, isRefused: true }] },
      auditRefusals: [{ seq, action: 'key.created', isReviewed: false }],
      auditVerification: { valid: true }, // it is accounted for
    });
    const verified = await verifyStore({ url: app.url, key: ADMIN_KEY });
    expect(verified.ok).toBe(false);
    expect(verified.lines.join('\n')).toMatch(
      new RegExp(
        `^what this service wrote of the ledger is intact: .*1 row of it somebody else wrote into the database: entry ${seq} \\(key\\.created, in the name of tidewatch\\)`,
        'su',
      ),
    );
    expect(await (await fetched('/audit')).text()).toContain('not obeyed');
    for (const period of [
      'since=2026-01-02&until=2026-01-01',
      'since=2026-01-02&until=2026-01-02',
      'since=2026-01-02T10:00',
    ])
      expect((await fetched(`/v1/audit/export?${period}`)).status).toBe(400);
    const told = app.service.stages.deliveries.list().filter(({ purpose }) => purpose === 'ledger_notice');
    expect(told.map(({ message }) => 'summary' in message && message.summary)).toEqual([
      expect.stringContaining('1 of its entries were not written by this service'),
    ]);
    await house();
    expect(app.service.stages.deliveries.list()).toHaveLength(1); // told once

    await app.query(
      'mutation { auditRefusalsReview(input: { note: "grants restored" }) { reviewed userErrors { message } } }',
    );
    expect(await readiness()).toMatchObject({ status: 'ok' });
    const looked = await verifyStore({ url: app.url, key: ADMIN_KEY });
    expect([looked.ok, looked.lines.at(-1)]).toEqual([
      true,
      expect.stringContaining('which was looked into'),
    ]);
    const exported = await (await fetched('/v1/audit/export')).text();
    expect((await verifyExport(exported.trimEnd().split('\n'))).notes).toEqual([
      `entry ${seq} was not written by the service, which did not obey it: entry ${seq + 1} says so`,
    ]);
  });

  it('G-21: is packed with what it takes to check it, and every flipped byte is named', async () => {
    const folder = join(app.directory, 'pack');
    const answer = await fetched('/v1/audit/pack');
    expect(answer.status).toBe(200);
    const packed = join(app.directory, 'pack.tar');
    await writeFile(packed, Buffer.from(await answer.arrayBuffer()));
    await untar(packed, folder);
    const check = async (...flags: readonly string[]) =>
      execute(process.execPath, [join(folder, 'verify.mjs'), ...flags]).then(
        ({ stdout }) => ({ code: 0, stdout }),
        ({ code, stdout }: { code: number; stdout: string }) => ({ code, stdout }),
      );
    const size = app.service.ledger.size - 1; // who took it stands behind what was taken
    const bySelf = { ok: true, lines: expect.arrayContaining([expect.stringContaining(`intact: ${size} entries`)]) as string[] }; // prettier-ignore
    expect([await isPack(packed), await isPack(folder), await isPack(sink)]).toEqual([true, true, false]);
    expect(await verifyPack(packed, {})).toMatchObject(bySelf);
    expect(await verifyPack(folder, { kept: sink })).toMatchObject(bySelf);
    await expect(verifyPack(packed, { trustedKey: 'no-key' })).rejects.toThrow(/no-key/);
    expect(await check()).toMatchObject({ code: 0, stdout: expect.stringContaining(`intact: ${size} entries (1 to ${size})`) as string }); // prettier-ignore
    await writeFile(
      join(app.directory, 'other.pub'),
      `tidewatch+00000000+${Buffer.alloc(33, 1).toString('base64')}`,
    );
    expect((await check('--trusted-key', join(app.directory, 'other.pub'))).stdout).toContain(
      'the one you trust is',
    );
    expect(await check('--trusted-key', 'no-key')).toMatchObject({ code: 2 });
    const own = (await readFile(join(folder, 'ledger-key.pub'), 'utf8')).trim();
    expect(await check('--trusted-key', own, '--kept', sink)).toMatchObject({ code: 0 });
    const kept = join(app.directory, 'kept');
    const [published] = (await readFile(sink, 'utf8')).split('\n');
    const { at, note } = JSON.parse(published!) as { at: string; note: string };
    const witness = await WitnessServer.start('w1.example', own, () => app.clock.now());
    const cosign = await fetch(`${witness.url}/add-checkpoint`, { method: 'POST', body: `old 0\n\n${note}` });
    await writeFile(kept, JSON.stringify({ at, note: `${note}${await cosign.text()}` }));
    await witness.close();
    const { size: seen } = openCheckpoint(note, own);
    expect(await check('--kept', kept, '--witness', witness.key)).toMatchObject({ code: 0, stdout: expect.stringContaining(`the first ${seen} entries were seen by w1.example (${app.clock.now().toISOString()})`) as string }); // prettier-ignore
    expect(await check('--witness', witness.key)).toMatchObject({ code: 3, stdout: expect.stringContaining('is cosigned by 1 of') as string }); // prettier-ignore
    expect(await check('--witness', own)).toMatchObject({ code: 2 });
    await writeFile(kept, JSON.stringify({ at, note: note.replace(/\n\d+\n/, '\n1\n') }));
    expect(await check('--kept', kept)).toMatchObject({ code: 1 });
    await writeFile(kept, 'a letter');
    expect(await check('--kept', kept)).toMatchObject({ code: 2 });

    for (const [name, from, to, problem] of [
      ['ledger.ndjson', 'mallory', 'mallorx', / entry \d+ does not have its hash/],
      ['policies/house@2.json', '0.2', '0.3', /policies\/house@2.json was changed/],
      ['manifest.json', '"v": 1', '"v": 2', /manifest.json is not the one that was signed/],
      ['checkpoints.ndjson', 'tidewatch', 'tidewatcg', /checkpoints.ndjson was changed/],
    ] as const) {
      const path = join(folder, name);
      const whole = await readFile(path, 'utf8');
      await writeFile(path, whole.replace(from, to));
      const { code, stdout } = await check();
      expect([name, code]).toEqual([name, 1]);
      expect(stdout).toMatch(problem);
      await writeFile(path, whole);
    }
    await rm(join(folder, 'checkpoints.ndjson'));
    expect(await check()).toMatchObject({ code: 3 });

    const part = join(app.directory, 'part');
    await writeFile(
      packed,
      Buffer.from(await (await fetched('/v1/audit/pack?first=5&last=6')).arrayBuffer()),
    );
    await untar(packed, part);
    const { stdout } = await execute(process.execPath, [join(part, 'verify.mjs')]);
    expect(stdout).toContain('intact: 2 entries (5 to 6)');
    expect((await fetched('/v1/audit/pack?first=9000')).status).toBe(400);

    // Of one model, each entry with its own proof.
    const ofModel = join(app.directory, 'of-model');
    await writeFile(packed, Buffer.from(await (await fetched('/v1/audit/pack?model=rent')).arrayBuffer()));
    await untar(packed, ofModel);
    const ofOne = await execute(process.execPath, [join(ofModel, 'verify.mjs')]);
    expect(ofOne.stdout).toMatch(
      /^intact: 1 entries .*\n\d+ more, each proven; only the whole log shows that there are no others$/mu,
    );
    const rows =
      (await readFile(join(ofModel, 'proofs.ndjson'), 'utf8')) +
      (await readFile(join(ofModel, 'ledger.ndjson'), 'utf8'));
    expect([rows.includes('rent'), rows.includes('policy.activated'), rows.includes('"loan')]).toEqual([
      true,
      true,
      false,
    ]);
    await writeFile(
      join(ofModel, 'proofs.ndjson'),
      (await readFile(join(ofModel, 'proofs.ndjson'), 'utf8')).replace('house', 'horse'),
    );
    expect(
      (
        await execute(process.execPath, [join(ofModel, 'verify.mjs')]).catch(
          (error: { stdout: string }) => error,
        )
      ).stdout,
    ).toMatch(/^NOT intact/u);
    expect((await fetched('/v1/audit/pack?model=nobody')).status).toBe(400);
  });

  it('whose past was changed in the stopped store says so from the start, whatever a person says of the row', async () => {
    const { ledger } = app.service;
    await app.service.checkpoints.sign(ledger.tree);
    const change = async (from: string, to: string) => {
      const text = `replace(entry, '${from}', '${to}')`;
      await app.service.database.command(
        `ALTER TABLE ledger UPDATE entry = ${text}, hash = lower(hex(SHA256(concat('\\0', ${text})))) WHERE seq = 2`,
        { settings: { mutations_sync: 1 } },
      );
      await app.stop();
      await again();
    };
    await change('"action":', '"action" :');
    const problem = expect.stringContaining('history was rewritten') as string;
    const checking = async () => app.query('{ auditChecking { state text } }');
    expect(await checking()).toEqual({ auditChecking: { state: 'BROKEN', text: problem } });
    await app.query('mutation { auditRefusalsReview(input: { note: "looked" }) { reviewed } }');
    expect(await (await fetched('/health/ready')).json()).toMatchObject({
      status: 'degraded',
      parts: { ledger: problem },
    });
    await change('"action" :', '"action":');
    expect(await checking()).toEqual({ auditChecking: { state: 'CHECKED', text: null } });
  });

  it('that is rolled back with everything in its folder is known by what was published', async () => {
    await register('gone');
    const { directory, service } = app;
    const size = service.ledger.size;
    const checkpointFile = join(directory, 'ledger-checkpoint');
    await service.database.command(`ALTER TABLE ledger DELETE WHERE seq > ${size - 1}`, {
      settings: { mutations_sync: 1 },
    });
    await app.stop();
    await rm(checkpointFile);
    await writeFile(join(directory, 'ledger-checkpoints.ndjson'), '');
    await again();
    await house();

    const ready = (await (await fetched('/health/ready')).json()) as { status: string; parts: object };
    expect(ready).toMatchObject({
      status: 'degraded',
      parts: {
        ledger: `is not intact: the log has ${size - 1} entries, but ${size} were signed for: its end was cut off`,
      },
    });
    expect(await metric('ledger_intact')).toBe(0);
    expect(await app.query('{ auditVerification { valid } }')).toEqual({
      auditVerification: { valid: false },
    });
    expect(await (await fetched('/audit')).text()).toContain('its end was cut off');

    // evidence is needed most now
    const answer = await fetched('/v1/audit/export');
    expect(answer.status).toBe(200);
    const lines = (await answer.text()).trimEnd().split('\n');
    expect(lines).toHaveLength(size + 1); // the operators were told meanwhile
    expect(await verifyExport(lines)).toMatchObject({
      outcome: 'broken',
      entries: size,
      problem: `history was rewritten: the first ${size} entries do not have the root that was signed for them`,
    });
    await register('price'); // and it is written on
    expect((await fetched('/v1/audit/export?first=2')).status).toBe(200);
  });
});
