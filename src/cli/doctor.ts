import { Command } from 'commander';
import { answering } from './answer.js';
import { onData, type DataOptions } from './arguments.js';

/** `tidewatch doctor`: everything a user could have wrong, each with what to do about it. */
export function doctorCommand(): Command {
  const command = new Command('doctor').description(
    'look at everything that could be wrong: versions, settings, files, store, ledger, network, clock',
  );
  return onData(command, 'doctor', 'doctor --url http://tidewatch.example.org:8080').action(
    answering(async (options: DataOptions) => {
      const { examine } = await import('./examine.js');
      return examine(options);
    }),
  );
}
