// Programs of this machine. Plain JavaScript, because the vitest configuration and the report around
// it look for them too.

import { accessSync, constants } from 'node:fs';
import path from 'node:path';

/** @param {string} file */
export const isExecutable = (file) => {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

/**
 * The first of these programs on the PATH, folder by folder.
 *
 * @param {readonly string[]} names
 */
export const onPath = (names) =>
  (process.env['PATH'] ?? '')
    .split(path.delimiter)
    .filter((folder) => folder !== '')
    .flatMap((folder) => names.map((name) => path.join(folder, name)))
    .find(isExecutable);
