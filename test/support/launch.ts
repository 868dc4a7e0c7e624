import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseConfig } from '../../src/config/config.js';
import { packageFolder } from '../../src/config/package-folder.js';
import { start, type RunningService } from '../../src/main.js';
import { Log } from '../../src/telemetry/log.js';
import { Metrics } from '../../src/telemetry/metrics.js';
import { FakeClock } from './fake-clock.js';
import { layStore } from './store-template.js';

export const ADMIN_KEY = 'an-admin-key-for-the-tests-0123456789';

export interface Launched extends RunningService {
  readonly clock: FakeClock;
  readonly directory: string;
  /** POSTs events as NDJSON; the parsed answer. */
  send(path: string, events: readonly object[]): Promise<IngestAnswer>;
  /** A GraphQL request as the admin; throws on errors. */
  query<Data = Record<string, unknown>>(query: string, variables?: Record<string, unknown>): Promise<Data>;
  /** One beat of the spine. */
  tick(): Promise<void>;
  /** Stops the service, keeping its data. */
  stop(): Promise<void>;
}

export interface IngestAnswer {
  readonly status: number;
  readonly accepted?: number;
  readonly rejected?: readonly { readonly index: number; readonly code: string; readonly message: string }[];
}

export interface LaunchOptions {
  readonly now: Date;
  readonly environment?: Readonly<Record<string, string>>;
  readonly lookup?: (name: string) => string | undefined;
  /** Data of an earlier launch. */
  readonly directory?: string;
}

/** The whole service on a free port with a clock of the test's own; nothing happens but by `tick`. */
export async function launch({ now, environment = {}, lookup, directory }: LaunchOptions): Promise<Launched> {
  const folder = directory ?? (await mkdtemp(join(tmpdir(), 'tidewatch-app-')));
  await mkdir(join(folder, 'models'), { recursive: true });
  if (environment['CLICKHOUSE_URL'] === undefined) layStore(join(folder, 'engine'));
  const config = parseConfig({
    PORT: '0',
    TIDEWATCH_DATA_DIR: folder,
    TIDEWATCH_MODELS_DIR: join(folder, 'models'),
    TIDEWATCH_POLICIES_DIR: join(packageFolder(), 'policies'),
    ...ownFile(folder, 'TIDEWATCH_CHANNELS_FILE', 'channels.yaml'),
    ...ownFile(folder, 'TIDEWATCH_RETRAINING_FILE', 'retraining.yaml'),
    TIDEWATCH_ADMIN_KEY: ADMIN_KEY,
    ...environment,
  });
  const clock = new FakeClock(now);
  const options = {
    config,
    clock,
    log: Log.silent(),
    metrics: new Metrics(),
    heartbeat: false,
  };
  const running = await start({ ...options, ...(lookup ? { lookup } : {}) });
  const authorization = `Bearer ${ADMIN_KEY}`;
  return {
    ...running,
    clock,
    directory: folder,
    send: async (path, events) => {
      const body = events.map((event) => JSON.stringify(event)).join('\n');
      const response = await fetch(`${running.url}${path}`, {
        method: 'POST',
        body,
        headers: { authorization, 'content-type': 'application/x-ndjson' },
      });
      return { status: response.status, ...((await response.json()) as object) };
    },
    query: async <Data>(query: string, variables: Record<string, unknown> = {}) => {
      const headers = { authorization, 'content-type': 'application/json' };
      const response = await fetch(`${running.url}/graphql`, {
        method: 'POST',
        headers,
        body: JSON.stringify({ query, variables }),
      });
      const answer = (await response.json()) as { data?: Data; errors?: readonly { message: string }[] };
      if (answer.errors || !answer.data)
        throw new Error(answer.errors?.map((error) => error.message).join('\n') ?? `HTTP ${response.status}`);
      return answer.data;
    },
    tick: async () => void (await running.service.spine.tick()),
    stop: async () => running.close(),
    close: async () => {
      await running.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A file that a spec wrote beside its data; what is set must be there. */
function ownFile(folder: string, name: string, file: string): Record<string, string> {
  const path = join(folder, file);
  return existsSync(path) ? { [name]: path } : {};
}
