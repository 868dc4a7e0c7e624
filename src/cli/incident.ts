import { Command, Option } from 'commander';
import { ROOT_CAUSES } from '../domain/root-cause.js';
import { spanText, words } from '../domain/wording.js';
import { answering, remark, table, utc, type Answer } from './answer.js';
import { WAITING_FIELDS, waitsText, type Waiting } from './approval.js';
import { countArgument, onData, type DataOptions } from './arguments.js';
import { withApi } from './connect.js';
import { CliError } from './exit.js';
import { reportCommand, seriousCommand } from './incident-serious.js';
import { whyNotCommand } from './why.js';

interface Member {
  readonly id: string;
  readonly state: string;
  readonly severity: string;
  readonly headline: string;
  readonly closeReason: string | null;
  readonly facts: { readonly onset: string; readonly lastAt: string; readonly extent: string };
}

interface Shown {
  readonly id: string;
  readonly state: string;
  readonly severity: string;
  readonly version: string;
  readonly headline: string;
  readonly cause: string | null;
  readonly openedAt: string;
  readonly closedAt: string | null;
  readonly partOf: string | null;
  readonly model: { readonly key: string };
  readonly incidents: readonly Member[];
  readonly file: {
    readonly assignee: string | null;
    readonly acknowledgedBy: string | null;
    readonly rootCause: string | null;
    readonly activity: readonly { at: string; by: string; what: string; text: string }[];
  };
}

const FIELDS = `id headline cause state severity version openedAt closedAt partOf model { key } incidents { id state severity headline closeReason facts { onset lastAt extent } }
  file { assignee acknowledgedBy rootCause activity { at by what text } }`;

/** `tidewatch incident`: open cases, one of them whole, and what a person does about it. */
export function incidentCommand(): Command {
  return new Command('incident')
    .description('cases: what people are told about, and what they do about it')
    .addCommand(listCommand())
    .addCommand(showCommand())
    .addCommand(acknowledgeCommand())
    .addCommand(assignCommand())
    .addCommand(noteCommand())
    .addCommand(normalCommand())
    .addCommand(closeCommand())
    .addCommand(reopenCommand())
    .addCommand(seriousCommand())
    .addCommand(reportCommand())
    .addCommand(statsCommand())
    .addCommand(whyNotCommand());
}

function listCommand(): Command {
  const list = new Command('list')
    .description('cases, newest first')
    .option('--model <key>', 'of one model')
    .addOption(
      new Option('--state <state>', 'open, closed or all').choices(['open', 'closed', 'all']).default('open'),
    )
    .option('--limit <n>', 'at most this many', countArgument, 50);
  return onData(list, 'incident list --model credit-default').action(
    answering(async (options: DataOptions & { model?: string; state: string; limit: number }) => {
      const { model, state, limit } = options;
      const filter = {
        ...(model ? { model } : {}),
        ...(state === 'all' ? {} : { state: state.toUpperCase() }),
      };
      const document = `query ($filter: CaseFilter) { cases(filter: $filter) { ${FIELDS} } }`;
      return withApi(options, { data: true }, async (api) => {
        const found = await api.query<{ cases: readonly Shown[] }>(document, { filter });
        const cases = found.cases.slice(0, limit);
        const more = found.cases.length > cases.length;
        if (more) remark(`${cases.length} of ${found.cases.length} cases; see --limit`);
        const rows = cases.map((one) => [
          one.id,
          one.state.toLowerCase(),
          one.severity.toLowerCase(),
          `${one.model.key} ${one.version}`.trim(),
          utc(one.openedAt),
          one.file.assignee ?? one.file.acknowledgedBy ?? '',
          `${one.headline}${one.partOf === null ? '' : ` (told with ${one.partOf})`}`,
        ]);
        const lines = table(['id', 'state', 'severity', 'model', 'opened', 'with', 'what'], rows);
        return { ok: true, lines: rows.length === 0 ? ['no cases'] : lines, json: { cases, more } };
      });
    }),
  );
}

