import type { Command, Option } from 'commander';
import { expect, it } from 'vitest';
import { commandLine } from './program.js';

const WORDS = new Set(['--reason', '--note', '--comment']);

function everyOption(command: Command, path = ''): readonly (readonly [string, Option])[] {
  const name = `${path} ${command.name()}`.trim();
  const own = command.options.map((option) => [name, option] as const);
  return [...own, ...command.commands.flatMap((sub) => everyOption(sub, name))];
}

it('what people say of why is never said for them', () => {
  const asked = everyOption(commandLine()).filter(([, { long }]) => WORDS.has(long ?? ''));
  expect(asked.length).toBeGreaterThan(20);
  const said = asked.filter(([, { defaultValue }]) => (defaultValue ?? '') !== '');
  expect(said.map(([name, { long, defaultValue }]) => `${name} ${long}: ${String(defaultValue)}`)).toEqual(
    [],
  );
});

it('a key is ended with a reason, as everywhere else', () => {
  const asked = everyOption(commandLine()).find(
    ([name, { long }]) => name === 'tidewatch key revoke' && long === '--reason',
  );
  expect(asked?.[1].mandatory).toBe(true);
});
