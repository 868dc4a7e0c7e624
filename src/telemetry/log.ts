import { pino, type Logger } from 'pino';

export type LogFields = Readonly<Record<string, unknown>>;
export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

const REDACTED = [
  'authorization',
  '*.authorization',
  'key',
  '*.key',
  'token',
  '*.token',
  'password',
  '*.password',
  'secret',
  '*.secret',
];

/** Structured log of one component. ERROR means "wake someone", WARN "will heal", INFO "lifecycle". */
export class Log {
  private constructor(private readonly logger: Logger) {}

  /** JSON lines, or readable ones when `pretty`; secrets are redacted by field name. Writes to stderr so that stdout stays the program's answer. */
  static create(level: (typeof LOG_LEVELS)[number], pretty: boolean): Log {
    const redact = { paths: REDACTED, censor: '[redacted]' };
    const options = {
      level,
      redact,
      base: null,
      formatters: { level: (label: string) => ({ level: label }) },
    };
    if (!pretty) return new Log(pino(options, pino.destination(2)));
    const target = {
      target: 'pino-pretty',
      options: { destination: 2, ignore: 'component', messageFormat: '{component}: {msg}' },
    };
    return new Log(pino({ level, redact, base: null, transport: target }));
  }

  static silent(): Log {
    return new Log(pino({ level: 'silent' }));
  }

  /** The same log with the component's name on every line. */
  of(component: string): Log {
    return new Log(this.logger.child({ component }));
  }

  error(message: string, error: unknown, fields: LogFields = {}): void {
    this.logger.error({ ...fields, err: error }, message);
  }
  warn(message: string, fields: LogFields = {}): void {
    this.logger.warn(fields, message);
  }
  info(message: string, fields: LogFields = {}): void {
    this.logger.info(fields, message);
  }
  debug(message: string, fields: LogFields = {}): void {
    this.logger.debug(fields, message);
  }
}
