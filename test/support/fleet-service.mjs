/**
 * The built service in a process of its own, by a clock that its parent sets: what it does by itself happens when the parent says `beat`, so
 * that a kill can come at any moment of it. Arguments: the data folder, the time it begins at (epoch milliseconds), the admin key.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { houseWork } from '../../dist/app.module.js';
import { parseConfig } from '../../dist/config/config.js';
import { packageFolder } from '../../dist/config/package-folder.js';
import { Clock } from '../../dist/domain/clock.js';
import { start } from '../../dist/main.js';
import { Log } from '../../dist/telemetry/log.js';
import { Metrics } from '../../dist/telemetry/metrics.js';

const [directory, at, key] = process.argv.slice(2);

class SetClock extends Clock {
  constructor(ms) {
    super();
    this.ms = ms;
  }
  now() {
    return new Date(this.ms);
  }
}

mkdirSync(join(directory, 'models'), { recursive: true });
const clock = new SetClock(Number(at));
const config = parseConfig({
  PORT: '0',
  TIDEWATCH_DATA_DIR: directory,
  TIDEWATCH_MODELS_DIR: join(directory, 'models'),
  TIDEWATCH_POLICIES_DIR: join(packageFolder(), 'policies'),
  TIDEWATCH_ADMIN_KEY: key,
});
const log = Log.create('error', false);
const running = await start({ config, clock, log, metrics: new Metrics(), heartbeat: false });
const { stages, spine } = running.service;

/** Everything that is due now, and what it took. */
async function beat(ms) {
  clock.ms = ms;
  const began = performance.now();
  const { windows } = await spine.tick();
  await stages.outbox.drain(clock.now());
  await houseWork(running.service);
  const took = performance.now() - began;
  if (globalThis.gc) globalThis.gc();
  return { windows, took, heap: process.memoryUsage().heapUsed };
}

process.on('message', ({ order, ms }) => {
  if (order === 'stop') void running.close().then(() => process.exit(0));
  if (order === 'set') clock.ms = ms;
  if (order === 'beat')
    void beat(ms).then(
      (done) => process.send({ done }),
      (error) => process.send({ failed: String(error) }),
    );
});
process.send({ url: running.url });
