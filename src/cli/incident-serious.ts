import { writeFile } from 'node:fs/promises';
import { Command, InvalidArgumentError, Option } from 'commander';
import { SERIOUS_CLASSES, SERIOUS_CLASS_NAMES } from '../domain/serious-class.js';
import { spanText } from '../domain/wording.js';
import { WAITING_FIELDS, waitsText, type Waiting } from './approval.js';
import { answering, table, utc, type Answer } from './answer.js';
import { instantArgument, listArgument, onData, type DataOptions } from './arguments.js';
import { withApi } from './connect.js';

interface Shown {
  readonly caseId: string;
  readonly class: string;
  readonly law: string;
  readonly awareAt: string;
  readonly by: string;
  readonly model: { readonly key: string };
  readonly clock: {
    readonly state: string;
    readonly awaited: string | null;
    readonly dueAt: string;
    readonly remainingSeconds: number | null;
  };
  readonly withdrawn: { readonly at: string; readonly by: string; readonly reason: string } | null;
  readonly reports: readonly {
    readonly kind: string;
    readonly at: string;
    readonly recipients: readonly string[];
    readonly seq: number;
    readonly lateSeconds: number | null;
  }[];
}

const FIELDS = `caseId class law awareAt by reason finalDueAt model { key } clock { state awaited dueAt remainingSeconds } withdrawn { at by reason seq }
  reports { kind at by recipients sha256 seq lateSeconds }`;
const CLASSES = SERIOUS_CLASS_NAMES.map((name) => name.toLowerCase().replaceAll('_', '-'));
const MEANT = SERIOUS_CLASS_NAMES.map((name, i) => `${CLASSES[i]}: ${SERIOUS_CLASSES[name].days} days`).join(
  ', ',
);

/** Commander's own list of choices would name each a second time, beside what it means. */
function classArgument(text: string): string {
  if (CLASSES.includes(text)) return text;
  throw new InvalidArgumentError(`Allowed choices are ${CLASSES.join(', ')}.`);
}

interface DeclareOptions extends DataOptions {
  readonly class: string;
  readonly aware?: string;
  readonly reason: string;
}

/** `incident serious`: which cases are serious incidents, and how long there is to report them. */
export function seriousCommand(): Command {
  const list = new Command('list').description('serious incidents, with the time that is left to report them');
  const declare = new Command('declare')
    .description('say that a case is a serious incident, or of which class it is after all')
    .argument('<id>', 'of a case')
    .addOption(new Option('--class <class>', MEANT).argParser(classArgument).makeOptionMandatory())
    .option('--aware <when>', 'when you became aware: an instant, or a time ago such as 3h; left out: now', instantArgument)
    .requiredOption('--reason <text>', 'why; kept in the ledger');
  const withdraw = new Command('withdraw')
    .description('say that a case is no serious incident after all')
    .argument('<id>', 'of a case')
    .requiredOption('--reason <text>', 'why; kept in the ledger');
  return new Command('serious')
    .description('serious incidents and the time there is to report them')
    .addCommand(onData(list, 'incident serious list').action(answering(async (options: DataOptions) => listSerious(options))))
    .addCommand(
      onData(declare, 'incident serious declare case_2w4… --class harm --aware 3h --reason "a refusal cost somebody a home"').action(
        answering(async (id: string, options: DeclareOptions) => {
          const { class: what, aware, reason } = options;
          const input = { case: id, class: what.toUpperCase().replaceAll('-', '_'), awareAt: aware, reason };
          return act('seriousIncidentDeclare', 'SeriousIncidentDeclareInput', input, options);
        }),
      ),
    )
    .addCommand(
      onData(withdraw, 'incident serious withdraw case_2w4… --reason "another system decided"').action(
        answering(async (id: string, options: DataOptions & { reason: string }) =>
          act('seriousIncidentWithdraw', 'SeriousIncidentWithdrawInput', { case: id, reason: options.reason }, options),
        ),
      ),
    );
} // prettier-ignore

interface ReportOptions extends DataOptions {
  readonly kind: string;
  readonly out?: string;
  readonly note: string;
  readonly file?: boolean;
  readonly to?: readonly string[];
  readonly finalBy?: string;
}

/** `incident report`: the report of a serious incident, and that it went out. */
export function reportCommand(): Command {
  const report = new Command('report')
    .description('what a report of a serious incident says now, with proofs; with --file: that it goes out')
    .argument('<id>', 'of a case')
    .addOption(new Option('--kind <kind>', 'an interim report may be incomplete').choices(['interim', 'final']).default('interim'))
    .option('--out <file>', 'write the report with its proofs there')
    .option('--note <text>', 'what you add in your own words', '')
    .option('--file', 'record in the ledger that it goes out to those named with --to')
    .option('--to <recipient>', 'who has it, with commas', listArgument)
    .option('--final-by <when>', 'with an interim report: by when the final one comes; left out: 30 days', instantArgument);
  return onData(report, 'incident report case_2w4… --out report.json', 'incident report case_2w4… --file --to "market surveillance authority"').action(
    answering(async (id: string, options: ReportOptions) => (options.file ? fileReport(id, options) : showReport(id, options))),
  );
} // prettier-ignore

