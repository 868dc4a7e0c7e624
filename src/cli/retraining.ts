import { Command, Option } from 'commander';
import { percentText } from '../domain/wording.js';
import { answering, table, utc, type Answer } from './answer.js';
import { countArgument, onData, type DataOptions } from './arguments.js';
import { withApi } from './connect.js';
import { CliError } from './exit.js';
import { downloadCommand, manifestCommand } from './retraining-manifest.js';
import { stateArgument } from './retraining-state.js';
import { statsCommand } from './retraining-stats.js';

interface Shown {
  readonly id: string;
  readonly state: string;
  readonly summary: string;
  readonly requestedAt: string;
  readonly dueAt: string | null;
  readonly wishes: readonly { readonly at: string; readonly by: string; readonly summary: string }[];
  readonly lastWord: string | null;
  readonly askedAgain: string | null;
  readonly decisions: readonly {
    readonly at: string;
    readonly by: string;
    readonly decision: string;
    readonly note: string | null;
  }[];
  readonly newVersion: string | null;
  readonly model: { readonly key: string };
  readonly refusals: readonly { readonly at: string; readonly guard: string; readonly reason: string }[];
  readonly run: {
    readonly runUrl: string | null;
    readonly note: string | null;
    readonly progress: number | null;
    readonly sentAt: string | null;
    readonly launchedAt: string | null;
    readonly finishedAt: string | null;
  } | null;
  readonly evaluation: { readonly advice: string; readonly reason: string } | null;
  readonly promotion: { readonly state: string } | null;
}

interface ListOptions extends DataOptions {
  readonly model?: string;
  readonly state?: string;
  readonly limit: number;
}

const FIELDS =
  'id state summary requestedAt dueAt askedBy wishes { at by summary } lastWord askedAgain decidedBy note decisions { at by decision note } newVersion model { key } refusals { at guard reason } run { runUrl note progress sentAt launchedAt finishedAt trouble { error nextAt } } evaluation { advice reason } promotion { state decidedBy note at }';

/** `tidewatch retraining`: what was wanted, what stopped it, and a person's yes, no, request and reset. */
export function retrainingCommand(): Command {
  return new Command('retraining')
    .description('training runs: wanted, stopped, asked for, ended')
    .addCommand(listCommand())
    .addCommand(showCommand())
    .addCommand(approveCommand())
    .addCommand(rejectCommand())
    .addCommand(requestCommand())
    .addCommand(cancelCommand())
    .addCommand(previewCommand())
    .addCommand(whyCommand())
    .addCommand(resetCommand())
    .addCommand(manifestCommand())
    .addCommand(downloadCommand())
    .addCommand(statsCommand());
}

function listCommand(): Command {
  const list = new Command('list')
    .description('decisions about training, newest first')
    .option('--model <key>', 'of one model')
    .addOption(
      new Option('--state <state>', 'in one state, such as proposed or deferred').argParser(stateArgument),
    )
    .addOption(new Option('--limit <n>', 'at most so many').argParser(countArgument).default(50));
  return onData(list, 'retraining list --state proposed').action(
    answering(async (options: ListOptions) => listRetrainings(options)),
  );
}

function showCommand(): Command {
  const show = new Command('show').description('the whole story of one').argument('<id>');
  return onData(show, 'retraining show 0f3c…').action(
    answering(async (id: string, options: DataOptions) => showRetraining(id, options)),
  );
}

function approveCommand(): Command {
  const approve = new Command('approve')
    .description(
      'say yes to what waits: a proposed run is asked for, the better version that it made takes over',
    )
    .argument('<id>')
    .option('--note <text>', 'what you looked at: needed for a model of high risk', '');
  return onData(approve, 'retraining approve 0f3c… --note "labels of October checked"').action(
    answering(async (id: string, options: DataOptions & { note: string }) =>
      change('retrainingApprove', 'RetrainingApproveInput', { id, note: options.note }, options),
    ),
  );
}

function rejectCommand(): Command {
  const reject = new Command('reject')
    .description('say no to what waits: a proposed run, or the version that it made')
    .argument('<id>')
    .requiredOption('--note <text>', 'why, for the ledger');
  return onData(reject, 'retraining reject 0f3c… --note "the upstream fix comes first"').action(
    answering(async (id: string, options: DataOptions & { note: string }) =>
      change('retrainingReject', 'RetrainingRejectInput', { id, note: options.note }, options),
    ),
  );
}

