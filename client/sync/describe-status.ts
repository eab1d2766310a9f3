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
const nextTry = (atMs: number | undefined, nowMs: number): string =>
  atMs === undefined
    ? ''
    : `, next try in ${n(Math.max(0, Math.ceil((atMs - nowMs) / SECOND_MS)))} s`;
const progress = ({ progress: at }: SyncStatus): string => {
  if (!at) return '';
  return at.of === undefined ? ` ${n(at.done)}` : ` ${n(at.done)} of ${n(at.of)}`;
};
const keeps = (count: number): string =>
  count > 0 ? ` ${changes(count)} saved on this device will be sent then.` : '';

type Describe = (status: SyncStatus, nowMs: number) => StatusWords;

const byState: Readonly<Record<SyncStatus['state'], Describe>> = {
  starting: () => ({
    color: 'gray',
    icon: 'arrows',
    words: 'Starting',
    sentence: 'Looking for the server. Everything on this device can be used already.',
  }),
  synced: ({ lastSyncedAtMs: at }, nowMs) => ({
    color: 'green',
    icon: 'check',
    words: at === undefined ? 'Synced' : `Synced, ${formatClock(at, nowMs)}`,
    sentence: 'Everything is sent and received.',
  }),
  sending: (status) => ({
    color: 'yellow',
    icon: 'arrows',
    words: `Sending${progress(status)}`,
    sentence: 'Changes of this device are on their way. You can go on working.',
  }),
  receiving: (status) => ({
    color: 'yellow',
    icon: 'arrows',
    words: `Receiving${progress(status)}`,
    sentence: 'Changes of others are arriving. You can go on working.',
  }),
  waiting: ({ pending, nextTryAtMs }, nowMs) => ({
    color: 'yellow',
    icon: 'clock',
    words: (pending > 0 ? `${n(pending)} waiting` : 'Waiting') + nextTry(nextTryAtMs, nowMs),
    sentence: `The last try did not work out; the next one comes by itself.${keeps(pending)}`,
  }),
  offline: ({ pending }) => ({
    color: 'gray',
    icon: 'cloudOff',
    words: withSaved('Offline', pending),
    sentence: `No network. Everything works; changes of others come when it is back.${keeps(pending)}`,
  }),
  unreachable: ({ pending }) => ({
    color: 'gray',
    icon: 'plug',
    words: withSaved('Can’t reach the server', pending),
    sentence: `The server does not answer. Everything works here; it is tried again by itself.${keeps(pending)}`,
  }),
  attention: ({ refused }) => ({
    color: 'red',
    icon: 'alert',
    words: `${n(refused)} need${refused === 1 ? 's' : ''} you`,
    sentence: 'The server did not accept everything. What it was, and why, stands above the list.',
  }),
  loggedOut: ({ pending }) => ({
    color: 'red',
    icon: 'key',
    words: withSaved('Log in to sync', pending),
    sentence: `Your log-in has ended. Everything on this device still works; log in to send and receive.${keeps(pending)}`,
  }),
};

/** @param nowMs for the time since, and until, something. */
export const describeStatus: Describe = (status, nowMs) => byState[status.state](status, nowMs);
