// Who this device is, in this tab: the id under which it pushes and the node with which it stamps.

import type { Ledger } from '../outbox/ledger.ts';
import type { DeviceId } from '../protocol/index.ts';
import { isDeviceId } from '../protocol/index.ts';
import { createStampClock, makeNode } from '../stamp/stamp.ts';
import type { Platform } from './platform.ts';
import type { Stamper } from './stamping.ts';

export interface Identity {
  readonly device: () => DeviceId;
  readonly stamper: Stamper;
  /** Another one from now on; what is stamped already keeps its stamps. */
  readonly become: (device: DeviceId) => void;
}

export async function makeIdentity(
  platform: Platform,
  ledger: Pick<Ledger, 'deviceId'>,
  serverNowMs: () => number,
  user = '',
): Promise<Identity> {
  const begin = (device: DeviceId) => {
    const node = makeNode(device, platform.randomHex(6));
    return { device, node, clock: createStampClock(node, serverNowMs) };
  };
  let present = begin(await ledger.deviceId(newDevice(platform)));
  return {
    device: () => present.device,
    become: (device) => {
      if (device !== present.device) present = begin(device);
    },
    stamper: {
      get clock() {
        return present.clock;
      },
      get node() {
        return present.node;
      },
      nowIso: () => new Date(serverNowMs()).toISOString(),
      user,
    },
  };
}

/** Stamps nothing once `mayWrite` throws: no local write goes past its stamp. */
export const guarded = (identity: Identity, mayWrite: () => void): Identity => ({
  ...identity,
  stamper: {
    get clock() {
      mayWrite();
      return identity.stamper.clock;
    },
    get node() {
      return identity.stamper.node;
    },
    nowIso: identity.stamper.nowIso,
    user: identity.stamper.user,
  },
});

export function newDevice(platform: Platform): DeviceId {
  const candidate = platform.randomHex(10);
  if (!isDeviceId(candidate)) throw new Error('The platform gives no ten random hex digits.');
  return candidate;
}