function showCommand(): Command {
  const show = new Command('show').description('one case with its findings and its story').argument('<id>', 'of a case'); // prettier-ignore
  return onData(show, 'incident show case_2w4…').action(
    answering(async (id: string, options: DataOptions) => {
      const document = `query ($id: ID!) { case(id: $id) { ${FIELDS} } }`;
      return withApi(options, { data: true }, async (api) => {
        const found = await api.query<{ case: Shown | null }>(document, { id });
        if (!found.case) throw new CliError(`there is no case ${id}`, 'case_not_found');
        return { ok: true, lines: linesOf(found.case), json: found.case };
      });
    }),
  );
}

function acknowledgeCommand(): Command {
  const acknowledge = new Command('acknowledge').description('take everything on that is open').argument('<id>', 'of a case'); // prettier-ignore
  return onData(acknowledge, 'incident acknowledge case_2w4…').action(
    answering(async (id: string, options: DataOptions) => act('Acknowledge', { id }, options)),
  );
}

function assignCommand(): Command {
  const assign = new Command('assign')
    .description('give a case to somebody')
    .argument('<id>', 'of a case')
    .option('--to <name>', 'who looks after it; left out: nobody');
  return onData(assign, 'incident assign case_2w4… --to anna').action(
    answering(async (id: string, options: DataOptions & { to?: string }) =>
      act('Assign', { id, to: options.to ?? null }, options),
    ),
  );
}

function noteCommand(): Command {
  const note = new Command('note')
    .description('write something down for those who come after')
    .argument('<id>', 'of a case')
    .argument('<text>');
  return onData(note, 'incident note case_2w4… "the export job was restarted at 10:40"').action(
    answering(async (id: string, text: string, options: DataOptions) =>
      act('Note', { id, note: text }, options),
    ),
  );
}

function closeCommand(): Command {
  const names = ROOT_CAUSES.map((one) => one.toLowerCase());
  const close = new Command('close')
    .description('say what a case was, and end what is open of it')
    .argument('<id>', 'of a case')
    .addOption(new Option('--root-cause <cause>', 'what it was').choices(names).makeOptionMandatory())
    .option(
      '--note <text>',
      'why; needed for models of high risk, and where something of it is critical',
      '',
    );
  return onData(close, 'incident close case_2w4… --root-cause upstream_data --note "unit fixed"').action(
    answering(async (id: string, options: DataOptions & { rootCause: string; note: string }) => {
      const { rootCause, note } = options;
      return act('Close', { id, note, rootCause: rootCause.toUpperCase() }, options);
    }),
  );
}

function normalCommand(): Command {
  const normal = new Command('normal')
    .description('say that a case is normal; others are asked whether it becomes the reference')
    .argument('<id>', 'of a case')
    .requiredOption('--reason <text>', 'why; needed, kept in the ledger and read by those who are asked')
    .option('--also <check...>', 'checks that are normal beside drift, such as performance', []);
  return onData(normal, 'incident normal case_2w4… --reason "prices rose in spring"').action(
    answering(async (id: string, options: DataOptions & { reason: string; also: readonly string[] }) => {
      const document = `mutation ($input: CaseNormalInput!) { caseNormal(input: $input) { case { ${FIELDS} } approval { ${WAITING_FIELDS} } said userErrors { field message code } } }`;
      const input = { id, reason: options.reason, checks: options.also };
      return withApi(options, { data: true }, async (api) => {
        const done = await api.mutate<Acted & { said: string }>('caseNormal', document, { input });
        const { case: shown, approval, said } = done;
        return { ok: true, lines: [said], json: { case: shown, approval, said } };
      });
    }),
  );
}

function reopenCommand(): Command {
  const reopen = new Command('reopen')
    .description('open again what was closed by hand')
    .argument('<id>', 'of a case')
    .requiredOption('--reason <text>', 'why; needed, kept in the ledger');
  return onData(reopen, 'incident reopen case_2w4… --reason "the fix was rolled back"').action(
    answering(async (id: string, options: DataOptions & { reason: string }) =>
      act('Reopen', { id, reason: options.reason }, options),
    ),
  );
}

interface Report {
  readonly cases: number;
  readonly detectSeconds: number | null;
  readonly acknowledgeSeconds: number | null;
  readonly resolveSeconds: number | null;
  readonly precision: readonly { check: string; policy: string; told: number; real: number }[];
  readonly flaps: readonly {
    model: string;
    title: string;
    times: number;
    policy: string;
    rule: string;
    proposal: string | null;
  }[];
}

