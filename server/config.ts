// The numbers by which the server lives. What a user may change comes as an option of a command.

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const DAY_MS = 24 * 60 * MINUTE_MS;

export const DEFAULT_PORT = 8_080;
export const DEFAULT_HOST = '127.0.0.1';
export const DEFAULT_DATA_DIRECTORY = 'data';

/** A session ends this long after its last use. */
export const SESSION_LIFETIME_MS = 30 * DAY_MS;
/** A session in use is written again at most this often. */
export const SESSION_RENEWAL_MS = DAY_MS;
export const SESSION_SWEEP_MS = 6 * 60 * MINUTE_MS;
/** Rights are remembered for requests this long, unless a change of rights is heard of before. */
export const CREDENTIAL_CACHE_MS = 5 * SECOND_MS;
/** A change of rights by another process on the store is heard of within this. */
export const RIGHTS_LOOK_MS = SECOND_MS;
export const CREDENTIAL_CACHE_SIZE = 10_000;

export const PASSWORD_MIN_LENGTH = 8;
export const PASSWORD_MAX_LENGTH = 1_024;

/** How long tombstones, verdicts and settled entries of the inbox are kept. */
export const RETENTION_MS = 90 * DAY_MS;
export const PURGE_EVERY_MS = DAY_MS;
/** After the start of a server. */
export const FIRST_PURGE_MS = 5 * MINUTE_MS;
/** For how long the work of a process that was killed is left alone by the others. */
export const LEASE_MS = MINUTE_MS;

/** What is in flight when the server stops has this long to end. */
export const SHUTDOWN_MS = 10 * SECOND_MS;
/** Longer than the idle time of common proxies, so that they close first. */
export const KEEP_ALIVE_MS = 65 * SECOND_MS;
export const REQUEST_TIMEOUT_MS = 2 * MINUTE_MS;
/** A store that has not answered by then is not ready. */
export const READY_TIMEOUT_MS = 2 * SECOND_MS;

/** Documents in one commit of an import. */
export const IMPORT_BATCH = 1_000;
/** Documents in one answer of an export: even the largest are few megabytes. */
export const EXPORT_PAGE = 100;
/** Roughly the largest batch as JSON text. */
export const IMPORT_BATCH_BYTES = 2 * 1_024 * 1_024;
/** A batch with its largest document, as a body on the command socket. */
export const COMMAND_BODY_BYTES = 16 * 1_024 * 1_024;
/** A command that a server has not answered by then is given up. */
export const COMMAND_TIMEOUT_MS = MINUTE_MS;
/** A server that is at a command says so this often. */
export const COMMAND_SIGN_MS = 10 * SECOND_MS;
/** How long a command waits for another one to leave the data folder. */
export const DATA_IN_USE_WAIT_MS = 5 * SECOND_MS;

/** Open event streams: of one session or key, and in all. */
export const MAX_STREAMS_EACH = 400;
export const MAX_STREAMS = 10_000;
/** Rows of pushes that wait for a commit; more are turned away to come again. */
export const MAX_WAITING_ROWS = 50_000;

/** How long a request waits for a MongoDB without primary before it is answered 503. */
export const MONGO_SELECT_MS = 5 * SECOND_MS;
/** A connection on which nothing came for so long is broken. */
export const MONGO_SOCKET_MS = 30 * SECOND_MS;
/** Transactions that meet others are begun again for so long, waiting in the queue included. */
export const MONGO_BUDGET_MS = 15 * SECOND_MS;
/** Servers on one MongoDB show each other so often that they live. */
export const MONGO_BEAT_MS = 2 * SECOND_MS;
/** How soon a commit of another server is noticed where no change stream tells of it. */
export const MONGO_POLL_MS = 10 * SECOND_MS;
