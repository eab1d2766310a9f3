// What stands in a tab's place until it is read, or where this device could not read it.

import type { Read } from '../../queries/sync/use-read.ts';
import { ListShape } from '../ListShape.tsx';
import { ReadFailed } from '../ReadFailed.tsx';

interface NotReadyProps {
  readonly read: Exclude<Read<unknown>, { readonly state: 'ready' }>;
  /** Begins the sentence that says what could not be read. */
  readonly what: string;
}

export const NotReady = ({ read, what }: NotReadyProps) =>
  read.state === 'loading' ? (
    <ListShape words="Opening" />
  ) : (
    <ReadFailed
      title={`${what} could not be read`}
      safe="Your records and changes are still on this device."
      reason={read.reason}
      onRetry={read.retry}
    />
  );
