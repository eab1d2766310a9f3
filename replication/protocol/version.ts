// The version of everything in this folder. It is raised with every change of a wire schema; a
// test keeps a hash of the schemas beside it.

export const PROTOCOL_VERSION = 1;
