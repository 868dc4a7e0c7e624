import { randomBytes } from 'node:crypto';
import { userInfo } from 'node:os';
import type { Config } from '../config/config.js';
import { freshLookup } from '../config/fresh-lookup.js';
import { start } from '../main.js';
import { permissionsOf } from '../domain/roles.js';
import { Metrics } from '../telemetry/metrics.js';
import { remark } from './answer.js';
import { ApiClient } from './api-client.js';
import type { DataOptions } from './arguments.js';
import { cliLog } from './cli-log.js';
import { configOf, serviceUrl } from './locate.js';
import { SystemClock } from './system-clock.js';

export interface OpenedApi {
  readonly api: ApiClient;
  close(): Promise<void>;
}

/** A service on a free local port that consumes nothing and judges nothing. */
export async function openApi(options: DataOptions, asked: Config): Promise<OpenedApi> {
  const PUBLIC_URL = asked.PUBLIC_URL ?? serviceUrl(asked);
  // A key given for a service must not become the admin key of the store.
  const { key: _key, ...rest } = options;
  const config = configOf(rest, { HOST: '127.0.0.1', PORT: '0', KAFKA_BROKERS: '', PUBLIC_URL });
  const running = await start({
    config,
    clock: new SystemClock(),
    log: cliLog(asked),
    metrics: new Metrics(),
    lookup: freshLookup(),
    heartbeat: false,
  });
  const { service, url } = running;
  if (service.adminKey !== null) remark(`Admin key, shown this once: ${service.adminKey}`);
  const token = randomBytes(32).toString('base64url');
  const name = `command line of ${userName()}`;
  service.keys.lend(token, {
    type: 'key',
    id: `cli:${userName()}`,
    name,
    may: permissionsOf(['admin']),
    models: null,
    environments: null,
    ownsAs: [],
  });
  return { api: new ApiClient(url, token), close: async () => running.close() };
}

/** Who acts, for the ledger. A container may run under a number that has no name. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.() ?? 'unknown');
  }
}
