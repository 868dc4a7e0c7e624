/** 128 bits that stand for an id of `predictions` or `labels` in `staged_labels`, as SQL. */
export const STAGED_ID =
  'bitOr(bitShiftLeft(toUInt128(cityHash64(prediction_id)), 64), toUInt128(sipHash64(prediction_id)))';

/** The part of it by which an erasure notes rows: cityHash64 of the id. */
export const STAGED_ID_NOTED = 'toUInt64(bitShiftRight(id, 64))';
