// The door of replication/: how a document travels.

export * from './conflict/handler.ts';
export * from './merge/field-lww.ts';
export * from './merge/vector.ts';
export * from './outbox/dexie-ledger.ts';
export * from './outbox/ledger.ts';
export * from './outbox/memory-ledger.ts';
export * from './plugin/default-platform.ts';
export * from './plugin/platform.ts';
export * from './plugin/start-sync.ts';
export * from './plugin/types.ts';
export * from './protocol/index.ts';
export * from './stamp/canonical.ts';
export * from './stamp/clock.ts';
export * from './stamp/stamp.ts';
