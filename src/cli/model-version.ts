import { Command, Option } from 'commander';
import { MODEL_STAGES } from '../domain/model.js';
import { answering, type Answer } from './answer.js';
import { onData, type DataOptions } from './arguments.js';
import { withApi } from './connect.js';

interface StageOptions extends DataOptions {
  readonly stage: string;
  readonly reason?: string;
}

/** `tidewatch model version`: announce versions and say what they are. */
export function modelVersionCommand(): Command {
  const add = new Command('add')
    .description('announce a version before its first row')
    .addOption(stageOption().default('registered'))
    .option('--reason <text>', 'why, for the ledger');
  const move = new Command('stage')
    .description('move a version to another stage')
    .addOption(stageOption().makeOptionMandatory())
    .option('--reason <text>', 'why, for the ledger');
  const both = (command: Command) => command.argument('<model>').argument('<version>');
  return new Command('version')
    .description('versions of a model: add, stage')
    .addCommand(
      onData(both(add), 'model version add credit-default 2026.12 --stage shadow').action(
        answering(async (model: string, version: string, options: StageOptions) =>
          change('modelVersionRegister', 'ModelVersionRegisterInput', { model, version, options }),
        ),
      ),
    )
    .addCommand(
      onData(both(move), 'model version stage credit-default 2026.12 --stage champion').action(
        answering(async (model: string, version: string, options: StageOptions) =>
          change('modelVersionStageChange', 'ModelVersionStageChangeInput', { model, version, options }),
        ),
      ),
    );
}

function stageOption(): Option {
  return new Option('--stage <stage>', 'what the version is').choices([...MODEL_STAGES]);
}

async function change(
  field: string,
  type: string,
  asked: { readonly model: string; readonly version: string; readonly options: StageOptions },
): Promise<Answer> {
  const { model, version, options } = asked;
  const { stage, reason = 'by the command line' } = options;
  const document = `mutation ($input: ${type}!) { ${field}(input: $input) { userErrors { field message code } } }`;
  return withApi(options, { data: false }, async (api) => {
    await api.mutate(field, document, { input: { model, version, stage: stage.toUpperCase(), reason } });
    return { ok: true, lines: [`${model} ${version} is ${stage}`], json: { model, version, stage } };
  });
}
