import type { Actor } from '../domain/ledger-entry.js';
import { looksLike } from '../domain/person.js';
import { nameProblem } from '../domain/plain-name.js';
import { permissionsOf, ROLE_NAMES, SCOPE_NAMES, type Role, type Scope } from '../domain/roles.js';
import { RegistryError } from './registry-error.js';

/** What somebody asks for who wants a key. */
export interface KeyRequest {
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly role?: Role | null;
  readonly actor: Actor;
  readonly owner?: string | null;
  readonly expiresAt?: Date | null;
  readonly models?: readonly string[] | null;
  readonly environments?: readonly string[] | null;
  readonly liesIn?: readonly string[];
}

/** Characters of the name of a key. */
const LONGEST_KEY_NAME = 200;

/** `owners` are those of other keys. Throws RegistryError for a key that nobody could tell from others, that is good for nothing, or that is over before it begins. */
export function demandComplete(request: KeyRequest, at: Date, owners: readonly string[]): void {
  const { name, scopes, role = null, owner, expiresAt = null, models = null, environments = null } = request;
  const may = permissionsOf(role === null ? [] : [role], scopes);
  demandName(name);
  if (owner) demandPlain(owner, 'owner', owners);
  if (may.length === 0)
    throw new RegistryError(
      'key_without_scope',
      'scopes',
      `a key needs a scope (${SCOPE_NAMES.join(', ')}) or a role (${ROLE_NAMES.join(', ')})`,
    );
  if (may.includes('operateOwn') && !owner)
    throw new RegistryError(
      'key_without_owner',
      'owner',
      'a key of a model owner needs an owner: whose models',
    );
  if (expiresAt !== null && expiresAt <= at)
    throw new RegistryError('key_expired', 'expiresAt', `${expiresAt.toISOString()} is over already`);
  if (models?.length === 0 || environments?.length === 0)
    throw new RegistryError(
      'key_without_model',
      'models',
      'a list of models or environments needs one; leave it out for all',
    );
  if (models !== null && may.includes('admin'))
    throw new RegistryError(
      'key_too_wide',
      'models',
      'a key that may administer is for all models: leave `models` or `admin` out',
    );
  if (environments !== null && may.some((one) => one !== 'ingest'))
    throw new RegistryError(
      'key_too_wide',
      'environments',
      'environments limit what is sent: only of keys with the scope ingest alone',
    );
}

/** Throws RegistryError for a name that could be read as somebody else's; `known` are names of others. */
export function demandPlain(name: string, field: string, known: readonly string[] = []): void {
  const other = looksLike(name, known);
  if (other !== undefined)
    throw new RegistryError('bad_name', field, `${field}: ${JSON.stringify(name)} looks like ${JSON.stringify(other)} and is of other letters: type it anew, or write a name that can be told from it`);
  const problem = nameProblem(name);
  if (problem !== null)
    throw new RegistryError('bad_name', field, `${field}: ${JSON.stringify(name)} ${problem}, and could be read as somebody else's: type it anew`);
} // prettier-ignore

function demandName(name: string): void {
  if (name.trim() === '')
    throw new RegistryError('key_without_name', 'name', 'a key needs a name: who or what will use it');
  if (name.length > LONGEST_KEY_NAME || /\p{Cc}/u.test(name))
    throw new RegistryError(
      'bad_key_name',
      'name',
      `write a name of at most ${LONGEST_KEY_NAME} characters, without control characters`,
    );
}
