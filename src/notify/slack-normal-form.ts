import type { CheckName } from '../domain/check-result.js';
import { words } from '../domain/wording.js';
import { BECAUSE, CHECKS_FIELD, REASON_FIELD } from './slack-click.js';
import { escaped } from './slack-message.js';

/** What a person is asked who calls a case normal. */
export interface WhyNormal {
  readonly caseId: string;
  /** What is told less of, and what happens next, in words. */
  readonly follows: string;
  /** Checks of what is open that are normal only where they are named. */
  readonly namedAlone: readonly CheckName[];
}

/** An answer that one person in Slack sees; `blocks` where it asks for more. */
export interface SlackAnswer {
  readonly text: string;
  readonly blocks?: readonly object[];
}

/** Slack's limits for options of one group of boxes. */
const MOST_BOXES = 10;
const TEXT = 3_000;
const LABEL = 75;

/** The form that asks why a case is normal: the reason, and what of it is meant beside drift. */
export function whyNormalForm({ caseId, follows, namedAlone }: WhyNormal): SlackAnswer {
  const boxes = namedAlone.slice(0, MOST_BOXES).map((check) => ({
    value: check,
    text: { type: 'plain_text', text: words(check).slice(0, LABEL) },
  }));
  const also = {
    type: 'input',
    block_id: CHECKS_FIELD,
    optional: true,
    label: { type: 'plain_text', text: 'Normal as well, which would else be told as before' },
    element: { type: 'checkboxes', action_id: CHECKS_FIELD, options: boxes },
  };
  const why = {
    type: 'input',
    block_id: REASON_FIELD,
    label: { type: 'plain_text', text: 'Why is this normal?' },
    element: { type: 'plain_text_input', action_id: REASON_FIELD, max_length: TEXT },
  };
  const say = { type: 'button', action_id: BECAUSE, text: { type: 'plain_text', text: 'Say so' }, value: caseId }; // prettier-ignore
  return {
    text: `Why is this normal? ${follows}`,
    blocks: [
      { type: 'section', text: { type: 'mrkdwn', verbatim: true, text: escaped(follows, TEXT) } },
      why,
      ...(boxes.length > 0 ? [also] : []),
      { type: 'actions', elements: [say] },
    ],
  };
}
