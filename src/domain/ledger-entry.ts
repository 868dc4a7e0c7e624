export const ACTOR_TYPES = ['system', 'user', 'key'] as const;
export interface Actor {
  readonly type: (typeof ACTOR_TYPES)[number];
  readonly id: string;
}
export const SYSTEM: Actor = { type: 'system', id: 'tidewatch' };

/** JSON that RFC 8785 can write: no undefined, no NaN, no dates (write ISO text). */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** A decision to be recorded: `action` is `noun.verb_past` and stable, `subject` what it is about. */
export interface NewEntry {
  readonly action: string;
  readonly actor: Actor;
  readonly at: Date;
  readonly subject: { readonly type: string; readonly id: string };
  readonly data: { readonly [key: string]: Json };
}

/** A decision recorded: its place in the log and the RFC 6962 leaf hash of its canonical JSON, in hex. */
export interface LedgerEntry extends NewEntry {
  readonly seq: number;
  readonly hash: string;
  /** It stands in the log and was not written by this service: shown, not obeyed. */
  readonly isRefused?: true;
}
