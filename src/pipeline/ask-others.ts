import { joinApproval, termsHash, type ApprovalWish } from '../approvals/ask-approval.js';
import type { Approval } from '../approvals/approval.js';
import { peopleNeeded } from '../approvals/approval-rules.js';
import type { Actor, Json, NewEntry } from '../domain/ledger-entry.js';
import { riskTier, type Model } from '../domain/model.js';
import { reasonOf } from '../domain/reason.js';
import { modelFromJson, modelToJson } from '../registry/model-text.js';
import { reasonedChanges } from '../registry/reasoned-changes.js';
import { heldAgainst } from '../registry/registry.js';
import { askForYes } from './ask-for-yes.js';
import { loosened } from './loosened.js';
import { frozenBaseline, pinModelBaseline, summariseOnFrozen, type Pin } from './pin-due-baselines.js';
import type { Stages } from './stages.js';
import { isObject, textOf } from '../domain/json-object.js';

/** Who wants something and why. */
export interface Asker {
  readonly actor: Actor;
  readonly reason: string | null;
}

/**
 * Registers a model, or describes it anew. Where its risk tier would fall, its data might lie elsewhere, or a model of high risk would have another owner or less that watches it,
 * others have to agree first: then nothing changes yet, and the id of the approval is returned, else null. Throws RegistryError, and ReasonMissing for any of it without
 * a reason, and for `reasonedChanges` of a model of high risk.
 */
export async function describeModel(
  stages: Pick<Stages, 'clock' | 'ledger' | 'registry' | 'approvals' | 'approvalRules' | 'personOf'>,
  model: Model,
  { actor, reason }: Asker,
): Promise<string | null> {
  const before = stages.registry.find(model.key)?.model;
  const loosens = before ? loosened(before, model) : [];
  const [first] = loosens;
  if (!before || !first) {
    const changes = before && riskTier(before.risk) === 'HIGH' ? reasonedChanges(before, model) : [];
    const said = changes.length > 0 ? reasonOf(reason, 'reason', `${changes.join(', ')} of ${model.key} change, and it is of high risk`) : reason; // prettier-ignore
    const why = said ? { reason: said } : {};
    await stages.ledger.transact((now) => stages.registry.register(model, actor, now, why));
    return null;
  }
  const summary = loosens.map(({ text }) => text).join('; ');
  const tier = riskTier(before.risk);
  const asked = loosens.find(
    ({ kind, isForAll }) => isForAll || peopleNeeded(stages.approvalRules, kind, tier) > 0,
  );
  const isNamed = asked !== undefined || first.kind === 'RISK_TIER';
  const why = isNamed ? reasonOf(reason, 'reason', summary) : reason;
  if (!asked) {
    const said = why ? { reason: why } : {};
    await stages.ledger.transact((now) => stages.registry.register(model, actor, now, said));
    return null;
  }
  const terms = { model: modelToJson(model), replaces: describedHash(before) };
  // What cannot be registered is refused now, not when others have agreed.
  stages.registry.register(model, actor, stages.clock.now());
  return ask(stages, { kind: asked.kind, model: model.key, tier, summary, reason: why ?? '', terms, actor });
}

/**
 * Freezes a reference and puts it in force. Where it takes the place of another of a model whose tier asks for it, others have to agree first: then
 * it is frozen and not in force, and the id of the approval is returned, else null. Throws BaselineError, ReferenceFileError and ReasonMissing.
 */
export async function wantBaseline(
  stages: Stages,
  model: Model,
  { source, actor, version = null, reason = null }: Pin,
): Promise<string | null> {
  const replaced = heldAgainst(stages.registry.load(model.key), version).baseline;
  const tier = riskTier(model.risk);
  const deed = replaced ? 'it takes the place of the reference in force' : 'the model is of high risk';
  const why = replaced || tier === 'HIGH' ? reasonOf(reason, 'reason', deed) : reason;
  if (!replaced || peopleNeeded(stages.approvalRules, 'BASELINE', tier) === 0) {
    await pinModelBaseline(stages, model, { source, actor, version, reason: why });
    return null;
  }
  return askBaseline(stages, model, { source, actor, version, reason: why });
}

/**
 * Freezes a reference and asks others whether it comes into force; returns the id of the approval, of the one that waits where the same was asked before. `silence` keeps quiet what it would make
 * normal, and ends with a no.
 * Throws BaselineError and ReferenceFileError.
 */
