import type { Config } from '../config/config.js';
import { Log } from '../telemetry/log.js';
import { isPretty } from './serve.js';

/** Quiet unless LOG_LEVEL asks for more: a verb's own words are its answer. */
export function cliLog(config: Config): Log {
  return Log.create(process.env['LOG_LEVEL'] ? config.LOG_LEVEL : 'warn', isPretty(config.LOG_FORMAT));
}
