// The door of replication/: how a document travels.

export * from './core.ts';
export * from './conflict/handler.ts';
export * from './outbox/ledger.ts';
export * from './outbox/memory-ledger.ts';
export * from './outbox/record.ts';
export * from './activity/activity.ts';
export type { PushState } from './push/machine.ts';
export type { GroupWrite } from './plugin/atomic.ts';
export { isOutdated } from './plugin/data-version.ts';
export { loadRest } from './plugin/load-rest.ts';
export * from './plugin/default-platform.ts';
export * from './plugin/platform.ts';
export * from './plugin/start-sync.ts';
export { isDeviceFull } from './plugin/storage-errors.ts';
export * from './plugin/types.ts';
