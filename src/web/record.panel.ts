import { LAUNCH_QUESTIONS, unanswered, type LaunchQuestion } from '../domain/version-record.js';
import { minuteText, words } from '../domain/wording.js';
import { answeredSince } from '../registry/answering.js';
import type { ModelVersion } from '../registry/registry.js';
import { factList } from './fact-list.js';
import { html, type Html } from './html.js';

/** Where a version comes from and what somebody answers for, with the questions of a launch that nobody answered. */
export function recordPanel(version: ModelVersion): Html {
  const { record: given, knownSince, firstSeenAt, announcedBy } = version;
  const { card = {}, ...said } = given?.record ?? {};
  const open = unanswered({ card });
  const time = (at: Date | null) => (at ? `${minuteText(at)} UTC` : null);
  const answers = (Object.keys(LAUNCH_QUESTIONS) as LaunchQuestion[]).map(
    (question) => [LAUNCH_QUESTIONS[question], card[question] ?? null] as const,
  );
  return html`<section class="panel">
    <h2>Where it comes from</h2>
    ${factList([
      ['Known since', time(knownSince)],
      ['Announced by', announcedBy],
      ['First row', time(firstSeenAt) ?? 'none yet'],
      ['First answered', time(answeredSince(version))],
      ['Described', given && `${minuteText(given.at)} UTC by ${given.by}`],
      ...Object.entries(said).map(([name, value]) => [nameOf(name), textOf(value)] as const),
      ...answers,
    ])}
    ${given === null && html`<p class="empty">Nobody said what it was trained on.</p>`}
    ${
      open.length > 0 &&
      html`<h3>Not answered before its launch</h3>
        <ul>
          ${open.map((question) => html`<li><strong>${question}</strong>: ${LAUNCH_QUESTIONS[question]}</li>`)}
        </ul>`
    }
  </section>`;
}

function nameOf(field: string): string {
  return words(field.replaceAll(/[A-Z]/gu, (letter) => `_${letter.toLowerCase()}`));
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  return Object.entries(value)
    .map(([name, one]) => `${name} ${typeof one === 'object' ? JSON.stringify(one) : String(one)}`)
    .join(', ');
}
