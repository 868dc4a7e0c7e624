import { ConfigError, type Config } from '../config/config.js';
import { startWarnings } from '../config/start-warnings.js';
import { remark, type Answer } from './answer.js';
import type { DataOptions } from './arguments.js';
import { nodeVersion, settingsFindings } from './doctor-files.js';
import { networkFindings } from './doctor-network.js';
import { storeFindings } from './doctor-store.js';
import { fail, ok, warn, type Diagnosis } from './finding.js';
import { configOf } from './locate.js';

/** Everything that `tidewatch doctor` looks at, nearest first. */
export async function examine(options: DataOptions): Promise<Answer> {
  const node = nodeVersion();
  const configured = configuration(options);
  if (Array.isArray(configured)) return answerOf([node, ...configured]);
  const config = configured as Config;
  const settings = await settingsFindings(config);
  remark('looking at the store and the ledger …');
  const store = await storeFindings(config, options);
  remark('looking at what is at the other end of the network …');
  const network = await networkFindings(config);
  const settled = hints(config);
  return answerOf([node, settled, ...settings, ...store, ...network]);
}

/** Settings that can be used and are most likely not what was meant. */
function hints(config: Config): Diagnosis {
  const warnings = startWarnings(process.env, config);
  if (warnings.length === 0) return ok('configuration', 'every setting can be used');
  return warn('configuration', warnings.join('\n'), 'correct it in the environment');
}

/** The settings, or what is wrong with each. */
function configuration(options: DataOptions): Config | readonly Diagnosis[] {
  try {
    return configOf(options);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.map((problem) => fail('configuration', problem, 'correct it in the environment'));
  }
}

function answerOf(findings: readonly Diagnosis[]): Answer {
  const failures = findings.filter(({ state }) => state === 'FAIL').length;
  const warnings = findings.filter(({ state }) => state === 'warn').length;
  const width = Math.max(...findings.map(({ name }) => name.length));
  const lines = findings.flatMap(({ name, state, detail, fix }) => [
    `${state.padEnd(4)}  ${name.padEnd(width)}  ${detail.replaceAll('\n', `\n${' '.repeat(width + 8)}`)}`,
    ...(fix === null ? [] : [`${' '.repeat(width + 8)}→ ${fix}`]),
  ]);
  return {
    ok: failures === 0,
    lines: [...lines, `${failures} failed, ${warnings} to look at`],
    json: { ok: failures === 0, failures, warnings, findings },
  };
}
