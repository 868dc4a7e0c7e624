import { readSettings, type Config, type SettingProblem } from './config/config.js';
import { startWarnings } from './config/start-warnings.js';
import { witnessProblems } from './checkpoint-sinks.js';
import { CodedError } from './domain/coded-error.js';
import { surveyRemarks } from './file-remarks.js';
import { surveyFiles, type Files, type FileSurvey } from './read-files.js';

type Environment = Readonly<Record<string, string | undefined>>;
type Lookup = (name: string) => string | undefined;

/** Everything that a start is told, and everything that is wrong with it. */
export interface StartSurvey extends FileSurvey {
  readonly config: Config;
  readonly wrongSettings: readonly SettingProblem[];
  /** Settings that cannot be used: nobody knows what they were to be. */
  readonly wrong: ReadonlySet<string>;
  /** What can be used and will not do what it says, as far as settings and files tell. */
  readonly remarks: readonly string[];
}

/** A start that cannot be: every setting and every file that cannot be used, and what else will not do what it says. */
export class StartError extends CodedError {
  override readonly name = 'StartError';
  readonly code: 'bad_configuration' | 'bad_files';
  readonly problems: readonly string[];
  constructor({ wrongSettings, problems, remarks }: Pick<StartSurvey, 'wrongSettings' | 'problems' | 'remarks'>) {
    const all = [...wrongSettings.map(({ text }) => text), ...Object.values(problems).flat()];
    const listed = (texts: readonly string[]) => texts.map((text) => `  - ${text}`).join('\n');
    const besides = remarks.length === 0 ? '' : `\nThese do not keep it from starting, and will not do what they say:\n${listed(remarks)}`;
    super(`Tidewatch does not start with these settings and files:\n${listed(all)}${besides}`);
    this.problems = all;
    this.code = wrongSettings.length > 0 ? 'bad_configuration' : 'bad_files';
  }
} // prettier-ignore

/** Looks at all settings and all files, whatever is wrong with some of them. Throws nothing of theirs; opens and makes nothing. */
export function surveyStart(environment: Environment, lookup: Lookup): StartSurvey {
  const { config, problems } = readSettings(environment);
  const wrongSettings = [...problems, ...witnessProblems(config)];
  const wrong = new Set(wrongSettings.flatMap(({ names }) => names));
  const survey = surveyFiles(config, lookup);
  const remarks = [...startWarnings(environment, config), ...surveyRemarks(config, survey, wrong)];
  return { ...survey, config, wrongSettings, wrong, remarks };
}

/** Settings and files of a start, before anything is opened. Throws StartError with everything that is wrong in all of them. */
export function readStart(environment: Environment, lookup: Lookup): { config: Config; files: Files } {
  const survey = surveyStart(environment, lookup);
  const { config, files, wrongSettings, problems } = survey;
  if (wrongSettings.length > 0 || Object.values(problems).some((one) => one.length > 0))
    throw new StartError(survey);
  return { config, files };
}
