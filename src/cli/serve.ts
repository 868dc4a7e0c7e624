import { Command } from 'commander';
import { parseConfig } from '../config/config.js';
import { Log } from '../telemetry/log.js';
import { Metrics } from '../telemetry/metrics.js';
import { SystemClock } from './system-clock.js';

/** A stop that takes longer than this is cut off; what was not committed is read again at the next start. */
const STOP_WITHIN_MS = 30_000;

/** `tidewatch serve`: the service, until it is told to stop. */
export function serveCommand(): Command {
  return new Command('serve')
    .description('run the service; settings come from the environment (see README)')
    .option('--port <n>', 'port to listen on (PORT)')
    .option('--host <address>', 'address to listen on (HOST)')
    .option('--data <dir>', 'data folder (TIDEWATCH_DATA_DIR)')
    .action(async (options: { port?: string; host?: string; data?: string }) => serve(options));
}

async function serve(options: { port?: string; host?: string; data?: string }): Promise<void> {
  const config = parseConfig({
    ...process.env,
    ...(options.port === undefined ? {} : { PORT: options.port }),
    ...(options.host === undefined ? {} : { HOST: options.host }),
    ...(options.data === undefined ? {} : { TIDEWATCH_DATA_DIR: options.data }),
  });
  const log = Log.create(config.LOG_LEVEL, isPretty(config.LOG_FORMAT));
  const lookup = (name: string) => process.env[name];
  // The service is most of this program: other verbs must not wait until it is loaded.
  const { start } = await import('../main.js');
  const running = await start({
    config,
    clock: new SystemClock(),
    log,
    metrics: new Metrics(true),
    lookup,
    heartbeat: true,
    signals: true,
  });
  guardStop(log);
  const { ready, parts } = await running.service.readiness.report();
  if (running.service.adminKey) console.log(`Admin key, shown this once: ${running.service.adminKey}`);
  if (!ready) log.warn('not ready yet', { parts });
  console.log(`Tidewatch is ready on ${running.url}`);
}

export function isPretty(format: 'json' | 'pretty' | 'auto'): boolean {
  return format === 'auto' ? process.stderr.isTTY === true : format === 'pretty';
}

/** Nest stops on a signal; when that hangs, the process ends all the same, and says so by its exit code. */
function guardStop(log: Log): void {
  const cutOff = () => {
    log.error('stopping took too long', new Error(`not stopped after ${STOP_WITHIN_MS} ms`));
    process.exit(1);
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => setTimeout(cutOff, STOP_WITHIN_MS).unref());
}
