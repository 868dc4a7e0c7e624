import type { Flap, WeeklyMessage } from '../domain/weekly-message.js';
import { escaped, within, type SlackMessage } from './slack-message.js';
import {
  flapLine,
  precisionLine,
  proposalLine,
  weeklyFacts,
  weeklyRest,
  weeklyTitle,
} from './weekly-lines.js';

const LINE = 500;
const WHOLE = 12_000;

/** A week as text: what came and went with what would have kept it quiet, then how often the checks were right. */
export function slackWeekly(message: WeeklyMessage): SlackMessage {
  const rest = weeklyRest(message);
  const parts = [
    `📅 *${escaped(weeklyTitle(message), LINE)}*`,
    ...weeklyFacts(message).map((line) => escaped(line, LINE)),
    ...message.flaps.map(flapText),
    ...(rest === null ? [] : [`<${escaped(message.links.cases, 1_000)}|${escaped(rest, LINE)}>`]),
    ...(message.precision.length > 0 ? ['*How often checks were right*'] : []),
    ...message.precision.map((one) => `• ${escaped(precisionLine(one), LINE)}`),
  ];
  return { text: within(parts, WHOLE).join('\n'), blocks: [] };
}

function flapText(flap: Flap): string {
  const proposal = proposalLine(flap);
  const line = `• <${escaped(flap.link, 1_000)}|${escaped(flapLine(flap), LINE)}>`;
  return proposal === null ? line : `${line}\n      ${escaped(proposal, LINE)}`;
}
