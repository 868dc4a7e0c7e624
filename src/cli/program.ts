import { approvalCommand } from './approval.js';
import { Command } from 'commander';
import { auditCommand } from './audit.js';
import { baselineCommand } from './baseline.js';
import { deadLettersCommand } from './dead-letters.js';
import { deliveryCommand } from './delivery.js';
import { demoCommand } from './demo.js';
import { demoJobCommand } from './demo-job.js';
import { doctorCommand } from './doctor.js';
import { eraseCommand } from './erase.js';
import { failureOf } from './exit.js';
import { holdCommand } from './hold.js';
import { incidentCommand } from './incident.js';
import { keyCommand } from './key.js';
import { migrateCommand } from './migrate.js';
import { modelCommand } from './model.js';
import { monitoringCommand, overrideCommand } from './oversight.js';
import { personCommand } from './person.js';
import { policyCommand } from './policy.js';
import { replayCommand } from './replay.js';
import { retrainingCommand } from './retraining.js';
import { silenceCommand } from './silence.js';
import { serveCommand } from './serve.js';

const VERBS = [
  serveCommand,
  demoCommand,
  migrateCommand,
  doctorCommand,
  modelCommand,
  baselineCommand,
  policyCommand,
  approvalCommand,
  retrainingCommand,
  auditCommand,
  deadLettersCommand,
  deliveryCommand,
  incidentCommand,
  monitoringCommand,
  overrideCommand,
  silenceCommand,
  replayCommand,
  keyCommand,
  personCommand,
  eraseCommand,
  holdCommand,
];

/** Every verb there is. */
export function commandLine(): Command {
  const program = new Command('tidewatch').description('Watches machine-learning models in production.');
  for (const verb of VERBS) program.addCommand(verb());
  // Nobody starts it but the demo.
  program.addCommand(demoJobCommand(), { hidden: true });
  return program;
}

/** The command line: exit code 0 done, 1 found something wrong, 2 wrong usage or cannot run. */
export async function run(argv: readonly string[]): Promise<void> {
  const program = commandLine();
  settle(program);
  try {
    await program.parseAsync([...argv]);
  } catch (error) {
    const { exitCode, text } = failureOf(error);
    if (text !== '') console.error(`tidewatch: ${text}`);
    process.exitCode = exitCode;
  }
}

/** Commands that are added do not inherit: without this, wrong usage of a verb would end with code 1. */
function settle(command: Command): void {
  command.exitOverride().showHelpAfterError('(see --help)');
  for (const inner of command.commands) settle(inner);
}
