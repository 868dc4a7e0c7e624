import { sharesOf } from '../checks/mix-text.js';
import { momentsOf } from '../checks/moments.js';
import { DATA_FAULTS } from '../domain/check-result.js';
import type { Baseline } from '../domain/baseline.js';
import type { Usual } from '../domain/change-text.js';
import { knownStage } from '../domain/known-stage.js';
import { ANSWERING, riskTier, type Model } from '../domain/model.js';
import { OUTPUT_NAMES } from '../domain/profile.js';
import type { TrafficShare } from '../domain/version-comparison.js';
import { UNKNOWN_SUBJECT, type CaseSubject } from '../notify/case-subject.js';
import { championOf, isBeside } from '../registry/answering.js';
import type { PinnedBaseline } from '../registry/held-references.js';
import { heldAgainst, type RegisteredModel } from '../registry/registry.js';
import { judgedBeside } from './judged-beside.js';
import type { Stages } from './stages.js';
import { unwatchedText } from './unwatched.js';
import { usualPart } from './with-means.js';

type Subjects = Pick<Stages, 'registry' | 'references' | 'policies' | 'book' | 'incidents'>;

/** What a message about a model version may tell beside its incidents, as far as it is at hand: nothing is waited for. */
export function caseSubject(
  { registry, references, policies, book, incidents }: Subjects,
  key: string,
  version: string,
): CaseSubject {
  const runbook: CaseSubject['runbook'] = ({ id, rule }) => {
    const policy = policies.find((one) => one.id === id);
    return policy?.rules.find((one) => one.id === rule)?.runbook ?? policy?.runbook ?? null;
  };
  const found = registry.find(key);
  if (!found) return { ...UNKNOWN_SUBJECT, runbook };
  const registered = heldAgainst(found, version);
  const { model, versions, baseline: pinned } = registered;
  const reference = references.atHand(registered);
  const baseline = reference?.baseline ?? null;
  const firstRow = versions.find((one) => one.version === version)?.firstSeenAt ?? null;
  const began = book.firstRow(key, version);
  const known = Object.keys(baseline?.features ?? model.features).filter(
    (name) => !OUTPUT_NAMES.includes(name),
  );
  return {
    owner: model.owner,
    tier: riskTier(model.risk),
    windowMs: model.window,
    inputs: known.length,
    importance: (feature) => model.features[feature]?.importance ?? null,
    source: (feature) => sourceOf(incidents, model, feature),
    usual: (feature) => usualOf(model, baseline, feature),
    shares: (feature) => sharesOf(baseline?.reference.features[feature], baseline?.features[feature]),
    rowShare: (segment) => usualPart(baseline, segment),
    ...deploymentOf(versions, version, began),
    besideVersion: takesPart(versions, version) ? championOf(versions) : null,
    besideShare: takesPart(versions, version) ? shareOf(book, registered, version) : null,
    servedSince: began !== null && pinned?.source && 'file' in pinned.source ? new Date(began) : null,
    ...pinnedSince(pinned, firstRow),
    unwatched: unwatchedText(reference?.fitted?.series ?? [], model.window),
    beside: (finding) => judgedBeside(incidents, { key, version, series: reference?.fitted?.series, inputs: known, windowMs: model.window }, finding),
    runbook,
  };
} // prettier-ignore

/** When a version came. The first one began with the stream: that explains nothing. Rows that wait are of the time they say (`began`), not of that in which they came. */
function deploymentOf(
  versions: RegisteredModel['versions'],
  version: string,
  began: number | null,
): Pick<CaseSubject, 'deployedAt' | 'promotedAt'> {
  const own = versions.find((one) => one.version === version);
  if (!own || versions.length < 2) return { deployedAt: null, promotedAt: null };
  return {
    deployedAt: began === null ? own.firstSeenAt : new Date(began),
    promotedAt: own.led?.since ?? null,
  };
}

/** Whether a version answers some of the requests beside the one that answers for the model. */
function takesPart(versions: RegisteredModel['versions'], version: string): boolean {
  return isBeside(versions, version) && ANSWERING.has(knownStage(versions, version));
}

/** Newest windows of a version of which its share of the traffic is told. */
const SHARE_WINDOWS = 48;

/** Of the requests of its newest closed windows; null while rows of any of them may be on their way. */
function shareOf(
  book: Stages['book'],
  { model: { key }, versions }: Pick<RegisteredModel, 'model' | 'versions'>,
  version: string,
): TrafficShare | null {
  const windows = book.newestWindows(key, version, SHARE_WINDOWS);
  const rowsOf = (one: string) => windows.reduce((sum, from) => sum + book.rowsIn(key, one, from), 0);
  const answered = rowsOf(version);
  const answering = book.versions(key).filter((one) => ANSWERING.has(knownStage(versions, one)));
  const traffic = answering.reduce((sum, one) => sum + rowsOf(one), 0);
  return answered > 0 && Number.isFinite(traffic) ? { answered, traffic } : null;
}

/** When a reference came into force. One that was there before the first row replaced none. */
function pinnedSince(
  pinned: PinnedBaseline | null,
  firstRow: Date | null,
): Pick<CaseSubject, 'pinnedAt' | 'repinnedAt'> {
  const pinnedAt = pinned && firstRow !== null && firstRow < pinned.pinnedAt ? pinned.pinnedAt : null;
  return { pinnedAt, repinnedAt: pinned?.replaced ? pinnedAt : null };
}

/** Where a feature comes from, and the other models with open faults in data from there. */
function sourceOf(incidents: Stages['incidents'], model: Model, feature: string) {
  const name = model.features[feature]?.source;
  if (name === undefined) return null;
  const others = incidents
    .ofSource(name)
    .filter(({ signal }) => signal.model !== model.key && DATA_FAULTS.has(signal.check));
  return { name, alsoAt: [...new Set(others.map(({ signal }) => signal.model))].sort() };
}

function usualOf(model: Model, baseline: Baseline | null, feature: string): Usual | null {
  const moments = momentsOf(baseline?.reference.features[feature], baseline?.features[feature]);
  return moments && { mean: moments.mean, sd: moments.sd, unit: model.features[feature]?.unit ?? null };
}
