import type { HttpRequest } from './http-sender.js';
import type { Limits } from './limits.js';
import { cutBetweenWords } from '../domain/wording.js';
import { cut, type Spoken } from './spoken.js';

/** A workflow of Microsoft Teams that posts to a channel; its address is its secret. */
export type TeamsDestination = {
  readonly kind: 'teams';
  readonly service: string;
  readonly url: string;
} & Limits;

/** Teams takes 28 KB; the rest is for what a proxy adds. */
const CARD_BYTES = 26_000;
const COLOUR = { critical: 'Attention', warning: 'Warning', info: 'Accent' } as const;

/**
 * "When a Teams webhook request is received": an Adaptive Card 1.4. All text is in text runs, which know no markup, so that a name from an event can
 * make no link. Lines are left out from the end until it fits.
 */
export function teamsRequests({ url }: TeamsDestination, said: Spoken): readonly HttpRequest[] {
  let lines = said.lines.map((line) => cut(line, 2_000));
  let body = bodyOf(said, lines);
  while (Buffer.byteLength(body) > CARD_BYTES && lines.length > 0) {
    lines = lines.slice(0, -1);
    body = bodyOf(said, lines);
  }
  return [{ method: 'POST', url, headers: { 'content-type': 'application/json' }, body }];
}

function bodyOf(said: Spoken, lines: readonly string[]): string {
  const colour = said.state === 'over' ? 'Good' : COLOUR[said.severity];
  const title = {
    type: 'TextRun',
    text: cutBetweenWords(said.title, 500),
    weight: 'Bolder',
    size: 'Medium',
    color: colour,
  };
  const actions = [
    { type: 'Action.OpenUrl', title: 'Open in Tidewatch', url: said.link },
    ...(said.runbook === null ? [] : [{ type: 'Action.OpenUrl', title: 'Runbook', url: said.runbook }]),
  ];
  const content = {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.4',
    body: [
      { type: 'RichTextBlock', inlines: [title] },
      ...lines.filter((line) => line !== '').map((text) => ({ type: 'RichTextBlock', inlines: [{ type: 'TextRun', text }] })), // prettier-ignore
    ],
    actions,
    msteams: { width: 'Full' },
  };
  const contentType = 'application/vnd.microsoft.card.adaptive';
  return JSON.stringify({ type: 'message', attachments: [{ contentType, contentUrl: null, content }] });
}
