import { hasOwner, isReviewOverdue, riskTier } from '../domain/model.js';
import type { RegisteredModel } from '../registry/registry.js';
import type { Given } from './given.js';
import { demandKnown } from './known.js';
import type { ModelFilter } from './schema.generated.js';

/** Refuses a key or an owner that no model has. Throws BadInput. */
export function demandMet({ keyIn, owner }: Given<ModelFilter>, models: readonly RegisteredModel[]): void {
  const keys = models.map(({ model }) => model.key);
  const owners = models.map(({ model }) => model.owner);
  demandKnown('keyIn', keyIn, keys);
  demandKnown('owner', owner, owners);
}

/** What is true of a model beside its description. */
interface Standing {
  readonly now: Date;
  readonly isUndone: boolean;
}

/** Whether a model is one of those that are asked for. */
export function isMeant(
  { model }: RegisteredModel,
  filter: Given<ModelFilter>,
  { now, isUndone }: Standing,
): boolean {
  return (
    (filter.keyIn?.includes(model.key) ?? true) &&
    (filter.riskTier ?? riskTier(model.risk)) === riskTier(model.risk) &&
    (filter.task ?? model.task) === model.task &&
    (filter.owner ?? model.owner) === model.owner &&
    (filter.hasOwner ?? hasOwner(model)) === hasOwner(model) &&
    (filter.isReviewOverdue ?? isReviewOverdue(model, now)) === isReviewOverdue(model, now) &&
    (filter.isUndoneByFile ?? isUndone) === isUndone
  );
}
