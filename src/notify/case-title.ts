import type { Briefing, Finding } from '../domain/case-message.js';
import { featureText } from '../domain/feature-text.js';
import type { Incident } from '../domain/incident.js';
import { namesWithin } from '../domain/wording.js';
import { checkCalled } from './case-words.js';

/** How a title counted what it did not name, in messages of before it named them. */
const MORE = /, and \d+ more$/u;
/** Characters of a title: of longer ones a receiver shows the beginning. */
const TITLE = 110;

/** What a case is about by its leading finding alone. */
export function leadOf({ title, lead }: Pick<Briefing, 'title' | 'lead'>): string {
  return lead ?? title.replace(MORE, '');
}

/** What a finding is about, with its segment. */
export function findingName({ model, feature, check, segment }: Pick<Finding, 'model' | 'feature' | 'check' | 'segment'>): string {
  const other = model === undefined ? '' : `${model}: `;
  return `${other}${feature === null ? checkCalled(check) : featureText(feature)}${segment === '' ? '' : ` [${segment}]`}`;
} // prettier-ignore

/** What else a case is about, each thing once; of what leads another check by that. `own` is the model of the case. */
export function otherNames(
  leading: Incident,
  others: readonly Incident[],
  own: string | undefined,
): readonly string[] {
  const nameOf = ({ signal: { model, ...signal } }: Incident) =>
    findingName({ ...signal, ...(model === own ? {} : { model }) });
  const led = nameOf(leading);
  const names = others.map((one) => (nameOf(one) === led ? checkCalled(one.signal.check) : nameOf(one)));
  return [...new Set(names)];
}

/** `age has moved; also income, region and 3 more`: as many whole names as there is room for. */
export function withOthers(lead: string, names: readonly string[]): string {
  if (names.length === 0) return lead;
  const also = `${lead}; also `;
  return `${also}${namesWithin(names, TITLE - also.length)}`;
}
