// A page of the tests' own, as one script.

import { build } from 'vite';

/** @param entry the script's source. */
export async function bundleOf(entry: URL): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      target: 'es2023',
      rolldownOptions: { input: entry.pathname, output: { codeSplitting: false } },
    },
  });
  const outputs = Array.isArray(built) ? built : [built];
  const chunks = outputs.flatMap((one) => ('output' in one ? one.output : []));
  const code = chunks.find((chunk) => chunk.type === 'chunk' && chunk.isEntry);
  if (code === undefined || !('code' in code)) throw new Error('Nothing was built.');
  return code.code;
}
