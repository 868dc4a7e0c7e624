import type { Actor } from '../domain/ledger-entry.js';
import type { Person } from '../domain/person.js';
import type { Permission } from '../domain/roles.js';

/** Who a request comes from: a key, or a person who signed in. `id` is the actor id of what they do. */
export interface Principal {
  readonly type: 'key' | 'user';
  readonly id: string;
  readonly name: string;
  readonly may: readonly Permission[];
  /** The only models it is for; null where it is for all. */
  readonly models: readonly string[] | null;
  /** The only environments whose events it may send; null where it may send those of all. */
  readonly environments: readonly string[] | null;
  /** What the `owner` of a model can say to mean them: a key's owner, a person's e-mail address and id. */
  readonly ownsAs: readonly string[];
  /** Where it takes what it is given; `[]` where nobody said. Left out, it is with this service: whoever signs in here, or runs it. */
  readonly liesIn?: readonly string[];
}

/** Whether a principal may do something to every model. */
export function mayDo({ may }: Pick<Principal, 'may'>, permission: Permission): boolean {
  return may.includes(permission);
}

/** The same for one model, which its owner may operate. */
export function mayDoTo(
  principal: Principal,
  permission: Permission,
  model: { readonly owner?: string | undefined } | null,
): boolean {
  if (mayDo(principal, permission)) return true;
  return permission === 'operate' && mayDo(principal, 'operateOwn') && isOwner(principal, model?.owner);
}

/** Whether the owner that a model file names is this principal; addresses are compared whatever their case. */
export function isOwner({ ownsAs }: Pick<Principal, 'ownsAs'>, owner: string | undefined): boolean {
  const named = owner?.trim().toLowerCase() ?? '';
  return named !== '' && ownsAs.some((one) => one.trim().toLowerCase() === named);
}

/** Whether a person stands behind it: one who signed in, or who answers for the key. */
export function isPersonal({ type, ownsAs }: Principal): boolean {
  return type === 'user' || ownsAs.length > 0;
}

export function actorOf({ type, id }: Principal): Actor {
  return { type, id };
}

/** The same with the name that people read. */
export function personOf(principal: Principal): Person {
  return { actor: actorOf(principal), name: principal.name };
}

/** What a principal is called where it is refused something. */
export function calledText({ type, name }: Pick<Principal, 'type' | 'name'>): string {
  return type === 'key' ? `this key (${name})` : name;
}

/** What a key is for, in words; null where it is for everything that its scopes say. */
export function limitsText({
  models,
  environments,
}: Pick<Principal, 'models' | 'environments'>): string | null {
  const said = [
    ...(models?.length === 0 ? ['models that it owns, and owns none'] : []),
    ...(models === null || models.length === 0
      ? []
      : [`${models.length === 1 ? 'the model' : 'the models'} ${models.join(', ')}`]),
    ...(environments === null
      ? []
      : [`${environments.length === 1 ? 'the environment' : 'the environments'} ${environments.join(', ')}`]),
  ];
  return said.length === 0 ? null : said.join(' in ');
}
