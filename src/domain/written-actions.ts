/** What of a judged window somebody wrote in the store, by the action of the entry that says so. */
export const WRITTEN: ReadonlyMap<string, 'rows' | 'results'> = new Map([
  ['window.rows_changed', 'rows'],
  ['window.results_changed', 'results'],
]);

/** That a person looked into such windows, or that one was found again as it was judged. */
export const WRITTEN_REVIEWED = 'window.changes_reviewed';
