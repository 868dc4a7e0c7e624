import type { CheckName } from '../domain/check-result.js';
import type { NewEntry } from '../domain/ledger-entry.js';
import { ANSWERING } from '../domain/model.js';
import { endProved } from '../incidents/end-proved.js';
import type { IncidentRecord } from '../incidents/incident-record.js';
import { heldAgainst, type RegisteredModel } from '../registry/registry.js';
import { isCauseOf, proveRetrainings } from '../retraining/prove.js';
import { decideMessages } from './decide-messages.js';
import { isOfInputs } from './own-reference.js';
import type { Stages } from './stages.js';
import { trackOfCheck } from './track.js';

/** The open incidents of a model. */
export interface OpenNow {
  readonly open: readonly IncidentRecord[];
  readonly now: Date;
}

/** Runs whose version has shown that it helped, and the end of the incidents that they were asked for: nothing else could say that they are over. */
export function proveRuns(
  stages: Stages,
  registered: RegisteredModel,
  { open, now }: OpenNow,
): readonly NewEntry[] {
  const { key: model } = registered.model;
  const judged = (version: string, check: CheckName) => windowsWithout(stages, registered, version, check);
  const proved = proveRetrainings(stages.retrainings, { model, open, judged }, now);
  const ends = proved.flatMap(({ subject, data }) => {
    const run = stages.retrainings.find(subject.id);
    const causes = run ? open.filter((incident) => isCauseOf(run, incident)) : [];
    const { entries, changes } = endProved(
      causes,
      typeof data['reason'] === 'string' ? data['reason'] : '',
      now,
    );
    return [...entries, ...decideMessages(stages, changes, now)];
  });
  return [...proved, ...ends];
}

/** Faults and drift of what goes into a model need nothing but that to be known. */
const OF_INPUTS: ReadonlySet<CheckName> = new Set([
  'feature_drift',
  'null_rate',
  'new_category',
  'out_of_range',
  'type_mismatch',
  'unknown_feature',
  'volume',
  'multivariate',
  'pair_rule',
  'format',
  'stuck',
  'duplicates',
  'freshness',
]);

/** Windows in which a version answered and a check could have found something. In shadow nobody is told, so nothing is shown. */
function windowsWithout(
  { book }: Stages,
  registered: RegisteredModel,
  version: string,
  check: CheckName,
): number {
  const { model, versions } = registered;
  const found = versions.find((one) => one.version === version);
  if (!found?.answersSince || !ANSWERING.has(found.stage)) return 0;
  const { baseline } = heldAgainst(registered, version);
  if (!OF_INPUTS.has(check) && isOfInputs(baseline?.source)) return 0;
  const track = trackOfCheck(check);
  const end = track === 'labels' ? book.labelProgress(model).inTo : (book.closedTo(model.key, version) ?? 0);
  const since = Math.floor((end - found.answersSince.getTime()) / model.window);
  return Math.min(book.judgedWindows(model.key, version, track), Math.max(0, since));
}
