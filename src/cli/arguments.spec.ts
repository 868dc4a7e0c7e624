import { Command } from 'commander';
import { afterEach, expect, it, vi } from 'vitest';
import { onData, type DataOptions } from './arguments.js';

afterEach(() => vi.unstubAllEnvs());

async function given(...line: readonly string[]): Promise<DataOptions> {
  const program = new Command().exitOverride();
  let found: DataOptions = {};
  onData(program.command('look')).action((options: DataOptions) => {
    found = options;
  });
  await program.parseAsync(['look', ...line], { from: 'user' });
  return found;
}

it('means the folder that is named on the line, whatever service the shell is set up for', async () => {
  vi.stubEnv('TIDEWATCH_URL', 'http://elsewhere');
  expect(await given()).toMatchObject({ url: 'http://elsewhere' });
  expect((await given('--data', 'here')).url).toBeUndefined();
  vi.stubEnv('TIDEWATCH_URL', '');
  expect((await given()).url).toBeUndefined();
  vi.stubEnv('TIDEWATCH_URL', 'http://elsewhere');
  expect(await given('--data', 'here', '--url', 'http://there')).toEqual({
    data: 'here',
    url: 'http://there',
  });
});
