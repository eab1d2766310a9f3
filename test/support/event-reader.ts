// Reads a server-sent event stream as a test sees it: every event in order, and how it ended.

export interface SeenEvent {
  readonly id: string;
  readonly name: string;
  readonly data: string;
}

export interface EventReader {
  readonly status: number;
  readonly events: readonly SeenEvent[];
  readonly ended: () => boolean;
  readonly stop: () => void;
}

export async function readEvents(
  url: string,
  headers: Readonly<Record<string, string>>,
): Promise<EventReader> {
  const abort = new AbortController();
  const response = await fetch(url, { headers, signal: abort.signal });
  const events: SeenEvent[] = [];
  let ended = false;
  const read = async (): Promise<void> => {
    const decoder = new TextDecoder();
    let rest = '';
    for await (const chunk of response.body ?? []) {
      const blocks = (rest + decoder.decode(chunk, { stream: true })).split('\n\n');
      rest = blocks.pop() ?? '';
      for (const block of blocks) {
        const field = (name: string): string =>
          block
            .split('\n')
            .find((line) => line.startsWith(`${name}: `))
            ?.slice(name.length + 2) ?? '';
        if (field('data') !== '')
          events.push({ id: field('id'), name: field('event'), data: field('data') });
      }
    }
  };
  void read()
    .catch((error: unknown) => {
      // A connection that breaks ends the stream like any other end.
      if (!abort.signal.aborted && !isBroken(error)) throw error;
    })
    .finally(() => {
      ended = true;
    });
  return {
    status: response.status,
    events,
    ended: () => ended,
    stop: () => {
      abort.abort();
    },
  };
}

const isBroken = (error: unknown): boolean =>
  error instanceof TypeError && (error.message === 'terminated' || error.cause !== undefined);
