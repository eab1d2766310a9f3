// What travels between client and server.

export * from './device.ts';
export * from './digest.ts';
export * from './ids.ts';
export * from './problem.ts';
export * from './pull.ts';
export * from './push.ts';
export * from './schema-versions.ts';
export * from './stream.ts';
export * from './version.ts';
