import { createTransport } from 'nodemailer';

const PATIENCE_MS = 10_000;

/** Greets a mail server and signs in, without sending anything. Throws what the server or the network answers. */
export async function reachSmtp(url: string, ca: string | undefined): Promise<void> {
  const patience = {
    connectionTimeout: PATIENCE_MS,
    greetingTimeout: PATIENCE_MS,
    socketTimeout: PATIENCE_MS,
  };
  const transport = createTransport({ url, ...patience, ...(ca === undefined ? {} : { tls: { ca } }) });
  try {
    await transport.verify();
  } finally {
    transport.close();
  }
}
