import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { parseConfig } from './config/config.js';
import { Model } from './domain/model.js';
import { nobody, strangers, unevenWindows } from './file-remarks.js';
import { FilesError, readFiles, readGuards, surveyFiles } from './read-files.js';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tidewatch-files-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function guards(secret: string): ReturnType<typeof readGuards> {
  const file = join(folder, 'retraining.yaml');
  const target = `{ kind: webhook, url: "https://jobs.example/start", secret: "${secret}" }`;
  writeFileSync(file, `retraining: { targets: { jobs: ${target} } }\n`);
  return readGuards(parseConfig({ TIDEWATCH_RETRAINING_FILE: file }), () => undefined);
}

it('takes a webhook secret that can sign', () => {
  const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
  expect(guards(secret).targets['jobs']).toMatchObject({ kind: 'webhook', secret });
});

it.each(['whsec_not base64 at all', 'whsec_c2hvcnQ='])('refuses the webhook secret %s by name', (secret) => {
  expect(() => guards(secret)).toThrow(/retraining\.targets\.jobs\.secret: /);
});

it('names models that retraining is set up for and that nobody knows, also those of a registry', () => {
  const file = join(folder, 'retraining.yaml');
  writeFileSync(
    file,
    "retraining: { targets: { jobs: { kind: pigeon } }, models: { '*': { target: jobs }, loan: { target: jobs }, laon: { target: jobs } }, registries: { lab: { models: { credit: fraud, old: lone } } } }\n",
  );
  const { files, problems } = surveyFiles(parseConfig({ TIDEWATCH_RETRAINING_FILE: file }), () => undefined);
  // beside another fault of that file
  expect(problems.retraining.join('\n')).toContain('retraining.targets.jobs.kind');
  expect(strangers(files.retrained, ['loan', 'fraud'])).toEqual([
    'retraining is set up for the model "laon", which is not known (known: loan, fraud)',
    'retraining is set up for the model "lone", which is not known (known: loan, fraud)',
  ]);
});

it('says at once what is wrong in every file, in one list', () => {
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
  write('a.yaml', 'key: one\ntask: regression\npositive: bad\n');
  write('b.yaml', 'key: two\ntask: nothing\n');
  write('c.yaml', 'key: three\ntask: regression\n');
  write('d.yaml', 'key: three\ntask: regression\n');
  const config = parseConfig({
    TIDEWATCH_MODELS_DIR: folder,
    TIDEWATCH_POLICIES_DIR: join(folder, 'nowhere'),
    TIDEWATCH_CHANNELS_FILE: join(folder, 'absent.yaml'),
  });
  const said = (): string => {
    try {
      readFiles(config, () => undefined);
    } catch (error) {
      if (error instanceof FilesError) return error.message;
    }
    return '';
  };
  const [head, ...lines] = said().split('\n');
  expect(head).toBe('The files cannot be used:');
  expect(lines).toHaveLength(5);
  expect(lines.every((line) => line.startsWith('  - '))).toBe(true);
  expect(lines.join('\n')).toMatch(
    /a\.yaml: positive: .*\n.*b\.yaml: task: .*\n.*both describe the model "three"/,
  );
});

it('warns of windows that begin at other times every day, with those near that do not', () => {
  const of = (window: string) => Model.parse({ key: 'odd', task: 'regression', window });
  expect(unevenWindows(['1m', '90m', '1h', '1d'].map(of))).toEqual([]);
  expect(unevenWindows([of('7m')])).toEqual([
    expect.stringMatching(/window 7m divides no day.*6m and 8m do$/),
  ]);
});

it('warns of channels that nobody stands behind, but for those of a dry run', () => {
  const config = parseConfig({ TIDEWATCH_MODELS_DIR: folder, TIDEWATCH_POLICIES_DIR: 'policies' });
  const files = readFiles(config, () => undefined);
  const dry = files.policies.filter(({ enforcement }) => enforcement === 'dryrun');
  expect(dry.flatMap(({ rules }) => rules.flatMap(({ channels }) => channels))).toContain('model-risk');
  expect(nobody(config, files.policies, files.channelFile.channels)).toEqual([]);
  const enforced = dry.map((policy) => ({ ...policy, enforcement: 'enforce' as const }));
  expect(nobody(config, enforced, files.channelFile.channels)).toEqual([
    expect.stringMatching(/model-risk.*which has default/),
  ]);
});
