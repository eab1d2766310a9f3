// Apart from the commands, so that what they call can throw it too.

/** A failure that is a sentence for whoever gave the command. */
export class CommandError extends Error {}