interface RequestOptions extends DataOptions {
  readonly reason: string;
  readonly incident?: readonly string[];
}

function requestCommand(): Command {
  const request = new Command('request')
    .description('ask for a training of the newest version, under the guard rails')
    .argument('<model>')
    .requiredOption('--reason <text>', 'why, for the ledger')
    .option('--incident <id...>', 'open incidents that it is to end');
  return onData(request, 'retraining request credit-default --reason "new product line"').action(
    answering(async (model: string, options: RequestOptions) => {
      const { reason, incident: incidents } = options;
      const input = { model, reason, ...(incidents ? { incidents } : {}) };
      return change('retrainingRequest', 'RetrainingRequestInput', input, options);
    }),
  );
}

function cancelCommand(): Command {
  const cancel = new Command('cancel')
    .description('call off a run that was asked for; its orchestrator is told to stop it')
    .argument('<id>')
    .requiredOption('--note <text>', 'why, for the ledger');
  return onData(cancel, 'retraining cancel 0f3c… --note "the data are wrong"').action(
    answering(async (id: string, options: DataOptions & { note: string }) =>
      change('retrainingCancel', 'RetrainingCancelInput', { id, note: options.note }, options),
    ),
  );
}

function previewCommand(): Command {
  const preview = new Command('preview')
    .description('the request that a run of a model would cause now, without secrets')
    .argument('<model>');
  return onData(preview, 'retraining preview credit-default').action(
    answering(async (model: string, options: DataOptions) => previewRun(model, options)),
  );
}

function whyCommand(): Command {
  const why = new Command('why').description('why nothing is trained now').argument('<model>');
  return onData(why, 'retraining why credit-default').action(
    answering(async (model: string, options: DataOptions) => explainTraining(model, options)),
  );
}

interface Outlook {
  readonly reason: string;
  readonly guards: readonly { readonly guard: string; readonly detail: string | null }[];
}

async function explainTraining(model: string, options: DataOptions): Promise<Answer> {
  const document = `query ($model: String!) { whyNotTrained(model: $model) { reason futileRuns guards { guard detail dueAt } } }`;
  return withApi(options, { data: true }, async (api) => {
    const { whyNotTrained: found } = await api.query<{ whyNotTrained: Outlook }>(document, { model });
    const guards = found.guards.map(({ guard, detail }) => `  ${guard}: ${detail ?? 'lets it pass'}`);
    return { ok: true, lines: [found.reason, ...guards], json: found };
  });
}

async function previewRun(model: string, options: DataOptions): Promise<Answer> {
  const document = `query ($model: String!) { retrainingPreview(model: $model) { target kind method url headers body } }`;
  return withApi(options, { data: true }, async (api) => {
    const { retrainingPreview: found } = await api.query<{ retrainingPreview: Previewed }>(document, {
      model,
    });
    const headers = Object.entries(found.headers).map(([name, value]) => `${name}: ${value}`);
    const first = `target ${found.target} (${found.kind})`;
    const lines = [first, `${found.method} ${found.url}`, ...headers, JSON.stringify(found.body, null, 2)];
    return { ok: true, lines, json: found };
  });
}

