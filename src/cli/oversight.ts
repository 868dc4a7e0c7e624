import { Command } from 'commander';
import { answering, table, utc, type Answer } from './answer.js';
import { onData, type DataOptions } from './arguments.js';
import { withApi } from './connect.js';

interface Plan {
  readonly metrics: readonly string[];
  readonly responsible: string;
  readonly dueAt: string;
  readonly isOverdue: boolean;
  readonly last: { readonly at: string; readonly by: string; readonly note: string } | null;
}

interface Planned {
  readonly key: string;
  readonly monitoringPlan: Plan | null;
}

interface Overridden {
  readonly at: string;
  readonly model: string;
  readonly decided: string;
  readonly outcome: string;
  readonly reviewer: string;
  readonly recordedBy: string;
  readonly isCompared: boolean | null;
  readonly reason: string;
}

/** Whether a decision was held against a stored prediction. */
const COMPARED: Readonly<Record<string, string>> = {
  true: 'compared',
  false: 'not stored',
  null: 'not recorded',
};

const PLAN = 'monitoringPlan { metrics responsible dueAt isOverdue last { at by note } }';

/** `tidewatch monitoring`: the monitoring plans that people go through. */
export function monitoringCommand(): Command {
  const list = new Command('list').description('monitoring plans of the model files, when each was gone through, and what is overdue'); // prettier-ignore
  const run = new Command('run')
    .description('record that you went through the monitoring plan of a model')
    .argument('<model>')
    .requiredOption('--note <text>', 'what was found; kept in the ledger');
  return new Command('monitoring')
    .description('monitoring plans that people go through')
    .addCommand(onData(list, 'monitoring list').action(answering(async (options: DataOptions) => listPlans(options))))
    .addCommand(
      onData(run, 'monitoring run credit-default --note "complaints read, none about refusals"').action(
        answering(async (model: string, options: DataOptions & { note: string }) => recordRun(model, options)),
      ),
    );
} // prettier-ignore

async function listPlans(options: DataOptions): Promise<Answer> {
  const document = `query ($after: String) { models(first: 200, after: $after) { nodes { key ${PLAN} } pageInfo { hasNextPage endCursor } } }`;
  return withApi(options, { data: true }, async (api) => {
    const plans: (Plan & { readonly model: string })[] = [];
    for await (const { key, monitoringPlan } of api.nodes<Planned>('models', document))
      if (monitoringPlan) plans.push({ model: key, ...monitoringPlan });
    const rows = plans.map((one) => [one.model, one.responsible, one.last ? utc(one.last.at) : 'never', utc(one.dueAt), one.isOverdue ? 'overdue' : 'in time', one.metrics.join(', ')]); // prettier-ignore
    const lines =
      rows.length === 0
        ? ['no model file has a monitoringPlan']
        : table(['model', 'responsible', 'last run', 'due', 'state', 'what'], rows);
    return { ok: plans.every(({ isOverdue }) => !isOverdue), lines, json: { plans } };
  });
}

async function recordRun(model: string, options: DataOptions & { note: string }): Promise<Answer> {
  const document = `mutation ($input: MonitoringRunRecordInput!) { monitoringRunRecord(input: $input) { model { key ${PLAN} } userErrors { field message code } } }`;
  return withApi(options, { data: true }, async (api) => {
    const input = { model, note: options.note };
    const { model: shown } = await api.mutate<{ model: Planned; userErrors: [] }>('monitoringRunRecord', document, { input }); // prettier-ignore
    const due = shown.monitoringPlan ? `, next due ${utc(shown.monitoringPlan.dueAt)}` : '';
    return { ok: true, lines: [`recorded${due}`], json: shown };
  });
}

interface RecordOptions extends DataOptions {
  readonly prediction: string;
  readonly subject?: string;
  readonly version?: string;
  readonly decided: string;
  readonly outcome: string;
  readonly reason: string;
  readonly reviewer?: string;
}

interface ListOptions extends DataOptions {
  readonly model?: string;
  readonly prediction?: string;
  readonly subject?: string;
}

/** `tidewatch override`: decisions of models that people overrode. */
export function overrideCommand(): Command {
  const record = new Command('record')
    .description('record that a person decided otherwise than a model did')
    .argument('<model>')
    .requiredOption('--prediction <id>', 'its prediction_id; a keyed hash of it is kept')
    .option('--subject <person>', 'the person it is about, as the events name them; a keyed hash is kept')
    .option('--version <version>', 'of the model')
    .requiredOption('--decided <text>', 'what the model decided')
    .requiredOption('--outcome <text>', 'what holds instead')
    .requiredOption('--reason <text>', 'why')
    .option('--reviewer <name>', 'who decided, where that is not you');
  const list = new Command('list')
    .description('overrides, newest first')
    .option('--model <key>', 'of one model')
    .option('--prediction <id>', 'of one prediction')
    .option('--subject <person>', 'about one person, as the events name them');
  return new Command('override')
    .description('decisions of models that people overrode')
    .addCommand(
      onData(record, 'override record credit-default --prediction c0ffee-1 --decided bad --outcome good --reason "income was misread"').action(
        answering(async (model: string, options: RecordOptions) => recordOverride(model, options)),
      ),
    )
    .addCommand(onData(list, 'override list --subject person-17').action(answering(async (options: ListOptions) => listOverrides(options))));
} // prettier-ignore

async function recordOverride(model: string, options: RecordOptions): Promise<Answer> {
  const { prediction, subject, version, decided, outcome, reason, reviewer } = options;
  const input = { model, version, predictionId: prediction, subject, decided, outcome, reason, reviewer };
  const document = `mutation ($input: OverrideRecordInput!) { overrideRecord(input: $input) { override { seq at reviewer recordedBy isCompared } remark userErrors { field message code } } }`;
  return withApi(options, { data: true }, async (api) => {
    const { override, remark } = await api.mutate<{ override: { seq: number }; remark: string | null; userErrors: [] }>('overrideRecord', document, { input }); // prettier-ignore
    return {
      ok: true,
      lines: [`entry ${override.seq}: ${decided} → ${outcome}`, ...(remark === null ? [] : [remark])],
      json: { override, remark },
    };
  });
}

/** Every one that is asked for, however many. */
export async function listOverrides({
  model,
  prediction,
  subject,
  ...options
}: ListOptions): Promise<Answer> {
  const document = `query ($after: String, $filter: HumanOverrideFilter) { humanOverrides(first: 200, after: $after, filter: $filter) { nodes { seq at model version decided outcome reason reviewer recordedBy isCompared predictionRef subjectRef } pageInfo { hasNextPage endCursor } } }`;
  return withApi(options, { data: true }, async (api) => {
    const filter = { model, predictionId: prediction, subject };
    const nodes: Overridden[] = [];
    for await (const one of api.nodes<Overridden>('humanOverrides', document, { filter })) nodes.push(one);
    const rows = nodes.map((one) => [utc(one.at), one.model, `${one.decided} → ${one.outcome}`, one.reviewer, one.recordedBy, COMPARED[String(one.isCompared)] ?? '', one.reason]); // prettier-ignore
    const lines =
      rows.length === 0
        ? ['no overrides']
        : table(['at', 'model', 'decision', 'by', 'entered by', 'prediction', 'why'], rows);
    return { ok: true, lines, json: { totalCount: nodes.length, nodes } };
  });
}
