// Branded texts and numbers, so that one kind of id is never taken for another.

declare const brand: unique symbol;
type Branded<T, B extends string> = T & { readonly [brand]: B };

export type WorkspaceId = Branded<string, 'WorkspaceId'>;
export type UserId = Branded<string, 'UserId'>;
/** Ten hexadecimal digits, random, kept with the local database. */
export type DeviceId = Branded<string, 'DeviceId'>;
/** A workspace's commit number, from 1. */
export type Seq = Branded<number, 'Seq'>;
/** Opaque to clients: epoch, seq and scope version. */
export type Checkpoint = Branded<string, 'Checkpoint'>;
/** Random id of a store's history. */
export type Epoch = Branded<string, 'Epoch'>;
/** Name of a pushed row: highest stamp of its device, `~`, hash of its clock. */
export type OperationId = Branded<string, 'OperationId'>;

export const workspaceId = (text: string): WorkspaceId => text as WorkspaceId;
export const userId = (text: string): UserId => text as UserId;
export const seq = (value: number): Seq => value as Seq;
export const epoch = (text: string): Epoch => text as Epoch;
export const checkpoint = (text: string): Checkpoint => text as Checkpoint;
export const operationId = (text: string): OperationId => text as OperationId;

const DEVICE = /^[0-9a-f]{10}$/;
/** The device part of stamps that a server makes; no client may call itself so. */
export const SERVER_DEVICE = '0000000000' as DeviceId;
export const isDeviceId = (value: unknown): value is DeviceId =>
  typeof value === 'string' && DEVICE.test(value) && value !== SERVER_DEVICE;
