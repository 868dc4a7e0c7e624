import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerSession } from 'smtp-server';

/** What goes wrong with one mail: refused at the login, at the recipient or after the data, or taken and then cut off before the answer. */
export type MailFault =
  { readonly at: 'login' | 'recipient' | 'data'; readonly code: number } | { readonly at: 'answer' };

/** A mail server over real SMTP that keeps what it took as raw MIME. */
export class MailServer {
  readonly mails: { readonly to: readonly string[]; readonly raw: string; readonly at: number }[] = [];
  private readonly faults: MailFault[] = [];
  private readonly server: SMTPServer;

  private constructor(tls: { readonly key: string; readonly cert: string } | null) {
    this.server = new SMTPServer({
      authOptional: true,
      ...tls,
      disabledCommands: tls ? ['AUTH'] : ['STARTTLS'],
      allowInsecureAuth: true,
      logger: false,
      closeTimeout: 100,
      onAuth: (_login, _session, done) => {
        const fault = this.faults[0];
        if (fault?.at !== 'login') return done(null, { user: 'anybody' });
        this.faults.shift();
        return done(refusal(fault.code));
      },
      onRcptTo: (_address, _session, done) => {
        const fault = this.faults[0];
        if (fault?.at !== 'recipient') return done();
        this.faults.shift();
        return done(refusal(fault.code));
      },
      onData: (stream, session, done) => {
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('end', () => this.take(Buffer.concat(chunks).toString('utf8'), session, done));
      },
    });
    // A line that a fault cut off is what was asked for.
    this.server.on('error', () => undefined);
  }

  /** With a certificate it offers STARTTLS. */
  static async start(
    tls: { readonly key: string; readonly cert: string } | null = null,
  ): Promise<MailServer> {
    const mail = new MailServer(tls);
    mail.server.listen(0, '127.0.0.1');
    await once(mail.server.server, 'listening');
    return mail;
  }

  get url(): string {
    return `smtp://127.0.0.1:${(this.server.server.address() as AddressInfo).port}`;
  }

  /** The next mails meet these faults, one each. */
  fail(...faults: MailFault[]): void {
    this.faults.push(...faults);
  }

  /** One header of a mail with folded lines joined, or null. */
  header(index: number, name: string): string | null {
    const head = (this.mails[index]?.raw.split('\r\n\r\n')[0] ?? '').replaceAll(/\r\n[ \t]+/g, ' ');
    const line = head.split('\r\n').find((text) => text.toLowerCase().startsWith(`${name.toLowerCase()}:`));
    return line === undefined ? null : line.slice(name.length + 1).trim();
  }

  async stop(): Promise<void> {
    await new Promise<void>((resolve) => this.server.close(resolve));
  }

  private take(raw: string, session: SMTPServerSession, done: (error?: Error | null) => void): void {
    const fault = this.faults.shift();
    if (fault && fault.at !== 'answer') return done(refusal(fault.code));
    this.mails.push({ to: session.envelope.rcptTo.map(({ address }) => address), raw, at: Date.now() });
    if (!fault) return done();
    for (const connection of this.server.connections) connection.close();
  }
}

function refusal(responseCode: number): Error {
  return Object.assign(new Error('refused by the spec'), { responseCode });
}
