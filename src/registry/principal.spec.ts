import { describe, expect, it } from 'vitest';
import { permissionsOf } from '../domain/roles.js';
import { isOwner, mayDoTo, type Principal } from './principal.js';

describe('a model owner', () => {
  const ada: Principal = { type: 'user', id: 'u', name: 'Ada', may: permissionsOf(['model_owner']), models: null, environments: null, ownsAs: ['Ada@Example.org', 's-1'] }; // prettier-ignore

  it('operates what names them as its owner, and nothing else', () => {
    expect(mayDoTo(ada, 'operate', { owner: 'ada@example.org' })).toBe(true);
    expect(mayDoTo(ada, 'operate', { owner: 'bob@example.org' })).toBe(false);
    expect(mayDoTo(ada, 'operate', null)).toBe(false);
    expect(mayDoTo(ada, 'approve', { owner: 's-1' })).toBe(false);
    expect(isOwner({ ownsAs: [''] }, '')).toBe(false);
  });
});
