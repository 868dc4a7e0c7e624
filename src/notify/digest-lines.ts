import type { DigestedCase, DigestMessage } from '../domain/digest-message.js';
import { countText, minuteText, utcText } from '../domain/wording.js';

/** `7 cases in a digest: 5 open (worst critical), 2 over`. */
export function digestTitle({ open, over, severity }: DigestMessage): string {
  const total = open + over;
  const worst = open > 0 ? ` (worst ${severity})` : '';
  return `${countText(total)} ${total === 1 ? 'case' : 'cases'} in a digest: ${countText(open)} open${worst}, ${countText(over)} over`;
}

/** Why these were not told one by one. */
export function digestReason({ held, since, instead }: DigestMessage): string {
  const parts = [
    held.budget > 0 ? `${countText(held.budget)} because the budget of messages was used up` : null,
    held.quiet > 0 ? `${countText(held.quiet)} because it was a quiet time` : null,
  ].filter((part) => part !== null);
  return `${instead === null ? '' : `${instead} `}Held back since ${minuteText(new Date(since))} UTC: ${parts.join(', ')}.`;
}

/** One case on a line. */
export function digestLine({ severity, state, title, since }: DigestedCase): string {
  const how = state === 'CLOSED' ? 'over' : severity;
  return `[${how}] ${title}${since === null ? '' : `, since ${utcText(new Date(since))}`}`;
}

/** What the list leaves out; null where nothing. */
export function digestRest({ open, over, cases }: DigestMessage): string | null {
  const rest = open + over - cases.length;
  return rest > 0 ? `and ${countText(rest)} more` : null;
}
