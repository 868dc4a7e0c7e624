import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parseConfig } from './config/config.js';
import { LiveChannels } from './live-channels.js';
import { readChannelFile } from './read-files.js';
import { Log } from './telemetry/log.js';

let folder: string;
let file: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tidewatch-channels-'));
  file = join(folder, 'channels.yaml');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('takes the channels file as it is written now, keeps the last that could be used, and says why until it can', () => {
  let secret = 'whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=';
  const lookup = () => secret;
  const write = (channel: string, more = '') =>
    writeFileSync(
      file,
      `channels: { default: [{ kind: slack, channel: ${channel} }, { kind: webhook, url: "https://hooks.example.org", secret: "\${HOOK}" }] }\n${more}`,
    );
  write('C0123456789');
  const config = parseConfig({ TIDEWATCH_CHANNELS_FILE: file });
  const live = new LiveChannels(config, lookup, Log.silent(), readChannelFile(config, lookup));
  const routed = 'routes: [{ match: ["model=m"], channels: [default] }]';
  write('C0123456789', routed);
  live.refresh();
  expect(live.current.routes).toHaveLength(1);
  expect(live.problem).toBeNull();

  write('C0BAD', routed);
  live.refresh();
  expect(live.problem).toMatch(
    /channels\.yaml cannot be used, so that what it said before is in force: .*channel/su,
  );
  expect(live.current.routes).toHaveLength(1);
  writeFileSync(file, 'channels: { default: [');
  live.refresh();
  expect(live.problem).toMatch(/cannot be used/u);

  write('C9876543210');
  secret = `whsec_${'B'.repeat(43)}=`;
  live.refresh();
  expect(live.problem).toBeNull();
  expect(live.current.routes).toEqual([]);
  expect(live.current.channels['default']).toMatchObject([{ channel: 'C9876543210' }, { secret }]);

  const { current } = live;
  live.refresh();
  expect(live.current).toBe(current);
  secret = `whsec_${'C'.repeat(43)}=`;
  live.refresh();
  expect(live.current.channels['default']).toMatchObject([{ channel: 'C9876543210' }, { secret }]);
});
