import { readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { Command } from 'commander';
import { yamlFiles, type TextFile } from '../config/files.js';
import { durationText } from '../domain/duration.js';
import type { Model } from '../domain/model.js';
import { neverArmed } from '../pipeline/never-armed.js';
import { absentReferences, namesakes, unevenWindows } from '../read-files.js';
import { ModelFileError, parseModelFile } from '../registry/model-file.js';
import type { Monitoring } from '../domain/monitoring.js';
import { answering, table, type Answer } from './answer.js';
import { WAITING_FIELDS, waitsText, type Waiting } from './approval.js';
import { onData, withExamples, type DataOptions } from './arguments.js';
import { withApi } from './connect.js';
import { CliError } from './exit.js';
import { modelCompareCommand } from './model-compare.js';
import { modelExpectationsCommand } from './model-expectations.js';
import { modelPerformanceCommand } from './model-performance.js';
import { modelSegmentsCommand } from './model-segments.js';
import { modelSlicesCommand } from './model-slices.js';
import { modelVersionCommand } from './model-version.js';
import { queryModel } from './query-model.js';

interface ModelHead {
  readonly key: string;
  readonly task: string;
  readonly owner: string;
  readonly riskTier: string;
  readonly versions: readonly {
    readonly version: string;
    readonly stage: string;
    readonly firstSeenAt: string | null;
  }[];
  readonly baseline: { readonly id: string; readonly pinnedAt: string; readonly rows: number } | null;
  readonly baselineProblem: string | null;
  readonly monitoring: Monitoring;
  readonly unsummed: string | null;
}

interface ModelDetail extends ModelHead {
  readonly name: string | null;
  readonly purpose: string | null;
  readonly undoneByFile: {
    readonly at: string;
    readonly seq: number;
    readonly what: readonly string[];
  } | null;
  readonly windowMs: number;
  readonly timezone: string;
  readonly registeredAt: string;
  readonly features: readonly {
    readonly name: string;
    readonly kind: string;
    readonly unit: string | null;
  }[];
  readonly counts: Readonly<Record<'predictions' | 'elsewhere' | 'labels' | 'deadLetters', number>>;
  readonly incidents: readonly {
    readonly id: string;
    readonly severity: string;
    readonly headline: string;
  }[];
}

interface Registration {
  readonly arming: string | null;
  readonly approval: Waiting | null;
  readonly userErrors: readonly { readonly message: string; readonly code: string }[];
}

const HEAD = `key task owner riskTier versions { version stage firstSeenAt } baseline { id pinnedAt rows } baselineProblem monitoring { state reason windowsLearnt windowsNeeded armed learning uncalibratable expectedFalseAlerts heldAgainst labels } unsummed`;

/** `tidewatch model`: the inventory. */
export function modelCommand(): Command {
  const list = new Command('list').description('every registered model');
  const show = new Command('show')
    .description('one model with its versions, features and counts')
    .argument('<key>');
  const register = new Command('register')
    .description('register a model, or record what changed in its file')
    .argument('<file>', 'a model file (YAML)')
    .option('--reason <text>', 'why it changes: needed where the risk tier falls');
  const check = new Command('check')
    .description('check model files without a store')
    .argument('<file...>', 'model files, or folders of them');
  return new Command('model')
    .description(
      'models: list, show, register, check, version, performance, expectations, compare, segments, slices',
    )
    .addCommand(modelVersionCommand())
    .addCommand(modelPerformanceCommand())
    .addCommand(modelExpectationsCommand())
    .addCommand(modelCompareCommand())
    .addCommand(modelSegmentsCommand())
    .addCommand(modelSlicesCommand())
    .addCommand(
      onData(list, 'model list').action(answering(async (options: DataOptions) => listModels(options))),
    )
    .addCommand(
      onData(show, 'model show credit-default').action(
        answering(async (key: string, options: DataOptions) => showModel(key, options)),
      ),
    )
    .addCommand(
      onData(register, 'model register models/credit-default.yaml').action(
        answering(async (file: string, options: DataOptions & { reason?: string }) =>
          registerModel(file, options),
        ),
      ),
    )
    .addCommand(
      withExamples(check, 'model check models/').action(
        answering(async (paths: readonly string[]) => checkFiles(paths)),
      ),
    );
}

async function listModels(options: DataOptions): Promise<Answer> {
  const document = `query ($after: String) { models(first: 200, after: $after) { nodes { ${HEAD} } pageInfo { hasNextPage endCursor } } }`;
  return withApi(options, { data: true }, async (api) => {
    const models: ModelHead[] = [];
    for await (const model of api.nodes<ModelHead>('models', document)) models.push(model);
    const rows = models.map((model) => [
      model.key,
      model.task.toLowerCase(),
      model.riskTier.toLowerCase(),
      model.owner,
      model.versions.map(({ version }) => version).join(', ') || 'none seen',
      referenceOf(model),
      model.monitoring.state.toLowerCase().replaceAll('_', ' '),
    ]);
    const lines = table(['model', 'task', 'risk', 'owner', 'versions', 'reference', 'monitoring'], rows);
    return { ok: true, lines: models.length === 0 ? ['no models'] : lines, json: { models } };
  });
}

function referenceOf({ baseline, baselineProblem }: ModelHead): string {
  if (baseline) return `${baseline.rows} rows, pinned ${baseline.pinnedAt}`;
  return baselineProblem === null ? 'learning' : `problem: ${baselineProblem}`;
}

function monitoringOf({ monitoring }: ModelHead): string {
  const { state, reason, armed, learning, uncalibratable } = monitoring;
  const series = `${armed} series armed, ${learning} learning, ${uncalibratable} that cannot be calibrated`;
  return `${state.toLowerCase().replaceAll('_', ' ')}${reason === null ? '' : `: ${reason}`} (${series})`;
}

async function showModel(key: string, options: DataOptions): Promise<Answer> {
  const document = `query ($key: String!) { model(key: $key) { ${HEAD} name purpose undoneByFile { at seq what } windowMs timezone registeredAt features { name kind unit }
    counts { predictions elsewhere labels deadLetters } incidents(states: [OPEN, ACKNOWLEDGED, RECOVERING]) { id severity headline summary } } }`;
  return withApi(options, { data: true }, async (api) => {
    const model = await queryModel<ModelDetail>(api, document, { key });
    return { ok: true, lines: linesOf(model), json: model };
  });
}

function linesOf(model: ModelDetail): readonly string[] {
  const { counts } = model;
  const elsewhere =
    counts.elsewhere > 0
      ? `; ${counts.elsewhere} predictions of other environments, neither judged nor counted`
      : '';
  const facts: readonly (readonly [string, string])[] = [
    ['model', model.name === null ? model.key : `${model.key} (${model.name})`],
    ['task', model.task.toLowerCase()],
    ['owner', model.owner],
    ['purpose', model.purpose ?? '—'],
    ['risk', model.riskTier.toLowerCase()],
    ['windows', `${durationText(model.windowMs)} in ${model.timezone}`],
    ['registered', model.registeredAt],
    ['reference', referenceOf(model)],
    ...(model.unsummed === null ? [] : [['not summed yet', model.unsummed] as const]),
    ['monitoring', monitoringOf(model)],
    ['labels', model.monitoring.labels ?? (counts.labels === 0 ? 'none has come yet' : 'not looked at yet')],
    [
      'events',
      `${counts.predictions} predictions, ${counts.labels} labels, ${counts.deadLetters} dead letters${elsewhere}`,
    ],
  ];
  const versions = model.versions.map(
    (one) =>
      `  ${one.version} (${one.stage.toLowerCase()}) ${one.firstSeenAt === null ? 'announced' : `since ${one.firstSeenAt}`}`,
  );
  const features = model.features.map(
    (one) => `  ${one.name}: ${one.kind}${one.unit === null ? '' : `, ${one.unit}`}`,
  );
  const incidents = model.incidents.map(
    (one) => `  ${one.severity.toLowerCase()}: ${one.headline} (${one.id})`,
  );
  const undone = (model.undoneByFile?.what ?? []).map((one) => `  ${one}`);
  return [
    ...facts.map(([name, value]) => `${`${name}:`.padEnd(12)} ${value}`),
    ...(undone.length === 0
      ? []
      : [
          `taken back by its file at the start of ${model.undoneByFile?.at} (entry ${model.undoneByFile?.seq}):`,
        ]),
    ...undone,
    `versions:${versions.length === 0 ? '    none seen' : ''}`,
    ...versions,
    `features:${features.length === 0 ? '    found in the first events' : ''}`,
    ...features,
    `incidents:${incidents.length === 0 ? '   none open' : ''}`,
    ...incidents,
  ];
}

async function registerModel(
  file: string,
  options: DataOptions & { readonly reason?: string },
): Promise<Answer> {
  const yaml = readFileSync(file, 'utf8');
  // Here first: its problems then name the file and not "yaml".
  const { key } = parseModelFile(file, yaml);
  const document = `mutation ($input: ModelRegisterInput!) { modelRegister(input: $input) { model { key registeredAt } arming approval { ${WAITING_FIELDS} } userErrors { field message code } } }`;
  return withApi(options, { data: false }, async (api) => {
    const input = { yaml, reason: options.reason };
    const { arming, approval } = await api.mutate<Registration>('modelRegister', document, { input });
    const done = `model ${key} is registered as ${file} says`;
    const lines = [approval ? waitsText(approval) : done, ...(arming === null ? [] : [arming])];
    return { ok: true, lines, json: { key, file, arming, approval } };
  });
}

async function checkFiles(paths: readonly string[]): Promise<Answer> {
  const files = paths.flatMap(filesAt);
  if (files.length === 0) throw new CliError(`no model files (*.yaml) in ${paths.join(', ')}`, 'no_files');
  const checked = files.map(({ name, text }) => checkFile(name, text));
  const named = checked.map(({ file, key }) => ({ name: file, key }));
  const problems = [...checked.flatMap((one) => one.problems), ...namesakes(named)];
  const warnings = checked.flatMap(({ file, model }) =>
    model === null
      ? []
      : [...absentReferences([model], dirname(file)), ...unevenWindows([model]), ...neverArmed([model])],
  );
  const lines = checked.map(
    ({ file, key }) => `${key === null ? 'FAIL' : 'ok  '} ${file}${key === null ? '' : `: ${key}`}`,
  );
  return Promise.resolve({
    ok: problems.length === 0,
    lines: [...lines, ...problems, ...warnings.map((warning) => `warn ${warning}`)],
    json: { files: checked.map(({ model: _model, ...rest }) => rest), problems, warnings },
  });
}

function filesAt(path: string): readonly TextFile[] {
  if (statSync(path).isDirectory()) return yamlFiles(path);
  return [{ name: path, text: readFileSync(path, 'utf8') }];
}

function checkFile(
  file: string,
  text: string,
): {
  readonly file: string;
  readonly key: string | null;
  readonly model: Model | null;
  readonly problems: readonly string[];
} {
  try {
    const model = parseModelFile(file, text);
    return { file, key: model.key, model, problems: [] };
  } catch (error) {
    if (error instanceof ModelFileError)
      return {
        file,
        key: null,
        model: null,
        problems: error.problems.map((problem) => `${file}: ${problem}`),
      };
    throw error;
  }
}
