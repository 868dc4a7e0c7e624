import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { parseModelFile } from '../registry/model-file.js';
import { answering, table, type Answer } from './answer.js';
import { WAITING_FIELDS, waitsText, type Waiting } from './approval.js';
import { onData, withExamples, type DataOptions } from './arguments.js';
import { withApi } from './connect.js';
import { checkModels } from './model-check.js';
import { modelCompareCommand } from './model-compare.js';
import { modelExpectationsCommand } from './model-expectations.js';
import { DETAIL, HEAD, modelLines, referenceOf, type ModelDetail, type ModelHead } from './model-lines.js';
import { modelPerformanceCommand } from './model-performance.js';
import { modelSegmentsCommand } from './model-segments.js';
import { modelSlicesCommand } from './model-slices.js';
import { modelVersionCommand } from './model-version.js';
import { queryModel } from './query-model.js';

interface Registration {
  readonly arming: string | null;
  readonly approval: Waiting | null;
  readonly userErrors: readonly { readonly message: string; readonly code: string }[];
}

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
    .argument('<file...>', 'model files, folders of them, or patterns such as "models/**/*.yaml"');
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
      withExamples(check, 'model check models/', "model check 'teams/*/models/*.yaml'").action(
        answering(async (paths: readonly string[]) => checkModels(paths)),
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

async function showModel(key: string, options: DataOptions): Promise<Answer> {
  const document = `query ($key: String!) { model(key: $key) { ${HEAD} ${DETAIL} } }`;
  return withApi(options, { data: true }, async (api) => {
    const model = await queryModel<ModelDetail>(api, document, { key });
    return { ok: true, lines: modelLines(model), json: model };
  });
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
