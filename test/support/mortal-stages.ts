import type { NewEntry } from '../../src/domain/ledger-entry.js';
import { keepHouse } from '../../src/pipeline/housekeeping.js';
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

/**
 * What the service does beside judging, by processes that are killed, each one await later than the one before, until one lives through it. What a
 * process only remembers is gone with it. Returns how many were killed.
 */
export async function keepHouseKilled({ service: { stages, checkpoints } }: Launched): Promise<number> {
  for (let killed = 0; ; killed += 1) {
    stages.comparedAt.clear();
    try {
      await keepHouse(mortal(stages, killed), checkpoints);
      return killed;
    } catch (error) {
      if (!(error instanceof Crash)) throw error;
    }
  }
}
