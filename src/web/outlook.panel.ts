import { words } from '../domain/wording.js';
import type { TrainingOutlook } from '../retraining/outlook.js';
import { html, type Html } from './html.js';
import { previewPath, RETRAININGS } from './links.js';

/** Whether a model could be trained now, for who looks at it. */
export interface OutlookPanel {
  readonly model: string;
  readonly outlook: TrainingOutlook;
  readonly mayOperate: boolean;
}

function guards({ guards: found }: TrainingOutlook): Html {
  const items = found.map(
    ({ guard, detail }) =>
      html`<div>
        <dt>${words(guard)}</dt>
        <dd>${detail ?? html`<span class="hint">lets it pass</span>`}</dd>
      </div>`,
  );
  return html`<dl class="facts">${items}</dl>`;
}

function breaker({ model, outlook: { futileRuns } }: OutlookPanel): Html | null {
  if (futileRuns === 0) return null;
  return html`<form class="tools" method="post" action="${RETRAININGS}/reset-breaker">
    <input type="hidden" name="model" value="${model}" />
    <label>Why the next one is expected to help <input name="note" required /></label>
    <button class="quiet">Reset the breaker</button>
  </form>`;
}

/** Why nothing is trained now, what every guard rail says, and what a person may do about it. */
export function outlookPanel(panel: OutlookPanel): Html {
  const { model, outlook, mayOperate } = panel;
  const forms = html`<form class="tools" method="post" action="${RETRAININGS}/request">
      <input type="hidden" name="model" value="${model}" />
      <label>Why it should be trained <input name="note" required /></label>
      <button>Ask for a training</button>
    </form>
    ${breaker(panel)}`;
  return html`<section class="panel">
    <h2>A training of ${model} now</h2>
    <p>${outlook.reason}</p>
    ${guards(outlook)}
    <p class="hint"><a href="${previewPath(model)}">What it would learn from</a></p>
    ${mayOperate && forms}
  </section>`;
}
