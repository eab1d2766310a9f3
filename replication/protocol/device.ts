// POST /api/sync/device: a session of a device begins. Each names the one before it, so that two
// copies of one local database show.

import { flag, integer, object, text } from '../../schemas/index.ts';

export const deviceRequestSchema = object({
  device: text(10, 10),
  was: text(64),
  now: text(64, 1),
});
export interface DeviceRequest {
  readonly device: string;
  /** The name of the device's last session; empty for its first. */
  readonly was: string;
  /** A fresh random name for this session; the same again where an answer was lost. */
  readonly now: string;
}

export const deviceResponseSchema = object({
  copied: flag(),
  now: integer(0, Number.MAX_SAFE_INTEGER),
});
export interface DeviceResponse {
  /** Another session began where this one does: the device's data were copied. */
  readonly copied: boolean;
  readonly now: number;
}
