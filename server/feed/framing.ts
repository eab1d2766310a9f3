// How Holdfast's own stream says what was committed (replication/protocol/stream.ts).

import { encodeCheckpoint } from './checkpoint.ts';
import type { Framing } from './reader.ts';

export const syncFraming: Framing = {
  name: 'sync',
  frame: ({ head, scope, from, to, documents }) => {
    const checkpoint = encodeCheckpoint(head, to, scope);
    const byCollection = [...documents]
      .map(([name, texts]) => `${JSON.stringify(name)}:[${texts.join(',')}]`)
      .join(',');
    return `id: ${checkpoint}\ndata: {"from":${from},"to":${to},"checkpoint":"${checkpoint}","documents":{${byCollection}}}\n\n`;
  },
};
