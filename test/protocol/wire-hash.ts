// What the kept hash of the wire schemas and the present one say together.

export interface WireHash {
  readonly version: number;
  readonly hash: string;
}

const COMMAND = 'HOLDFAST_UPDATE_WIRE_HASH=1 npx vitest run test/protocol/version.test.ts';

/** What is wrong and what to do; undefined where nothing is. */
export function wireFault(kept: WireHash, present: WireHash): string | undefined {
  if (present.version < kept.version)
    return `PROTOCOL_VERSION is ${present.version} but was ${kept.version}: it never goes back.`;
  if (present.version > kept.version)
    return `PROTOCOL_VERSION was raised to ${present.version}: keep its hash with ${COMMAND}`;
  if (present.hash === kept.hash) return undefined;
  return (
    `The wire schemas changed, but PROTOCOL_VERSION is still ${present.version}. Raise it in ` +
    `replication/protocol/version.ts, then keep the new hash with ${COMMAND}`
  );
}
