import type { Briefing } from '../domain/case-message.js';
import { NEED_LABELS } from '../domain/check-result.js';
import { featureText } from '../domain/feature-text.js';
import type { Incident } from '../domain/incident.js';
import { manyText, namesWithin } from '../domain/wording.js';
import type { Beside, CaseSubject } from './case-subject.js';
import { findingName } from './case-title.js';

/** Characters of names in a sentence. */
const NAMES = 120;

/**
 * What labels tell while neither what the model is given nor what it answers has moved: what is right for the same inputs has changed. Where no input is judged, that this cannot be told, and why. Null of what needs no
 * labels, and where something had moved by then, which is told by itself. Pure.
 */
export function sameInputs(leading: Incident, subject: CaseSubject): Briefing['cause'] {
  if (!NEED_LABELS.has(leading.signal.check)) return null;
  const beside = subject.beside(leading);
  if (!beside || beside.moved.length > 0) return null;
  if (beside.judged === 0) return { kind: 'undetermined', text: untoldText(beside) };
  return { kind: 'concept_drift', text: `${unmovedText(beside)}: ${changedText(leading, beside)}` };
}

function untoldText({ inputs, unjudged }: Beside): string {
  const none =
    inputs === 0
      ? 'predictions come without inputs'
      : `none of the ${manyText(inputs, 'input')} is judged${unjudged === null ? '' : `: ${unjudged}`}`;
  return `either the inputs have moved or what is right for the same inputs has changed; which of them cannot be told (${none})`;
}

/** What was judged and has not moved, and of what nobody knows. */
function unmovedText(beside: Beside): string {
  const { judged, inputs, answers, noticed } = beside;
  const all = inputs === 1 ? 'the only input' : `all ${inputs} inputs`;
  const given = judged === inputs ? all : `${judged} of ${manyText(inputs, 'input')}`;
  const what = [given, ...answers.map(featureText)];
  const listed = what.length === 1 ? given : `${what.slice(0, -1).join(', ')} and ${what.at(-1) ?? ''}`;
  const names = namesWithin(
    [...new Set(noticed.map(({ signal }) => findingName({ ...signal, model: undefined })))],
    NAMES,
  );
  const small = names === '' ? '' : ` (apart from notices: ${names})`;
  return `${listed} ${what.length === 1 && inputs === 1 ? 'was judged then, and has' : 'were judged then, and have'} not moved${small}`;
}

/** What follows from it, and how surely. */
function changedText({ signal }: Incident, beside: Beside): string {
  const { judged, inputs, answers, unjudged } = beside;
  const isPart = signal.segment !== '' || signal.check === 'group_errors';
  const missing = [
    ...(judged < inputs ? [manyText(inputs - judged, 'input')] : []),
    ...(answers.length === 0 ? ['what it answers'] : []),
  ];
  const isOpen = isPart || missing.length > 0;
  const said = `what is right for the same inputs has ${isOpen ? 'probably ' : ''}changed${isPart ? ' in this part of the traffic' : ''} (concept drift)`;
  const beyond = [
    ...(missing.length > 0 ? [`${missing.join(' and ')} not judged${unjudged === null ? '' : ` (${unjudged})`}`] : []),
    ...(isPart ? ['inputs are judged over all rows, not of this part alone'] : []),
  ];
  return [said, ...beyond].join('; ');
} // prettier-ignore
