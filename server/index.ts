// The door of server/: what a program of one's own needs to serve its collections.

export { createServer, type HoldfastServer, type ServerOptions } from './server.ts';
export { openMemoryStore } from './store/memory/store.ts';
export { openSqliteStore } from './store/sqlite/store.ts';