interface Previewed {
  readonly target: string;
  readonly kind: string;
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

function resetCommand(): Command {
  const reset = new Command('reset-breaker')
    .description('let a model be trained again after runs that did not help')
    .argument('<model>')
    .requiredOption('--note <text>', 'why the next run is expected to help');
  return onData(reset, 'retraining reset-breaker credit-default --note "features fixed"').action(
    answering(async (model: string, options: DataOptions & { note: string }) => resetBreaker(model, options)),
  );
}

async function listRetrainings({ model, state, limit, ...options }: ListOptions): Promise<Answer> {
  const filter = { ...(model ? { model } : {}), ...(state ? { states: [state] } : {}) };
  const document = `query ($first: Int, $filter: RetrainingFilter) { retrainings(first: $first, filter: $filter) { totalCount nodes { ${FIELDS} } } }`;
  return withApi(options, { data: true }, async (api) => {
    const { retrainings } = await api.query<{
      retrainings: { totalCount: number; nodes: readonly Shown[] };
    }>(document, { first: Math.min(limit, 200), filter });
    const { nodes, totalCount } = retrainings;
    const rows = nodes.map((one) => [
      one.id,
      one.state,
      one.model.key,
      one.requestedAt,
      one.summary,
      one.lastWord ?? '',
    ]);
    const more = totalCount > nodes.length ? [`${nodes.length} of ${totalCount}`] : [];
    const lines = [...table(['id', 'state', 'model', 'asked', 'because', 'last word'], rows), ...more];
    return { ok: true, lines, json: { retrainings: nodes, totalCount } };
  });
}

async function showRetraining(id: string, options: DataOptions): Promise<Answer> {
  const document = `query ($id: ID!) { retraining(id: $id) { ${FIELDS} } }`;
  return withApi(options, { data: true }, async (api) => {
    const { retraining } = await api.query<{ retraining: Shown | null }>(document, { id });
    if (!retraining) throw new CliError(`there is no training run ${id}`, 'retraining_not_found');
    return { ok: true, lines: storyLines(retraining), json: retraining };
  });
}

async function change(
  field: string,
  type: string,
  input: Readonly<Record<string, string | readonly string[]>>,
  options: DataOptions,
): Promise<Answer> {
  const document = `mutation ($input: ${type}!) { ${field}(input: $input) { retraining { ${FIELDS} } userErrors { field message code } } }`;
  return withApi(options, { data: true }, async (api) => {
    const { retraining } = await api.mutate<{ retraining: Shown | null; userErrors: [] }>(field, document, {
      input,
    });
    return { ok: true, lines: retraining ? storyLines(retraining) : [], json: { retraining } };
  });
}

async function resetBreaker(
  model: string,
  { note, ...options }: DataOptions & { note: string },
): Promise<Answer> {
  const document = `mutation ($input: RetrainingBreakerResetInput!) { retrainingBreakerReset(input: $input) { userErrors { field message code } } }`;
  return withApi(options, { data: true }, async (api) => {
    await api.mutate('retrainingBreakerReset', document, { input: { model, note } });
    return {
      ok: true,
      lines: [
        `${model} may be trained again; what was refused meanwhile is not asked for by itself: tidewatch retraining request ${model} --incident ID --reason …`,
      ],
      json: { model, reset: true },
    };
  });
}

/** The story as a person reads it, one fact a line. */
function storyLines(one: Shown): readonly string[] {
  const next = one.state === 'DEFERRED' ? 'decided again' : 'sent';
  const due = one.dueAt ? `, ${next} ${utc(one.dueAt)}` : '';
  return [
    `${one.id}: ${one.state}${due}`,
    `model ${one.model.key}`,
    ...one.wishes.map(({ at, by, summary }) => `asked ${utc(at)} by ${by}: ${summary}`),
    ...one.refusals.map(({ at, guard, reason }) => `  ${utc(at)} stopped by ${guard}: ${reason}`),
    ...one.decisions.map(
      ({ at, by, decision, note }) =>
        `${decision.toLowerCase().replaceAll('_', ' ')} ${utc(at)} by ${by}${note ? `: ${note}` : ''}`,
    ),
    ...(one.run?.launchedAt ? [`sent ${utc(one.run.sentAt ?? one.run.launchedAt)}`] : []),
    ...(one.run?.finishedAt ? [`ended ${utc(one.run.finishedAt)}`] : []),
    ...(one.askedAgain ? [`asked again: ${one.askedAgain}`] : []),
    ...(one.run?.runUrl ? [`job ${one.run.runUrl}`] : []),
    ...(typeof one.run?.progress === 'number' && one.newVersion === null
      ? [`done ${percentText(one.run.progress)}`]
      : []),
    ...(one.lastWord ? [`last word: ${one.lastWord}`] : []),
    ...(one.newVersion ? [`made version ${one.newVersion}`] : []),
    ...(one.evaluation ? [`${one.evaluation.advice}: ${one.evaluation.reason}`] : []),
    ...(one.promotion?.state === 'PROPOSED' ? ['its promotion waits for a yes or no'] : []),
  ];
}
