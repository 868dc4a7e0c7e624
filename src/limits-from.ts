import type { AlarmBudget } from './checks/budget.js';
import type { Config } from './config/config.js';
import type { Keeping } from './pipeline/retention.js';

/** For how long data is kept. */
export function keepingOf(config: Config): Keeping {
  return {
    models: {
      events: config.TIDEWATCH_KEEP_EVENTS,
      summaries: config.TIDEWATCH_KEEP_SUMMARIES,
      results: config.TIDEWATCH_KEEP_RESULTS,
      states: config.TIDEWATCH_KEEP_STATES,
    },
    deadLetters: config.TIDEWATCH_KEEP_DEAD_LETTERS,
  };
}

/** How often the fleet may be wrong: notices ten times as often as pages. */
export function budgetOf({ TIDEWATCH_FALSE_ALERT_DAYS: pageDays }: Config): Omit<AlarmBudget, 'share'> {
  return { pageDays, noticeDays: pageDays / 10 };
}
