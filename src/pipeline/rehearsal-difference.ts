import type { Rehearsal } from '../policies/policy-proposal.js';
import type { DryRunReport } from './policy-dry-run.js';

/** What somebody would have heard of, or what would have asked for a training; `at` as an instant or as its text. */
export interface Consequence {
  readonly model: string;
  readonly version: string;
  readonly check: string;
  readonly feature: string | null;
  readonly at: Date | string;
  readonly severity: string;
  readonly notifies: boolean;
  readonly retrain: boolean;
}

const WEEK_DAYS = 7;

/** What nobody hears of and what asks for nothing makes no difference to anybody. */
export function matters({ notifies, retrain }: Consequence): boolean {
  return notifies || retrain;
}

/** How many tell somebody, and how many ask for a training. */
export function totalsOf(found: readonly Consequence[]): {
  readonly alerts: number;
  readonly retrains: number;
} {
  return {
    alerts: found.filter((one) => one.notifies).length,
    retrains: found.filter((one) => one.retrain).length,
  };
}

/** Those that are not among others. The same signal at the same window with the same consequences is the same, whichever rule says so. */
export function without<One extends Consequence>(
  found: readonly One[],
  others: readonly Consequence[],
): readonly One[] {
  const known = new Set(others.map(nameOf));
  return found.filter((one) => !known.has(nameOf(one)));
}

function nameOf(one: Consequence): string {
  const at = new Date(one.at).toISOString();
  const { model, version, check, feature, severity, notifies, retrain } = one;
  return [model, version, check, feature, at, severity, notifies, retrain].join('\0');
}

/** A dry run in numbers; messages as so many in a week. */
export function rehearsalOf(report: DryRunReport, days: number): Rehearsal {
  const [active, candidate] = [report.active.filter(matters), report.candidate.filter(matters)];
  const [before, after] = [totalsOf(active), totalsOf(candidate)];
  const weekly = (messages: number) => Math.round((messages * WEEK_DAYS * 100) / days) / 100;
  return {
    days,
    windows: report.windows,
    concerned: report.concerned,
    alerts: {
      active: before.alerts,
      candidate: after.alerts,
      added: without(candidate, active).length,
      removed: without(active, candidate).length,
    },
    retrainings: { active: before.retrains, candidate: after.retrains },
    messagesPerWeek: report.messages.active.map(({ channel, messages }, i) => ({
      channel,
      active: weekly(messages),
      candidate: weekly(report.messages.candidate[i]?.messages ?? 0),
    })),
    notComputed: [...report.notComputed],
  };
}
