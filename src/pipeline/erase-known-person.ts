import { CodedError } from '../domain/coded-error.js';
import type { Actor } from '../domain/ledger-entry.js';
import { reasonOf } from '../domain/reason.js';
import type { Ledger } from '../ledger/ledger.js';
import type { People } from '../registry/people.js';
import type { Sessions } from '../registry/sessions.js';

/** A person who signed in and cannot be erased so; nothing was recorded. */
class PersonRefusal extends CodedError {
  override readonly name = 'PersonRefusal';
  override readonly field = 'id';
  constructor(
    readonly code: 'person_not_found' | 'own_name',
    message: string,
  ) {
    super(message);
  }
}

interface Parts {
  readonly ledger: Pick<Ledger, 'transact'>;
  readonly people: People;
  readonly sessions: Sessions;
}

/**
 * Deletes the name, the address and the subject of a person who signed in, and ends their sign-ins. What they did stays in the ledger under an id that says
 * nothing, so that every proof holds; who signs in again is known again. Throws PersonRefusal, ReasonMissing and PartsInUse.
 */
export async function eraseKnownPerson(
  { ledger, people, sessions }: Parts,
  { id, reason, actor }: { readonly id: string; readonly reason: string; readonly actor: Actor },
): Promise<void> {
  const known = people.list().map((one) => one.id);
  const person = people.find(id);
  if (!person)
    throw new PersonRefusal(
      'person_not_found',
      `id: nobody who signed in is ${id}; there are ${known.join(', ') || 'none'}`,
    );
  if (actor.id === id)
    throw new PersonRefusal('own_name', 'id: somebody else erases you, so that who did it is known');
  const why = reasonOf(reason, 'reason', 'what is erased cannot be brought back');
  const address = person.email === null ? null : people.addressHash(person.email);
  await ledger.transact((at) => [
    ...sessions.list(at, id).flatMap((session) => sessions.close(session.id, 'the person was erased', at)),
    {
      action: 'person.erased',
      actor,
      at,
      subject: { type: 'person', id },
      data: { reason: why, address },
    },
  ]);
  await people.erase(id);
}
