/** A call that has an answer. */
export const ANSWERED = `status IN ('', 'ok')`;
