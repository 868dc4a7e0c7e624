import { Command } from 'commander';
import { spanText, words } from '../domain/wording.js';
import { answering, type Answer } from './answer.js';
import { instantArgument, onData, type DataOptions } from './arguments.js';
import { withApi } from './connect.js';

interface Spread {
  readonly median: number;
  readonly p90: number;
  readonly longest: number;
  readonly n: number;
}

interface Platform {
  readonly models: number;
  readonly versionsRegistered: number;
  readonly versionsPromoted: number;
  readonly secondsToProduction: Spread | null;
  readonly trainings: readonly { readonly state: string; readonly count: number }[];
  readonly incidentsOpened: number;
  readonly incidentsClosed: number;
  readonly secondsToClose: Spread | null;
}

interface StatsOptions extends DataOptions {
  readonly since?: string;
  readonly until?: string;
}

const SPREAD = '{ median p90 longest n }';
const DOCUMENT = `query ($since: DateTime, $until: DateTime) { platform(since: $since, until: $until) {
  models versionsRegistered versionsPromoted secondsToProduction ${SPREAD} trainings { state count } incidentsOpened incidentsClosed secondsToClose ${SPREAD} } }`;

/** `tidewatch retraining stats`: how versions get into production, and what trainings came to. */
export function statsCommand(): Command {
  const stats = new Command('stats')
    .description('versions registered and promoted and how long that took, trainings by state, incidents of a period')
    .option('--since <when>', 'from this instant on (default: the last thirty days)', instantArgument)
    .option('--until <when>', 'before this instant', instantArgument);
  return onData(stats, 'retraining stats --since 2026-10-01T00:00:00Z').action(
    answering(async (options: StatsOptions) => showStats(options)),
  );
} // prettier-ignore

async function showStats({ since, until, ...options }: StatsOptions): Promise<Answer> {
  return withApi(options, { data: true }, async (api) => {
    const { platform } = await api.query<{ platform: Platform }>(DOCUMENT, { since, until });
    return { ok: true, lines: linesOf(platform), json: platform };
  });
}

function linesOf(one: Platform): readonly string[] {
  const trainings = one.trainings.map(({ state, count }) => `${count} ${words(state.toLowerCase())}`);
  return [
    `models ${one.models}`,
    `versions registered ${one.versionsRegistered}, into production ${one.versionsPromoted}${spreadText(one.secondsToProduction)}`,
    `trainings: ${trainings.join(', ') || 'none'}`,
    `incidents opened ${one.incidentsOpened}, closed ${one.incidentsClosed}${spreadText(one.secondsToClose)}`,
  ];
}

function spreadText(spread: Spread | null): string {
  if (!spread) return '';
  const [median, p90, longest] = [spread.median, spread.p90, spread.longest].map((seconds) =>
    spanText(seconds * 1000),
  );
  return `: after ${median}, nine of ten within ${p90}, longest ${longest} (${spread.n})`;
}
