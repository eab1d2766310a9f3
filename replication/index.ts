// The door of replication/: how a document travels.

export * from './merge/field-lww.ts';
export * from './merge/vector.ts';
export * from './protocol/index.ts';
export * from './stamp/canonical.ts';
export * from './stamp/clock.ts';
export * from './stamp/stamp.ts';
