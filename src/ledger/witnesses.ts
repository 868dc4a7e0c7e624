/** What witnesses made of a checkpoint. */
export interface Witnessing {
  /** The note, with the cosignatures that came. */
  readonly note: string;
  /** Why a cosignature did not come, each with its witness. */
  readonly problems: readonly string[];
  /** That a witness saw another log under this name: its end was cut off, or history rewritten; null where none did. */
  readonly contradiction: string | null;
}

/** Those who are asked to cosign checkpoints (C2SP tlog-witness). Never throws. */
export interface Witnesses {
  readonly cosign: (note: string, now: Date) => Promise<Witnessing>;
}
