import { freshLookup } from '../config/fresh-lookup.js';
import { startWarnings } from '../config/start-warnings.js';
import { surveyStart, type StartSurvey } from '../read-start.js';
import { remark, type Answer } from './answer.js';
import type { DataOptions } from './arguments.js';
import { nodeVersion, settingsFindings } from './doctor-files.js';
import { networkFindings } from './doctor-network.js';
import { storeFindings } from './doctor-store.js';
import { fail, notLookedAt, ok, warn, type Diagnosis } from './finding.js';
import { environmentOf } from './locate.js';

/** Everything that `tidewatch doctor` looks at, nearest first. What is wrong with one thing hides nothing of another. */
export async function examine(options: DataOptions): Promise<Answer> {
  const environment = environmentOf(options);
  const survey = surveyStart(environment, freshLookup());
  const files = await settingsFindings(survey);
  remark('looking at the store and the ledger …');
  const store = await storeOf(survey, options);
  remark('looking at what is at the other end of the network …');
  const network = await networkFindings(survey);
  return answerOf([nodeVersion(), ...configured(survey, environment), ...files, ...store, ...network]);
}

/** Settings that cannot be used, and those that can and are most likely not what was meant. */
function configured(
  { config, wrongSettings }: StartSurvey,
  environment: NodeJS.ProcessEnv,
): readonly Diagnosis[] {
  const fix = 'correct it in the environment';
  const found = [
    ...wrongSettings.map(({ text }) => fail('configuration', text, fix)),
    ...startWarnings(environment, config).map((text) => warn('configuration', text, fix)),
  ];
  return found.length > 0 ? found : [ok('configuration', 'every setting can be used')];
}

/** Which store and which service are meant. */
const PLACE = /^(CLICKHOUSE_.+|TIDEWATCH_DATA_DIR|HOST|PORT)$/u;

async function storeOf({ config, wrong }: StartSurvey, options: DataOptions): Promise<readonly Diagnosis[]> {
  const unclear = [...wrong].filter((name) => PLACE.test(name));
  return unclear.length > 0 ? [notLookedAt('store', unclear)] : storeFindings(config, options);
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