function statsCommand(): Command {
  const stats = new Command('stats')
    .description(
      'how fast cases are found, taken on and ended, how often findings were real, and what came and went in the last week',
    )
    .option('--model <key>', 'of one model');
  return onData(stats, 'incident stats').action(
    answering(async (options: DataOptions & { model?: string }) => {
      const document = `query ($model: String) { alerting(model: $model) { cases detectSeconds acknowledgeSeconds resolveSeconds precision { check policy told real } flaps { model title times policy rule proposal } } }`;
      return withApi(options, { data: true }, async (api) => {
        const { alerting } = await api.query<{ alerting: Report }>(document, { model: options.model });
        const span = (seconds: number | null) => (seconds === null ? 'not known' : spanText(1_000 * seconds));
        const rows = alerting.precision.map((one) => [one.check, one.policy, `${one.real} of ${one.told}`]);
        const lines = [
          `${alerting.cases} cases; mean time to detect ${span(alerting.detectSeconds)}, to acknowledge ${span(alerting.acknowledgeSeconds)}, to resolve ${span(alerting.resolveSeconds)}`,
          ...(rows.length > 0
            ? table(['check', 'policy', 'real'], rows)
            : ['nobody has told a root cause yet']),
          ...alerting.flaps.map(
            ({ model, title, times, policy, rule, proposal }) =>
              `came and went ${times} times in a week: ${model}, ${title} (policy ${policy}, rule ${rule}). ${proposal ?? ''}`,
          ),
        ];
        return { ok: true, lines, json: alerting };
      });
    }),
  );
}

interface Acted {
  readonly case: Shown;
  readonly approval: Waiting | null;
  readonly userErrors: [];
}

async function act(
  verb: 'Acknowledge' | 'Assign' | 'Note' | 'Close' | 'Reopen',
  input: Readonly<Record<string, string | null>>,
  options: DataOptions,
): Promise<Answer> {
  const field = `case${verb}`;
  const document = `mutation ($input: Case${verb}Input!) { ${field}(input: $input) { case { ${FIELDS} } approval { ${WAITING_FIELDS} } userErrors { field message code } } }`;
  return withApi(options, { data: true }, async (api) => {
    const { case: shown, approval } = await api.mutate<Acted>(field, document, { input });
    const lines = approval ? [waitsText(approval)] : linesOf(shown);
    return { ok: true, lines, json: { case: shown, approval } };
  });
}

function linesOf(one: Shown): readonly string[] {
  const { file } = one;
  const handled = [
    ...(file.assignee ? [`with ${file.assignee}`] : []),
    ...(file.acknowledgedBy ? [`acknowledged by ${file.acknowledgedBy}`] : []),
    ...(file.rootCause ? [`it was: ${words(file.rootCause)}`] : []),
  ];
  return [
    `${one.id}: ${one.state.toLowerCase()} ${one.severity.toLowerCase()}, ${one.model.key} ${one.version}, opened ${utc(one.openedAt)}${one.closedAt ? `, closed ${utc(one.closedAt)}` : ''}`,
    one.headline,
    ...(one.partOf === null ? [] : [`told with ${one.partOf}, the case of another model: one source is at fault for both`]),
    ...(one.cause === null ? [] : [`probable cause: ${one.cause}`]),
    ...(handled.length > 0 ? [handled.join(', ')] : []),
    ...one.incidents.map(memberLine),
    ...file.activity.map(({ at, by, what, text }) => `  ${utc(at)} ${by} ${what}${text ? ` ${text}` : ''}`),
  ]; // prettier-ignore
}

/** How a finding stands, what it is, when it was there in event time and, of one that is over, how it ended. */
function memberLine({ state, severity, headline, closeReason, facts }: Member): string {
  const extent = headline.includes(facts.extent) ? '' : ` | ${facts.extent}`;
  const [from, to] = [utc(facts.onset), utc(facts.lastAt)];
  const when = state === 'CLOSED' ? `${from} to ${to}, ${words(closeReason ?? 'closed')}` : `since ${from}, last seen ${to}`;
  return `  ${state.toLowerCase()} ${severity.toLowerCase()} ${headline}${extent} | ${when}`;
} // prettier-ignore
