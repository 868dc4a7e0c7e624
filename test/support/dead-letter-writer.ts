import type { BatchWriter } from '../../src/ingest/intake.js';
import type { Database } from '../../src/store/database.js';

/** Stores every event as a dead letter: the shortest real way into a table, for tests of what comes before the writer. */
export function deadLetterWriter(database: Database): BatchWriter {
  return {
    write: async (events) => {
      const rows = events.map((event) => ({
        topic: event.topic,
        partition: event.partition,
        offset: event.offset.toString(),
        kind: event.kind ?? '',
        model: '',
        received_at: new Date(event.receivedAt).toISOString().replace('T', ' ').replace('Z', ''),
        code: 'not_json',
        message: 'stored by a test',
        raw: event.value.toString('utf8'),
      }));
      await database.insert('dead_letters', rows);
      return { stored: 0, dead: [] };
    },
  };
}
