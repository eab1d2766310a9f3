// How the dashboard is built and, with `vite`, served while one works on it.

import { readFileSync } from 'node:fs';
import react from '@vitejs/plugin-react';
import { defaultClientConditions, defineConfig } from 'vite';
import { serviceWorker } from './vite.worker.ts';

const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };

/** Small, and on every screen behind the log-in. */
const PARTS =
  /client\/(?:components\/(?:use-(?:narrow|shown)|Icon|Fact|Failure|NoticeBar|Marks|RecordSheet|RecordForm|ReadFailed|Typed)|sync\/use-(?:marks|refused))/;
/** What every first page loads, and more than one of its parts asks for: ours, and Mantine's. */
const FIRST =
  /client\/(?:database\/(?:name|remove)|rescue\/raw-database|update\/|version|storage\/write-failure|queries\/(?:use-draft|format)|session\/setup-api)/;
const FIRST_COMPONENTS =
  /@mantine\/core\/esm\/components\/(?:ActionIcon|Affix|Button|Checkbox|InlineInput|Input|NativeSelect|Portal|ScrollArea|Stack|TextInput|ThemeIcon)\//;

export default defineConfig({
  root: 'client',
  define: { HOLDFAST_VERSION: JSON.stringify(version) },
  // RxJS without the helpers of older browsers.
  resolve: { conditions: ['es2015', ...defaultClientConditions] },
  plugins: [react(), serviceWorker()],
  build: {
    outDir: '../dist/client',
    emptyOutDir: true,
    target: 'es2023',
    // Inlined files would need `data:` in the content security policy.
    assetsInlineLimit: 0,
    // As one file they are smaller than as a dozen.
    rolldownOptions: {
      output: {
        codeSplitting: {
          includeDependenciesRecursively: false,
          groups: [
            {
              name: 'base',
              test: (id) => FIRST.test(id) || FIRST_COMPONENTS.test(id),
              includeDependenciesRecursively: true,
            },
            { name: 'parts', test: PARTS },
          ],
        },
      },
    },
  },
  server: { proxy: { '/api': 'http://localhost:8080' } },
});
