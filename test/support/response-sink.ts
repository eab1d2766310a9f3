// A real ServerResponse that writes into memory, and the data lines of the events written to it.

import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';

export function responseSink(): {
  readonly response: ServerResponse;
  readonly events: () => readonly string[];
} {
  const response = new ServerResponse(new IncomingMessage(new Socket()));
  let written = '';
  response.write = (chunk: unknown) => {
    written += String(chunk);
    return true;
  };
  return {
    response,
    events: () =>
      written
        .split('\n')
        .filter((line) => line.startsWith('data: '))
        .map((line) => line.slice('data: '.length)),
  };
}
