import { Command } from 'commander';
import { countText, intervalText, numberText, percentText, utcSpanText, words } from '../domain/wording.js';
import { trafficText } from '../domain/version-comparison.js';
import { answering, table, type Answer } from './answer.js';
import { instantArgument, onData, type DataOptions } from './arguments.js';
import { withApi } from './connect.js';
import { queryModel } from './query-model.js';

interface CompareOptions extends DataOptions {
  readonly to?: string;
  readonly since?: string;
  readonly until?: string;
}

interface Compared {
  readonly from: string | null;
  readonly to: string | null;
  readonly answered: number;
  readonly traffic: number;
  readonly requests: number;
  readonly agreement: number | null;
  readonly segments: readonly {
    readonly segment: string;
    readonly requests: number;
    readonly agreement: number | null;
  }[];
  readonly advice: string;
  readonly reason: string;
  readonly metrics: readonly {
    readonly metric: string;
    readonly value: number | null;
    readonly other: number | null;
    readonly difference: number | null;
    readonly low: number | null;
    readonly high: number | null;
    readonly paired: boolean;
    readonly reason: string | null;
  }[];
}

const DOCUMENT = `query ($key: String!, $version: String!, $to: String, $since: DateTime, $until: DateTime) {
  model(key: $key) { unsummed compare(version: $version, to: $to, since: $since, until: $until) {
    from to rows answered traffic requests agreement segments { segment requests agreement } advice certainty labelsNeeded reason
    metrics { metric value other difference low high paired reason } } } }`;

/** `tidewatch model compare`: two versions on the same requests, and what to do about it. */
export function modelCompareCommand(): Command {
  const command = new Command('compare')
    .description('two versions on the same stretch: agreement, every metric with the interval of its difference, and advice')
    .argument('<key>')
    .argument('<version>', 'the newer one')
    .option('--to <version>', 'the one it is held against (default: the champion; for the champion, who answered before)')
    .option('--since <when>', 'answers from this instant on (default: from when both answered)', instantArgument)
    .option('--until <when>', 'answers before this instant', instantArgument);
  return onData(command, 'model compare credit-default 2026.12 --to 2026.11').action(
    answering(async (key: string, version: string, options: CompareOptions) => compare(key, version, options)),
  );
} // prettier-ignore

async function compare(
  key: string,
  version: string,
  { to, since, until, ...options }: CompareOptions,
): Promise<Answer> {
  return withApi(options, { data: true }, async (api) => {
    const asked = { key, version, to, since, until };
    const model = await queryModel<{ unsummed: string | null; compare: Compared }>(api, DOCUMENT, asked);
    return {
      ok: true,
      lines: [...(model.unsummed === null ? [] : [model.unsummed]), ...linesOf(model.compare)],
      json: model,
    };
  });
}

function linesOf({
  from,
  to,
  answered,
  traffic,
  requests,
  agreement,
  segments,
  advice,
  reason,
  metrics,
}: Compared): readonly string[] {
  const share = trafficText({ answered, traffic });
  const rows = metrics.map(({ metric, value, other, difference, low, high, paired, reason }) => [
    words(metric),
    numberText(value),
    numberText(other),
    numberText(difference),
    intervalText(low, high),
    reason ?? (paired ? 'request by request' : 'own rows'),
  ]);
  const apart = segments.map(
    (one) => `  ${one.segment}: ${percentText(one.agreement)} of ${countText(one.requests)} requests`,
  );
  return [
    `${advice}: ${reason}`,
    ...(from && to
      ? [
          `both answered from ${utcSpanText(new Date(from), new Date(to))}${share === null ? '' : `, this version ${share}`}`,
        ]
      : []),
    requests === 0
      ? 'no request was answered by both'
      : `both answered ${countText(requests)} requests, ${percentText(agreement)} of them alike`,
    ...apart,
    ...table(['metric', 'value', 'other', 'difference', '95 %', 'taken from'], rows),
  ];
}
