import { Command } from 'commander';
import type { CompiledPolicy } from '../policies/compiled-policy.js';
import { PolicyError } from '../policies/policy-error.js';
import { answering, table, type Answer } from './answer.js';
import { explainedPolicy } from './policy-explain.js';
import { policyHistory } from './policy-history.js';
import { proposeCommand, showCommand } from './policy-propose.js';
import { listArgument, onData, positiveArgument, type DataOptions } from './arguments.js';
import { configOf } from './locate.js';
import { filesNamed } from './files-named.js';
import { unknownNames } from './policy-names.js';
import { dryRunPolicy, type DryRunOptions } from './policy-dry-run.js';

/** `tidewatch policy`: what is in the files, and what it would have done. */
export function policyCommand(): Command {
  const check = new Command('check')
    .alias('test')
    .description(
      'load policy files and run the tests in them, without a store; a running service says whether their features exist',
    )
    .argument('[file...]', 'policy files, folders of them, or patterns (default: TIDEWATCH_POLICIES_DIR)');
  const explain = new Command('explain')
    .description('a policy in words: what it reads, how bad it says that is, whom it tells, when it is over')
    .argument('<policy>', 'a policy file, or the id of a policy in force');
  const dryRun = new Command('dry-run')
    .description(
      'what a policy would have done with stored results, beside what those in force would have done',
    )
    .argument('<file>', 'a policy file; it stands in for the policy in force with the same id')
    .option('--days <n>', 'windows of the last n days', positiveArgument, 30)
    .option('--model <key>', 'only this model; more than one with commas', listArgument);
  const history = new Command('history')
    .description('every version of a policy that was in force, when, and what it changed')
    .argument('<id>', 'id of a policy');
  return new Command('policy')
    .description('policies: check, explain, dry-run, propose, show, history')
    .addCommand(proposeCommand())
    .addCommand(showCommand())
    .addCommand(
      onData(history, 'policy history default').action(
        answering(async (id: string, options: DataOptions) => policyHistory(id, options)),
      ),
    )
    .addCommand(
      onData(check, 'policy check policies/').action(
        answering(async (paths: readonly string[], options: DataOptions) => checkPolicies(paths, options)),
      ),
    )
    .addCommand(
      onData(explain, 'policy explain policies/default.yaml', 'policy explain default').action(
        answering(async (policy: string, options: DataOptions) => explainedPolicy(policy, options)),
      ),
    )
    .addCommand(
      onData(dryRun, 'policy dry-run policies/strict.yaml --days 30').action(
        answering(async (file: string, options: DryRunOptions) => dryRunPolicy(file, options)),
      ),
    );
}

async function checkPolicies(paths: readonly string[], options: DataOptions): Promise<Answer> {
  const places = paths.length > 0 ? paths : [configOf(options).TIDEWATCH_POLICIES_DIR];
  const named = await filesNamed(places, 'policy files');
  const { loadPolicies } = await import('../policies/load.js');
  try {
    const { policies } = loadPolicies(named.files);
    return passed(policies, [...named.problems, ...(await unknownNames(policies, options))]);
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    const lines = [...named.problems, ...error.message.split('\n')];
    return { ok: false, lines, json: { policies: [], problems: error.places, notFound: named.problems } };
  }
}

function passed(policies: readonly CompiledPolicy[], problems: readonly string[]): Answer {
  const shown = policies.map(({ id, version, hash, enforcement, file, rules }) => ({
    id,
    version,
    hash,
    enforcement,
    file,
    rules: rules.map((rule) => rule.id),
  }));
  const rows = shown.map((one) => [
    `${one.id}@${one.version}`,
    one.enforcement,
    `${one.rules.length} rules`,
    one.hash,
    one.file,
  ]);
  const lines = table(['policy', 'enforcement', 'rules', 'sha-256', 'file'], rows);
  return {
    ok: problems.length === 0,
    lines: [
      ...lines,
      `${policies.length} ${policies.length === 1 ? 'policy' : 'policies'}, own tests passed`,
      ...problems,
    ],
    json: { policies: shown, problems },
  };
}
