// Structured lines on stderr. Only named values are logged: no bodies, tokens or query texts.

import { pino } from 'pino';

/** The part of a pino logger that is used; a program may hand in any other that has it. */
export interface Log {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** Writes without waiting for the disk or terminal; what is left is flushed when the process ends. */
export const createLog = (level = 'info'): Log =>
  pino({ level, base: null }, pino.destination({ fd: 2, sync: false }));
