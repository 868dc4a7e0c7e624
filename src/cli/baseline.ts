import { resolve } from 'node:path';
import { Command } from 'commander';
import { WAITING_FIELDS, waitsText, type Waiting } from './approval.js';
import { answering, remark, utc, type Answer } from './answer.js';
import { instantArgument, onData, type DataOptions } from './arguments.js';
import { withApi } from './connect.js';
import { CliError } from './exit.js';
import { queryModel } from './query-model.js';
import type { ColumnRules } from '../tables/column-role.js';
import { columnsArgument, zoneArgument } from './table-arguments.js';

interface PinOptions extends DataOptions {
  readonly version?: string;
  readonly since?: string;
  readonly until?: string;
  readonly file?: string;
  readonly timestamp?: string;
  readonly columns?: ColumnRules['columns'];
  readonly timezone?: string;
  readonly reason?: string;
}

interface Pinned {
  readonly model: Reference;
  readonly approval: Waiting | null;
  readonly userErrors: [];
}

interface Reference {
  readonly key: string;
  readonly baseline: {
    readonly id: string;
    readonly fingerprint: string;
    readonly version: string | null;
    readonly pinnedAt: string;
    readonly rows: number;
  } | null;
  readonly baselineProblem: string | null;
  readonly features: readonly { readonly name: string; readonly kind: string }[];
  readonly unwatched: readonly { readonly name: string; readonly reason: string }[];
  readonly baselineRemarks: readonly string[];
}

const FIELDS =
  'key baseline { id version fingerprint pinnedAt rows } baselineProblem features { name kind } unwatched { name reason } baselineRemarks';

/** `tidewatch baseline`: what a model is held against. */
export function baselineCommand(): Command {
  const pin = new Command('pin')
    .description('freeze a reference and put it in force: a past period of stored predictions, or a file')
    .argument('<model>', 'key of the model')
    .option('--since <when>', 'begin of the period: an instant, or a time ago such as 30d', instantArgument)
    .option('--until <when>', 'end of the period, exclusive', instantArgument)
    .option('--version <version>', 'the only version it is for; left out, every version is held against it')
    .option('--file <file>', 'Parquet, CSV and its kin, NDJSON or JSON; the service must be able to read it')
    .option('--timestamp <column>', "the file's column that holds event time")
    .option(
      '--columns <what=column,…>',
      'which of its columns holds what, e.g. actual_label=target',
      columnsArgument,
    )
    .option('--timezone <zone>', 'zone of its times that do not say theirs (UTC)', zoneArgument)
    .option(
      '--reason <text>',
      'why: needed where it takes the place of another, and for a model of high risk',
    );
  const show = new Command('show')
    .description('the reference in force')
    .argument('<model>', 'key of the model');
  return new Command('baseline')
    .description('references: pin, show')
    .addCommand(
      onData(
        pin,
        'baseline pin credit-default --since 2026-09-01 --until 2026-10-01',
        'baseline pin credit-default --file reference.parquet --timestamp scored_at',
      ).action(answering(async (model: string, options: PinOptions) => pinBaseline(model, options))),
    )
    .addCommand(
      onData(show, 'baseline show credit-default').action(
        answering(async (model: string, options: DataOptions) => showBaseline(model, options)),
      ),
    );
}

async function pinBaseline(model: string, options: PinOptions): Promise<Answer> {
  const { version, since, until, file, timestamp, columns, timezone, reason } = options;
  const period = since !== undefined && until !== undefined;
  if (period === (file !== undefined) || (since === undefined) !== (until === undefined))
    throw new CliError('give either --since and --until, or --file', 'bad_usage');
  if (timestamp !== undefined && file === undefined)
    throw new CliError('--timestamp names a column of --file', 'bad_usage');
  // The service may stand in another folder than the person who asks.
  const input = {
    model,
    version,
    since,
    until,
    timestamp,
    columns,
    timezone,
    reason,
    ...(file === undefined ? {} : { file: resolve(file) }),
  };
  const document = `mutation ($input: BaselinePinInput!) { baselinePin(input: $input) { model { ${FIELDS} } approval { ${WAITING_FIELDS} } userErrors { field message code } } }`;
  return withApi(options, { data: true }, async (api) => {
    remark(`freezing the reference of ${model} …`);
    const { model: pinned, approval } = await api.mutate<Pinned>('baselinePin', document, { input });
    if (approval === null) return answerOf(pinned);
    return { ok: true, lines: [waitsText(approval)], json: { model, approval } };
  });
}

async function showBaseline(model: string, options: DataOptions): Promise<Answer> {
  const document = `query ($key: String!) { model(key: $key) { ${FIELDS} } }`;
  return withApi(options, { data: true }, async (api) => {
    return answerOf(await queryModel<Reference>(api, document, { key: model }));
  });
}

/** A model that has no reference because freezing failed is something wrong; one that is learning is not. */
function answerOf({
  key,
  baseline,
  baselineProblem,
  features,
  unwatched,
  baselineRemarks,
}: Reference): Answer {
  const json = {
    model: key,
    baseline,
    problem: baselineProblem,
    features,
    unwatched,
    remarks: baselineRemarks,
  };
  if (baseline === null) {
    const lines = [
      baselineProblem === null ? `${key} is learning its reference` : `${key}: ${baselineProblem}`,
    ];
    return { ok: baselineProblem === null, lines, json };
  }
  const kinds = features.map(({ name, kind }) => `  ${name}: ${kind}`);
  const lines = [
    `${key}${baseline.version === null ? '' : `, version ${baseline.version},`} is held against ${baseline.id}: ${baseline.rows} rows, pinned ${utc(baseline.pinnedAt)}`,
    `fingerprint ${baseline.fingerprint}`,
    'features:',
    ...kinds,
    ...unwatched.map(({ name, reason }) => `not watched: ${JSON.stringify(name)}: ${reason}`),
    ...baselineRemarks,
  ];
  return { ok: true, lines, json };
}
