import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { S3Server } from '../../test/support/s3-server.js';
import { checkpointSinks } from '../checkpoint-sinks.js';
import { parseConfig } from '../config/config.js';
import { Checkpoints } from '../ledger/checkpoints.js';
import { keptNotes } from '../ledger/kept-checkpoints.js';
import { leafHash } from '../ledger/merkle.js';
import { LogTree } from '../ledger/log-tree.js';

const DAY = 86_400_000;
const HOUR = 3_600_000;
let now = new Date('2026-11-26T10:00:00Z');
const KEY = { accessKeyId: 'AKID', secret: 'a/secret+key', region: 'eu-central-1' };
let s3: S3Server;
let directory: string;

beforeAll(async () => {
  s3 = await S3Server.start(KEY, () => now);
  directory = await mkdtemp(join(tmpdir(), 'tidewatch-s3-'));
});
afterAll(async () => {
  await s3.close();
  await rm(directory, { recursive: true, force: true });
});

const environment = (more: Record<string, string> = {}) => ({
  TIDEWATCH_CHECKPOINT_S3_URL: `${s3.url}/evidence/a log/`,
  TIDEWATCH_CHECKPOINT_S3_REGION: KEY.region,
  TIDEWATCH_CHECKPOINT_S3_ACCESS_KEY: KEY.accessKeyId,
  TIDEWATCH_CHECKPOINT_S3_SECRET_KEY: KEY.secret,
  TIDEWATCH_CHECKPOINT_S3_KEEP: '365d',
  TIDEWATCH_WEBHOOK_ALLOW: '127.0.0.1/32',
  ...more,
});
const opened = async (more?: Record<string, string>) =>
  Checkpoints.open({ directory, name: 'tidewatch', sinks: checkpointSinks(parseConfig(environment(more))) });

it('puts every checkpoint into a bucket, locked, and what it could not put a while later', async () => {
  const checkpoints = await opened();
  const tree = new LogTree({ leavesOf: async () => null });
  const published = async () => {
    tree.append(leafHash(`{"seq":${tree.size + 1}}`));
    const { note } = await checkpoints.sign(tree);
    return { note, problems: await checkpoints.history.publish(note, now) };
  };
  const first = await published();
  expect(first.problems).toEqual([]);
  expect([...s3.objects]).toEqual([
    ['/evidence/a%20log/000000000001-20261126T100000Z.checkpoint', { body: first.note, mode: 'COMPLIANCE', until: new Date(now.getTime() + 365 * DAY) }],
  ]);
  expect(keptNotes([...s3.objects.values()][0]!.body)).toEqual([first.note]);

  now = new Date(now.getTime() + HOUR);
  s3.failures.push({ status: 503, code: 'SlowDown' });
  const second = await published();
  expect([second.problems, checkpoints.history.behind]).toEqual([[expect.stringMatching(/: 503 SlowDown$/u)], 1]);
  now = new Date(now.getTime() + 60_000);
  expect(await checkpoints.history.publish(second.note, now)).toEqual([]);
  expect(s3.objects.size).toBe(1);
  now = new Date(now.getTime() + 5 * 60_000);
  expect(await checkpoints.history.publish(second.note, now)).toEqual([]);
  expect([s3.objects.size, checkpoints.history.behind]).toEqual([2, 0]);
}); // prettier-ignore

it('says what a bucket refuses, and which settings are missing', async () => {
  const wrong = checkpointSinks(parseConfig(environment({ TIDEWATCH_CHECKPOINT_S3_SECRET_KEY: 'another' })));
  const checkpoint = { at: now.toISOString(), note: 'tidewatch\n7\nroot\n\nsignature\n' };
  expect(await wrong[0]?.publish(checkpoint, now)).toMatch(/000000000007-.*: 403 SignatureDoesNotMatch$/u);
  const { TIDEWATCH_CHECKPOINT_S3_SECRET_KEY: _, ...half } = environment();
  expect(() => parseConfig(half)).toThrow('TIDEWATCH_CHECKPOINT_S3_SECRET_KEY: missing');
  expect(checkpointSinks(parseConfig({}))).toEqual([]);
});
