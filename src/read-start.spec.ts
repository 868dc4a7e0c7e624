import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readStart, StartError, surveyStart } from './read-start.js';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tidewatch-start-'));
  mkdirSync(join(folder, 'models'));
  mkdirSync(join(folder, 'policies'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
}

function refusal(environment: Readonly<Record<string, string>>): string {
  try {
    readStart(environment, () => undefined);
  } catch (error) {
    if (error instanceof StartError) return error.message;
    throw error;
  }
  return '';
}

const CHANNELS = `channels:
  ops: [{ kind: email, to: ops@example.org }, { kind: slack, channel: C0123456789 }]
  hooks: [{ kind: webhook, url: "https://hooks.example.org", secret: whsec_not base64 at all }]
  jobs: [{ kind: webhook, url: "https://jobs.example.org", secret: "\${JOBS_SECRET}" }]
`;

it('names everything that is wrong at one start, whatever else is wrong', () => {
  write('models/a.yaml', 'key: one\ntask: regression\npositive: bad\n');
  write('models/b.yaml', 'key: two\ntask: regression\nbaseline: { file: absent.csv }\n');
  write('models/c.yaml', 'key: two\ntask: regression\n');
  write('policies/p.yaml', 'kind: Nothing\n');
  const retraining = write('retraining.yaml', 'retraining: { targets: { jobs: { kind: pigeon } } }\n');
  const said = refusal({
    HOST: '0.0.0.0',
    KAFKA_BROKERS: 'kafka://broker:9092',
    TIDEWATCH_WEBHOOK_ALLOW: '10.0.0.0/33',
    TIDEWATCH_MODELS_DIR: join(folder, 'models'),
    TIDEWATCH_POLICIES_DIR: join(folder, 'policies'),
    TIDEWATCH_CHANNELS_FILE: write('channels.yaml', CHANNELS),
    TIDEWATCH_RETRAINING_FILE: retraining,
  });
  const [wrong = '', besides = ''] = said.split('will not do what they say:');
  for (const text of [
    'KAFKA_BROKERS: "kafka://broker:9092": leave out kafka:// and write broker:9092',
    'TIDEWATCH_WEBHOOK_ALLOW: "10.0.0.0/33"',
    'a.yaml: positive: a regression has no positive label',
    'c.yaml both describe the model "two"',
    'p.yaml:1: ',
    'channels.yaml: channels.hooks.0.secret: ',
    'channels.yaml: JOBS_SECRET is not set, but the file refers to it',
    'retraining.yaml: retraining.targets.jobs.kind: ',
  ])
    expect(wrong).toContain(text);
  for (const text of [
    'SMTP_URL is not set, but the channel ops goes by e-mail',
    'SLACK_BOT_TOKEN is not set, but the channel ops goes to Slack',
    'model two: baseline.file "absent.csv" is not there',
    'PUBLIC_URL is not set, but HOST is 0.0.0.0',
  ])
    expect(besides).toContain(text);
  expect(said.split('kafka://broker')).toHaveLength(2);
});

it('says that what somebody set is not there, and reads the rest', () => {
  write('models/a.yaml', 'key: one\ntask: nothing\n');
  const said = refusal({
    TIDEWATCH_MODELS_DIR: join(folder, 'models'),
    TIDEWATCH_POLICIES_DIR: join(folder, 'nowhere'),
    TIDEWATCH_CHANNELS_FILE: join(folder, 'absent.yaml'),
    TIDEWATCH_RETRAINING_FILE: join(folder, 'models'),
  });
  const lines = said.split('\n').slice(1);
  expect(lines).toHaveLength(4);
  expect(lines[0]).toMatch(/a\.yaml: task: /u);
  expect(lines[1]).toBe(`  - TIDEWATCH_POLICIES_DIR: there is no ${join(folder, 'nowhere')}`);
  expect(lines[2]).toBe(`  - TIDEWATCH_CHANNELS_FILE: there is no ${join(folder, 'absent.yaml')}`);
  expect(lines[3]).toBe(`  - ${join(folder, 'models')}: cannot be read (EISDIR)`);
  const file = write('models.yaml', 'key: one\n');
  expect(refusal({ TIDEWATCH_MODELS_DIR: file })).toContain(`TIDEWATCH_MODELS_DIR: ${file} cannot be read`);
});

it('says nothing of what may come of a setting that cannot be used', () => {
  const channels = write('channels.yaml', CHANNELS);
  const { remarks, wrong } = surveyStart(
    { SMTP_URL: 'mail.example.org', PUBLIC_URL: 'nowhere', HOST: '0.0.0.0', TIDEWATCH_CHANNELS_FILE: channels },
    () => undefined,
  ); // prettier-ignore
  expect([...wrong]).toEqual(['PUBLIC_URL', 'SMTP_URL']);
  expect(remarks.join('\n')).not.toMatch(/SMTP_URL|PUBLIC_URL/u);
  expect(remarks.join('\n')).toContain('SLACK_BOT_TOKEN is not set, but the channel ops goes to Slack');
});

it('gives settings and files where nothing is wrong', () => {
  write('models/a.yaml', 'key: one\ntask: regression\n');
  const { config, files } = readStart({ TIDEWATCH_MODELS_DIR: join(folder, 'models') }, () => undefined);
  expect(config.PORT).toBe(8080);
  expect(files.models.map(({ key }) => key)).toEqual(['one']);
});