export async function askBaseline(
  stages: Stages,
  model: Model,
  { source, actor, version = null, reason = null }: Pin,
  silence: string | null = null,
): Promise<string> {
  const tier = riskTier(model.risk);
  const replaces = heldAgainst(stages.registry.load(model.key), version).baseline?.fingerprint ?? null;
  return stages.references.freeze(model.key, async () => {
    const { id, fingerprint, rows } = await frozenBaseline(stages, model, source);
    const waiting = stages.approvals.pending().find((one) => isOfBaseline(one, model.key, fingerprint));
    if (waiting) return join(stages, waiting, { actor, reason: reason ?? '' });
    const from = JSON.parse(JSON.stringify(source)) as Json;
    const quiet = silence === null ? {} : { silence };
    const terms = {
      model: model.key,
      version,
      baseline: id,
      fingerprint,
      rows,
      source: from,
      replaces,
      ...quiet,
    };
    const summary = `reference of ${model.key}${version === null ? '' : ` ${version}`} from ${rows} rows`;
    return ask(stages, {
      kind: 'BASELINE',
      model: model.key,
      tier,
      summary,
      reason: reason ?? '',
      terms,
      actor,
    });
  });
}

function isOfBaseline(approval: Approval, model: string, fingerprint: string): boolean {
  const isOfModel = approval.kind === 'BASELINE' && approval.model === model;
  return isOfModel && termsOf(approval)['fingerprint'] === fingerprint;
}

async function ask(
  stages: Pick<Stages, 'ledger' | 'approvals' | 'personOf'>,
  wish: Omit<ApprovalWish, 'person'>,
): Promise<string> {
  let id = '';
  await stages.ledger.transact((now) => {
    const asked = askForYes(stages, wish, now);
    id = asked.id;
    return asked.entries;
  });
  return id;
}

async function join(
  stages: Pick<Stages, 'ledger' | 'approvals' | 'personOf'>,
  { id }: Approval,
  { actor, reason }: Asker,
): Promise<string> {
  await stages.ledger.transact((now) => {
    const waiting = stages.approvals.find(id);
    const wish = { actor, person: stages.personOf(actor.id), reason: reason ?? '' };
    return waiting?.state === 'PENDING' ? joinApproval(waiting, wish, now) : [];
  });
  return id;
}

function describedHash(model: Model): string {
  return termsHash(modelToJson(model));
}

/** What an approval is asked about, by name; empty where that is no object. */
export function termsOf({ terms }: Approval): Readonly<Record<string, Json>> {
  return isObject(terms) ? terms : {};
}

/** The description that others agreed to comes into force, as its asker's deed; that it is not outdated is the caller's to see. */
export function describeAgreed(
  { registry }: Pick<Stages, 'registry'>,
  approval: Approval,
  now: Date,
): readonly NewEntry[] {
  const terms = termsOf(approval);
  const why = { reason: approval.reason, approval: approval.id };
  return registry.register(modelFromJson(terms['model'] ?? null), approval.askedBy, now, why);
}

/** The reference that others agreed to comes into force, as its asker's deed; that it is not outdated is the caller's to see. */
export function pinAgreed(
  { registry }: Pick<Stages, 'registry'>,
  approval: Approval,
  now: Date,
): readonly NewEntry[] {
  const terms = termsOf(approval);
  const pin = {
    model: approval.model ?? '',
    version: versionOf(terms),
    id: textOf(terms['baseline']),
    fingerprint: textOf(terms['fingerprint']),
    rows: Number(terms['rows']),
    source: terms['source'] ?? null,
    actor: approval.askedBy,
    reason: approval.reason,
    approval: approval.id,
  };
  return registry.baselinePinned(pin, now);
}

/** Summarises what came after a reference that others agreed to, where this process judges its model. */
export async function followAgreed(stages: Stages, approval: Approval): Promise<void> {
  const model = approval.model ?? '';
  if (approval.kind !== 'BASELINE' || !stages.replicas.holds(model)) return;
  await summariseOnFrozen(stages, heldAgainst(stages.registry.load(model), versionOf(termsOf(approval))));
}

function versionOf(terms: Readonly<Record<string, Json>>): string | null {
  return typeof terms['version'] === 'string' ? terms['version'] : null;
}

/** Whether it asks for another description of a model. */
export function isDescription({ kind }: Approval): boolean {
  return kind === 'RISK_TIER' || kind === 'OWNER' || kind === 'OVERSIGHT';
}

/** Whether what an approval was to take the place of is not in force any more, so that nobody has to decide. */
export function isOutdated({ registry }: Pick<Stages, 'registry'>, approval: Approval): boolean {
  const known = registry.find(approval.model ?? '');
  const terms = termsOf(approval);
  if (!known) return false;
  if (isDescription(approval)) return describedHash(known.model) !== terms['replaces'];
  if (approval.kind !== 'BASELINE') return false;
  return heldAgainst(known, versionOf(terms)).baseline?.fingerprint !== terms['replaces'];
}
