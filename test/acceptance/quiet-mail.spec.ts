import { createPrivateKey, createPublicKey } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { houseWork } from '../../src/app.module.js';
import type { Severity } from '../../src/domain/incident.js';
import { planDeliveries } from '../../src/notify/plan.js';
import { isSigned, signedHeaders } from '../support/dkim.js';
import { change, closed, incident } from '../support/incidents.js';
import { launch, type Launched } from '../support/launch.js';
import { DKIM_KEY } from '../support/mail-certificate.js';
import { MailServer } from '../support/mail-server.js';
import { planContext } from '../support/plan-context.js';

const PUBLIC_KEY = createPublicKey(createPrivateKey(DKIM_KEY));
const WARNINGS = 23;

describe('a mailbox with quiet hours', () => {
  let app: Launched;
  let mail: MailServer;

  beforeAll(async () => {
    mail = await MailServer.start();
    const directory = await mkdtemp(join(tmpdir(), 'tidewatch-quiet-'));
    const quiet = 'quiet: { from: "22:00", to: "07:00", timezone: Europe/Berlin }';
    await writeFile(
      join(directory, 'channels.yaml'),
      `channels: { ops: [{ kind: email, to: ops@example.org, ${quiet} }] }`,
    );
    app = await launch({
      now: new Date('2026-11-25T23:00:00Z'),
      directory,
      environment: {
        SMTP_URL: mail.url,
        SMTP_FROM: 'Tidewatch <tidewatch@example.org>',
        SMTP_DKIM_KEY: DKIM_KEY,
        SMTP_DKIM_SELECTOR: 'tidewatch',
        PUBLIC_URL: 'https://tidewatch.example',
      },
    });
  }, 120_000);
  afterAll(async () => {
    await app?.close();
    await mail?.stop();
    if (app) await rm(app.directory, { recursive: true, force: true });
  });

  const told = async (kind: 'opened' | 'closed', n: number, severity: Severity) => {
    const { ledger, stages } = app.service;
    const one = incident(`f${n}`, { severity });
    const found = change(kind, kind === 'closed' ? closed(one) : one, { caseId: `case-${n}` });
    await ledger.transact((now) =>
      planDeliveries([found], planContext({ ...stages, baseUrl: stages.baseUrl }), now),
    );
  };
  const beatAt = async (time: string) => {
    app.clock.set(new Date(time));
    await houseWork(app.service);
    const { outbox } = app.service.stages;
    await outbox.drain(app.clock.now());
    await outbox.idle();
  };
  const textOf = (index: number) =>
    (mail.mails[index]?.raw.split('text/html')[0] ?? '').replaceAll(/=\r\n/gu, '').replaceAll('=20', ' ').replaceAll('=3D', '='); // prettier-ignore

  it('hears by night of what is critical alone, and in the morning how many wait and where', async () => {
    for (let n = 0; n < WARNINGS; n += 1) await told('opened', n, 'warning');
    await told('closed', 0, 'warning');
    await told('opened', 99, 'critical');
    await beatAt('2026-11-25T23:01:00Z');
    await beatAt('2026-11-26T05:59:00Z');
    expect(mail.mails.map((_, i) => mail.header(i, 'subject'))).toEqual([
      '[Tidewatch] CRITICAL credit-default 2026.11: f99 has moved',
    ]);
    // Seven in the morning in Berlin.
    await beatAt('2026-11-26T06:00:00Z');
    expect(mail.mails).toHaveLength(2);
    expect(mail.header(1, 'subject')).toBe(
      `[Tidewatch] ${WARNINGS} cases in a digest: ${WARNINGS - 1} open (worst warning), 1 over`,
    );
    const text = textOf(1);
    expect(text).toContain(`Held back since 2026-11-25 23:00 UTC: ${WARNINGS} because it was a quiet time.`);
    expect(text).toContain('and 3 more');
    expect(text).toContain('https://tidewatch.example/incidents');
    expect(text.match(/https:\/\/tidewatch\.example\/cases\/case-\d+/gu)).toHaveLength(20);
    await beatAt('2026-11-26T06:10:00Z');
    expect(mail.mails).toHaveLength(2);
  });

  it('gets mails that its own server can verify with the public key, and no changed one', () => {
    for (const { raw } of mail.mails) {
      expect(isSigned(raw, PUBLIC_KEY)).toBe(true);
      expect(signedHeaders(raw)).toEqual(
        expect.arrayContaining(['from', 'to', 'subject', 'list-unsubscribe', 'list-unsubscribe-post']),
      );
    }
    const raw = mail.mails[0]?.raw ?? '';
    expect(isSigned(raw.replace('CRITICAL', 'WARNING'), PUBLIC_KEY)).toBe(false);
    expect(isSigned(raw.replace('ops@example.org', 'eve@example.org'), PUBLIC_KEY)).toBe(false);
    expect(isSigned(`${raw}one more line\r\n`, PUBLIC_KEY)).toBe(false);
  });
});
