import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const day = new Intl.DateTimeFormat('en', {
  day: '2-digit',
  month: 'short',
  year: 'numeric',
  timeZone: 'UTC',
});
const WIDTH = 24;

/** One line on the terminal that is rewritten; whole lines now and then where there is no terminal. */
export class ProgressBar {
  private lastLine = 0;

  constructor(private readonly stream: NodeJS.WriteStream = process.stderr) {}

  /** `share` in 0 to 1; `at` is event time. */
  show(share: number, at: number, detail: string): void {
    const filled = Math.round(share * WIDTH);
    const text = `[${'█'.repeat(filled)}${'·'.repeat(WIDTH - filled)}] ${day.format(at)}  ${detail}`;
    if (this.stream.isTTY) this.stream.write(`\r\u001b[2K${text}`);
    else if (share - this.lastLine >= 0.1 || share === 1) {
      this.lastLine = share;
      this.stream.write(`${text}\n`);
    }
  }

  /** Writes a line of its own above the bar. */
  say(line: string): void {
    this.stream.write(this.stream.isTTY ? `\r\u001b[2K${line}\n` : `${line}\n`);
  }
}

/** How far the stream came, kept in the demo's folder, so that a stopped demo goes on where it was. */
export class DemoProgress {
  private readonly path: string;

  constructor(directory: string) {
    this.path = join(directory, 'demo-progress.json');
  }

  /** Event time up to which everything was sent; null at the beginning. */
  read(): number | null {
    return existsSync(this.path)
      ? (JSON.parse(readFileSync(this.path, 'utf8')) as { sentTo: number }).sentTo
      : null;
  }

  write(sentTo: number): void {
    writeFileSync(this.path, JSON.stringify({ sentTo }));
  }
}
