/** What somebody can be allowed to do, and what each word opens. The pages and every door of the API ask for one of these. */
export const PERMISSIONS = {
  ingest: 'send predictions and labels',
  read: 'models, windows, incidents, messages, training runs and replicas, in pages and queries',
  examine: 'the bytes of refused events, training manifests and files, verdicts judged again, dry runs',
  audit:
    'the ledger, its proofs, policies of any time, exports and evidence packs, who has which key and who signed in',
  operate: 'change things: cases, silences, references, versions, trainings, deliveries, replays',
  operateOwn: 'the same for single models whose `owner` one is',
  approve: 'say yes or no to what somebody else asked for',
  admin: 'make and end API keys, look into refused rows, read files anywhere',
} as const;
export type Permission = keyof typeof PERMISSIONS;

/** What the scopes of API keys stand for. They are coarser than roles, and keep the meaning that they have always had. */
export const SCOPES = {
  ingest: ['ingest'],
  read: ['read', 'examine', 'audit'],
  operate: ['read', 'examine', 'audit', 'operate', 'approve'],
  admin: ['ingest', 'read', 'examine', 'audit', 'operate', 'approve', 'admin'],
} as const satisfies Readonly<Record<string, readonly Permission[]>>;
export type Scope = keyof typeof SCOPES;
export const SCOPE_NAMES = Object.keys(SCOPES) as readonly Scope[];

interface RoleTerms {
  readonly may: readonly Permission[];
  readonly is: string;
}

/**
 * Roles of people and of keys: the one table. Who changes things (operator) and who says yes to them (validator) are two people; an
 * administrator is kept from approving what they asked for themselves by the rule that nobody may.
 */
export const ROLES = {
  viewer: { may: ['read'], is: 'looks at models, incidents and messages' },
  analyst: {
    may: ['read', 'examine'],
    is: 'also looks into single events, manifests and verdicts, and tries policies',
  },
  operator: { may: ['read', 'examine', 'operate'], is: 'runs the service and answers incidents' },
  model_owner: {
    may: ['read', 'examine', 'operateOwn'],
    is: 'does for the models they own what an operator does for all',
  },
  validator: {
    may: ['read', 'examine', 'audit', 'approve'],
    is: 'decides what others ask for, and changes nothing else',
  },
  auditor: { may: ['read', 'examine', 'audit'], is: 'reads and exports the ledger, and changes nothing' },
  admin: { may: SCOPES.admin, is: 'may do everything, and makes keys' },
  ingest: { may: ['ingest'], is: 'sends events' },
} as const satisfies Readonly<Record<string, RoleTerms>>;
export type Role = keyof typeof ROLES;
export const ROLE_NAMES = Object.keys(ROLES) as readonly Role[];

/** The permissions of roles and scopes together, each once. */
export function permissionsOf(roles: readonly Role[], scopes: readonly Scope[] = []): readonly Permission[] {
  const held = new Set<Permission>([
    ...roles.flatMap((role) => [...ROLES[role].may]),
    ...scopes.flatMap((scope) => [...SCOPES[scope]]),
  ]);
  return [...held];
}

/** A role by its name; null for what is none. */
export function roleOf(text: unknown): Role | null {
  return ROLE_NAMES.find((role) => role === text) ?? null;
}

const DEEDS: Readonly<Record<Permission, string>> = {
  ingest: 'send events',
  read: 'look at models, incidents and messages',
  examine: 'look into single events, manifests and verdicts, or try policies',
  audit: 'look into the ledger and what it proves',
  operate: 'change anything here',
  operateOwn: 'change anything here',
  approve:
    'say yes or no to what others asked for (whoever asked takes it back: tidewatch approval withdraw)',
  admin: 'do what administrators do: keys, holds, erasures',
};

/** That somebody may not do what takes a permission, and who may; goes on from their name. */
export function mayNotText(permission: Permission): string {
  const allows = (may: readonly Permission[]) => may.includes(permission);
  const roles = ROLE_NAMES.filter((role) => allows(ROLES[role].may));
  const own = permission === 'operate' ? ', or model_owner for their own models' : '';
  return `may not ${DEEDS[permission]}: that takes the role ${roles.join(' or ')}${own}`;
}

/** The table of the documentation, as a list in Markdown: what a role is, and what it may. */
export function roleTable(): string {
  const rows = ROLE_NAMES.map((role) => {
    const { is, may } = ROLES[role];
    return `- \`${role}\`: ${is} (${may.map((one) => `\`${one}\``).join(', ')}).`;
  });
  return `\n${rows.join('\n')}\n`;
}

/** What the words of that table open, in Markdown. */
export function permissionTable(): string {
  const rows = Object.entries(PERMISSIONS).map(([name, opens]) => `- \`${name}\`: ${opens}.`);
  return `\n${rows.join('\n')}\n`;
}
