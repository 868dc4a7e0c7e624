import type { Config } from '../config/config.js';
import type { Database } from '../store/database.js';
import { openDatabase } from '../store/open-database.js';
import { cliLog } from './cli-log.js';
import { engineFolder } from './locate.js';

/** The store that the configuration names, with nothing started on it. */
export async function openStore(config: Config): Promise<Database> {
  const url = () => config.CLICKHOUSE_URL;
  return openDatabase({ url, path: engineFolder(config), log: cliLog(config).of('store') });
}
