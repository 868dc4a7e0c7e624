import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { parseConfig } from './config/config.js';
import { readGuards } from './read-files.js';

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
  expect(() => guards(secret)).toThrow(/targets\.jobs\.secret: /);
});
