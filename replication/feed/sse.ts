// Server-sent events from bytes (HTML standard, section 9.2.6), whatever the chunk boundaries.

export interface ServerEvent {
  readonly event: string;
  readonly id: string | undefined;
  readonly data: string;
}

// Every realm has it; neither DOM nor Node types are loaded here.
declare const TextDecoder: new () => {
  decode(bytes: Uint8Array, options: { readonly stream: boolean }): string;
};

/** Takes chunks in order and gives the events that they complete. */
export function createEventParser(): (chunk: Uint8Array) => readonly ServerEvent[] {
  const decoder = new TextDecoder();
  let rest = '';
  let event = 'message';
  let id: string | undefined;
  let data: string[] = [];

  const takeLine = (line: string): ServerEvent | undefined => {
    if (line === '') {
      const complete = data.length > 0 ? { event, id, data: data.join('\n') } : undefined;
      event = 'message';
      data = [];
      return complete;
    }
    const colon = line.indexOf(':');
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'data') data.push(value);
    else if (field === 'event') event = value;
    else if (field === 'id') id = value;
    return undefined;
  };

  return (chunk) => {
    rest += decoder.decode(chunk, { stream: true });
    // A carriage return at the very end may be the first half of a line end.
    const lines = rest.split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? '';
    return lines.map(takeLine).filter((complete) => complete !== undefined);
  };
}