async function showReport(id: string, options: ReportOptions): Promise<Answer> {
  const document = `query ($case: ID!, $kind: ReportKind!, $note: String) {
    incidentReport(case: $case, kind: $kind, note: $note) { document sha256 checkpoint proofs { seq entry hash path size root } } }`;
  return withApi(options, { data: true }, async (api) => {
    const variables = { case: id, kind: options.kind.toUpperCase(), note: options.note };
    const { incidentReport } = await api.query<{ incidentReport: { document: object; sha256: string } }>(document, variables); // prettier-ignore
    const text = `${JSON.stringify(incidentReport, null, 2)}\n`;
    if (options.out !== undefined) await writeFile(options.out, text);
    const lines = options.out === undefined ? [JSON.stringify(incidentReport.document, null, 2)] : [`${options.out}: sha256 of the document ${incidentReport.sha256}`]; // prettier-ignore
    return { ok: true, lines, json: incidentReport };
  });
}

async function fileReport(id: string, options: ReportOptions): Promise<Answer> {
  const { kind, note, to = [], finalBy } = options;
  const input = { case: id, kind: kind.toUpperCase(), recipients: to, note, finalDueAt: finalBy };
  return act('incidentReportFile', 'IncidentReportFileInput', input, options);
}

async function listSerious(options: DataOptions): Promise<Answer> {
  return withApi(options, { data: true }, async (api) => {
    const found = await api.query<{ seriousIncidents: readonly Shown[] }>(`{ seriousIncidents { ${FIELDS} } }`);
    const rows = found.seriousIncidents.map(({ caseId, model, class: what, awareAt, clock, reports, withdrawn }) => [caseId, model.key, what.toLowerCase(), utc(awareAt), clock.state.toLowerCase(), clock.awaited?.toLowerCase() ?? '', clock.awaited === null ? '' : utc(clock.dueAt), [...reports.map(missedText).filter(Boolean), withdrawnText(withdrawn)].filter(Boolean).join(', ')]);
    const lines = rows.length === 0 ? ['no serious incidents'] : table(['case', 'model', 'class', 'aware', 'state', 'awaited', 'due', 'remarks'], rows);
    const isLate = found.seriousIncidents.some(({ clock, reports }) => clock.state === 'OVERDUE' || reports.some(({ lateSeconds }) => lateSeconds !== null));
    return { ok: !isLate, lines, json: found };
  });
} // prettier-ignore

async function act(field: string, type: string, input: object, options: DataOptions): Promise<Answer> {
  const document = `mutation ($input: ${type}!) { ${field}(input: $input) { seriousIncident { ${FIELDS} } approval { ${WAITING_FIELDS} } userErrors { field message code } } }`;
  return withApi(options, { data: true }, async (api) => {
    const { seriousIncident, approval } = await api.mutate<{ seriousIncident: Shown | null; approval: Waiting | null; userErrors: [] }>(field, document, { input }); // prettier-ignore
    const said = seriousIncident ? linesOf(seriousIncident) : [];
    return { ok: true, lines: approval ? [waitsText(approval)] : said, json: { seriousIncident, approval } };
  });
}

/** `interim report late by 1d`; empty where it was in time. */
function missedText({ kind, lateSeconds }: Shown['reports'][number]): string {
  return lateSeconds === null ? '' : `${kind.toLowerCase()} report late by ${spanText(lateSeconds * 1000)}`;
}

/** `by ada on 2026-11-26 14:06 UTC`; empty where it was not. */
function withdrawnText(withdrawn: Shown['withdrawn']): string {
  return withdrawn ? `withdrawn by ${withdrawn.by} on ${utc(withdrawn.at)}` : '';
}

function linesOf({ caseId, model, law, awareAt, by, clock, reports, withdrawn }: Shown): readonly string[] {
  const due = withdrawn ? `${withdrawnText(withdrawn)}: ${withdrawn.reason}` : clock.awaited === null ? 'the final report is out' : `${clock.awaited.toLowerCase()} report due ${utc(clock.dueAt)}`;
  return [
    `${caseId} (${model.key}): ${clock.state.toLowerCase()}, ${due}`,
    `  ${law}; known since ${utc(awareAt)}, declared by ${by}`,
    ...reports.map((one) => `  ${utc(one.at)} ${one.kind.toLowerCase()} report to ${one.recipients.join(', ')} (entry ${one.seq})${one.lateSeconds === null ? '' : `: ${missedText(one)}`}`),
  ];
} // prettier-ignore
