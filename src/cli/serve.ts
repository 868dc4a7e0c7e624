import { setTimeout as sleep } from 'node:timers/promises';
import { Command } from 'commander';
import type { Config } from '../config/config.js';
import { freshLookup } from '../config/fresh-lookup.js';
import { startWarnings } from '../config/start-warnings.js';
import type { RunningService, StartOptions } from '../main.js';
import { Log } from '../telemetry/log.js';
import { Metrics } from '../telemetry/metrics.js';
import { stopRequest } from './stop-request.js';
import { SystemClock } from './system-clock.js';

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
  const environment = {
    ...process.env,
    ...(options.port === undefined ? {} : { PORT: options.port }),
    ...(options.host === undefined ? {} : { HOST: options.host }),
    ...(options.data === undefined ? {} : { TIDEWATCH_DATA_DIR: options.data }),
  };
  const lookup = freshLookup();
  // The service is most of this program: other verbs must not wait until it is loaded.
  const { readStart } = await import('../read-start.js');
  const { config, files } = readStart(environment, lookup);
  const log = Log.create(config.LOG_LEVEL, isPretty(config.LOG_FORMAT));
  for (const warning of startWarnings(environment, config)) log.of('config').warn(warning);
  const stop = stopRequest();
  const stopping = stop.takeOver();
  stopping.addEventListener('abort', () => cutOffLater(config, log), { once: true });
  const running = await startUnless(stopping, { config, files, lookup, log });
  if (running !== null) {
    await tell(running, log);
    await stop.asked();
    running.service.readiness.stopping();
    // Somebody at a terminal waits; a balancer needs time to look away.
    if (stop.by === 'SIGTERM') await sleep(config.TIDEWATCH_DRAIN);
    await running.close();
  }
  // An orderly stop is a success, whichever signal asked for it.
  process.exit(0);
}

/** The running service, or null when the process was told to end during the start. */
async function startUnless(
  stopping: AbortSignal,
  given: Pick<StartOptions, 'config' | 'files' | 'lookup' | 'log'>,
): Promise<RunningService | null> {
  const { start } = await import('../main.js');
  const own = { clock: new SystemClock(), metrics: new Metrics(true), heartbeat: true };
  try {
    return await start({ ...given, ...own, stopping });
  } catch (error) {
    if (!stopping.aborted) throw error;
    given.log.info('told to end while starting');
    return null;
  }
}

async function tell({ service, url }: RunningService, log: Log): Promise<void> {
  const { status, parts } = await service.readiness.report();
  if (service.adminKey) console.log(`Admin key, shown this once: ${service.adminKey}`);
  if (status !== 'ok') log.warn('not everything is there yet', { status, parts });
  console.log(`Tidewatch is ready on ${url}`);
}

export function isPretty(format: 'json' | 'pretty' | 'auto'): boolean {
  return format === 'auto' ? process.stderr.isTTY === true : format === 'pretty';
}

/** A stop that hangs ends the process all the same, and says so by its exit code; what was not committed is read again at the next start. */
function cutOffLater({ TIDEWATCH_STOP_WITHIN: withinMs }: Config, log: Log): void {
  const cutOff = () => {
    log.error('stopping took too long', new Error(`not stopped after ${withinMs} ms`));
    process.exit(1);
  };
  setTimeout(cutOff, withinMs).unref();
}
