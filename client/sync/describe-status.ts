// The sync indicator's words, colour and icon for each state; the only place that has them.

import type { SyncStatus } from '../../replication/index.ts';
import { formatClock, formatNumber } from '../queries/format.ts';

export type StatusIcon =
  | 'check' | 'arrows' | 'clock' | 'cloudOff' | 'plug' | 'alert' | 'key';

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
const saved = (count: number): string => (count > 0 ? ` ${n(count)} saved on this device` : '');
const stop = (words: string, count: number): string => (count > 0 ? `${words}.` : words);
const progress = ({ progress: at }: SyncStatus): string => {
  if (!at) return '';
  return at.of === undefined ? ` ${n(at.done)}` : ` ${n(at.done)} of ${n(at.of)}`;
};
const keeps = (count: number): string =>
  count > 0 ? ` ${changes(count)} saved on this device will be sent then.` : '';

/** @param nowMs for the time since, and until, something. */
export const describeStatus = (status: SyncStatus, nowMs: number): StatusWords => {
  const { pending } = status;
  switch (status.state) {
    case 'starting':
      return {
        color: 'gray',
        icon: 'arrows',
        words: 'Starting',
        sentence: 'Looking for the server. Everything on this device can be used already.',
      };
    case 'synced': {
      const at = status.lastSyncedAtMs;
      const time = at === undefined ? '' : `, ${formatClock(at, nowMs)}`;
      const sentence = 'Everything is sent and received.';
      return { color: 'green', icon: 'check', words: `Synced${time}`, sentence };
    }
    case 'sending':
      return {
        color: 'yellow',
        icon: 'arrows',
        words: `Sending${progress(status)}`,
        sentence: 'Changes of this device are on their way. You can go on working.',
      };
    case 'receiving':
      return {
        color: 'yellow',
        icon: 'arrows',
        words: `Receiving${progress(status)}`,
        sentence: 'Changes of others are arriving. You can go on working.',
      };
    case 'waiting': {
      const left = Math.max(0, Math.ceil(((status.nextTryAtMs ?? nowMs) - nowMs) / SECOND_MS));
      const next = status.nextTryAtMs === undefined ? '' : `, next try in ${n(left)} s`;
      return {
        color: 'yellow',
        icon: 'clock',
        words: (pending > 0 ? `${n(pending)} waiting` : 'Waiting') + next,
        sentence: `The last try did not work out; the next one comes by itself.${keeps(pending)}`,
      };
    }
    case 'offline':
      return {
        color: 'gray',
        icon: 'cloudOff',
        words: stop('Offline', pending) + saved(pending),
        sentence: `No network. Everything works; new changes of others come when the network is back.${keeps(pending)}`,
      };
    case 'unreachable':
      return {
        color: 'gray',
        icon: 'plug',
        words: stop('Can’t reach the server', pending) + saved(pending),
        sentence: `The server does not answer. Everything works here, and it is tried again by itself.${keeps(pending)}`,
      };
    case 'attention':
      return {
        color: 'red',
        icon: 'alert',
        words: `${n(status.refused)} need${status.refused === 1 ? 's' : ''} you`,
        sentence: 'The server did not accept everything. What it was, and why, stands above the list.',
      };
    case 'loggedOut':
      return {
        color: 'red',
        icon: 'key',
        words: stop('Log in to sync', pending) + saved(pending),
        sentence: `Your log-in has ended. Everything on this device still works; log in to send and receive.${keeps(pending)}`,
      };
  }
};
