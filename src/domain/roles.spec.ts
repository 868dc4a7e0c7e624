import { describe, expect, it } from 'vitest';
import { permissionsOf, PERMISSIONS, ROLE_NAMES, roleOf, SCOPE_NAMES, type Permission } from './roles.js';

const holders = (permission: Permission) =>
  ROLE_NAMES.filter((role) => permissionsOf([role]).includes(permission)).join(' ');

describe('roles', () => {
  it('G-20: who changes things, who says yes to them and who looks at both afterwards are different people', () => {
    expect(Object.keys(PERMISSIONS).map((one) => [one, holders(one as Permission)])).toEqual([
      ['ingest', 'admin ingest'],
      ['read', 'viewer analyst operator model_owner validator auditor admin'],
      ['examine', 'analyst operator model_owner validator auditor admin'],
      ['audit', 'validator auditor admin'],
      ['operate', 'operator admin'],
      ['operateOwn', 'model_owner'],
      ['approve', 'validator admin'],
      ['admin', 'admin'],
    ]);
  });

  it('keep the meaning that the scopes of keys always had', () => {
    const of = (needed: Permission) => SCOPE_NAMES.filter((one) => permissionsOf([], [one]).includes(needed));
    expect(of('ingest')).toEqual(['ingest', 'admin']);
    expect(of('audit')).toEqual(['read', 'operate', 'admin']);
    expect(of('approve')).toEqual(['operate', 'admin']);
    expect(of('operate')).toEqual(['operate', 'admin']);
  });

  it('are added up, and unknown ones are none', () => {
    expect(permissionsOf(['auditor', 'operator'])).toEqual(['read', 'examine', 'audit', 'operate']);
    expect([roleOf('validator'), roleOf('Validator'), roleOf(null)]).toEqual(['validator', null, null]);
  });
});
