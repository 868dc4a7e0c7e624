import { readFileSync } from 'node:fs';
import { Command, Option } from 'commander';
import { parse, YAMLParseError } from 'yaml';
import { proxiedFetch } from '../config/proxied-fetch.js';
import { MODEL_STAGES } from '../domain/model.js';
import type { VersionRecord } from '../domain/version-record.js';
import { readMlflow } from '../registry/mlflow.js';
import { readVersionRecord } from '../registry/version-record.js';
import { WAITING_FIELDS, waitsText, type Waiting } from './approval.js';
import { answering, type Answer } from './answer.js';
import { onData, type DataOptions } from './arguments.js';
import { withApi } from './connect.js';
import { CliError } from './exit.js';
import { versionLines, type ShownVersion } from './version-lines.js';

interface AddOptions extends DataOptions {
  readonly stage?: string;
  readonly reason?: string;
  readonly record?: string;
}

interface ImportOptions extends DataOptions {
  readonly mlflow: string;
  readonly name: string;
  readonly number: string;
  readonly tokenFile?: string;
}

const both = (command: Command) => command.argument('<model>').argument('<version>');

/** `tidewatch model version`: announce versions, say what they are and where they come from. */
export function modelVersionCommand(): Command {
  return new Command('version')
    .description('versions of a model: add, stage, show, import')
    .addCommand(addCommand())
    .addCommand(stageCommand())
    .addCommand(showCommand())
    .addCommand(importCommand());
}

function addCommand(): Command {
  const add = new Command('add')
    .description('announce a version before its first row, or describe one that is known')
    .addOption(stageOption())
    .option('--record <file>', 'where it comes from: data, code, metrics, card (YAML or JSON)')
    .option('--reason <text>', 'why, for the ledger');
  return onData(
    both(add),
    'model version add credit-default 2026.12 --stage shadow --record version.yaml',
  ).action(
    answering(async (model: string, version: string, { record, ...options }: AddOptions) =>
      register({ model, version, options }, record === undefined ? null : recordIn(record)),
    ),
  );
}

function stageCommand(): Command {
  const move = new Command('stage')
    .description('move a version to another stage')
    .addOption(stageOption().makeOptionMandatory())
    .option('--reason <text>', 'why, for the ledger');
  return onData(
    both(move),
    'model version stage credit-default 2026.12 --stage champion --reason "better in shadow"',
  ).action(
    answering(async (model: string, version: string, options: AddOptions & { stage: string }) => {
      const { stage } = options;
      const input = { model, version, stage: stage.toUpperCase(), reason: reasonGiven(options) };
      const waits = await change('modelVersionStageChange', 'ModelVersionStageChangeInput', input, options);
      if (waits) return waitsAnswer({ model, version }, waits);
      return { ok: true, lines: [`${model} ${version} is ${stage}`], json: { model, version, stage } };
    }),
  );
}

function showCommand(): Command {
  const show = new Command('show').description('where a version comes from, and what nobody answered');
  return onData(both(show), 'model version show credit-default 2026.12').action(
    answering(async (model: string, version: string, options: DataOptions) =>
      showVersion(model, version, options),
    ),
  );
}

function importCommand(): Command {
  const add = new Command('import')
    .description('describe a version by what an MLflow server knows of it; a new one is announced')
    .requiredOption('--mlflow <url>', 'address of the tracking server')
    .requiredOption('--name <name>', 'of the registered model there')
    .requiredOption('--number <n>', 'version of the registered model there')
    .option('--token-file <file>', 'holds the token for that server');
  return onData(
    both(add),
    'model version import credit-default 2026.12 --mlflow https://mlflow.example --name credit --number 7',
  ).action(
    answering(
      async (
        model: string,
        version: string,
        { mlflow, name, number, tokenFile, ...options }: ImportOptions,
      ) => {
        const token = tokenFile === undefined ? null : readText(tokenFile).trim();
        const record = await readMlflow(proxiedFetch(), { url: mlflow, token, name, version: number });
        return register({ model, version, options }, record);
      },
    ),
  );
}

function stageOption(): Option {
  return new Option('--stage <stage>', 'what the version is').choices([...MODEL_STAGES]);
}

async function register(
  {
    model,
    version,
    options,
  }: { readonly model: string; readonly version: string; readonly options: AddOptions },
  record: VersionRecord | null,
): Promise<Answer> {
  const { stage } = options;
  const input = {
    model,
    version,
    reason: reasonGiven(options),
    ...(stage ? { stage: stage.toUpperCase() } : {}),
    ...(record ? { record } : {}),
  };
  const waits = await change('modelVersionRegister', 'ModelVersionRegisterInput', input, options);
  if (waits) return waitsAnswer({ model, version }, waits);
  if (!record) {
    const given = stage ?? 'registered';
    return { ok: true, lines: [`${model} ${version} is ${given}`], json: { model, version, stage: given } };
  }
  return showVersion(model, version, options);
}

/** Others, and whoever looks back, want to know why a version answers: of a champion no word is made up. */
function reasonGiven({ stage, reason }: AddOptions): string {
  return reason ?? (stage === 'champion' ? '' : 'by the command line');
}

/** What others have to agree to first; null where it is done. */
async function change(
  field: string,
  type: string,
  input: object,
  options: DataOptions,
): Promise<Waiting | null> {
  const document = `mutation ($input: ${type}!) { ${field}(input: $input) { approval { ${WAITING_FIELDS} } userErrors { field message code } } }`;
  return withApi(options, { data: false }, async (api) => {
    const { approval } = await api.mutate<{ approval: Waiting | null; userErrors: [] }>(field, document, {
      input,
    });
    return approval;
  });
}

function waitsAnswer(named: { readonly model: string; readonly version: string }, approval: Waiting): Answer {
  return { ok: true, lines: [waitsText(approval)], json: { ...named, approval } };
}

async function showVersion(model: string, version: string, options: DataOptions): Promise<Answer> {
  const document = `query ($key: String!) { model(key: $key) { versions {
    version stage firstSeenAt knownSince announcedBy answersSince nextStages record recordedAt recordedBy unanswered } } }`;
  return withApi(options, { data: true }, async (api) => {
    const { model: found } = await api.query<{ model: { versions: readonly ShownVersion[] } | null }>(
      document,
      {
        key: model,
      },
    );
    if (!found) throw new CliError(`no model "${model}" is registered`, 'model_not_found');
    const one = found.versions.find((known) => known.version === version);
    const known = found.versions.map((other) => other.version).join(', ') || 'none';
    if (!one) throw new CliError(`${model} has no version ${version}; it has: ${known}`, 'version_not_found');
    return { ok: true, lines: versionLines(one), json: one };
  });
}

function recordIn(file: string): VersionRecord {
  const text = readText(file);
  try {
    return readVersionRecord(parse(text));
  } catch (error) {
    if (!(error instanceof YAMLParseError || error instanceof ReferenceError)) throw error;
    throw new CliError(`${file}: ${error.message}`, 'bad_version_record');
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw new CliError(`${file} cannot be read`, 'no_file');
  }
}
