import type { Command } from 'commander';
import { expect, it } from 'vitest';
import { auditCommand } from './audit.js';
import { baselineCommand } from './baseline.js';
import { deliveryCommand } from './delivery.js';
import { modelCommand } from './model.js';
import { retrainingCommand } from './retraining.js';

const all = (command: Command): readonly Command[] => [command, ...command.commands.flatMap(all)];

it('every option that is an instant takes a day too', () => {
  const verbs = [auditCommand(), baselineCommand(), deliveryCommand(), modelCommand(), retrainingCommand()];
  const instants = verbs
    .flatMap(all)
    .flatMap((command) => command.options.map((option) => ({ command: command.name(), option })))
    .filter(({ option }) => option.long === '--since' || option.long === '--until');
  expect(instants.length).toBeGreaterThan(10);
  const refused = instants.filter(
    ({ option }) => option.parseArg?.('2026-10-24', undefined) !== '2026-10-24T00:00:00.000Z',
  );
  expect(refused.map(({ command, option }) => `${command} ${option.flags}`)).toEqual([]);
});
