// The part of replication/ that both ends share: messages, stamps, merging. The server enters here,
// so that it does not load RxDB.

export * from './verify/digest.ts';
export * from './merge/field-lww.ts';
export * from './merge/vector.ts';
export * from './protocol/index.ts';
export * from './stamp/canonical.ts';
export * from './stamp/clock.ts';
export * from './stamp/stamp.ts';
