import { dirname } from 'node:path';
import type { NewEntry } from '../../src/domain/ledger-entry.js';
import type { RetrainMessage } from '../../src/domain/retrain-message.js';
import { keepHouse } from '../../src/pipeline/housekeeping.js';
import { TrainingFiles } from '../../src/pipeline/training-files.js';
import { TrainingManifests } from '../../src/pipeline/training-manifests.js';
import type { Database } from '../../src/store/database.js';
import type { Launched } from './launch.js';
import { Crash } from './memory-ledger.js';

type Stages = Launched['service']['stages'];

/** Stages of a process that is killed at its n-th await of the log: before something is written, or after. */
function mortal(stages: Stages, until: number): Stages {
  let awaits = 0;
  const step = (): void => {
    if (awaits === until) throw new Crash('killed');
    awaits += 1;
  };
  const transact = async (decide: (now: Date) => readonly NewEntry[]) => {
    let isNews = false;
    const written = await stages.ledger.transact((now) => {
      const entries = decide(now);
      isNews = entries.length > 0;
      if (isNews) step();
      return entries;
    });
    if (isNews) step();
    return written;
  };
  return instead(stages, 'ledger', instead(stages.ledger, 'transact', transact));
}

/** The same but for one thing. */
function instead<Whole extends object>(whole: Whole, name: keyof Whole, part: unknown): Whole {
  return new Proxy(whole, {
    get: (target, asked) => (asked === name ? part : (Reflect.get(target, asked, target) as unknown)),
  });
}

/** Does something again and again, each time killed one step later, until it is lived through. Returns how many were killed. */
async function killedUntilOneLives(work: (until: number) => Promise<void>): Promise<number> {
  for (let killed = 0; ; killed += 1) {
    try {
      await work(killed);
      return killed;
    } catch (error) {
      if (!(error instanceof Crash)) throw error;
    }
  }
}

/**
 * What the service does beside judging, by processes that are killed, each one await later than the one before, until one lives through it. What a
 * process only remembers is gone with it. Returns how many were killed.
 */
export async function keepHouseKilled({ service: { stages, checkpoints } }: Launched): Promise<number> {
  return killedUntilOneLives(async (until) => {
    stages.comparedAt.clear();
    await keepHouse(mortal(stages, until), checkpoints);
  });
}

const ASKED: readonly PropertyKey[] = ['query', 'command', 'writeFile'];

/** A store that a process reaches so many times before it is killed. */
function mortalDatabase(database: Database, until: number): Database {
  let asked = 0;
  return new Proxy(database, {
    get: (target, name) => {
      const own: unknown = Reflect.get(target, name, target);
      if (typeof own !== 'function' || !ASKED.includes(name)) return own;
      return async (...given: readonly unknown[]): Promise<unknown> => {
        if (asked === until) throw new Crash('killed');
        asked += 1;
        return Reflect.apply(own, target, given) as unknown;
      };
    },
  });
}

/** Makes the manifest of a run by processes that are killed, each one statement later than the one before. Returns how many were. */
export async function manifestKilled(
  { service: { stages } }: Launched,
  message: RetrainMessage,
): Promise<number> {
  const folder = dirname(dirname(stages.trainingFiles.pathOf(message.id, 'rows-0001.csv') ?? ''));
  return killedUntilOneLives(async (until) => {
    const database = mortalDatabase(stages.database, until);
    const files = new TrainingFiles(database, folder);
    await new TrainingManifests({ ...stages, database, files }).ofRun(message, stages.clock.now());
  });
}
