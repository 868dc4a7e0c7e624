import type { Config } from '../config/config.js';
import type { Database } from '../store/database.js';
import { remark } from './answer.js';
import { ApiClient } from './api-client.js';
import type { DataOptions } from './arguments.js';
import { configOf, locate, tokenOf } from './locate.js';

export interface Need {
  /** The verb makes no sense on a store that is not there yet. */
  readonly data: boolean;
}

/**
 * Runs a verb against the API of the running service, or of one that is opened on the store for the while, so that a verb has one way of
 * doing its work. Says on standard error which it is.
 */
export async function withApi<Result>(
  options: DataOptions,
  need: Need,
  use: (api: ApiClient) => Promise<Result>,
): Promise<Result> {
  const config = configOf(options);
  const place = await locate(config, options, need.data);
  if (place.kind === 'service') {
    remark(`through the service at ${place.url}`);
    return use(new ApiClient(place.url, tokenOf(config)));
  }
  remark(`opening the store: ${storeName(config)}`);
  // The service is most of this program: what does not need it must not wait for it.
  const { openApi } = await import('./open-api.js');
  const opened = await openApi(options, config);
  try {
    return await use(opened.api);
  } finally {
    await opened.close();
  }
}

/** Opens the store itself, with nothing started on it, and closes it after. */
export async function withStore<Result>(
  config: Config,
  use: (database: Database) => Promise<Result>,
): Promise<Result> {
  remark(`opening the store: ${storeName(config)}`);
  const { openStore } = await import('./open-store.js');
  const database = await openStore(config);
  try {
    return await use(database);
  } finally {
    await database.close();
  }
}

function storeName(config: Config): string {
  return config.CLICKHOUSE_URL === undefined
    ? `${config.TIDEWATCH_DATA_DIR} (no service holds it)`
    : 'the ClickHouse server of CLICKHOUSE_URL';
}
