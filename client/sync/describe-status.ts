// The sync indicator's words, colour and icon for each state; the only place that has them.

import type { SyncStatus } from '../../replication/index.ts';
import { formatClock, formatNumber } from '../queries/format.ts';

export type StatusIcon = 'check' | 'arrows' | 'clock' | 'cloudOff' | 'plug' | 'alert' | 'key';

export interface StatusWords {
  readonly color: 'green' | 'yellow' | 'gray' | 'red';
  readonly icon: StatusIcon;
  /** On the button. */
  readonly words: string;
  /** In the popover, and spoken: the state, what still works, what to do. */
  readonly sentence: string;
}

const SECOND_MS = 1_000;
const n = formatNumber;
const changes = (count: number): string => (count === 1 ? '1 change' : `${n(count)} changes`);
const withSaved = (words: string, count: number): string =>
  count > 0 ? `${words}. ${n(count)} saved on this device` : words;
const soon = ({ nextTryAtMs = 0 }: SyncStatus, nowMs: number): string => {
  const seconds = Math.ceil((nextTryAtMs - nowMs) / SECOND_MS);
  return seconds > 0 ? `in ${n(seconds)}\u00A0s` : 'now';
};
const progress = ({ progress: at }: SyncStatus): string => {
  if (!at) return '';
  return at.of === undefined ? ` ${n(at.done)}` : ` ${n(at.done)} of ${n(at.of)}`;
};
const keeps = (count: number): string =>
  count > 0 ? ` ${changes(count)} saved on this device will be sent then.` : '';
const others = 'You see what others changed once you are connected again.';

/** How much waits for a person. */
export const needsOf = (status: Pick<SyncStatus, 'refused' | 'failed' | 'conflicts'>): number =>
  status.refused + status.failed + status.conflicts;

type Describe = (status: SyncStatus, nowMs: number) => StatusWords;

const byState: Readonly<Record<SyncStatus['state'], Describe>> = {
  starting: () => ({
    color: 'gray',
    icon: 'arrows',
    words: 'Starting',
    sentence: 'Connecting. You can already use everything on this device.',
  }),
  synced: ({ lastSyncedAtMs: at }, nowMs) => ({
    color: 'green',
    icon: 'check',
    words: at === undefined ? 'Synced' : `Synced, ${formatClock(at, nowMs)}`,
    sentence: 'Your changes are sent, and you have everybody else’s.',
  }),
  sending: (status) => ({
    color: 'yellow',
    icon: 'arrows',
    words: `Sending${progress(status)}`,
    sentence: 'Sending your changes. You can go on working.',
  }),
  receiving: (status) => ({
    color: 'yellow',
    icon: 'arrows',
    words: `Receiving${progress(status)}`,
    sentence: 'Receiving what others changed. You can go on working.',
  }),
  waiting: (status, nowMs) => ({
    color: 'yellow',
    icon: 'clock',
    words: `${status.pending > 0 ? `${n(status.pending)} waiting` : 'Waiting'}, next try ${soon(status, nowMs)}`,
    sentence: `The last try to sync failed. The next one starts on its own.${keeps(status.pending)}`,
  }),
  offline: ({ pending }) => ({
    color: 'gray',
    icon: 'cloudOff',
    words: withSaved('Offline', pending),
    sentence: `No network. Keep working as usual. ${others}${keeps(pending)}`,
  }),
  notMember: ({ pending }) => ({
    color: 'red',
    icon: 'alert',
    words: withSaved('No longer a member', pending),
    sentence: `You are no longer a member of this workspace. What you wrote is kept here. Ask to be added again.${keeps(pending)}${pending > 0 ? ' You can save a copy.' : ''}`,
  }),
  unreachable: (status, nowMs) => ({
    color: 'gray',
    icon: 'plug',
    words: withSaved('Can’t reach the server', status.pending),
    sentence: `The server does not answer. Keep working as usual; the next try starts ${soon(status, nowMs)}. ${others}${keeps(status.pending)}`,
  }),
  attention: (status) => ({
    color: 'red',
    icon: 'alert',
    words: `${n(needsOf(status))} need${needsOf(status) === 1 ? 's' : ''} you`,
    sentence: [
      ...(status.conflicts > 0
        ? ['Two people changed the same thing; both versions are kept until one is chosen.']
        : []),
      ...(status.refused > 0
        ? [
            status.refused === 1
              ? 'A change of yours was not accepted; it is kept, with the reason.'
              : 'Some of your changes were not accepted; they are kept, with the reason.',
          ]
        : []),
      ...(status.failed > 0
        ? [
            status.failed === 1
              ? 'The server could not take a change of yours; it is tried again.'
              : 'The server could not take some of your changes; they are tried again.',
          ]
        : []),
    ].join(' '),
  }),
  loggedOut: ({ pending }) => ({
    color: 'red',
    icon: 'key',
    words: withSaved('Log in to sync', pending),
    sentence: `You were logged out. Keep working as usual; log in again to send and receive.${keeps(pending)}`,
  }),
};

const OUTDATED: StatusWords = {
  color: 'red',
  icon: 'alert',
  words: 'Reload to sync',
  sentence: 'This tab has an older version. Reload it to save and to sync.',
};

/** @param nowMs for the time since, and until, something. */
export const describeStatus: Describe = (status, nowMs) =>
  status.outdated ? OUTDATED : byState[status.state](status, nowMs);
