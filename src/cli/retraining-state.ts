import { InvalidArgumentError } from 'commander';
import { lookAlike } from '../domain/look-alike.js';
import { SHOWN_STATES, type ShownState } from '../retraining/shown-state.js';

/** A state of a training as it is written: in any case, with dashes or underscores. Throws InvalidArgumentError with those there are. */
export function stateArgument(text: string): ShownState {
  const wanted = text.toUpperCase().replaceAll('-', '_');
  const found = SHOWN_STATES.find((state) => state === wanted);
  if (found) return found;
  const meant = lookAlike(wanted, SHOWN_STATES);
  const hint = meant === null ? '' : `Did you mean ${meant.toLowerCase()}? `;
  throw new InvalidArgumentError(`${hint}There are: ${SHOWN_STATES.join(', ').toLowerCase()}.`);
}
