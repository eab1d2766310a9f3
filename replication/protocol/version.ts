// The version of everything in this folder. It is raised with every change of a wire schema; a
// test keeps a hash of the schemas beside it.

export const PROTOCOL_VERSION = 5;

/** The header in which a client says its version; a server that speaks another one answers 426. */
export const PROTOCOL_HEADER = 'X-Holdfast-Protocol';
