// The beginning of each leader's session: the device says which session of its was the last, and
// how this one is called. Where another one has begun behind the same, its data were copied, and it
// takes another id (docs/decisions/0005-copied-devices.md).

import type { Ledger } from '../outbox/ledger.ts';
import { isRecord } from './check.ts';
import { newDevice, type Identity } from './identity.ts';
import { local, SENSELESS, type Link } from './link.ts';
import type { Platform } from './platform.ts';
import type { Retry } from './retry.ts';

export interface ClaimOptions {
  readonly platform: Platform;
  readonly ledger: Ledger;
  readonly identity: Identity;
  readonly link: Link;
  readonly retry: Retry;
  readonly stillLeads: () => Promise<boolean>;
}

/** Resolves when the server knows this device, or the session has ended. Never rejects. */
export async function claimDevice(options: ClaimOptions): Promise<void> {
  const { link, retry } = options;
  while (!link.isStopped)
    try {
      if (await claimOnce(options)) return;
    } catch (error) {
      await retry.pause(local(error));
    }
}

/** Whether it is done. */
async function claimOnce(options: ClaimOptions): Promise<boolean> {
  const { platform, ledger, identity, link, retry, stillLeads } = options;
  // Kept before it is sent: after a lost answer the same is said again, which is no copy.
  const { was, now } = await ledger.claim(platform.randomHex(32));
  const body = JSON.stringify({ device: identity.device(), was, now });
  const reply = await link.post('/api/sync/device', body);
  if (link.isStopped || !(await stillLeads())) return true;
  if (!reply.ok) {
    await retry.pause(reply.failure);
    return false;
  }
  const { copied } = isRecord(reply.value) ? reply.value : {};
  if (typeof copied !== 'boolean') {
    await retry.pause(SENSELESS);
    return false;
  }
  retry.succeeded();
  if (copied) {
    const device = newDevice(platform);
    await ledger.becomeDevice(device);
    identity.become(device);
    return false;
  }
  await ledger.claimed();
  return true;
}
