import type { AlarmBudget } from './checks/budget.js';
import type { Config } from './config/config.js';
import type { KeepTerms } from './pipeline/retention-report.js';

/** For how long data is kept, and at least. */
export function keepTermsOf(config: Config): KeepTerms {
  return {
    models: {
      events: config.TIDEWATCH_KEEP_EVENTS,
      summaries: config.TIDEWATCH_KEEP_SUMMARIES,
      results: config.TIDEWATCH_KEEP_RESULTS,
      states: config.TIDEWATCH_KEEP_STATES,
    },
    deadLetters: config.TIDEWATCH_KEEP_DEAD_LETTERS,
    floors: { all: config.TIDEWATCH_KEEP_AT_LEAST, high: config.TIDEWATCH_KEEP_HIGH_AT_LEAST },
  };
}

/** How often the fleet may be wrong: notices ten times as often as pages. */
export function budgetOf({ TIDEWATCH_FALSE_ALERT_DAYS: pageDays }: Config): Omit<AlarmBudget, 'share'> {
  return { pageDays, noticeDays: pageDays / 10 };
}
